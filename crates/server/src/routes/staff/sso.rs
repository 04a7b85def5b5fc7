//! `POST /api/v1/staff/{id}/sso`, `POST /api/v1/staff/{id}/sso/unlink`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::Pii;
use doldam_ground::ids::StaffId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sign_in::sso;

/// A person of the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLink {
    /// The provider's own name for them (`sub`); never an e-mail address, which may pass on.
    subject: String,
}

/// Says who a person of the identity provider is here; their sessions end.
#[utoipa::path(post, path = "/api/v1/staff/{id}/sso", tag = "staff", request_body = NewLink,
    params(("id" = String, Path, description = "S-2"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "linked"),
              (status = 404, description = "no such account", body = ProblemBody),
              (status = 409, description = "somebody else here", body = ProblemBody)))]
pub(crate) async fn link(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<StaffId>,
    Input(asked): Input<NewLink>,
) -> Result<Response, Problem> {
    let subject = Pii::new(asked.subject);
    app.run(move |app| {
        let linked = sso::link(&app.vault, app.provider()?, id, &subject, &sender.actor())?;
        linked.ok_or_else(Problem::not_found)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Takes a link away; the member of staff's sessions end.
#[utoipa::path(post, path = "/api/v1/staff/{id}/sso/unlink", tag = "staff",
    params(("id" = String, Path, description = "S-2"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "unlinked"),
              (status = 404, description = "no such link", body = ProblemBody)))]
pub(crate) async fn unlink(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<StaffId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let ended = sso::unlink(&app.vault, id, &sender.actor())?;
        ended.ok_or_else(Problem::not_found)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
