//! Orders to cut something off. The order is durable before anything is cut, so that a process that
//! dies in between leaves an order without proof, which everybody sees, and not a forgotten one.

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, ProcessorId};

use super::next;
use crate::{StoreError, Tx};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Whom.
    pub processor: ProcessorId,
    /// What is cut: `domains`, `access`, ...
    pub means: String,
    /// Who gives the order.
    pub ordered_by: String,
    /// Why, in words without personal data.
    pub reason: String,
}

/// An order as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Containment {
    /// Counts the orders of the incident from 1.
    pub seq: u32,
    /// What was ordered.
    pub order: NewOrder,
    /// When.
    pub ordered_at: Instant,
    /// When it was shown to be cut, and the JSON of ids and times that shows it.
    pub proof: Option<(Instant, String)>,
}

/// Puts an order on record; gives its number.
pub fn insert(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    order: &NewOrder,
    now: Instant,
) -> Result<u32, StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM containment WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO containment (incident_id, seq, processor_id, means, ordered_by, reason,
           ordered_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            incident.number().into(),
            seq.into(),
            order.processor.number().into(),
            (&order.means).into(),
            (&order.ordered_by).into(),
            (&order.reason).into(),
            now.micros().into(),
        ],
    )?;
    Ok(seq)
}

/// Notes what shows that an order was carried out.
///
/// Fails with [`StoreError::Conflict`] when it has a proof already: a proof is never replaced.
pub fn prove(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    seq: u32,
    proof: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE containment SET proved_at_us = ?3, proof = ?4
         WHERE incident_id = ?1 AND seq = ?2 AND proved_at_us IS NULL",
        &[incident.number().into(), seq.into(), now.micros().into(), proof.into()],
    )?;
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict { what: "the order is proved already, or is not known" })
}

/// All orders of an incident, oldest first.
pub fn list(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<Containment>, StoreError> {
    tx.query(
        "SELECT seq, processor_id, means, ordered_by, reason, ordered_at_us, proved_at_us, proof
         FROM containment WHERE incident_id = ?1 ORDER BY seq",
        &[incident.number().into()],
        |row| {
            let proved_at = row.get_optional_int(6)?.map(Instant::from_micros);
            Ok(Containment {
                seq: row.get_u32(0)?,
                order: NewOrder {
                    processor: ProcessorId::new(row.get_u32(1)?),
                    means: row.get_text(2)?,
                    ordered_by: row.get_text(3)?,
                    reason: row.get_text(4)?,
                },
                ordered_at: Instant::from_micros(row.get_int(5)?),
                proof: proved_at.zip(row.get_optional_text(7)?),
            })
        },
    )
}
