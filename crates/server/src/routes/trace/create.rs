//! `POST /api/v1/traces`

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use doldam_scanner::read::table::TableOptions;
use doldam_trace::intake::{take_in, trace_evidence};

use crate::app::App;
use crate::gate::PURPOSE;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::trace::report::TraceReport;
use crate::routes::trace::show::report;
use crate::wording::{purpose_of, require_impersonal};

/// The purpose of somebody who gives none.
const UNSAID: &str = "trace of a file that turned up";

/// Traces a file that turned up: it becomes evidence first. Larger files go by the command line.
#[utoipa::path(post, path = "/api/v1/traces", tag = "staff",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("Idempotency-Key" = String, Header, description = "another one for each act"),
           ("Doldam-Purpose" = Option<String>, Header, 
             description = "why, in ASCII; in other letters as UTF-8\'\' and their bytes as %EA")),
    responses((status = 201, description = "the report", body = TraceReport),
              (status = 400, description = "no table", body = ProblemBody),
              (status = 413, description = "too large", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let purpose = purpose_of(headers.get(PURPOSE))?.unwrap_or_else(|| UNSAID.to_owned());
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
        let report = traced.trace.report.to_json();
        json(201, &TraceReport::of(&report, traced.id, traced.evidence)?)
    })
    .await
}

/// The answer to a trace that is done: its report.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &report(app, done.object()?)?)
}
