//! `POST /api/v1/processors/{id}/cut`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{CutId, ProcessorId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why a processor is cut off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CutReason {
    /// In words without personal data.
    reason: String,
}

/// Cuts a processor off: running requests, keys, domains. The answer is the signed proof.
#[utoipa::path(post, path = "/api/v1/processors/{id}/cut", tag = "staff", request_body = CutReason,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the proof", body = Object),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn cut(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<CutReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        json(200, &app.desk.cut(id, &sender.actor(), &asked.reason)?)
    })
    .await
}

/// The answer to a cut that was ordered: it is carried out to its end first.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let cut = app.desk.cut_of(done.object()?, CutId::new(done.id()?))?;
    let proof = cut.proof.ok_or_else(|| Problem::internal("a cut without its proof"))?;
    let proof: Value =
        serde_json::from_str(&proof).map_err(|_| Problem::internal("a kept proof is no JSON"))?;
    json(200, &proof)
}
