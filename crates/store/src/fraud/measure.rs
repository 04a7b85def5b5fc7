//! Temporary measures and their steps.
//!
//! Which step may follow which is said in `doldam-fraud`; this room keeps what was done, in order,
//! and refuses to forget it before its time.

use doldam_ground::Instant;

use super::alert::{NewAlert, number};
use crate::{Column, Insert, Row, StoreError, Tx};

/// How long the steps of a measure are kept after its end, in days: five years, of which two may be
/// leap years (Enforcement Decree of the Act on Refund of Losses from Telecommunications-based
/// Financial Fraud, Art. 2-4).
pub const KEPT_DAYS: i64 = 5 * 365 + 2;

/// One step of a measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, as `doldam-fraud` gives it.
    pub step: String,
    /// A staff name; `rules` or `clock` for what nobody did by hand.
    pub by: String,
    /// Channel of a notice, way of an identity check; else empty.
    pub how: String,
    /// The person's words; empty where none is asked.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// A measure as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Measure {
    /// Place of the event in the log.
    pub sequence: u64,
    /// The caller's name of the event.
    pub event: String,
    /// Pseudonym of the customer's account.
    pub account: Option<String>,
    /// `step_up`, `delay`, `hold` or `block`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// Number of its last step.
    pub steps: u32,
    /// When it was placed.
    pub placed_at: Instant,
    /// A delay's timer; for the others, until when it should have ended.
    pub due_at: Instant,
    /// Who asked for its release; `None` when nobody did.
    pub asked_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// Where a measure stands after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: &'static str,
    /// Who asked for its release.
    pub asked_by: Option<String>,
    /// The step ended it.
    pub ended: bool,
}

pub(super) fn place(tx: &mut Tx<'_>, alerts: &[NewAlert]) -> Result<(), StoreError> {
    const MEASURE: Insert = Insert {
        table: "fraud_measure",
        columns: &[
            "sequence",
            "event_id",
            "account",
            "kind",
            "state",
            "steps",
            "placed_at_us",
            "due_at_us",
        ],
        conflict: "",
    };
    const STEP: Insert = Insert {
        table: "fraud_measure_step",
        columns: &["sequence", "number", "step", "by_whom", "how", "reason", "at_us"],
        conflict: "",
    };
    let placed: Vec<&NewAlert> =
        alerts.iter().filter(|alert| alert.measure_due_at.is_some()).collect();
    if placed.is_empty() {
        return Ok(());
    }
    let sequences: Vec<i64> = placed.iter().map(|alert| number(alert.sequence)).collect();
    let events: Vec<String> = placed.iter().map(|alert| alert.event.clone()).collect();
    let accounts: Vec<Option<String>> = placed.iter().map(|alert| alert.account.clone()).collect();
    let kinds: Vec<String> = placed.iter().map(|alert| alert.action.to_owned()).collect();
    let times: Vec<i64> = placed.iter().map(|alert| alert.opened_at.micros()).collect();
    let due: Vec<i64> =
        placed.iter().filter_map(|alert| alert.measure_due_at).map(Instant::micros).collect();
    tx.insert_many(
        &MEASURE,
        &[
            Column::Int(&sequences),
            Column::Text(&events),
            Column::OptionalText(&accounts),
            Column::Text(&kinds),
            Column::SameText("placed"),
            Column::SameInt(1),
            Column::Int(&times),
            Column::Int(&due),
        ],
    )?;
    let steps = [
        Column::Int(&sequences),
        Column::SameInt(1),
        Column::SameText("placed"),
        Column::SameText("rules"),
        Column::SameText(""),
        Column::SameText(""),
        Column::Int(&times),
    ];
    tx.insert_many(&STEP, &steps).map(drop)
}

/// One measure.
pub fn find(tx: &mut Tx<'_>, sequence: u64) -> Result<Option<Measure>, StoreError> {
    tx.query_one(
        "SELECT sequence, event_id, account, kind, state, steps, placed_at_us, due_at_us, asked_by,
           ended_at_us
         FROM fraud_measure WHERE sequence = ?1",
        &[number(sequence).into()],
        read,
    )
}

/// The steps of a measure, in order.
pub fn steps(tx: &mut Tx<'_>, sequence: u64) -> Result<Vec<Step>, StoreError> {
    tx.query(
        "SELECT step, by_whom, how, reason, at_us FROM fraud_measure_step
         WHERE sequence = ?1 ORDER BY number",
        &[number(sequence).into()],
        |row| {
            Ok(Step {
                step: row.get_text(0)?,
                by: row.get_text(1)?,
                how: row.get_text(2)?,
                reason: row.get_text(3)?,
                at: Instant::from_micros(row.get_int(4)?),
            })
        },
    )
}

