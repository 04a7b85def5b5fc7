//! The once-only ledger of notices.
//!
//! `planned → intent → accepted → delivered | failed | expired`, and `in_doubt`. An intent is
//! durable before the first byte of the text is on the wire, so whatever happens, at most the
//! intents can have gone out without our knowing. Those go in doubt: they are neither sent again
//! nor forgotten, until an answer, a receipt or a person's written decision says which it was.
//!
//! Acts (an intent) need the [`Lease`] of the dispatch. Facts (an answer, a receipt) do not: what
//! happened, happened, whoever reports it.

mod decision;
pub(crate) mod receipt;

use doldam_ground::Instant;
use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};

use crate::dispatch::{self, Lease};
use crate::value::{Column, Insert, Lookup, ManySql};
use crate::{StoreError, Tx};

pub use decision::{Decision, Doubt, in_doubt, resolve};
pub use receipt::{Receipt, ReceiptCounts, Settled, receipts, unsettled};

/// How many notices of a dispatch are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not sent yet.
    pub planned: u64,
    /// On the way to the gateway.
    pub intent: u64,
    /// Taken by the gateway, without a final receipt.
    pub accepted: u64,
    /// Receipt: delivered.
    pub delivered: u64,
    /// Refused, undeliverable, or given up by a person.
    pub failed: u64,
    /// Receipt: not delivered in time.
    pub expired: u64,
    /// Perhaps sent, perhaps not.
    pub in_doubt: u64,
}

impl Counts {
    /// All notices of the dispatch.
    pub const fn all(&self) -> u64 {
        self.planned
            + self.intent
            + self.accepted
            + self.delivered
            + self.failed
            + self.expired
            + self.in_doubt
    }
}

/// How one person's notice stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whom it is for, and the newest try.
    pub attempt: Attempt,
    /// The word of the ledger: `planned`, `intent`, `accepted`, `delivered`, `failed`, `expired` or
    /// `in_doubt`.
    pub state: String,
    /// Why it failed or expired, as a code.
    pub outcome: Option<String>,
}

/// How many subjects were planned, and how many had been in the stage already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// New notices.
    pub added: u64,
    /// Subjects that have a notice of this incident and stage, of this or another dispatch.
    pub already: u64,
}

/// A notice that is about to be sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Intent {
    /// Whom it is for.
    pub ordinal: Ordinal,
    /// Keyed hash of the number that it goes to.
    pub destination: [u8; 16],
    /// Short messages that its text takes.
    pub parts: u32,
}

/// One try to send a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// Whom it is for.
    pub ordinal: Ordinal,
    /// Counts the intents of the notice.
    pub number: u32,
}

/// An intent that is written down: send it under this reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intended {
    /// Which try it is.
    pub attempt: Attempt,
    /// The number by which a receipt can name the notice when its message id is unknown.
    pub reference: u16,
}

/// What the gateway took of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which try it is.
    pub attempt: Attempt,
    /// The gateway's own numbers of the parts that it took.
    pub message_ids: Vec<String>,
}

/// Why an attempt will not be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which try it is; number 0 when it never came to one.
    pub attempt: Attempt,
    /// The reason, as a code: `not_a_phone`, `smpp.0000000b`, ...
    pub outcome: String,
}

/// Plans a notice for each subject that has none in this incident and stage. Planning again adds
/// nobody twice.
pub fn plan(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    ordinals: &[Ordinal],
) -> Result<Planned, StoreError> {
    const INTO: Insert = Insert {
        table: "notice",
        columns: &[
            "incident_id",
            "ordinal",
            "stage",
            "dispatch_id",
            "state",
            "attempt",
            "reference",
            "parts",
            "parts_delivered",
        ],
        conflict: "ON CONFLICT (incident_id, ordinal, stage) DO NOTHING",
    };
    let found =
        dispatch::find(tx, dispatch)?.ok_or(StoreError::NotFound { what: "dispatch" })?.approved;
    let mut numbers: Vec<i64> = ordinals.iter().map(|one| i64::from(one.number())).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let columns = [
        Column::SameInt(i64::from(found.incident.number())),
        Column::Int(&numbers),
        Column::SameText(&found.stage),
        Column::SameInt(i64::from(dispatch.number())),
        Column::SameText("planned"),
        Column::SameInt(0),
        Column::SameInt(0),
        Column::SameInt(0),
        Column::SameInt(0),
    ];
    let added = tx.insert_many(&INTO, &columns)?;
    Ok(Planned { added, already: numbers.len() as u64 - added })
}

