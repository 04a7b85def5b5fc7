//! `POST /api/v1/incidents/{id}/close`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::incident;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{IncidentBody, seen};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What shows that the work is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    /// A reference to minutes or a report: letters, digits and . _ : / # -
    reference: String,
}

/// Closes an incident. Refused while a duty is open or not decided, or a notice is on its way.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/close", tag = "staff",
    request_body = Closing,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "closed", body = IncidentBody),
              (status = 404, description = "no such incident", body = ProblemBody),
              (status = 409, description = "something is still open", body = ProblemBody)))]
pub(crate) async fn close(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<Closing>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        incident::close(&app.vault, id, &asked.reference.parse()?, &sender.actor())?;
        json(200, &IncidentBody::from(seen(app, &sender, id)?))
    })
    .await
}

/// The answer to a close that is done.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &IncidentBody::from(seen(app, sender, done.object()?)?))
}
