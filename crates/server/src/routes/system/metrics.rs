//! `GET /metrics`

use std::sync::Arc;

use axum::extract::State;

use crate::app::App;
use crate::problem::Problem;

/// Counts in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "system",
    responses((status = 200, description = "counts", body = String)))]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Result<String, Problem> {
    app.run(|app| {
        let subjects = app.vault.subject_count()?;
        let shown = app.fraud.as_ref().map(|fraud| fraud.recent.show(app.clock.now()));
        Ok(app.metrics.text(app.desk.running().count(), subjects, shown.as_ref()))
    })
    .await
}
