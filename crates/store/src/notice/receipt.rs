//! Receipts: what became of a text after the gateway took it.
//!
//! They come late, twice, in any order, before the answer that names their message, or never. So a
//! receipt is matched by the gateway's message id, else by the reference and the destination of a
//! notice that is still unanswered, else it is kept until an answer names its message. The same
//! receipt twice changes nothing, and "delivered" is never taken back.

use std::collections::HashMap;

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};
use doldam_ground::{Instant, limits};

use super::{Answer, Attempt};
use crate::dispatch::Lease;
use crate::value::{Column, Insert, Lookup, ManySql};
use crate::{Row, StoreError, Tx};

/// The end of one short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is on the phone.
    Delivered,
    /// It was not delivered in time.
    Expired,
    /// It will not be delivered; the reason as a code.
    Failed(String),
}

impl Settled {
    fn code(&self) -> &str {
        match self {
            Self::Delivered => DELIVERED,
            Self::Expired => EXPIRED,
            Self::Failed(code) => code,
        }
    }

    fn from_code(code: &str) -> Self {
        match code {
            DELIVERED => Self::Delivered,
            EXPIRED => Self::Expired,
            other => Self::Failed(other.to_owned()),
        }
    }
}

const DELIVERED: &str = "delivered";
const EXPIRED: &str = "expired";

/// What a gateway reports about one short message.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's own number of the message; empty when the receipt does not say.
    pub message_id: String,
    /// Our reference, if the gateway gives it back.
    pub reference: Option<u16>,
    /// Keyed hash of the number that the message went to.
    pub destination: Option<[u8; 16]>,
    /// What became of it.
    pub settled: Settled,
}

/// What became of a batch of receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptCounts {
    /// They said something new about a message of ours.
    pub new: u64,
    /// They said what was known.
    pub repeated: u64,
    /// They belong to nothing that is known yet.
    pub stray: u64,
}

/// A notice, and the attempt that a message belongs to.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    incident: IncidentId,
    stage: String,
    attempt: Attempt,
}

/// What the receipts of a batch add up to for one attempt.
#[derive(Default)]
struct Change {
    delivered: i64,
    failure: Option<String>,
}

#[derive(Default)]
struct Changes {
    /// (message id, outcome) of messages that are known.
    known: Vec<(String, String)>,
    /// Messages that a receipt made known: (message id, notice, outcome).
    learned: Vec<(String, Key, String)>,
    notices: HashMap<Key, Change>,
}

impl Changes {
    fn count(&mut self, key: &Key, settled: &Settled) {
        let change = self.notices.entry(key.clone()).or_default();
        match settled {
            Settled::Delivered => change.delivered += 1,
            other => change.failure = Some(other.code().to_owned()),
        }
    }
}

/// Records a batch of receipts of one gateway. Safe to repeat.
pub fn receipts(
    tx: &mut Tx<'_>,
    gateway: &str,
    batch: &[Receipt],
    now: Instant,
) -> Result<ReceiptCounts, StoreError> {
    let mut counts = ReceiptCounts::default();
    let batch = strongest(batch, &mut counts);
    let known = find_messages(tx, gateway, &batch)?;
    let mut changes = Changes::default();
    let mut unknown = Vec::new();
    for (receipt, found) in batch.into_iter().zip(known) {
        match found {
            Some((key, before)) if is_news(before.as_deref(), &receipt.settled) => {
                counts.new += 1;
                changes.count(&key, &receipt.settled);
                let code = receipt.settled.code().to_owned();
                changes.known.push((receipt.message_id.clone(), code));
            }
            Some(_) => counts.repeated += 1,
            None => unknown.push(receipt),
        }
    }
    let mut strays = Vec::new();
    for receipt in unknown {
        if let Some(key) = find_unanswered(tx, gateway, receipt)? {
            counts.new += 1;
            changes.count(&key, &receipt.settled);
            let code = receipt.settled.code().to_owned();
            changes.learned.push((receipt.message_id.clone(), key, code));
        } else {
            counts.stray += 1;
            strays.push(receipt);
        }
    }
    apply(tx, gateway, &changes, now)?;
    keep_strays(tx, gateway, &strays, now)?;
    Ok(counts)
}

