//! `POST /api/v1/incidents/{id}/notices/{notice}/finish`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::{notice, posting};

use super::{CountsBody, counts_again, found};
use crate::app::App;
use crate::input::{Ids, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// Ends a sending: somebody decides to wait for no more receipts.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/finish", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "as it is now", body = CountsBody),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "somebody would be forgotten", body = ProblemBody)))]
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        found(app, &sender, id, number)?;
        let counts = notice::finish(&app.vault, id, number, &sender.actor())?;
        json(200, &CountsBody::from(counts))
    })
    .await
}

/// The answer to a sending that is finished: what a posting stands for is stopped first.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    posting::settle_all(&app.vault, done.object()?, &sender.actor())?;
    counts_again(app, sender, done)
}
