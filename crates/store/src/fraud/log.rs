//! The ordered log: appended to, read in order, never changed.

use doldam_ground::Instant;

use super::alert::{self, Conflict, NewAlert};
use super::measure;
use crate::{Column, Insert, Lookup, Row, StoreError, Tx};

/// One entry of the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place; counts from 1 without a gap.
    pub sequence: u64,
    /// What it is, by the number that `doldam-fraud` gives it.
    pub entry: u8,
    /// The caller's name of the event and BLAKE3-256 of what the caller sent; `None` for an entry
    /// that is no event.
    pub event: Option<(String, [u8; 32])>,
    /// When it was taken in, by our clock.
    pub at: Instant,
    /// The entry itself.
    pub body: Vec<u8>,
}

/// Entries that are to follow each other in the log, column by column.
#[derive(Clone, Default)]
pub struct Batch {
    /// What each is, by the number that `doldam-fraud` gives it.
    pub entries: Vec<i64>,
    /// The caller's name of each event; `None` for an entry that is no event.
    pub events: Vec<Option<String>>,
    /// BLAKE3-256 of what the caller sent, where there is an event.
    pub payloads: Vec<Option<Vec<u8>>>,
    /// When each was taken in, in microseconds since 1970, UTC.
    pub times_us: Vec<i64>,
    /// The entries themselves.
    pub bodies: Vec<Vec<u8>>,
    /// The alerts that follow from events among them, with their measures.
    pub alerts: Vec<NewAlert>,
    /// Names of older events that came with other content beside these entries.
    pub conflicts: Vec<Conflict>,
    /// Places of alerts whose outcome one of these entries tells.
    pub labelled: Vec<u64>,
}

/// Appends a batch that follows the entry at `after`, with the alerts and measures that follow from
/// it, all of it or none.
///
/// Fails with [`StoreError::State`] when the log does not end at `after` (somebody else wrote to
/// it), or when one of the events stands in the log already.
pub fn append(tx: &mut Tx<'_>, after: u64, batch: &Batch) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "fraud_log",
        columns: &["sequence", "entry", "event_id", "payload", "at_us", "body"],
        conflict: "ON CONFLICT DO NOTHING",
    };
    const MOVED: StoreError = StoreError::State { what: "the log of fraud detection moved on" };
    if last(tx)? != after {
        return Err(MOVED);
    }
    let first = i64::try_from(after).unwrap_or(i64::MAX).saturating_add(1);
    let sequences: Vec<i64> = (first..).take(batch.bodies.len()).collect();
    let columns = [
        Column::Int(&sequences),
        Column::Int(&batch.entries),
        Column::OptionalText(&batch.events),
        Column::OptionalBlob(&batch.payloads),
        Column::Int(&batch.times_us),
        Column::Blob(&batch.bodies),
    ];
    let written = tx.insert_many(&INTO, &columns)?;
    if written != u64::try_from(batch.bodies.len()).unwrap_or(u64::MAX) {
        return Err(MOVED);
    }
    alert::open(tx, &batch.alerts)?;
    measure::place(tx, &batch.alerts)?;
    alert::labelled(tx, &batch.labelled)?;
    batch.conflicts.iter().try_for_each(|conflict| alert::conflict(tx, conflict))
}

/// The place of the last entry; 0 when the log is empty.
pub fn last(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let last = tx.query_one(
        "SELECT sequence FROM fraud_log ORDER BY sequence DESC LIMIT 1",
        &[],
        |row| row.get_int(0),
    )?;
    Ok(last.map_or(0, |last| u64::try_from(last).unwrap_or_default()))
}

/// Visits at most `limit` entries after the place `after`, in order.
pub fn read(
    tx: &mut Tx<'_>,
    after: u64,
    limit: u32,
    visit: &mut dyn FnMut(Entry),
) -> Result<(), StoreError> {
    tx.for_each(
        "SELECT sequence, entry, event_id, payload, at_us, body FROM fraud_log
         WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        &[i64::try_from(after).unwrap_or(i64::MAX).into(), limit.into()],
        &mut |row| {
            visit(read_entry(row)?);
            Ok(())
        },
    )
}

pub(crate) const BY_EVENT: Lookup = Lookup {
    sqlite: "SELECT sequence, entry, event_id, payload, at_us, body FROM fraud_log
             WHERE event_id = ?1",
    postgres: "SELECT u.row, l.sequence, l.entry, l.event_id, l.payload, l.at_us, l.body
               FROM unnest(?1) WITH ORDINALITY AS u(event_id, row)
               JOIN fraud_log l ON l.event_id = u.event_id",
};

/// Visits the entries of those events that stand in the log, with the place of each in `events`.
pub fn find(
    tx: &mut Tx<'_>,
    events: &[String],
    visit: &mut dyn FnMut(usize, Entry),
) -> Result<(), StoreError> {
    tx.lookup_many(&BY_EVENT, &[Column::Text(events)], &mut |place, row| {
        visit(place, read_entry(row)?);
        Ok(())
    })
}

fn read_entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let event = match row.get_optional_text(2)? {
        Some(id) => Some((id, row.get_array(3)?)),
        None => None,
    };
    Ok(Entry {
        sequence: u64::try_from(row.get_int(0)?).unwrap_or_default(),
        entry: u8::try_from(row.get_int(1)?).unwrap_or_default(),
        event,
        at: Instant::from_micros(row.get_int(4)?),
        body: row.get_blob(5)?,
    })
}
