//! `GET /api/v1/incidents/{id}/notices`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;

use super::NoticeBody;
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// The notices of an incident, oldest first.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/notices", tag = "staff",
    params(("id" = String, Path, description = "L-1")),
    responses((status = 200, description = "notices", body = List<NoticeBody>),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let all = notice::drafts(&app.vault, id)?.into_iter();
        let shown: Result<_, _> = all.map(|held| NoticeBody::new(app, id, held)).collect();
        json(200, &List::whole(shown?))
    })
    .await
}
