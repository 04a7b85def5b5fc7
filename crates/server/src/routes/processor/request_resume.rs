//! `POST /api/v1/processors/{id}/resume/request`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{ApprovalId, ProcessorId};
use doldam_response::incident;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why a processor may come in again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResumeReason {
    /// In words without personal data.
    reason: String,
}

/// What a second person was asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResumeRequest {
    /// Always 1.
    schema: u32,
    /// The request: A-1. Whoever asked names it at `/resume` once somebody agreed.
    approval: String,
}

/// Asks a second person to agree that a processor is let in again. Nothing is undone yet.
#[utoipa::path(post, path = "/api/v1/processors/{id}/resume/request", tag = "staff",
    request_body = ResumeReason,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 202, description = "asked", body = ResumeRequest),
              (status = 404, description = "no such processor", body = ProblemBody),
              (status = 409, description = "an open incident, or no cut", body = ProblemBody)))]
pub(crate) async fn request(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<ResumeReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        app.desk.find(id)?;
        incident::require_uninvolved(&app.vault, id)?;
        let by = app.vault.staff_of(&sender.staff()?.session);
        answer(app.desk.request_resume(id, by, &asked.reason)?)
    })
    .await
}

fn answer(approval: ApprovalId) -> Result<Response, Problem> {
    json(202, &ResumeRequest { schema: 1, approval: approval.to_string() })
}

/// The answer to a request that was filed.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(ApprovalId::new(done.id()?))
}
