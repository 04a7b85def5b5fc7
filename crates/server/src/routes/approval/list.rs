//! `GET /api/v1/approvals`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::Problem;

/// A request that waits for a second person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalBody {
    /// Its number: A-1.
    id: String,
    act: String,
    summary: String,
    requested_by: String,
    expires_at: String,
}

/// Requests that wait for a second person.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "staff",
    responses((status = 200, description = "requests", body = List<ApprovalBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let items = app.vault.approvals_open()?.into_iter().map(|held| ApprovalBody {
            id: held.id.to_string(),
            act: held.act,
            summary: held.summary,
            requested_by: held.requested_by.to_string(),
            expires_at: held.expires_at.to_rfc3339(),
        });
        json(200, &List::whole(items.collect()))
    })
    .await
}
