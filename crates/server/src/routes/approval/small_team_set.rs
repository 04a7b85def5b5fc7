//! `POST /api/v1/approvals/small-team`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::Input;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Whether this installation is to be a small team, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclareSmallTeam {
    on: bool,
    /// In words without personal data.
    reason: String,
}

/// Declares the installation a small team, or takes that back.
#[utoipa::path(post, path = "/api/v1/approvals/small-team", tag = "staff",
    request_body = DeclareSmallTeam,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "declared"),
              (status = 400, description = "no reason", body = ProblemBody)))]
pub(crate) async fn set(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<DeclareSmallTeam>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        let member = app.vault.staff_of(&sender.staff()?.session);
        app.vault.set_small_team(asked.on, member, &asked.reason, &sender.actor())?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
