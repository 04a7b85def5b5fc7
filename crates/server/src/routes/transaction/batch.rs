//! The events of a request, cut out of its body without reading any of them.
//!
//! Each event is read once, by the room that knows the schema, and one that cannot be read must not
//! take its neighbours with it. So a body is only cut at the ends of its events here.

use axum::http::StatusCode;
use doldam_fraud::desk::REQUEST_EVENTS_MAX;
use serde::de::IgnoredAny;

use crate::problem::Problem;

/// What a body holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut<'a> {
    /// One event: the whole body.
    One(&'a [u8]),
    /// The events of `{"transactions": […]}`.
    Many(Vec<&'a [u8]>),
}

/// Cuts a body. What is no batch is one event, however wrong: whoever reads it says how.
pub(super) fn cut(body: &[u8]) -> Result<Cut<'_>, Problem> {
    let start = rest_after(body, b"{").and_then(|rest| rest_after(rest, b"\"transactions\""));
    let Some(rest) = start else { return Ok(Cut::One(body)) };
    let rest = rest_after(rest, b":").and_then(|rest| rest_after(rest, b"["));
    let mut rest = rest.ok_or_else(|| fault(body, body))?;
    let mut events = Vec::new();
    if let Some(end) = rest_after(rest, b"]") {
        return finish(body, end, events);
    }
    loop {
        rest = rest.trim_ascii_start();
        let length = length_of_object(rest).ok_or_else(|| fault(body, rest))?;
        let (event, after) = rest.split_at(length);
        events.push(event);
        if events.len() > REQUEST_EVENTS_MAX {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "fraud.too_many_events",
                format!("a request has at most {REQUEST_EVENTS_MAX} transactions"),
            ));
        }
        let Some(next) = rest_after(after, b",") else {
            let end = rest_after(after, b"]").ok_or_else(|| fault(body, after))?;
            return finish(body, end, events);
        };
        rest = next;
    }
}

fn finish<'a>(body: &[u8], rest: &[u8], events: Vec<&'a [u8]>) -> Result<Cut<'a>, Problem> {
    match rest_after(rest, b"}") {
        Some(after) if after.trim_ascii_start().is_empty() => Ok(Cut::Many(events)),
        _ => Err(fault(body, rest)),
    }
}

/// What follows a token, white space before it left out.
fn rest_after<'a>(text: &'a [u8], token: &[u8]) -> Option<&'a [u8]> {
    text.trim_ascii_start().strip_prefix(token)
}

/// The length of the JSON object at the start of `text`; `None` when there is none.
fn length_of_object(text: &[u8]) -> Option<usize> {
    if text.first() != Some(&b'{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

fn fault(body: &[u8], rest: &[u8]) -> Problem {
    let byte = body.len() - rest.len();
    Problem::bad_request(
        "server.json",
        format!("the body is not {{\"transactions\": [{{…}}, …]}}: fault at byte {byte}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(body: &str) -> Option<Vec<String>> {
        match cut(body.as_bytes()) {
            Ok(Cut::Many(events)) => {
                let text = |event: &&[u8]| String::from_utf8(event.to_vec()).unwrap();
                Some(events.iter().map(text).collect())
            }
            _ => None,
        }
    }

    #[test]
    fn events_are_cut_at_their_ends() {
        let body = " { \"transactions\" : [ {\"a\": \"]},{\"} ,\n{\"b\":{\"c\":[1]}}] } ";
        assert_eq!(many(body).unwrap(), ["{\"a\": \"]},{\"}", "{\"b\":{\"c\":[1]}}"]);
        assert_eq!(many("{\"transactions\":[]}").unwrap().len(), 0);
        let broken = "{\"transactions\":[{\"a\":tru}]}";
        for wrong in [
            "{\"transactions\":[1]}",
            "{\"transactions\":[{}",
            "{\"transactions\":[{}]",
            "{\"transactions\":[{},]}",
            "{\"transactions\":[{}]}x",
            "{\"transactions\":[{}],\"more\":1}",
            "{\"transactions\":{}}",
            "{\"transactions\"",
            broken,
        ] {
            assert!(cut(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_batch_is_one_event() {
        for body in ["{\"id\":\"1\"}", "", "[]", "{", "\"transactions\""] {
            assert_eq!(cut(body.as_bytes()).unwrap(), Cut::One(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn a_thousand_fit_and_one_more_does_not() {
        let of = |count: usize| format!("{{\"transactions\":[{}]}}", vec!["{}"; count].join(","));
        assert_eq!(many(&of(1_000)).unwrap().len(), 1_000);
        assert!(cut(of(1_001).as_bytes()).is_err());
    }
}
