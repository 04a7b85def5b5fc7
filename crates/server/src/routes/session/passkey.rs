//! `POST /api/v1/sessions/passkey/challenge`, `POST /api/v1/sessions/passkey`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::SessionBody;
use super::create::answer;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::passkey_begin::PasskeyChallenge;
use crate::sign_in::{self, passkey};

/// Asks for any passkey; the browser is told apart by a cookie.
#[utoipa::path(post, path = "/api/v1/sessions/passkey/challenge", tag = "staff",
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "the challenge", body = PasskeyChallenge)))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let (options, ticket) = passkey::begin(&app.vault, app.site()?)?;
        let mut response = json(201, &PasskeyChallenge::new(options))?;
        sign_in::set_ticket(&mut response, &sender, ticket.expose())?;
        Ok(response)
    })
    .await
}

/// What a passkey answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeySignIn {
    /// What the browser gave, with bytes in base64url: `PublicKeyCredential.toJSON()`.
    answer: Value,
}

/// Signs in by a passkey: the session comes as a cookie.
#[utoipa::path(post, path = "/api/v1/sessions/passkey", tag = "staff",
    request_body = PasskeySignIn,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "signed in", body = SessionBody),
              (status = 401, description = "refused", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    Input(asked): Input<PasskeySignIn>,
) -> Result<Response, Problem> {
    let ticket = sign_in::ticket_of(&headers);
    app.run(move |app| {
        let (site, actor) = (app.site()?, sender.actor());
        let proof = passkey::finish(&app.vault, site, &ticket, &asked.answer, &actor)?;
        answer(app, &sign_in::open(app, proof, &sender)?, &sender)
    })
    .await
}
