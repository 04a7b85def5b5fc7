//! `POST /api/v1/sessions/sso/door`, `POST /api/v1/sessions/sso`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::SessionBody;
use super::create::answer;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sign_in::{self, sso};

/// Where to sign in.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoorBody {
    /// Always 1.
    schema: u32,
    /// The address at the company's identity provider; it sends people back to the console's page
    /// /sign-in/back, which hands what it finds in its address to `POST /api/v1/sessions/sso`.
    address: String,
}

/// Begins to sign in at the company's identity provider; the browser is told apart by a cookie.
#[utoipa::path(post, path = "/api/v1/sessions/sso/door", tag = "staff",
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "where to go", body = DoorBody),
              (status = 503, description = "the provider is away", body = ProblemBody)))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let (address, ticket) = sso::begin(&app.vault, app.provider()?)?;
        let mut response = json(201, &DoorBody { schema: 1, address })?;
        sign_in::set_ticket(&mut response, &sender, ticket.expose())?;
        Ok(response)
    })
    .await
}

/// Signs in by what the provider sent back: the session comes as a cookie.
#[utoipa::path(post, path = "/api/v1/sessions/sso", tag = "staff", request_body = sso::Brought,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "signed in", body = SessionBody),
              (status = 401, description = "refused", body = ProblemBody),
              (status = 503, description = "the provider is away", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    Input(brought): Input<sso::Brought>,
) -> Result<Response, Problem> {
    let ticket = sign_in::ticket_of(&headers);
    app.run(move |app| {
        let proof = sso::finish(&app.vault, app.provider()?, &ticket, &brought)?;
        answer(app, &sign_in::open(app, proof, &sender)?, &sender)
    })
    .await
}
