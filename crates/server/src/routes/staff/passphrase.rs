//! `POST /api/v1/staff/me/passphrase`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::Pii;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::Input;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sign_in;

/// The old secret and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// The secret that was used to sign in.
    secret: String,
    /// At least 15 characters, and not the old one.
    new_secret: String,
}

/// Chooses a passphrase; all other sessions end.
#[utoipa::path(post, path = "/api/v1/staff/me/passphrase", tag = "staff", request_body = Choice,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "chosen"),
              (status = 400, description = "too short", body = ProblemBody)))]
pub(crate) async fn choose(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<Choice>,
) -> Result<Response, Problem> {
    let staff = sender.staff()?.clone();
    let (secret, new_secret) = (Pii::new(asked.secret), Pii::new(asked.new_secret));
    if secret.expose().trim_end() == new_secret.expose().trim_end() {
        return Err(Problem::bad_request("server.staff", "the new secret is the old one"));
    }
    sign_in::prove(&app, staff.session.name.clone(), secret, sender.clone()).await?;
    let _turn = app.proving_turn().await?;
    app.run(move |app| {
        let (id, keep) = (staff.session.staff, Some(staff.digest));
        app.vault.staff_set_secret(id, &new_secret, keep, &sender.actor())?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
