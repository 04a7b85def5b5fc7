//! `POST /api/v1/approvals/{id}/agree`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::ids::ApprovalId;

use crate::app::App;
use crate::input::Id;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// Agrees to what another person asked for.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/agree", tag = "staff",
    params(("id" = String, Path, description = "A-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "agreed"),
              (status = 409, description = "not to be agreed to", body = ProblemBody)))]
pub(crate) async fn agree(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ApprovalId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let member = app.vault.staff_of(&sender.staff()?.session);
        app.vault.approve(id, member, &sender.actor())?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
