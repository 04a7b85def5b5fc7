//! `POST /api/v1/fraud/measures/{sequence}/notify`

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

/// That the customer was told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureNotice {
    /// By which channel: sms, call, app, letter.
    how: String,
}

/// Puts on record that the customer was told of a temporary measure. Nothing else can be done with
/// it before.
#[utoipa::path(post, path = "/api/v1/fraud/measures/{sequence}/notify", tag = "fraud",
    request_body = MeasureNotice,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = FraudMeasure),
              (status = 404, description = "no such measure", body = ProblemBody),
              (status = 409, description = "they were told already", body = ProblemBody)))]
pub(crate) async fn notify(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<MeasureNotice>,
) -> Result<Response, Problem> {
    let told = Act::Notify { how: way(asked.how)? };
    app.run(move |app| act(app, &sender, sequence, &told, "measure.notify")).await
}
