//! `POST /api/v1/incidents/{id}/postings`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER_PERMISSIVE;
use doldam_ground::ids::IncidentId;
use doldam_response::posting;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PostingBody, shown};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::public::page;
use crate::recovery::Done;
use crate::routes::incident::seen;

/// Which notice is put up. Its words are those that two people agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPosting {
    /// Number of the notice in the incident.
    notice: u32,
    /// SHA-256 of its words, hexadecimal, as its preview shows it.
    digest: String,
    /// For how many whole days it must stand; as many as the law asks when absent.
    #[serde(default)]
    days: Option<u32>,
}

/// Puts a notice up on the web site. It is the evidence for everybody whom the notice did not reach:
/// their clocks stop at once, or when its sending is finished.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/postings", tag = "staff",
    operation_id = "posting_create", request_body = NewPosting,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "it stands", body = PostingBody),
              (status = 404, description = "no such incident", body = ProblemBody),
              (status = 409, description = "not agreed to, or other words", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewPosting>,
) -> Result<Response, Problem> {
    let digest = HEXLOWER_PERMISSIVE.decode(asked.digest.as_bytes()).ok();
    let digest = digest.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let digest = digest.ok_or_else(|| {
        Problem::bad_request("server.digest", "a digest is 64 hexadecimal characters")
    })?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        let (vault, actor) = (&app.vault, sender.actor());
        let company = app.settings.channels.company()?;
        let letter = posting::compose(vault, id, asked.notice, &digest, asked.days, company)?;
        let page = page::notice(&letter)?;
        let number = posting::put_up(vault, id, &letter, page, &actor)?;
        settled(app, &sender, id, number)
    })
    .await
}

/// Shows it, and stops the clocks that it stands for.
fn settled(app: &App, sender: &Sender, id: IncidentId, number: u32) -> Result<Response, Problem> {
    app.shelf.reload(&app.vault)?;
    posting::settle(&app.vault, id, number, &sender.actor())?;
    json(201, &shown(app, id, number)?)
}

/// The answer to a notice that stands: clocks that were not stopped yet are stopped first.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    settled(app, sender, done.object()?, done.id()?)
}
