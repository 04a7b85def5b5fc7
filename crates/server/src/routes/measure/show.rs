//! `GET /api/v1/fraud/measures/{sequence}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{FraudMeasure, shown};
use crate::app::App;
use crate::input::{Id, json};
use crate::problem::{Problem, ProblemBody};

/// A temporary measure with its steps.
#[utoipa::path(get, path = "/api/v1/fraud/measures/{sequence}", tag = "fraud",
    params(("sequence" = u64, Path, description = "place of the event in the log")),
    responses((status = 200, description = "the measure", body = FraudMeasure),
              (status = 404, description = "no such measure, or fraud detection is off",
               body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Id(sequence): Id<u64>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        json(200, &shown(app, sequence)?)
    })
    .await
}
