//! `GET /api/v1/incidents/{id}/people`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, Ordinal};
use doldam_store::person::{self, Hit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::seen;
use crate::app::App;
use crate::input::{Id, Params, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::subject_meant;

/// Most people in one answer.
const PEOPLE_MAX: u32 = 1_000;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// The `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 when absent.
    limit: Option<u32>,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeoplePage {
    /// Always 1.
    schema: u32,
    /// The people, in an order of their own.
    items: Vec<PersonHit>,
    /// Give this as `after` for what follows; absent at the end.
    next: Option<String>,
}

/// A person's part in an incident, and nothing of the person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonHit {
    /// How addresses name this person: works for whoever asked, for half a day.
    id: String,
    /// exact: named by a unique value or a keyed pseudonym.
    grade: String,
    /// The signed list that names them first: T-1.
    trace: String,
    /// Since when it is known.
    known_at: String,
    /// Each notice to them.
    told: Vec<Told>,
}

/// How far a notice to one person is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Told {
    /// first, supplement, ...
    stage: String,
    /// planned, intent, accepted, delivered, failed, expired or `in_doubt`.
    state: String,
    /// When it was delivered, failed or expired.
    ended_at: Option<String>,
}

impl PersonHit {
    fn new(id: String, hit: Hit) -> Self {
        let told = hit.told.into_iter().map(|one| Told {
            stage: one.stage,
            state: one.state,
            ended_at: one.ended_at.map(Instant::to_rfc3339),
        });
        Self {
            id,
            grade: hit.grade,
            trace: hit.trace.to_string(),
            known_at: hit.known_at.to_rfc3339(),
            told: told.collect(),
        }
    }
}

/// Who is hit by an incident: grades, lists and how far they were told, but nobody's values. The
/// access log has a row about all of the page first.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/people", tag = "staff",
    params(("id" = String, Path, description = "L-1"), After),
    responses((status = 200, description = "a page of people", body = PeoplePage),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn people(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Params(page): Params<After>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let after = page.after.map(|text| subject_meant(app, &sender, &text)).transpose()?;
        let limit = page.limit.unwrap_or(100).clamp(1, PEOPLE_MAX);
        let hits = app.vault.data().read("person.hits", |tx| person::hits(tx, id, after, limit))?;
        let ordinals: Vec<Ordinal> = hits.iter().map(|hit| hit.ordinal).collect();
        let why = "who is hit by an incident";
        app.vault.log_people(&ordinals, &sender.actor(), id.to_string(), why)?;
        let names = app.vault.references(&ordinals, sender.staff()?.session.staff);
        let is_full = u32::try_from(hits.len()).is_ok_and(|count| count == limit);
        let next = names.last().filter(|_| is_full).cloned();
        let items = names.into_iter().zip(hits).map(|(name, hit)| PersonHit::new(name, hit));
        json(200, &PeoplePage { schema: 1, items: items.collect(), next })
    })
    .await
}
