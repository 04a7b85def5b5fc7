//! `POST /api/v1/incidents`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_response::incident::{self, Opening, Source};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{IncidentBody, seen};
use crate::app::App;
use crate::input::{Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// A lead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIncident {
    /// What people will call it, 1 to 200 characters; names nobody.
    title: String,
    /// finding, tip or processor: from where it became known.
    source: String,
    /// Who reported it, or whose copy it seems to be: P-1.
    #[serde(default)]
    processor: Option<String>,
    /// When the company came to know of it, RFC 3339; clocks hang on it.
    aware_at: String,
}

fn source(word: &str) -> Result<Source, Problem> {
    [Source::Finding, Source::Tip, Source::Processor]
        .into_iter()
        .find(|source| source.code() == word)
        .ok_or_else(|| {
            Problem::bad_request("server.incident", "a source is finding, tip or processor")
        })
}

/// Opens an incident.
#[utoipa::path(post, path = "/api/v1/incidents", tag = "staff", request_body = NewIncident,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "opened", body = IncidentBody),
              (status = 400, description = "refused", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewIncident>,
) -> Result<Response, Problem> {
    let processor = asked.processor.map(|text| text.parse::<ProcessorId>()).transpose();
    let opening = Opening {
        title: asked.title,
        source: source(&asked.source)?,
        processor: processor.map_err(|_| Problem::not_found())?,
        aware_at: moment("aware_at", &asked.aware_at)?,
    };
    if opening.title.chars().any(char::is_control) {
        return Err(Problem::bad_request("server.incident", "a title stands on one line"));
    }
    app.run(move |app| {
        if let Some(processor) = opening.processor {
            app.desk.find(processor)?;
        }
        let id = incident::open(&app.vault, &opening, &sender.actor())?;
        json(201, &IncidentBody::from(seen(app, &sender, id)?))
    })
    .await
}

/// The answer to an opening that is done.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &IncidentBody::from(seen(app, sender, IncidentId::new(done.id()?))?))
}
