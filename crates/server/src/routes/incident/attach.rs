//! `POST /api/v1/incidents/{id}/traces`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{IncidentId, TraceId};
use doldam_response::incident;
use doldam_store::{evidence, incident as store};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::seen;
use crate::app::App;
use crate::input::{Id, Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// A signed list of people who are hit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTrace {
    /// The trace: T-1.
    trace: String,
    /// Since when their part is known, RFC 3339; now when absent.
    #[serde(default)]
    known_at: Option<String>,
}

/// How many people are known to be hit.
#[derive(Serialize, ToSchema)]
pub(crate) struct Attached {
    /// Always 1.
    schema: u32,
    /// All that are known now.
    people: u64,
}

/// Adds the people of a signed list; the signature is checked, canaries are left out.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/traces", tag = "staff",
    request_body = NewTrace,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how many", body = Attached),
              (status = 404, description = "no such incident or trace", body = ProblemBody),
              (status = 409, description = "refused", body = ProblemBody)))]
pub(crate) async fn attach(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewTrace>,
) -> Result<Response, Problem> {
    let trace: TraceId = asked.trace.parse().map_err(|_| Problem::not_found())?;
    let known_at = asked.known_at.map(|text| moment("known_at", &text)).transpose()?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        let found = app.vault.data().read("trace.find", |tx| evidence::trace_find(tx, trace))?;
        found.ok_or_else(Problem::not_found)?;
        let known_at = known_at.unwrap_or_else(|| app.vault.now());
        incident::attach(&app.vault, id, trace, known_at, &sender.actor())?;
        people(app, id)
    })
    .await
}

fn people(app: &App, id: IncidentId) -> Result<Response, Problem> {
    let count = |tx: &mut doldam_store::Tx<'_>| store::exposure_count(tx, id);
    let people = app.vault.data().read("incident.people", count)?;
    json(200, &Attached { schema: 1, people })
}

/// The answer to a list that is attached.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    people(app, done.object()?)
}
