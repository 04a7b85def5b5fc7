//! `POST /api/v1/incidents/{id}/notices/{notice}/drop`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;

use super::{NoticeBody, found, shown};
use crate::app::App;
use crate::input::{Ids, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// Gives a notice up before it is sent.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/drop", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "as it is now", body = NoticeBody),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "it is on its way", body = ProblemBody)))]
pub(crate) async fn drop(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        found(app, &sender, id, number)?;
        notice::drop_draft(&app.vault, id, number, &sender.actor())?;
        json(200, &shown(app, id, number)?)
    })
    .await
}
