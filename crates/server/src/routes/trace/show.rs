//! `GET /api/v1/traces/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::TraceId;
use doldam_store::evidence;

use crate::app::App;
use crate::input::{Id, json};
use crate::problem::{Problem, ProblemBody};
use crate::routes::trace::report::TraceReport;

/// The report of a trace: counts, ids and reasons, nobody's data.
#[utoipa::path(get, path = "/api/v1/traces/{id}", tag = "staff",
    params(("id" = String, Path, description = "T-1")),
    responses((status = 200, description = "the report", body = TraceReport),
              (status = 404, description = "no such trace", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Id(id): Id<TraceId>,
) -> Result<Response, Problem> {
    app.run(move |app| json(200, &report(app, id)?)).await
}

/// The report of a trace as it is shown.
pub(crate) fn report(app: &App, id: TraceId) -> Result<TraceReport, Problem> {
    let found = app.vault.data().read("trace.find", |tx| evidence::trace_find(tx, id))?;
    let row = found.ok_or_else(Problem::not_found)?;
    TraceReport::of(&row.report, row.id, row.evidence)
}
