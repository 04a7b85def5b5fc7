//! `POST /api/v1/processors/{id}/cut`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ProcessorId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
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
