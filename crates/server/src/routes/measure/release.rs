//! `POST /api/v1/fraud/measures/{sequence}/release`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_fraud::measure::Act;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{FraudMeasure, act};
use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Why a measure ends before its time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureReason {
    /// In words without personal data; kept for five years.
    pub(super) reason: String,
}

/// Lifts a temporary measure: the first person asks, a second one agrees by the same call. The
/// customer must have been told and checked before.
#[utoipa::path(post, path = "/api/v1/fraud/measures/{sequence}/release", tag = "fraud",
    request_body = MeasureReason,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = FraudMeasure),
              (status = 404, description = "no such measure", body = ProblemBody),
              (status = 409, description = "not told, not checked, or the same person",
               body = ProblemBody)))]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<MeasureReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        let lift = Act::Release { reason: asked.reason };
        act(app, &sender, sequence, &lift, "measure.release")
    })
    .await
}
