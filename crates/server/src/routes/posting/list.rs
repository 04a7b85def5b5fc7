//! `GET /api/v1/incidents/{id}/postings`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::posting;

use super::PostingBody;
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// The postings of an incident with the record of each, oldest first.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/postings", tag = "staff",
    operation_id = "posting_list",
    params(("id" = String, Path, description = "L-1")),
    responses((status = 200, description = "postings", body = List<PostingBody>),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        // What was counted since the last time is on the record as well.
        app.shelf.write_down(&app.vault)?;
        let all = posting::list(&app.vault, id)?;
        json(200, &List::whole(all.into_iter().map(PostingBody::from).collect()))
    })
    .await
}
