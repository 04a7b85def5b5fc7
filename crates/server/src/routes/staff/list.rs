//! `GET /api/v1/staff`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::Problem;

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffBody {
    /// Their number: S-1.
    id: String,
    /// Login name.
    name: String,
    /// Their role.
    role: String,
}

/// Everybody who works here.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff",
    responses((status = 200, description = "everybody", body = List<StaffBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let items = app.vault.staff()?.into_iter();
        let items = items.map(|(id, name, role)| StaffBody { id: id.to_string(), name, role });
        json(200, &List::whole(items.collect()))
    })
    .await
}