/// One receipt a message: of several, the one that says "delivered".
fn strongest<'r>(batch: &'r [Receipt], counts: &mut ReceiptCounts) -> Vec<&'r Receipt> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut kept: Vec<&Receipt> = Vec::with_capacity(batch.len());
    for receipt in batch {
        match places.get(receipt.message_id.as_str()) {
            Some(place) if !receipt.message_id.is_empty() => {
                counts.repeated += 1;
                if receipt.settled == Settled::Delivered {
                    kept[*place] = receipt;
                }
            }
            _ => {
                places.insert(&receipt.message_id, kept.len());
                kept.push(receipt);
            }
        }
    }
    kept
}

fn is_news(before: Option<&str>, settled: &Settled) -> bool {
    before.is_none_or(|before| before != DELIVERED && *settled == Settled::Delivered)
}

pub(crate) const MESSAGE: Lookup = Lookup {
    sqlite: "SELECT incident_id, ordinal, stage, attempt, outcome FROM notice_message
             WHERE gateway = ?2 AND message_id = ?1",
    postgres: "SELECT u.row, m.incident_id, m.ordinal, m.stage, m.attempt, m.outcome
               FROM unnest(?1) WITH ORDINALITY AS u(message_id, row)
               JOIN notice_message m ON m.gateway = ?2 AND m.message_id = u.message_id",
};

/// The notice of each message and what was known of it, where the message is known.
fn find_messages(
    tx: &mut Tx<'_>,
    gateway: &str,
    batch: &[&Receipt],
) -> Result<Vec<Option<(Key, Option<String>)>>, StoreError> {
    let ids: Vec<String> = batch.iter().map(|receipt| receipt.message_id.clone()).collect();
    let mut found = vec![None; batch.len()];
    tx.lookup_many(
        &MESSAGE,
        &[Column::Text(&ids), Column::SameText(gateway)],
        &mut |place, row| {
            found[place] = Some((read_key(row)?, row.get_optional_text(4)?));
            Ok(())
        },
    )?;
    Ok(found)
}

pub(crate) const UNANSWERED: &str =
    "SELECT n.incident_id, n.ordinal, n.stage, n.attempt FROM notice n
     JOIN dispatch d ON d.id = n.dispatch_id AND d.gateway = ?3
     WHERE n.reference = ?1 AND n.destination = ?2 AND n.state IN ('intent', 'in_doubt')
     LIMIT 2";

/// The unanswered notice that a receipt names by reference and destination, if it is the only one.
fn find_unanswered(
    tx: &mut Tx<'_>,
    gateway: &str,
    receipt: &Receipt,
) -> Result<Option<Key>, StoreError> {
    let (Some(reference), Some(destination)) = (receipt.reference, receipt.destination) else {
        return Ok(None);
    };
    let found = tx.query(
        UNANSWERED,
        &[i64::from(reference).into(), (&destination).into(), gateway.into()],
        read_key,
    )?;
    Ok(<[Key; 1]>::try_from(found).ok().map(|[key]| key))
}

fn read_key(row: &Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        incident: IncidentId::new(row.get_u32(0)?),
        stage: row.get_text(2)?,
        attempt: Attempt { ordinal: Ordinal::new(row.get_u32(1)?), number: row.get_u32(3)? },
    })
}

