//! Orders to cut a processor's access off. An order is durable before it is carried out, so that a
//! process that died in between goes on where it was.

use doldam_ground::Instant;
use doldam_ground::ids::{CutId, ProcessorId};

use crate::{Row, StoreError, Tx};

/// An order, and its proof once it was carried out.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Its number.
    pub id: CutId,
    /// Whose access.
    pub processor: ProcessorId,
    /// Why.
    pub reason: String,
    /// Who ordered it.
    pub ordered_by: String,
    /// When.
    pub ordered_at: Instant,
    /// When it was proved.
    pub proved_at: Option<Instant>,
    /// The proof, JSON.
    pub proof: Option<String>,
    /// Ed25519 over the proof.
    pub signature: Option<Vec<u8>>,
}

fn cut(row: &Row<'_>) -> Result<Cut, StoreError> {
    Ok(Cut {
        id: CutId::new(row.get_u32(0)?),
        processor: ProcessorId::new(row.get_u32(1)?),
        reason: row.get_text(2)?,
        ordered_by: row.get_text(3)?,
        ordered_at: Instant::from_micros(row.get_int(4)?),
        proved_at: row.get_optional_int(5)?.map(Instant::from_micros),
        proof: row.get_optional_text(6)?,
        signature: row.get_optional_blob(7)?,
    })
}

/// Writes an order.
pub fn insert(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    reason: &str,
    ordered_by: &str,
    now: Instant,
) -> Result<CutId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM access_cut", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO access_cut (id, processor_id, reason, ordered_by, ordered_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            id.into(),
            processor.number().into(),
            reason.into(),
            ordered_by.into(),
            now.micros().into(),
        ],
    )?;
    Ok(CutId::new(id))
}

/// Writes the proof of an order.
pub fn prove(
    tx: &mut Tx<'_>,
    id: CutId,
    proof: &str,
    signature: &[u8],
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE access_cut SET proved_at_us = ?2, proof = ?3, signature = ?4 WHERE id = ?1",
        &[id.number().into(), now.micros().into(), proof.into(), signature.into()],
    )
    .map(drop)
}

/// Orders that were not carried out to their end, oldest first.
pub fn unproved(tx: &mut Tx<'_>) -> Result<Vec<Cut>, StoreError> {
    tx.query(
        "SELECT id, processor_id, reason, ordered_by, ordered_at_us, proved_at_us, proof, signature
         FROM access_cut WHERE proved_at_us IS NULL ORDER BY id",
        &[],
        cut,
    )
}

/// All orders about a processor, oldest first.
pub fn list(tx: &mut Tx<'_>, processor: ProcessorId) -> Result<Vec<Cut>, StoreError> {
    tx.query(
        "SELECT id, processor_id, reason, ordered_by, ordered_at_us, proved_at_us, proof, signature
         FROM access_cut WHERE processor_id = ?1 ORDER BY id",
        &[processor.number().into()],
        cut,
    )
}
