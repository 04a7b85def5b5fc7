//! `GET /api/v1/subjects/{id}/looks`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{PAGE, meant};
use crate::app::App;
use crate::input::{Id, List, Params, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// Most acts in one answer.
const LOOKS_MAX: usize = 100;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Back {
    /// Acts before this row of the log; the newest when absent.
    before: Option<u64>,
}

/// An act that was about a person, alone or among others.
#[derive(Serialize, ToSchema)]
pub(crate) struct Look {
    /// The row of the access log.
    seq: u64,
    /// When.
    at: String,
    /// Who.
    actor: String,
    /// From where.
    origin: String,
    /// What was done: subject.reveal, disclosure.issue, ...
    action: String,
    /// On what: D-1, or which kinds were shown.
    object: String,
    /// Why.
    purpose: String,
    /// How many people it was about.
    subjects: u32,
}

/// Who looked at a person, gave them away, traced or told them: newest first, out of the access
/// log, which has a row of this question first. `next` is given as `before` for what was earlier; a
/// page may be empty and still have one, for only a part of a long log is looked through at a time.
#[utoipa::path(get, path = "/api/v1/subjects/{id}/looks", tag = "staff",
    params(("id" = String, Path, description = "as a search or a list gave it"), Back),
    responses((status = 200, description = "acts", body = List<Look>),
              (status = 404, description = "no such reference", body = ProblemBody)))]
pub(crate) async fn looks(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<String>,
    Params(back): Params<Back>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let person = meant(app, &sender, &id)?;
        let found = app.vault.looks(person, back.before, LOOKS_MAX, &sender.actor(), PAGE)?;
        let items = found.rows.into_iter().map(|row| Look {
            seq: row.seq,
            at: row.at.to_rfc3339(),
            actor: row.actor,
            origin: row.origin,
            action: row.action,
            object: row.object,
            purpose: row.purpose,
            subjects: row.subject_count,
        });
        json(200, &List { schema: 1, items: items.collect(), next: found.next })
    })
    .await
}
