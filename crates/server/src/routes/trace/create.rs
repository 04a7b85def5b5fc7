//! `POST /api/v1/traces`

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
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

/// Traces a file that turned up: it becomes evidence first. Larger files go by the command line.
#[utoipa::path(post, path = "/api/v1/traces", tag = "staff",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("Idempotency-Key" = String, Header, description = "another one for each act"),
           ("Doldam-Purpose" = Option<String>, Header, description = "why, in ASCII")),
    responses((status = 201, description = "the report", body = Object),
              (status = 400, description = "no table", body = ProblemBody),
              (status = 413, description = "too large", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let purpose = headers.get(PURPOSE).and_then(|text| text.to_str().ok());
    let purpose = purpose.unwrap_or("trace of a file that turned up").to_owned();
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

/// The answer to a trace that is done: its report.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &report(app, done.object()?)?)
}
