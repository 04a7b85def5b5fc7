//! `POST /api/v1/incidents/{id}/postings/{posting}/end`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::posting;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PostingBody, shown};
use crate::app::App;
use crate::input::{Ids, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::incident::seen;

/// Why a notice is taken down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostingEnd {
    /// In words without personal data.
    reason: String,
}

/// Takes a notice down: not before its days are over, unless a later one of the same duty stands.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/postings/{posting}/end", tag = "staff",
    operation_id = "posting_end", request_body = PostingEnd,
    params(("id" = String, Path, description = "L-1"),
           ("posting" = u32, Path, description = "its number"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "it is down", body = PostingBody),
              (status = 404, description = "no such incident or posting", body = ProblemBody),
              (status = 409, description = "its days are not over", body = ProblemBody)))]
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
    Input(asked): Input<PostingEnd>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        shown(app, id, number)?;
        posting::end(&app.vault, id, number, &asked.reason, &sender.actor())?;
        down(app, id, number)
    })
    .await
}

fn down(app: &App, id: IncidentId, number: u32) -> Result<Response, Problem> {
    app.shelf.reload(&app.vault)?;
    app.shelf.write_down(&app.vault)?;
    json(200, &shown(app, id, number)?)
}

/// The answer to a notice that is down.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let number = done.second()?.trim_start_matches("posting:").parse();
    let number = number.map_err(|_| Problem::internal("an act without its posting"))?;
    down(app, done.object()?, number)
}
