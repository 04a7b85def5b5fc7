//! `GET /readyz`

use std::sync::Arc;

use axum::extract::State;

use crate::app::App;
use crate::problem::Problem;

/// Whether the store answers, so that requests may be sent here.
#[utoipa::path(get, path = "/readyz", tag = "system",
    responses((status = 200, description = "the store answers", body = String),
              (status = 503, description = "not now", body = crate::problem::ProblemBody)))]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    let asked = app.run(|app| Ok(app.vault.subject_count()?)).await;
    asked.map(|_| "ready\n").map_err(|_| Problem::busy())
}
