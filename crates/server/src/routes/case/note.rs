//! `POST /api/v1/fraud/cases/{id}/notes`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_store::audit;
use doldam_store::fraud::case::{self, Note};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CaseInFull, shown};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// A note to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCaseNote {
    /// In words without personal data; never changed.
    text: String,
}

/// Adds a note to a case, also to a closed one.
#[utoipa::path(post, path = "/api/v1/fraud/cases/{id}/notes", tag = "fraud",
    request_body = NewCaseNote,
    params(("id" = u32, Path, description = "its number"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the case", body = CaseInFull),
              (status = 404, description = "no such case", body = ProblemBody)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<u32>,
    Input(asked): Input<NewCaseNote>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        require_impersonal("text", &asked.text)?;
        let actor = sender.actor();
        let entry = app.vault.entry(&actor, "case.note", id.to_string(), "", None);
        let note = Note { by: actor.name, at: app.clock.now(), text: asked.text };
        app.vault.data().write("case.note", move |tx| {
            case::add_note(tx, id, &note)?;
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        json(200, &shown(app, id)?)
    })
    .await
}
