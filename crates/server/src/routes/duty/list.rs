//! `GET /api/v1/incidents/{id}/duties`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::docket;

use super::DutyBody;
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// Every duty of the rule table over what is known now, in the order of the table.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/duties", tag = "staff",
    params(("id" = String, Path, description = "L-1")),
    responses((status = 200, description = "duties", body = List<DutyBody>),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let all = docket::read(&app.vault, id)?;
        json(200, &List::whole(all.iter().map(DutyBody::from).collect()))
    })
    .await
}
