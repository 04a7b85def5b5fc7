//! `GET /api/v1/sessions/ways`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::Problem;

/// How staff may sign in here.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaysBody {
    /// Always 1.
    schema: u32,
    /// By a passkey.
    passkey: bool,
    /// At the company's identity provider.
    sso: bool,
}

/// How staff may sign in here, besides by a passphrase.
#[utoipa::path(get, path = "/api/v1/sessions/ways", tag = "staff",
    responses((status = 200, description = "the ways", body = WaysBody)))]
pub(crate) async fn ways(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let ways = &app.settings.ways;
    json(200, &WaysBody { schema: 1, passkey: ways.has_passkeys(), sso: ways.has_sso() })
}
