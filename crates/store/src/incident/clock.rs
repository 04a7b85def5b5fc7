//! Events of legal clocks, as the rooms above put them on record.
//!
//! The store does not know what an event means; it keeps the list in order and never changes it.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;

use super::next;
use crate::{StoreError, Tx};

/// One event of the clock of one duty.
#[derive(Clone, PartialEq, Eq)]
pub struct ClockRow {
    /// Id of the rule table's row.
    pub duty: String,
    /// When it happened.
    pub happened_at: Instant,
    /// When it was put on record.
    pub recorded_at: Instant,
    /// `started`, `withdrawn`, `stopped`, `delay_began` or `delay_ended`.
    pub what: String,
    /// Start event, kind of evidence or reason, as the rule table spells it.
    pub word: String,
    /// Where the evidence is; empty where none is needed.
    pub reference: String,
    /// The start that is withdrawn, or the begin of the delay that ends.
    pub refers_at: Option<Instant>,
    /// Whose clocks: a sealed bitmap; `None` for the incident's own clock.
    pub sealed_subjects: Option<Vec<u8>>,
}

/// Appends an event.
pub fn append(tx: &mut Tx<'_>, incident: IncidentId, event: &ClockRow) -> Result<(), StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM clock_event WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO clock_event (incident_id, seq, duty, happened_at_us, recorded_at_us, what,
           word, reference, refers_at_us, subjects)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            incident.number().into(),
            seq.into(),
            (&event.duty).into(),
            event.happened_at.micros().into(),
            event.recorded_at.micros().into(),
            (&event.what).into(),
            (&event.word).into(),
            (&event.reference).into(),
            event.refers_at.map(Instant::micros).into(),
            event.sealed_subjects.as_ref().into(),
        ],
    )
    .map(drop)
}

/// All events of an incident's clocks, in the order in which they were put on record.
pub fn list(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<ClockRow>, StoreError> {
    tx.query(
        "SELECT duty, happened_at_us, recorded_at_us, what, word, reference, refers_at_us, subjects
         FROM clock_event WHERE incident_id = ?1 ORDER BY seq",
        &[incident.number().into()],
        |row| {
            Ok(ClockRow {
                duty: row.get_text(0)?,
                happened_at: Instant::from_micros(row.get_int(1)?),
                recorded_at: Instant::from_micros(row.get_int(2)?),
                what: row.get_text(3)?,
                word: row.get_text(4)?,
                reference: row.get_text(5)?,
                refers_at: row.get_optional_int(6)?.map(Instant::from_micros),
                sealed_subjects: row.get_optional_blob(7)?,
            })
        },
    )
}
