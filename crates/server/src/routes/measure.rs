//! Temporary measures: what the customer was told, how it was checked who they are, and how it ended.

pub(crate) mod check_identity;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod notify;
pub(crate) mod refuse;
pub(crate) mod release;
pub(crate) mod show;

use axum::http::StatusCode;
use axum::response::Response;
use doldam_fraud::measure::{self as rules, Act, MeasureFault};
use doldam_ground::Instant;
use doldam_ground::mask::mask;
use doldam_store::audit;
use doldam_store::fraud::measure::{self, Measure, Step};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::Done;

/// A temporary measure on an event.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudMeasure {
    /// Place of the event in the log; names the measure.
    sequence: u64,
    /// The event.
    event: String,
    /// The customer's account, masked.
    account: Option<String>,
    /// step_up, delay, hold or block.
    kind: String,
    /// placed, notified, identity_checked, released, carried_out or refused.
    state: String,
    placed_at: String,
    /// A delay's timer; for the others, until when it should have ended.
    due_at: String,
    /// It goes on although it should have ended.
    is_late: bool,
    /// Who asked for its release; a second person agrees.
    asked_by: Option<String>,
    ended_at: Option<String>,
    /// Until when its steps are kept, once it has ended.
    kept_until: Option<String>,
    /// Its steps, in order; in a list it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<MeasureStep>,
}

/// A step of a temporary measure.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeasureStep {
    /// placed, notified, identity_checked, identity_failed, release_asked, release_withdrawn,
    /// released, carried_out or refused.
    step: String,
    /// A staff name; rules or clock for what nobody did by hand.
    by: String,
    /// Channel of a notice, way of an identity check.
    how: String,
    reason: String,
    at: String,
}

impl FraudMeasure {
    fn new(measure: Measure, steps: Vec<Step>, now: Instant) -> Self {
        let kept_until = measure.ended_at.map(measure::kept_until);
        Self {
            sequence: measure.sequence,
            event: measure.event,
            account: measure.account.as_deref().map(mask),
            kind: measure.kind,
            state: measure.state,
            placed_at: measure.placed_at.to_rfc3339(),
            due_at: measure.due_at.to_rfc3339(),
            is_late: measure.ended_at.is_none() && measure.due_at < now,
            asked_by: measure.asked_by,
            ended_at: measure.ended_at.map(Instant::to_rfc3339),
            kept_until: kept_until.map(Instant::to_rfc3339),
            steps: steps.into_iter().map(MeasureStep::from).collect(),
        }
    }
}

impl From<Step> for MeasureStep {
    fn from(step: Step) -> Self {
        Self {
            step: step.step,
            by: step.by,
            how: step.how,
            reason: step.reason,
            at: step.at.to_rfc3339(),
        }
    }
}

impl From<MeasureFault> for Problem {
    fn from(fault: MeasureFault) -> Self {
        let status = match fault {
            MeasureFault::Words => StatusCode::BAD_REQUEST,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, fault.code(), fault.to_string())
    }
}

/// A measure as it stands now.
pub(super) fn shown(app: &App, sequence: u64) -> Result<FraudMeasure, Problem> {
    let found = app.vault.data().read("measure.show", |tx| {
        let Some(found) = measure::find(tx, sequence)? else { return Ok(None) };
        Ok(Some((found, measure::steps(tx, sequence)?)))
    })?;
    let (found, steps) = found.ok_or_else(Problem::not_found)?;
    Ok(FraudMeasure::new(found, steps, app.clock.now()))
}

/// Makes a step, with its row of the access log, in one transaction.
fn act(
    app: &App,
    sender: &Sender,
    sequence: u64,
    act: &Act,
    action: &'static str,
) -> Result<Response, Problem> {
    app.fraud()?;
    let store = app.vault.data();
    let before = store.read("measure.find", |tx| measure::find(tx, sequence))?;
    let before = before.ok_or_else(Problem::not_found)?;
    let actor = sender.actor();
    let (step, then) = rules::step(&before, act, &actor.name, app.clock.now())?;
    let why = if step.reason.is_empty() { &step.how } else { &step.reason };
    let entry = app.vault.entry(&actor, action, sequence.to_string(), why, None);
    store.write("measure.step", move |tx| {
        measure::add_step(tx, &before, &step, &then)?;
        audit::append(tx, &entry)?;
        Ok(sequence)
    })?;
    json(200, &shown(app, sequence)?)
}

/// The answer to a step that is made.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &shown(app, done.number()?)?)
}

/// A channel of a notice or a way of an identity check: a word.
fn way(text: String) -> Result<String, Problem> {
    if doldam_fraud::schema::is_name(&text) {
        return Ok(text);
    }
    let why = "how is a word of lower-case letters, digits and underscores: sms, outbound_call";
    Err(Problem::bad_request("measure.how", why))
}

impl App {
    /// Ends the measures whose time is over, and tells the log what people found and it does not know
    /// yet. To be called again and again.
    pub(crate) fn keep_measures(&self) -> Result<(), Problem> {
        if self.fraud.is_some() {
            rules::carry_out_due(self.vault.data(), self.clock.now())?;
            super::alert::tell_labels(self);
        }
        Ok(())
    }
}