fn apply(
    tx: &mut Tx<'_>,
    gateway: &str,
    changes: &Changes,
    now: Instant,
) -> Result<(), StoreError> {
    const OUTCOME: ManySql = ManySql {
        sqlite: "UPDATE notice_message SET outcome = ?2 WHERE gateway = ?3 AND message_id = ?1",
        postgres: "UPDATE notice_message SET outcome = u.outcome
                   FROM unnest(?1, ?2) AS u(message_id, outcome)
                   WHERE gateway = ?3 AND notice_message.message_id = u.message_id",
    };
    if !changes.known.is_empty() {
        let (ids, outcomes): (Vec<String>, Vec<String>) = changes.known.iter().cloned().unzip();
        let columns = [Column::Text(&ids), Column::Text(&outcomes), Column::SameText(gateway)];
        tx.execute_many(&OUTCOME, &columns)?;
    }
    for (message_id, key, outcome) in &changes.learned {
        if !message_id.is_empty() {
            insert_message(tx, gateway, message_id, key, outcome)?;
        }
    }
    for (key, change) in &changes.notices {
        if change.delivered > 0 {
            deliver(tx, key, change.delivered, now)?;
        }
        if let Some(code) = &change.failure {
            fail(tx, key, code, now)?;
        }
    }
    Ok(())
}

fn insert_message(
    tx: &mut Tx<'_>,
    gateway: &str,
    message_id: &str,
    key: &Key,
    outcome: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO notice_message (gateway, message_id, incident_id, ordinal, stage, attempt,
                                     outcome)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (gateway, message_id) DO NOTHING",
        &[
            gateway.into(),
            message_id.into(),
            key.incident.number().into(),
            key.attempt.ordinal.number().into(),
            (&key.stage).into(),
            key.attempt.number.into(),
            outcome.into(),
        ],
    )
    .map(drop)
}

