//! `POST /api/v1/incidents/{id}/notices/{notice}/preview`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use serde::Serialize;
use utoipa::ToSchema;

use super::found;
use crate::app::App;
use crate::input::{Ids, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// A notice as it will be sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct PreviewBody {
    /// Always 1.
    schema: u32,
    /// The text in each language.
    texts: BTreeMap<String, String>,
    /// Bytes of CP949 that each takes: what the operator bills it as.
    bytes: BTreeMap<String, usize>,
    /// SHA-256 of what is to be agreed to, hexadecimal.
    digest: String,
    /// How many people are hit; whoever was told in this stage already is not told again.
    people: u64,
}

/// Shows a notice as it will be sent. Nobody may agree before somebody has looked.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/preview", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "as it is now", body = PreviewBody),
              (status = 404, description = "no such incident or notice", body = ProblemBody)))]
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        found(app, &sender, id, number)?;
        look(app, &sender, id, number)
    })
    .await
}

fn look(app: &App, sender: &Sender, id: IncidentId, number: u32) -> Result<Response, Problem> {
    let seen = notice::preview(&app.vault, id, number, &sender.actor())?;
    let texts = seen.texts.into_iter().map(|(language, it)| (language.code().to_owned(), it));
    let bytes = seen.bytes.into_iter().map(|(language, it)| (language.code().to_owned(), it));
    let (texts, bytes) = (texts.collect(), bytes.collect());
    let digest = HEXLOWER.encode(&seen.digest);
    json(200, &PreviewBody { schema: 1, texts, bytes, digest, people: seen.people })
}

/// The answer to a first look that is noted.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    look(app, sender, done.object()?, done.second_number()?)
}
