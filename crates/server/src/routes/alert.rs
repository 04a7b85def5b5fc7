//! Alerts: the queue of what people should look at.

pub(crate) mod assign;
pub(crate) mod close;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod sheet;
pub(crate) mod show;

use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::mask::mask;
use doldam_store::fraud::alert::{self, Alert};
use serde::Serialize;
use utoipa::ToSchema;

use super::measure::FraudMeasure;
use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::Done;

/// Most alerts that are shown for each key that they share.
const SHARING_MAX: u32 = 50;

/// An event that was not simply allowed. Keys are masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudAlert {
    /// Place of the event in the log; names the alert.
    sequence: u64,
    /// The event.
    event: String,
    account: Option<String>,
    payee: Option<String>,
    device: Option<String>,
    /// In minor units.
    amount: Option<i64>,
    /// case, step_up, delay, hold or block; allow where only its name came again.
    action: String,
    /// 0 to 100.
    score: u8,
    opened_at: String,
    /// Until when a person should have looked.
    due_at: String,
    /// It is open although it was due.
    is_late: bool,
    assignee: Option<String>,
    /// The case that it belongs to.
    case: Option<u32>,
    /// How often its name came again with other content.
    conflicts: u32,
    /// fraud, no_fraud or unclear, once it is closed.
    outcome: Option<String>,
    note: Option<String>,
    closed_by: Option<String>,
    closed_at: Option<String>,
}

impl FraudAlert {
    pub(super) fn new(alert: Alert, now: Instant) -> Self {
        let closing = alert.closing;
        Self {
            sequence: alert.sequence,
            event: alert.event,
            account: alert.account.as_deref().map(mask),
            payee: alert.payee.as_deref().map(mask),
            device: alert.device.as_deref().map(mask),
            amount: alert.amount,
            action: alert.action,
            score: alert.score,
            opened_at: alert.opened_at.to_rfc3339(),
            due_at: alert.due_at.to_rfc3339(),
            is_late: closing.is_none() && alert.due_at < now,
            assignee: alert.assignee,
            case: alert.case,
            conflicts: alert.conflicts,
            outcome: closing.as_ref().map(|end| end.outcome.clone()),
            note: closing.as_ref().map(|end| end.note.clone()),
            closed_at: closing.as_ref().map(|end| end.at.to_rfc3339()),
            closed_by: closing.map(|end| end.by),
        }
    }
}

/// An alert with what surrounds it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlertInFull {
    /// Always 1.
    schema: u32,
    alert: FraudAlert,
    /// The temporary measure on its event.
    measure: Option<FraudMeasure>,
    /// Other alerts of the same account, payee or device, newest first.
    sharing: Vec<Sharing>,
}

/// Another alert and what it shares.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sharing {
    /// account, payee, device.
    by: Vec<&'static str>,
    alert: FraudAlert,
}

fn shown(app: &App, sequence: u64) -> Result<AlertInFull, Problem> {
    let found = app.vault.data().read("alert.show", |tx| {
        let Some(found) = alert::find(tx, sequence)? else { return Ok(None) };
        let sharing = alert::sharing(tx, &found, SHARING_MAX)?;
        Ok(Some((found, sharing)))
    })?;
    let (found, sharing) = found.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let stops = !matches!(found.action.as_str(), "allow" | "case");
    Ok(AlertInFull {
        schema: 1,
        measure: if stops { Some(super::measure::shown(app, sequence)?) } else { None },
        sharing: sharing
            .into_iter()
            .map(|other| Sharing { by: by(&found, &other), alert: FraudAlert::new(other, now) })
            .collect(),
        alert: FraudAlert::new(found, now),
    })
}

fn by(one: &Alert, other: &Alert) -> Vec<&'static str> {
    let pairs = [
        ("account", &one.account, &other.account),
        ("payee", &one.payee, &other.payee),
        ("device", &one.device, &other.device),
    ];
    let same = pairs.into_iter().filter(|(_, mine, theirs)| mine.is_some() && mine == theirs);
    same.map(|(name, ..)| name).collect()
}

/// Tells the log what people found. What it cannot be told now stays owed: the next act, or the next
/// look at what is due, tells it.
pub(super) fn tell_labels(app: &App) {
    let Some(fraud) = &app.fraud else { return };
    if let Err(error) = doldam_fraud::case::tell_labels(app.vault.data(), &fraud.desk) {
        (app.log)(&format!("outcomes of alerts: {error}"));
    }
}

/// The answer to an act that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    tell_labels(app);
    json(200, &shown(app, done.number()?)?)
}

/// An outcome of the tables.
pub(super) fn outcome(text: String) -> Result<String, Problem> {
    if alert::OUTCOMES.contains(&text.as_str()) {
        return Ok(text);
    }
    Err(Problem::bad_request("alert.outcome", "an outcome is fraud, no_fraud or unclear"))
}