/// Parts of an attempt were delivered; with the last of them the notice is.
fn deliver(tx: &mut Tx<'_>, key: &Key, parts: i64, now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE notice
         SET parts_delivered = parts_delivered + ?5,
             state = CASE WHEN parts_delivered + ?5 >= parts THEN 'delivered' ELSE state END,
             outcome = CASE WHEN parts_delivered + ?5 >= parts THEN NULL ELSE outcome END,
             ended_at_us = CASE WHEN parts_delivered + ?5 >= parts THEN ?6 ELSE ended_at_us END
         WHERE incident_id = ?1 AND ordinal = ?2 AND stage = ?3 AND attempt = ?4
           AND state <> 'delivered'",
        &[
            key.incident.number().into(),
            key.attempt.ordinal.number().into(),
            (&key.stage).into(),
            key.attempt.number.into(),
            parts.into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}

/// A part of an attempt will never be delivered.
fn fail(tx: &mut Tx<'_>, key: &Key, code: &str, now: Instant) -> Result<(), StoreError> {
    let state = if code == EXPIRED { "expired" } else { "failed" };
    tx.execute(
        "UPDATE notice SET state = ?5, outcome = ?6, ended_at_us = ?7
         WHERE incident_id = ?1 AND ordinal = ?2 AND stage = ?3 AND attempt = ?4
           AND state IN ('intent', 'accepted', 'in_doubt')",
        &[
            key.incident.number().into(),
            key.attempt.ordinal.number().into(),
            (&key.stage).into(),
            key.attempt.number.into(),
            state.into(),
            code.into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}

/// Keeps receipts whose message may still become known, up to a limit a gateway.
fn keep_strays(
    tx: &mut Tx<'_>,
    gateway: &str,
    strays: &[&Receipt],
    now: Instant,
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "stray_receipt",
        columns: &["gateway", "message_id", "destination", "outcome", "received_at_us"],
        conflict: "ON CONFLICT (gateway, message_id) DO NOTHING",
    };
    let named = || strays.iter().filter(|receipt| !receipt.message_id.is_empty());
    if named().next().is_none() || stray_count(tx, gateway)? >= limits::STRAY_RECEIPTS_MAX {
        return Ok(());
    }
    let ids: Vec<String> = named().map(|receipt| receipt.message_id.clone()).collect();
    let destinations: Vec<Option<Vec<u8>>> =
        named().map(|receipt| receipt.destination.map(|digest| digest.to_vec())).collect();
    let outcomes: Vec<String> = named().map(|receipt| receipt.settled.code().to_owned()).collect();
    let columns = [
        Column::SameText(gateway),
        Column::Text(&ids),
        Column::OptionalBlob(&destinations),
        Column::Text(&outcomes),
        Column::SameInt(now.micros()),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

fn stray_count(tx: &mut Tx<'_>, gateway: &str) -> Result<u64, StoreError> {
    let count = tx.query_one(
        "SELECT COUNT(*) FROM stray_receipt WHERE gateway = ?1",
        &[gateway.into()],
        |row| row.get_int(0),
    )?;
    Ok(count.unwrap_or(0).cast_unsigned())
}

/// Writes down the messages that a gateway took, and settles the receipts that came before.
pub(super) fn add_messages(
    tx: &mut Tx<'_>,
    lease: &Lease,
    answers: &[Answer],
    now: Instant,
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "notice_message",
        columns: &["gateway", "message_id", "incident_id", "ordinal", "stage", "attempt"],
        conflict: "ON CONFLICT (gateway, message_id) DO NOTHING",
    };
    let mut ids = Vec::new();
    let mut ordinals = Vec::new();
    let mut numbers = Vec::new();
    for answer in answers {
        for id in answer.message_ids.iter().filter(|id| !id.is_empty()) {
            ids.push(id.clone());
            ordinals.push(i64::from(answer.attempt.ordinal.number()));
            numbers.push(i64::from(answer.attempt.number));
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::SameText(&lease.gateway),
        Column::Text(&ids),
        Column::SameInt(i64::from(lease.incident.number())),
        Column::Int(&ordinals),
        Column::SameText(&lease.stage),
        Column::Int(&numbers),
    ];
    tx.insert_many(&INTO, &columns)?;
    let waiting = take_strays(tx, &lease.gateway, &ids)?;
    if waiting.is_empty() {
        return Ok(());
    }
    receipts(tx, &lease.gateway, &waiting, now).map(drop)
}

/// Takes the receipts out that were waiting for these messages.
fn take_strays(tx: &mut Tx<'_>, gateway: &str, ids: &[String]) -> Result<Vec<Receipt>, StoreError> {
    const SQL: Lookup = Lookup {
        sqlite: "DELETE FROM stray_receipt WHERE gateway = ?2 AND message_id = ?1
                 RETURNING outcome",
        postgres: "DELETE FROM stray_receipt
                   USING unnest(?1) WITH ORDINALITY AS u(message_id, row)
                   WHERE gateway = ?2 AND stray_receipt.message_id = u.message_id
                   RETURNING u.row, outcome",
    };
    let mut taken = Vec::new();
    tx.lookup_many(&SQL, &[Column::Text(ids), Column::SameText(gateway)], &mut |place, row| {
        taken.push(Receipt {
            message_id: ids[place].clone(),
            reference: None,
            destination: None,
            settled: Settled::from_code(row.get_text_ref(0)?),
        });
        Ok(())
    })?;
    Ok(taken)
}

pub(crate) const UNSETTLED: &str = "SELECT m.message_id FROM notice n
     JOIN notice_message m ON m.incident_id = n.incident_id AND m.ordinal = n.ordinal
       AND m.stage = n.stage AND m.attempt = n.attempt AND m.outcome IS NULL
     WHERE n.dispatch_id = ?1 AND n.state IN ('in_doubt', 'accepted')
       AND (n.accepted_at_us IS NULL OR n.accepted_at_us <= ?2)
     ORDER BY n.ordinal, m.message_id LIMIT ?3";

/// Message ids of a dispatch that the gateway took and has not reported on, whose notice is in
/// doubt or was accepted before `before`: it can be asked about them.
pub fn unsettled(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    before: Instant,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    tx.query(UNSETTLED, &[dispatch.number().into(), before.micros().into(), limit.into()], |row| {
        row.get_text(0)
    })
}
