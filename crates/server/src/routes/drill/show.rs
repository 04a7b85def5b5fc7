//! `GET /api/v1/drills/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::drill;

use super::{DrillBody, shown};
use crate::app::App;
use crate::input::{Id, json};
use crate::problem::{Problem, ProblemBody};

/// The outcome of a drill.
#[utoipa::path(get, path = "/api/v1/drills/{id}", tag = "staff",
    params(("id" = u32, Path, description = "its number")),
    responses((status = 200, description = "the outcome", body = DrillBody),
              (status = 404, description = "no such drill", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Id(id): Id<u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let found = app.vault.data().read("drill.find", |tx| drill::find(tx, id))?;
        json(200, &shown(&found.ok_or_else(Problem::not_found)?)?)
    })
    .await
}
