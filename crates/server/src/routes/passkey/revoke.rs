//! `POST /api/v1/passkeys/{id}/revoke`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::ids::PasskeyId;

use crate::app::App;
use crate::input::Id;
use crate::permission::Role;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sign_in::passkey;

/// Revokes a passkey of one's own; a privacy officer, anybody's. All other sessions of its owner
/// end.
#[utoipa::path(post, path = "/api/v1/passkeys/{id}/revoke", tag = "staff",
    params(("id" = String, Path, description = "F-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "revoked"),
              (status = 404, description = "no such passkey that works", body = ProblemBody)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<PasskeyId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let staff = sender.staff()?;
        let only = (staff.role != Role::PrivacyOfficer).then_some(staff.session.staff);
        let revoked = passkey::revoke(&app.vault, id, only, staff.digest, &sender.actor())?;
        revoked.ok_or_else(Problem::not_found)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
