//! `POST /api/v1/sessions`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Pii;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionBody;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::sign_in::proof::Proof;
use crate::sign_in::{self, Opened};

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Login name.
    name: String,
    /// Passphrase, or the one-time password.
    secret: String,
}

/// Signs in: the session comes as a cookie.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "staff", request_body = SignIn,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "signed in", body = SessionBody),
              (status = 401, description = "refused", body = ProblemBody),
              (status = 429, description = "locked", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<SignIn>,
) -> Result<Response, Problem> {
    let secret = Pii::new(asked.secret);
    let member = sign_in::prove(&app, asked.name, secret, sender.clone()).await?;
    app.run(move |app| {
        let opened = sign_in::open(app, Proof::Secret(member.id()), &sender)?;
        answer(app, &opened, &sender)
    })
    .await
}

pub(super) fn answer(app: &App, opened: &Opened, sender: &Sender) -> Result<Response, Problem> {
    let body = SessionBody::new(app, &opened.session, opened.must_choose_secret);
    let mut response = json(201, &body)?;
    sign_in::set_cookie(&mut response, sender, opened.token.expose())?;
    Ok(response)
}

/// The answer to a sign-in that is done.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(app, &sign_in::opened(app, done.secret()?)?, sender)
}
