//! `POST /api/v1/fraud/measures/{sequence}/identity-check`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_fraud::measure::Act;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{FraudMeasure, act, way};
use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// That it was checked who the customer is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityCheck {
    /// In which way: outbound_call, video, face, one_time_code, counter.
    how: String,
    /// Whether they are who they say.
    passed: bool,
}

/// Puts on record that it was checked who the customer is. A check that failed takes back a release
/// that was asked for.
#[utoipa::path(post, path = "/api/v1/fraud/measures/{sequence}/identity-check", tag = "fraud",
    request_body = IdentityCheck,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = FraudMeasure),
              (status = 404, description = "no such measure", body = ProblemBody),
              (status = 409, description = "the customer was not told", body = ProblemBody)))]
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<IdentityCheck>,
) -> Result<Response, Problem> {
    let checked = Act::CheckIdentity { how: way(asked.how)?, passed: asked.passed };
    app.run(move |app| act(app, &sender, sequence, &checked, "measure.identity_check")).await
}
