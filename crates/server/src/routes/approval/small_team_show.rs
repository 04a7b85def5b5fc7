//! `GET /api/v1/approvals/small-team`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::Problem;

/// Whether one officer may carry an act alone.
#[derive(Serialize, ToSchema)]
pub(crate) struct SmallTeam {
    /// Always 1.
    schema: u32,
    /// Whether this installation is a small team.
    on: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
}

/// Whether this installation is a small team.
#[utoipa::path(get, path = "/api/v1/approvals/small-team", tag = "staff",
    responses((status = 200, description = "whether it is", body = SmallTeam)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let since = app.vault.small_team()?.map(Instant::to_rfc3339);
        json(200, &SmallTeam { schema: 1, on: since.is_some(), since })
    })
    .await
}
