//! `POST /api/v1/drills`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_drill::{Drill, DrillError, Trouble};
use doldam_ground::entropy;
use doldam_store::{audit, drill};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DrillBody, shown};
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// Most people of a drill that is answered while the caller waits.
const SUBJECTS_MAX: u32 = 50_000;
/// Seconds after which it is worth to ask again while a drill runs.
const RETRY_S: i64 = 20;

/// A rehearsal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDrill {
    /// Invented people whose data leaks: 100 to 50,000. Larger drills go by the command line.
    #[serde(default = "usual_subjects")]
    subjects: u32,
    /// Makes the same people, leak and faults again; drawn when absent.
    #[serde(default)]
    seed: Option<u64>,
    /// Whether the drill's own gateway misbehaves.
    #[serde(default)]
    trouble: bool,
}

const fn usual_subjects() -> u32 {
    17_551
}

/// Rehearses a leak from the found file to the last person told, on people who do not exist and
/// through a gateway of the drill's own; answers when it is over. One at a time.
#[utoipa::path(post, path = "/api/v1/drills", tag = "staff", request_body = NewDrill,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "the outcome", body = DrillBody),
              (status = 400, description = "too few or too many people", body = ProblemBody),
              (status = 503, description = "a drill runs already", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewDrill>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        if asked.subjects > SUBJECTS_MAX {
            return Err(DrillError::Subjects.into());
        }
        let Ok(_only_one) = app.drilling.try_lock() else {
            return Err(Problem::busy_with("a drill runs already; one at a time", RETRY_S));
        };
        // What the seed makes must be the same on every machine, so a reader must not round it.
        let seed = asked.seed.unwrap_or_else(|| entropy::number(&mut **app.vault.entropy()) >> 12);
        let trouble = if asked.trouble { Trouble::Some } else { Trouble::None };
        let (subjects, clock) = (asked.subjects, Arc::clone(&app.clock));
        let started_at = app.vault.now();
        let drill = Drill { subjects, seed, trouble, clock, postgres: None };
        let outcome = drill.run_watched(&mut |step, ms| app.telling.drill(step, ms))?;
        let run = drill::NewDrill {
            outcome: outcome.to_json().to_string(),
            trouble: if asked.trouble { "some" } else { "none" }.to_owned(),
            ordered_by: sender.actor().name,
            started_at,
        };
        let mut entry = app.vault.entry(&sender.actor(), "drill.run", String::new(), "", None);
        let kept = run.clone();
        let id = app.vault.data().write("drill.keep", move |tx| {
            let id = drill::insert(tx, &run)?;
            entry.object = format!("drill {id}");
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        json(201, &shown(&drill::Drill { id, run: kept })?)
    })
    .await
}

/// The answer to a drill that was run.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let id = done.id()?;
    let found = app.vault.data().read("drill.find", |tx| drill::find(tx, id))?;
    json(201, &shown(&found.ok_or_else(Problem::not_found)?)?)
}