pub(crate) const PLANNED: &str = "SELECT ordinal FROM notice
     WHERE dispatch_id = ?1 AND state = 'planned' AND ordinal > ?2
     ORDER BY ordinal LIMIT ?3";

/// The planned notices of a dispatch behind `after`, at most `limit`, by ordinal.
pub fn planned(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    after: Option<Ordinal>,
    limit: u32,
) -> Result<Vec<Ordinal>, StoreError> {
    let after = after.map_or(-1, |ordinal| i64::from(ordinal.number()));
    tx.query(PLANNED, &[dispatch.number().into(), after.into(), limit.into()], |row| {
        row.get_u32(0).map(Ordinal::new)
    })
}

/// Writes down that these notices are about to be sent. Gives those that may be: a notice that is
/// not planned any more is not among them.
///
/// The caller must hold the lease in the same transaction ([`dispatch::renew`]).
pub fn intend(
    tx: &mut Tx<'_>,
    lease: &Lease,
    intents: &[Intent],
    now: Instant,
) -> Result<Vec<Intended>, StoreError> {
    // A reference tells notices apart that are unanswered at the same time; with the destination
    // beside it, it need not be unique.
    const SQL: Lookup = Lookup {
        sqlite: "UPDATE notice
                 SET state = 'intent', attempt = attempt + 1, destination = ?2, parts = ?3,
                     reference = (ordinal + 40503 * (attempt + 1)) % 65536,
                     parts_delivered = 0, outcome = NULL, intent_at_us = ?7
                 WHERE incident_id = ?4 AND ordinal = ?1 AND stage = ?5 AND dispatch_id = ?6
                   AND state = 'planned'
                 RETURNING attempt, reference",
        postgres: "UPDATE notice
                   SET state = 'intent', attempt = attempt + 1, destination = u.destination,
                       parts = u.parts, reference = (notice.ordinal + 40503 * (attempt + 1)) % 65536,
                       parts_delivered = 0, outcome = NULL, intent_at_us = ?7
                   FROM unnest(?1, ?2, ?3) WITH ORDINALITY AS u(ordinal, destination, parts, row)
                   WHERE incident_id = ?4 AND notice.ordinal = u.ordinal AND stage = ?5
                     AND dispatch_id = ?6 AND state = 'planned'
                   RETURNING u.row, attempt, reference",
    };
    let ordinals: Vec<i64> = intents.iter().map(|one| i64::from(one.ordinal.number())).collect();
    let destinations: Vec<[u8; 16]> = intents.iter().map(|one| one.destination).collect();
    let parts: Vec<i64> = intents.iter().map(|one| i64::from(one.parts)).collect();
    let columns = [
        Column::Int(&ordinals),
        Column::Digest(&destinations),
        Column::Int(&parts),
        Column::SameInt(i64::from(lease.incident.number())),
        Column::SameText(&lease.stage),
        Column::SameInt(i64::from(lease.dispatch.number())),
        Column::SameInt(now.micros()),
    ];
    let mut intended = Vec::with_capacity(intents.len());
    tx.lookup_many(&SQL, &columns, &mut |place, row| {
        let attempt = Attempt { ordinal: intents[place].ordinal, number: row.get_u32(0)? };
        let reference = u16::try_from(row.get_int(1)?)
            .map_err(|_| StoreError::Shape { what: "reference of a notice" })?;
        intended.push(Intended { attempt, reference });
        Ok(())
    })?;
    Ok(intended)
}

