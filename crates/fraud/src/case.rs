//! Alerts and cases: what a decision leaves for people, by when, and how what they found returns to
//! the log.
//!
//! An alert follows from a decision and from nothing else, so it is derived here, beside the engine,
//! and written by the journal in the transaction of its event. A closed alert owes the log a label;
//! the debt is paid by the entry of the label itself, in one transaction, so a process that dies in
//! between pays it once when it is back.

use doldam_ground::Instant;
use doldam_store::Store;
use doldam_store::fraud::alert::{self, Alert, Conflict, NewAlert};

use crate::decision::{Action, Decision};
use crate::desk::Desk;
use crate::error::FraudError;
use crate::event::{Event, EventId};
use crate::journal::Label;
use crate::measure;
use crate::schema::Schema;
use crate::value::Value;

/// Most labels that are told to the log at a time.
pub const LABELS_MAX: u32 = 1_000;

const HOUR_US: i64 = 3_600_000_000;

/// The alert of an event that was decided at `at` and stands at `sequence`; `None` when it was
/// simply allowed.
pub(crate) fn alert(
    schema: &Schema,
    event: &Event,
    decision: &Decision,
    sequence: u64,
    at: Instant,
) -> Option<NewAlert> {
    (decision.verdict.action != Action::Allow)
        .then(|| of_event(schema, event, decision, sequence, at))
}

/// A name that came again with other content: counted at the alert of the older event, which stands
/// at `sequence`. It places no measure: the older event was decided long ago.
pub(crate) fn conflict(
    schema: &Schema,
    older: &Event,
    decision: &Decision,
    sequence: u64,
    at: Instant,
) -> Conflict {
    let alert = of_event(schema, older, decision, sequence, at);
    Conflict { alert: NewAlert { measure_due_at: None, ..alert }, times: 1 }
}

fn of_event(
    schema: &Schema,
    event: &Event,
    decision: &Decision,
    sequence: u64,
    at: Instant,
) -> NewAlert {
    let place = |name: &str| schema.place(name);
    let key = |name: &str| place(name).and_then(|it| event.text(it)).map(str::to_owned);
    let amount = match place("amount").and_then(|it| event.values.get(it)) {
        Some(Value::Int(amount)) => Some(*amount),
        _ => None,
    };
    let action = decision.verdict.action;
    let measure_due_at = measure::due_at(action, at);
    NewAlert {
        sequence,
        event: event.id.as_str().to_owned(),
        account: key("account"),
        payee: key("payee"),
        device: key("device"),
        amount,
        action: action.name(),
        score: decision.verdict.score,
        opened_at: at,
        due_at: measure_due_at.unwrap_or_else(|| looked_at_by(at)),
        measure_due_at,
    }
}

/// What stops nobody should be looked at within a day.
const fn looked_at_by(at: Instant) -> Instant {
    Instant::from_micros(at.micros().saturating_add(24 * HOUR_US))
}

/// Tells the log the outcomes that people gave and that it does not know yet; gives how many. To be
/// called after an alert or a case is closed, and after a start.
///
/// Errors: the store or the desk refuses; what is not told stays owed.
pub fn tell_labels(store: &Store, desk: &Desk) -> Result<u32, FraudError> {
    let owed = store.read("fraud.labels_owed", |tx| alert::labels_owed(tx, LABELS_MAX))?;
    let mut told = 0;
    for alert in &owed {
        if let Some(label) = label(alert) {
            desk.label_alert(label, alert.sequence)?;
            told += 1;
        }
    }
    Ok(told)
}

fn label(alert: &Alert) -> Option<Label> {
    let closing = alert.closing.as_ref()?;
    let event = EventId::new(&alert.event).ok()?;
    let fraud = closing.outcome == "fraud";
    Some(Label { event, fraud, known: closing.at, by: closing.by.clone() })
}
