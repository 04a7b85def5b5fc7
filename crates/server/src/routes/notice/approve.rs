//! `POST /api/v1/incidents/{id}/notices/{notice}/approve`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER_PERMISSIVE;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NoticeBody, found, shown};
use crate::app::App;
use crate::input::{Ids, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// What is agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// The digest of the words that were seen, hexadecimal: as the preview says it.
    digest: String,
}

/// Agrees to the words of a notice. Two must, and neither of them wrote it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/approve", tag = "staff",
    request_body = Consent,
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "as it is now", body = NoticeBody),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "not to be agreed to", body = ProblemBody)))]
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
    Input(asked): Input<Consent>,
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
        notice::approve(&app.vault, id, number, &digest, by, &sender.actor())?;
        json(200, &shown(app, id, number)?)
    })
    .await
}
