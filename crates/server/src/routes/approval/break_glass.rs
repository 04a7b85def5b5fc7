//! `POST /api/v1/approvals/{id}/break-glass`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::ids::ApprovalId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Why an act cannot wait for a second person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakGlass {
    /// In ten characters or more, without personal data; kept for ever.
    reason: String,
}

/// One officer of a small team carries alone what they asked for: an hour after they asked, three
/// times within thirty days.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/break-glass", tag = "staff",
    request_body = BreakGlass,
    params(("id" = String, Path, description = "A-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "agreed, by break-glass"),
              (status = 409, description = "not to be carried by one person", body = ProblemBody)))]
pub(crate) async fn break_glass(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ApprovalId>,
    Input(asked): Input<BreakGlass>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        let member = app.vault.staff_of(&sender.staff()?.session);
        app.vault.break_glass(id, member, &asked.reason, &sender.actor())?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
