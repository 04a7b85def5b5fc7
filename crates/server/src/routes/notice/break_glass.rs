//! `POST /api/v1/incidents/{id}/notices/{notice}/break-glass`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER_PERMISSIVE;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use serde::Deserialize;
use utoipa::ToSchema;

use super::found;
use crate::app::App;
use crate::input::{Ids, Input};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// What one officer agrees to alone, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentAlone {
    /// The digest of the words that were seen, hexadecimal: as the preview says it.
    digest: String,
    /// Why it cannot wait for a second person; in ten characters or more, kept for ever.
    reason: String,
}

/// One officer of a small team gives the second consent to a notice alone: after one other person
/// agreed, an hour after it was written, three times within thirty days.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/break-glass", tag = "staff",
    request_body = ConsentAlone,
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 204, description = "agreed, by break-glass"),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "not to be carried by one person", body = ProblemBody)))]
pub(crate) async fn break_glass(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
    Input(asked): Input<ConsentAlone>,
) -> Result<Response, Problem> {
    let digest: Option<[u8; 32]> = HEXLOWER_PERMISSIVE
        .decode(asked.digest.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    let digest = digest.ok_or_else(|| {
        Problem::bad_request("server.notice", "a digest has 64 hexadecimal digits")
    })?;
    app.run(move |app| {
        found(app, &sender, id, number)?;
        let by = app.vault.staff_of(&sender.staff()?.session);
        let (vault, actor) = (&app.vault, sender.actor());
        notice::break_glass(vault, id, number, &digest, by, &asked.reason, &actor)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}
