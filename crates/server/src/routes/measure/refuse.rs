//! `POST /api/v1/fraud/measures/{sequence}/refuse`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_fraud::measure::Act;

use super::release::MeasureReason;
use super::{FraudMeasure, act};
use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Ends a temporary measure: the transaction does not go through. The customer must have been told
/// before.
#[utoipa::path(post, path = "/api/v1/fraud/measures/{sequence}/refuse", tag = "fraud",
    request_body = MeasureReason,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = FraudMeasure),
              (status = 404, description = "no such measure", body = ProblemBody),
              (status = 409, description = "the customer was not told", body = ProblemBody)))]
pub(crate) async fn refuse(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<MeasureReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        let refuse = Act::Refuse { reason: asked.reason };
        act(app, &sender, sequence, &refuse, "measure.refuse")
    })
    .await
}
