//! `POST /api/v1/api-keys/{id}/revoke`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::ids::ApiKeyId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Why a key is revoked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyReason {
    /// In words without personal data.
    reason: String,
}

/// Revokes a key and stops its requests.
#[utoipa::path(post, path = "/api/v1/api-keys/{id}/revoke", tag = "staff",
    request_body = KeyReason,
    params(("id" = String, Path, description = "Y-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "revoked"),
              (status = 404, description = "no such key", body = ProblemBody)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ApiKeyId>,
    Input(asked): Input<KeyReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        app.desk.keys().revoke(id, &sender.actor(), &asked.reason)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
