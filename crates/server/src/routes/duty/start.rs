//! `POST /api/v1/incidents/{id}/duties/start`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::docket;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::incident::seen;

/// How many duties have new clocks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    /// Always 1.
    schema: u32,
    /// Duties whose clocks were started for somebody.
    started: u64,
}

/// Starts the clock of every duty that is due or not decided and whose start is known; starting
/// again starts only what is new.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/duties/start", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how many", body = Started),
              (status = 404, description = "no such incident", body = ProblemBody),
              (status = 409, description = "the incident is closed", body = ProblemBody)))]
pub(crate) async fn start(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let started = docket::start(&app.vault, id, &sender.actor())?;
        json(200, &Started { schema: 1, started })
    })
    .await
}

/// The answer to clocks that were started.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &Started { schema: 1, started: done.number()? })
}
