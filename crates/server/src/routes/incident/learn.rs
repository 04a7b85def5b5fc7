//! `POST /api/v1/incidents/{id}/facts`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::incident;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::seen;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What is known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFacts {
    /// Names and values in the words of the rule table; an empty value: not known any more.
    facts: BTreeMap<String, String>,
}

/// All that is known now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Known {
    /// Always 1.
    schema: u32,
    facts: BTreeMap<String, String>,
}

/// Puts facts on record: all of them or none.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/facts", tag = "staff",
    request_body = NewFacts,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "what is known now", body = Known),
              (status = 400, description = "no such fact or value", body = ProblemBody),
              (status = 409, description = "the incident is closed", body = ProblemBody)))]
pub(crate) async fn learn(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewFacts>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let answers: Vec<(&str, &str)> =
            asked.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        incident::learn(&app.vault, id, &answers, &sender.actor())?;
        known(app, id)
    })
    .await
}

fn known(app: &App, id: IncidentId) -> Result<Response, Problem> {
    let facts = incident::facts(&app.vault, id, None)?.answers().into_iter().collect();
    json(200, &Known { schema: 1, facts })
}

/// The answer to facts that are on record.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    known(app, done.object()?)
}
