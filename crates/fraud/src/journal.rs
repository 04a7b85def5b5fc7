//! The ordered log: everything that a decision depends on, in the order in which it was taken in.
//!
//! An event and its decision are one entry, durable before the caller is answered; there is no
//! moment at which one exists without the other. Where the entries are kept is behind [`Journal`]:
//! today the store with its group commit, later a partition of Kafka.

mod codec;
mod entry;
mod kept;
#[cfg(test)]
mod tests;

pub use entry::{Entry, Label, SetupNames};
pub use kept::StoreJournal;

pub(crate) use codec::{Reader, Writer};
pub(crate) use entry::{event_digest, write_event, write_value};

use doldam_ground::Instant;
use doldam_store::fraud::log::{Batch, Entry as Row};

use crate::error::FraudError;

/// An entry at its place.
#[derive(Clone)]
pub struct Record {
    /// Its place in the log; counts from 1.
    pub sequence: u64,
    /// When it was taken in, by our clock.
    pub at: Instant,
    /// BLAKE3 of what the caller sent, for an event.
    pub payload: Option<[u8; 32]>,
    /// What it says.
    pub entry: Entry,
}

/// Where the log is kept.
pub trait Journal: Send + Sync {
    /// The place of the last entry; 0 when there is none.
    fn last(&self) -> Result<u64, FraudError>;

    /// Appends entries after `after`; when it returns they are durable, all or none.
    fn append(&self, after: u64, batch: Batch) -> Result<(), FraudError>;

    /// Visits up to `limit` entries after `after`, in order.
    fn read(&self, after: u64, limit: u32, visit: &mut dyn FnMut(Row)) -> Result<(), FraudError>;

    /// The entries of events that stand in the log, with their places in `events`.
    fn find(&self, events: &[String]) -> Result<Vec<(usize, Row)>, FraudError>;
}

/// Entries read at a time by [`each`].
const CHUNK: u32 = 4_096;

/// Visits every entry after `after`, in order; gives the place of the last one.
///
/// Errors: the log cannot be read, an entry cannot be understood, or `visit` gives one.
pub fn each(
    journal: &dyn Journal,
    after: u64,
    visit: &mut dyn FnMut(Record) -> Result<(), FraudError>,
) -> Result<u64, FraudError> {
    let mut last = after;
    loop {
        let mut rows = Vec::new();
        journal.read(last, CHUNK, &mut |row| rows.push(row))?;
        if rows.is_empty() {
            return Ok(last);
        }
        for row in rows {
            if row.sequence != last + 1 {
                return Err(FraudError::Journal { why: "an entry is missing" });
            }
            last = row.sequence;
            visit(Record::read(row)?)?;
        }
    }
}

/// Visits every label of the log, in order, without reading the events between them.
///
/// Errors: as [`each`].
pub fn each_label(journal: &dyn Journal, visit: &mut dyn FnMut(Label)) -> Result<(), FraudError> {
    let mut last = 0;
    loop {
        let (before, mut fault) = (last, None);
        journal.read(last, CHUNK, &mut |row| {
            last = row.sequence;
            if row.entry == Entry::LABEL {
                match Entry::read(row.entry, &row.body) {
                    Ok(Entry::Label(label)) => visit(label),
                    Ok(_) => {}
                    Err(error) => fault = Some(error),
                }
            }
        })?;
        if let Some(error) = fault {
            return Err(error);
        }
        if last == before {
            return Ok(());
        }
    }
}

impl Record {
    /// Understands a row of the log.
    pub fn read(row: Row) -> Result<Self, FraudError> {
        let entry = Entry::read(row.entry, &row.body)?;
        let payload = row.event.map(|(_, payload)| payload);
        Ok(Self { sequence: row.sequence, at: row.at, payload, entry })
    }
}
