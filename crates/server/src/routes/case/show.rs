//! `GET /api/v1/fraud/cases/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{CaseInFull, shown};
use crate::app::App;
use crate::input::{Id, json};
use crate::problem::{Problem, ProblemBody};

/// A case with its alerts and notes.
#[utoipa::path(get, path = "/api/v1/fraud/cases/{id}", tag = "fraud",
    params(("id" = u32, Path, description = "its number")),
    responses((status = 200, description = "the case", body = CaseInFull),
              (status = 404, description = "no such case, or fraud detection is off",
               body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Id(id): Id<u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        json(200, &shown(app, id)?)
    })
    .await
}
