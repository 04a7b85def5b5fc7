//! `GET /api/v1/subjects`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::Problem;

/// How many people are enrolled.
#[derive(Serialize, ToSchema)]
pub(crate) struct Subjects {
    /// Always 1.
    schema: u32,
    /// How many.
    count: u64,
}

/// How many people are enrolled.
#[utoipa::path(get, path = "/api/v1/subjects", tag = "staff",
    responses((status = 200, description = "how many", body = Subjects)))]
pub(crate) async fn count(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| json(200, &Subjects { schema: 1, count: app.vault.subject_count()? })).await
}
