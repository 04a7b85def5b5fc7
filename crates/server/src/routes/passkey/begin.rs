//! `POST /api/v1/passkeys/challenge`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::owner;
use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sign_in::passkey;

/// What an authenticator is asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyChallenge {
    /// Always 1.
    schema: u32,
    /// For the browser's `navigator.credentials` (Web Authentication, Level 3), with bytes in
    /// base64url.
    options: Value,
}

impl PasskeyChallenge {
    pub(crate) const fn new(options: Value) -> Self {
        Self { schema: 1, options }
    }
}

/// Asks for a new passkey of one's own, within 15 minutes of signing in.
#[utoipa::path(post, path = "/api/v1/passkeys/challenge", tag = "staff",
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "the challenge", body = PasskeyChallenge),
              (status = 403, description = "sign in again first", body = ProblemBody)))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let options = passkey::begin_add(&app.vault, app.site()?, owner(sender.staff()?))?;
        json(201, &PasskeyChallenge::new(options))
    })
    .await
}
