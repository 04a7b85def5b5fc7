//! Cases: alerts that are looked into together, closed by two people.

pub(crate) mod close;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod note;
pub(crate) mod reopen;
pub(crate) mod show;

use axum::response::Response;
use doldam_store::fraud::alert;
use doldam_store::fraud::case::{self, Case, Note};
use serde::Serialize;
use utoipa::ToSchema;

use super::alert::{FraudAlert, tell_labels};
use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::Done;

/// A case.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudCase {
    id: u32,
    title: String,
    opened_by: String,
    opened_at: String,
    assignee: Option<String>,
    /// open, closing (one person has said how it ends) or closed.
    state: &'static str,
    /// fraud, no_fraud or unclear.
    outcome: Option<String>,
    reason: Option<String>,
    /// Who said how it ends; a second person agrees.
    asked_by: Option<String>,
    closed_by: Option<String>,
    closed_at: Option<String>,
}

impl From<Case> for FraudCase {
    fn from(case: Case) -> Self {
        let state = case.state();
        let ending = case.ending;
        let closed = ending.as_ref().and_then(|ending| ending.closed.clone());
        Self {
            id: case.id,
            title: case.title,
            opened_by: case.opened_by,
            opened_at: case.opened_at.to_rfc3339(),
            assignee: case.assignee,
            state,
            outcome: ending.as_ref().map(|ending| ending.outcome.clone()),
            reason: ending.as_ref().map(|ending| ending.reason.clone()),
            asked_by: ending.map(|ending| ending.asked_by),
            closed_at: closed.as_ref().map(|(_, at)| at.to_rfc3339()),
            closed_by: closed.map(|(by, _)| by),
        }
    }
}

/// A note on a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseNote {
    by: String,
    at: String,
    text: String,
}

impl From<Note> for CaseNote {
    fn from(note: Note) -> Self {
        Self { by: note.by, at: note.at.to_rfc3339(), text: note.text }
    }
}

/// A case with its alerts and notes.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseInFull {
    /// Always 1.
    schema: u32,
    case: FraudCase,
    alerts: Vec<FraudAlert>,
    notes: Vec<CaseNote>,
}

fn shown(app: &App, id: u32) -> Result<CaseInFull, Problem> {
    let found = app.vault.data().read("case.show", |tx| {
        let Some(found) = case::find(tx, id)? else { return Ok(None) };
        Ok(Some((found, alert::of_case(tx, id)?, case::notes(tx, id)?)))
    })?;
    let (found, alerts, notes) = found.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    Ok(CaseInFull {
        schema: 1,
        case: found.into(),
        alerts: alerts.into_iter().map(|alert| FraudAlert::new(alert, now)).collect(),
        notes: notes.into_iter().map(CaseNote::from).collect(),
    })
}

/// The answer to an act on a case that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    tell_labels(app);
    json(200, &shown(app, done.id()?)?)
}
