//! `GET /api/v1/incidents/{id}/notices/{notice}/in-doubt`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use serde::Serialize;
use utoipa::ToSchema;

use super::{found, word_of};
use crate::app::App;
use crate::input::{Ids, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A notice of which nobody knows whether it was sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoubtBody {
    /// The word by which it is decided about; it tells nobody whose notice it is.
    doubt: String,
    /// Which try it was.
    attempt: u32,
    intended_at: String,
    /// How many of its parts the gateway is known to have taken.
    parts_taken: u32,
    parts: u32,
    /// How many receipts came from the same number that name no message of ours.
    stray_receipts: u32,
}

/// The notices of which nobody knows whether they were sent, at most a thousand.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/notices/{notice}/in-doubt", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident")),
    responses((status = 200, description = "as it is now", body = List<DoubtBody>),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "it is not being sent", body = ProblemBody)))]
pub(crate) async fn in_doubt(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let held = found(app, &sender, id, number)?;
        let doubts = notice::in_doubt(&app.vault, id, number)?.into_iter();
        let dispatch = held.dispatch.ok_or_else(Problem::not_found)?;
        let shown = doubts.map(|one| DoubtBody {
            doubt: word_of(app, dispatch, one.attempt),
            attempt: one.attempt.number,
            intended_at: one.intended_at.to_rfc3339(),
            parts_taken: one.parts_taken,
            parts: one.parts,
            stray_receipts: one.stray_receipts,
        });
        json(200, &List::whole(shown.collect()))
    })
    .await
}
