//! Notices in doubt, and what people decide about them.
//!
//! The program never guesses: a second text frightens people and looks like fraud, a missing one
//! breaks the law. Whoever decides signs with a name and a reason, once for each attempt.

use doldam_ground::Instant;
use doldam_ground::ids::{DispatchId, Ordinal, StaffId};

use super::Attempt;
use crate::{StoreError, Tx, dispatch};

/// A notice of which nobody knows whether it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Whom it is for, and which try it was.
    pub attempt: Attempt,
    /// When the intent was written down.
    pub intended_at: Instant,
    /// How many of its parts the gateway is known to have taken.
    pub parts_taken: u32,
    /// How many parts it has.
    pub parts: u32,
    /// How many receipts came from the same number that name no message of ours.
    pub stray_receipts: u32,
}

/// What a person decides about a notice in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send it again, at the risk of telling the person twice.
    Resend,
    /// Do not send it again, at the risk that the person was not told by this channel.
    GiveUp,
}

impl Decision {
    /// The word in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::GiveUp => "give_up",
        }
    }
}

/// The notices of a dispatch that are in doubt, behind `after`, at most `limit`, by ordinal.
pub fn in_doubt(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    after: Option<Ordinal>,
    limit: u32,
) -> Result<Vec<Doubt>, StoreError> {
    let after = after.map_or(-1, |ordinal| i64::from(ordinal.number()));
    tx.query(
        "SELECT n.ordinal, n.attempt, n.intent_at_us, n.parts,
                (SELECT COUNT(*) FROM notice_message m
                 WHERE m.incident_id = n.incident_id AND m.ordinal = n.ordinal
                   AND m.stage = n.stage AND m.attempt = n.attempt),
                (SELECT COUNT(*) FROM stray_receipt s
                 WHERE s.gateway = d.gateway AND s.destination = n.destination)
         FROM notice n JOIN dispatch d ON d.id = n.dispatch_id
         WHERE n.dispatch_id = ?1 AND n.state = 'in_doubt' AND n.ordinal > ?2
         ORDER BY n.ordinal LIMIT ?3",
        &[dispatch.number().into(), after.into(), limit.into()],
        |row| {
            Ok(Doubt {
                attempt: Attempt {
                    ordinal: Ordinal::new(row.get_u32(0)?),
                    number: row.get_u32(1)?,
                },
                intended_at: Instant::from_micros(row.get_optional_int(2)?.unwrap_or(0)),
                parts: row.get_u32(3)?,
                parts_taken: row.get_u32(4)?,
                stray_receipts: row.get_u32(5)?,
            })
        },
    )
}

/// Ends a doubt by a person's decision. `reason` is in the person's words and holds no personal
/// data.
///
/// Fails with [`StoreError::Conflict`] when that attempt is not in doubt any more.
pub fn resolve(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    attempt: Attempt,
    decision: Decision,
    by: StaffId,
    reason: &str,
    now: Instant,
) -> Result<(), StoreError> {
    if reason.trim().is_empty() {
        return Err(StoreError::State { what: "a decision needs a reason: write one sentence" });
    }
    let found =
        dispatch::find(tx, dispatch)?.ok_or(StoreError::NotFound { what: "dispatch" })?.approved;
    let (state, outcome, ended_at_us) = match decision {
        Decision::Resend => ("planned", None, None),
        Decision::GiveUp => ("failed", Some("given_up"), Some(now.micros())),
    };
    let changed = tx.execute(
        "UPDATE notice SET state = ?3, outcome = ?4, ended_at_us = ?5
         WHERE dispatch_id = ?1 AND ordinal = ?2 AND attempt = ?6 AND state = 'in_doubt'
           AND incident_id = ?7 AND stage = ?8",
        &[
            dispatch.number().into(),
            attempt.ordinal.number().into(),
            state.into(),
            outcome.into(),
            ended_at_us.into(),
            attempt.number.into(),
            found.incident.number().into(),
            (&found.stage).into(),
        ],
    )?;
    if changed != 1 {
        return Err(StoreError::Conflict { what: "the notice is not in doubt" });
    }
    tx.execute(
        "INSERT INTO notice_decision (incident_id, ordinal, stage, attempt, decision, decided_by,
                                      reason, decided_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            found.incident.number().into(),
            attempt.ordinal.number().into(),
            (&found.stage).into(),
            attempt.number.into(),
            decision.code().into(),
            by.number().into(),
            reason.into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}
