//! `POST /api/v1/passkeys`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::PasskeyId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::owner;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::sign_in::passkey;

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// What its owner calls it.
    name: String,
    /// What the browser gave, with bytes in base64url: `PublicKeyCredential.toJSON()`.
    answer: Value,
}

/// A passkey that was kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyKept {
    /// Always 1.
    schema: u32,
    /// Its number: F-1.
    id: String,
}

/// Keeps a new passkey of one's own.
#[utoipa::path(post, path = "/api/v1/passkeys", tag = "staff", request_body = NewPasskey,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "kept", body = PasskeyKept),
              (status = 401, description = "refused", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewPasskey>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let (owner, actor) = (owner(sender.staff()?), sender.actor());
        let (name, answer) = (&asked.name, &asked.answer);
        let id = passkey::finish_add(&app.vault, app.site()?, owner, name, answer, &actor)?;
        kept(id)
    })
    .await
}

fn kept(id: PasskeyId) -> Result<Response, Problem> {
    json(201, &PasskeyKept { schema: 1, id: id.to_string() })
}

/// The answer to a passkey that is kept.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    kept(done.object()?)
}