/// Takes back intents that certainly did not reach the gateway, or that it refused for a passing
/// reason: they are planned again.
pub fn withdraw(tx: &mut Tx<'_>, lease: &Lease, attempts: &[Attempt]) -> Result<u64, StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE notice SET state = 'planned'
                 WHERE incident_id = ?3 AND ordinal = ?1 AND stage = ?4
                   AND attempt = ?2 AND state = 'intent'",
        postgres: "UPDATE notice SET state = 'planned'
                   FROM unnest(?1, ?2) AS u(ordinal, attempt)
                   WHERE incident_id = ?3 AND notice.ordinal = u.ordinal AND stage = ?4
                     AND notice.attempt = u.attempt AND state = 'intent'",
    };
    change(tx, &SQL, lease, attempts)
}

/// Records that the gateway took all parts of these attempts, also of attempts in doubt. Receipts
/// that came before the answer are settled now.
pub fn accepted(
    tx: &mut Tx<'_>,
    lease: &Lease,
    answers: &[Answer],
    now: Instant,
) -> Result<u64, StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE notice
                 SET state = CASE WHEN parts_delivered >= parts THEN 'delivered'
                                  ELSE 'accepted' END, accepted_at_us = ?5
                 WHERE incident_id = ?3 AND ordinal = ?1 AND stage = ?4
                   AND attempt = ?2 AND state IN ('intent', 'in_doubt')",
        postgres: "UPDATE notice
                   SET state = CASE WHEN parts_delivered >= parts THEN 'delivered'
                                    ELSE 'accepted' END, accepted_at_us = ?5
                   FROM unnest(?1, ?2) AS u(ordinal, attempt)
                   WHERE incident_id = ?3 AND notice.ordinal = u.ordinal AND stage = ?4
                     AND notice.attempt = u.attempt AND state IN ('intent', 'in_doubt')",
    };
    let (ordinals, numbers) = split(answers.iter().map(|answer| answer.attempt));
    let columns = [
        Column::Int(&ordinals),
        Column::Int(&numbers),
        Column::SameInt(i64::from(lease.incident.number())),
        Column::SameText(&lease.stage),
        Column::SameInt(now.micros()),
    ];
    let changed = tx.execute_many(&SQL, &columns)?;
    receipt::add_messages(tx, lease, answers, now)?;
    Ok(changed)
}

/// Records that these attempts may or may not have reached the gateway. Parts that it did take are
/// named, so that it can be asked about them.
pub fn doubted(
    tx: &mut Tx<'_>,
    lease: &Lease,
    answers: &[Answer],
    now: Instant,
) -> Result<u64, StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE notice SET state = 'in_doubt'
                 WHERE incident_id = ?3 AND ordinal = ?1 AND stage = ?4
                   AND attempt = ?2 AND state = 'intent'",
        postgres: "UPDATE notice SET state = 'in_doubt'
                   FROM unnest(?1, ?2) AS u(ordinal, attempt)
                   WHERE incident_id = ?3 AND notice.ordinal = u.ordinal AND stage = ?4
                     AND notice.attempt = u.attempt AND state = 'intent'",
    };
    let attempts: Vec<Attempt> = answers.iter().map(|answer| answer.attempt).collect();
    let changed = change(tx, &SQL, lease, &attempts)?;
    receipt::add_messages(tx, lease, answers, now)?;
    Ok(changed)
}