/// At most `limit` measures with a place above `after`, in the order of the log. `state` and `kind`
/// choose when they are not empty.
pub fn list(
    tx: &mut Tx<'_>,
    state: &str,
    kind: &str,
    after: u64,
    limit: u32,
) -> Result<Vec<Measure>, StoreError> {
    tx.query(
        "SELECT sequence, event_id, account, kind, state, steps, placed_at_us, due_at_us, asked_by,
           ended_at_us
         FROM fraud_measure
         WHERE sequence > ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR kind = ?3)
         ORDER BY sequence LIMIT ?4",
        &[number(after).into(), state.into(), kind.into(), limit.into()],
        read,
    )
}

pub(crate) const DUE: &str =
    "SELECT sequence, event_id, account, kind, state, steps, placed_at_us, due_at_us, asked_by,
       ended_at_us
     FROM fraud_measure
     WHERE kind = ?1 AND state = ?2 AND due_at_us <= ?3 ORDER BY due_at_us, sequence LIMIT ?4";

/// At most `limit` measures of `kind` in `state` that are due at `by` or before, what was due first
/// stands first.
pub fn due(
    tx: &mut Tx<'_>,
    kind: &str,
    state: &str,
    by: Instant,
    limit: u32,
) -> Result<Vec<Measure>, StoreError> {
    tx.query(DUE, &[kind.into(), state.into(), by.micros().into(), limit.into()], read)
}

/// Adds a step to a measure that stands as `before` says, and notes where it stands then.
///
/// Fails with [`StoreError::Conflict`] when somebody else added one meanwhile.
pub fn add_step(
    tx: &mut Tx<'_>,
    before: &Measure,
    step: &Step,
    then: &Standing,
) -> Result<(), StoreError> {
    let next = before.steps.saturating_add(1);
    let changed = tx.execute(
        "UPDATE fraud_measure SET state = ?3, steps = ?4, asked_by = ?5, ended_at_us = ?6
         WHERE sequence = ?1 AND steps = ?2",
        &[
            number(before.sequence).into(),
            before.steps.into(),
            then.state.into(),
            next.into(),
            then.asked_by.as_ref().into(),
            then.ended.then_some(step.at.micros()).into(),
        ],
    )?;
    if changed != 1 {
        return Err(StoreError::Conflict { what: "the temporary measure" });
    }
    tx.execute(
        "INSERT INTO fraud_measure_step (sequence, number, step, by_whom, how, reason, at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            number(before.sequence).into(),
            next.into(),
            (&step.step).into(),
            (&step.by).into(),
            (&step.how).into(),
            (&step.reason).into(),
            step.at.micros().into(),
        ],
    )
    .map(drop)
}

/// Until when a measure that ended then must be kept.
pub const fn kept_until(ended_at: Instant) -> Instant {
    ended_at.plus_days(KEPT_DAYS)
}

/// Removes a measure with its steps.
///
/// Fails with [`StoreError::State`] while it goes on and before [`kept_until`].
pub fn remove(tx: &mut Tx<'_>, sequence: u64, now: Instant) -> Result<(), StoreError> {
    let found = find(tx, sequence)?.ok_or(StoreError::NotFound { what: "temporary measure" })?;
    let may_go = found.ended_at.is_some_and(|ended| kept_until(ended) <= now);
    if !may_go {
        return Err(StoreError::State {
            what: "a temporary measure is kept until five years after its end",
        });
    }
    let place = [number(sequence).into()];
    tx.execute("DELETE FROM fraud_measure_step WHERE sequence = ?1", &place)?;
    tx.execute("DELETE FROM fraud_measure WHERE sequence = ?1", &place).map(drop)
}

fn read(row: &Row<'_>) -> Result<Measure, StoreError> {
    Ok(Measure {
        sequence: u64::try_from(row.get_int(0)?).unwrap_or_default(),
        event: row.get_text(1)?,
        account: row.get_optional_text(2)?,
        kind: row.get_text(3)?,
        state: row.get_text(4)?,
        steps: row.get_u32(5)?,
        placed_at: Instant::from_micros(row.get_int(6)?),
        due_at: Instant::from_micros(row.get_int(7)?),
        asked_by: row.get_optional_text(8)?,
        ended_at: row.get_optional_int(9)?.map(Instant::from_micros),
    })
}
