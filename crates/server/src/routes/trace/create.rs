//! `POST /api/v1/traces`

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use doldam_scanner::read::table::TableOptions;
use doldam_trace::intake::{take_in, trace_evidence};
use serde_json::{Value, json as value};

use crate::app::App;
use crate::gate::PURPOSE;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::trace::show::report;
use crate::wording::require_impersonal;

/// The purpose of somebody who gives none.
const UNSAID: &str = "trace of a file that turned up";
/// Longest purpose.
const CHARACTERS_MAX: usize = 500;

/// Traces a file that turned up: it becomes evidence first. Larger files go by the command line.
#[utoipa::path(post, path = "/api/v1/traces", tag = "staff",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("Idempotency-Key" = String, Header, description = "another one for each act"),
           ("Doldam-Purpose" = Option<String>, Header, 
             description = "why, in ASCII; in other letters as UTF-8\'\' and their bytes as %EA")),
    responses((status = 201, description = "the report", body = Object),
              (status = 400, description = "no table", body = ProblemBody),
              (status = 413, description = "too large", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let purpose = purpose(headers.get(PURPOSE))?;
    app.run(move |app| {
        require_impersonal("purpose", &purpose)?;
        if body.is_empty() {
            return Err(Problem::bad_request("server.trace", "the file is empty"));
        }
        let (vault, actor) = (app.vault.as_ref(), sender.actor());
        let mut source: &[u8] = &body;
        let held = take_in(vault, &mut source, &actor, &purpose)?;
        let options = TableOptions::default();
        let clock = app.clock.as_ref();
        let traced = trace_evidence(vault, &held, &options, &actor, &purpose, clock)?;
        let mut report: Value = serde_json::to_value(&traced.trace.report)
            .map_err(|_| Problem::internal("a report is no JSON"))?;
        if let Some(report) = report.as_object_mut() {
            report.insert("trace".to_owned(), value!(traced.id.to_string()));
            report.insert("evidence".to_owned(), value!(traced.evidence.to_string()));
        }
        json(201, &report)
    })
    .await
}

/// Why somebody traces. A header carries no letters but ASCII, so others come as RFC 8187 writes
/// them: `UTF-8''` and then each byte as `%EA`.
fn purpose(header: Option<&HeaderValue>) -> Result<String, Problem> {
    let Some(header) = header else { return Ok(UNSAID.to_owned()) };
    let refused = || {
        let why = "Doldam-Purpose is a line of ASCII, or UTF-8'' and the bytes of one as %EA";
        Problem::bad_request("server.purpose", why)
    };
    let bytes = header.as_bytes();
    let is_coded = bytes.get(..7).is_some_and(|mark| mark.eq_ignore_ascii_case(b"utf-8''"));
    let text = if is_coded { decoded(&bytes[7..]) } else { Some(bytes.to_vec()) };
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refused)?;
    let fits = !text.contains(char::is_control) && text.chars().count() <= CHARACTERS_MAX;
    if !fits {
        return Err(refused());
    }
    Ok(if text.trim().is_empty() { UNSAID.to_owned() } else { text })
}

/// Bytes of which some are written as `%EA`.
fn decoded(coded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(bytes)
}

/// The answer to a trace that is done: its report.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &report(app, done.object()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<String> {
        purpose(Some(&HeaderValue::from_bytes(text).unwrap())).ok()
    }

    #[test]
    fn a_purpose_may_be_in_any_letters() {
        assert_eq!(purpose(None).ok().as_deref(), Some(UNSAID));
        assert_eq!(read(b"").as_deref(), Some(UNSAID));
        assert_eq!(read(b"a 100% honest tip").as_deref(), Some("a 100% honest tip"));
        assert_eq!(read("제보".as_bytes()).as_deref(), Some("제보"));
        assert_eq!(read(b"UTF-8''%EC%A0%9c%EB%B3%B4 1").as_deref(), Some("제보 1"));
    }

    #[test]
    fn a_purpose_that_cannot_be_read_is_refused() {
        let long = format!("UTF-8''{}", "%41".repeat(CHARACTERS_MAX + 1));
        for text in [&b"UTF-8''%E"[..], b"utf-8''%zz", b"UTF-8''%FF", b"UTF-8''a%0Ab"] {
            assert_eq!(read(text), None, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(read(long.as_bytes()), None);
        assert_eq!(read(b"\xb0\xa1"), None);
    }
}