/// Records that these notices cannot be sent.
pub fn refused(
    tx: &mut Tx<'_>,
    lease: &Lease,
    refusals: &[Refusal],
    now: Instant,
) -> Result<u64, StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE notice SET state = 'failed', outcome = ?3, ended_at_us = ?6
                 WHERE incident_id = ?4 AND ordinal = ?1 AND stage = ?5
                   AND (attempt = ?2 AND state IN ('intent', 'in_doubt')
                        OR ?2 = 0 AND state = 'planned')",
        postgres: "UPDATE notice SET state = 'failed', outcome = u.outcome, ended_at_us = ?6
                   FROM unnest(?1, ?2, ?3) AS u(ordinal, attempt, outcome)
                   WHERE incident_id = ?4 AND notice.ordinal = u.ordinal AND stage = ?5
                     AND (notice.attempt = u.attempt AND state IN ('intent', 'in_doubt')
                          OR u.attempt = 0 AND state = 'planned')",
    };
    let (ordinals, numbers) = split(refusals.iter().map(|refusal| refusal.attempt));
    let outcomes: Vec<String> = refusals.iter().map(|refusal| refusal.outcome.clone()).collect();
    let columns = [
        Column::Int(&ordinals),
        Column::Int(&numbers),
        Column::Text(&outcomes),
        Column::SameInt(i64::from(lease.incident.number())),
        Column::SameText(&lease.stage),
        Column::SameInt(now.micros()),
    ];
    tx.execute_many(&SQL, &columns)
}

/// Puts every intent of a dispatch in doubt: its worker died. Gives how many there were.
pub fn doubt_all(tx: &mut Tx<'_>, dispatch: DispatchId) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE notice SET state = 'in_doubt' WHERE dispatch_id = ?1 AND state = 'intent'",
        &[dispatch.number().into()],
    )
}

/// How many notices of a dispatch are in each state.
pub fn counts(tx: &mut Tx<'_>, dispatch: DispatchId) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    tx.for_each(
        "SELECT state, COUNT(*) FROM notice WHERE dispatch_id = ?1 GROUP BY state",
        &[dispatch.number().into()],
        &mut |row| {
            let count = row.get_int(1)?.cast_unsigned();
            match row.get_text_ref(0)? {
                "planned" => counts.planned = count,
                "intent" => counts.intent = count,
                "accepted" => counts.accepted = count,
                "delivered" => counts.delivered = count,
                "failed" => counts.failed = count,
                "expired" => counts.expired = count,
                "in_doubt" => counts.in_doubt = count,
                _ => return Err(StoreError::Shape { what: "state of a notice" }),
            }
            Ok(())
        },
    )?;
    Ok(counts)
}

/// The notices of an incident and stage behind `after`, at most `limit`, by ordinal.
pub fn list(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    stage: &str,
    after: Option<Ordinal>,
    limit: u32,
) -> Result<Vec<Standing>, StoreError> {
    let after = after.map_or(-1, |ordinal| i64::from(ordinal.number()));
    tx.query(
        "SELECT ordinal, attempt, state, outcome FROM notice
         WHERE incident_id = ?1 AND stage = ?2 AND ordinal > ?3 ORDER BY ordinal LIMIT ?4",
        &[incident.number().into(), stage.into(), after.into(), limit.into()],
        |row| {
            let ordinal = Ordinal::new(row.get_u32(0)?);
            Ok(Standing {
                attempt: Attempt { ordinal, number: row.get_u32(1)? },
                state: row.get_text(2)?,
                outcome: row.get_optional_text(3)?,
            })
        },
    )
}

/// Runs a change over attempts, whose statement takes ordinal, attempt, incident and stage.
fn change(
    tx: &mut Tx<'_>,
    sql: &ManySql,
    lease: &Lease,
    attempts: &[Attempt],
) -> Result<u64, StoreError> {
    let (ordinals, numbers) = split(attempts.iter().copied());
    let columns = [
        Column::Int(&ordinals),
        Column::Int(&numbers),
        Column::SameInt(i64::from(lease.incident.number())),
        Column::SameText(&lease.stage),
    ];
    tx.execute_many(sql, &columns)
}

fn split(attempts: impl Iterator<Item = Attempt>) -> (Vec<i64>, Vec<i64>) {
    attempts.map(|attempt| (i64::from(attempt.ordinal.number()), i64::from(attempt.number))).unzip()
}
