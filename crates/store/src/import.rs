//! Imports: subjects are staged in chunks and become visible by one flip.
//!
//! A row that belongs to a staging import exists but is read by nobody: every query of
//! [`crate::subject`] asks for live imports only. At most one import stages at a time (a partial
//! unique index says so), so "not live" is one number and the check is cheap.

use doldam_ground::Instant;
use doldam_ground::ids::ImportId;

use crate::value::Value;
use crate::{StoreError, Tx};

/// Where an import's rows came from.
pub struct Origin<'a> {
    /// From whom the data was received, in the controller's words.
    pub source: &'a str,
    /// When it was received.
    pub received_at: Instant,
    /// The law that allows resident numbers; `None` when there are none.
    pub legal_basis: Option<&'a str>,
}

/// Opens a staging import. Fails with [`StoreError::State`] while another one stages.
pub fn begin(tx: &mut Tx<'_>, origin: &Origin<'_>, now: Instant) -> Result<ImportId, StoreError> {
    if staging(tx)?.is_some() {
        return Err(StoreError::State { what: "another import is running: wait until it ends" });
    }
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM import", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO import (id, state, source, received_at_us, started_at_us, rows_good, rows_bad,
           legal_basis)
         VALUES (?1, 'staging', ?2, ?3, ?4, 0, 0, ?5)",
        &[
            id.into(),
            origin.source.into(),
            origin.received_at.micros().into(),
            now.micros().into(),
            origin.legal_basis.into(),
        ],
    )?;
    Ok(ImportId::new(id))
}

/// The import that stages now, if any.
pub fn staging(tx: &mut Tx<'_>) -> Result<Option<ImportId>, StoreError> {
    tx.query_one("SELECT id FROM import WHERE state = 'staging'", &[], |row| {
        row.get_u32(0).map(ImportId::new)
    })
}

fn state(tx: &mut Tx<'_>, import: ImportId) -> Result<String, StoreError> {
    tx.query_one("SELECT state FROM import WHERE id = ?1", &[import.number().into()], |row| {
        row.get_text(0)
    })?
    .ok_or(StoreError::NotFound { what: "import" })
}

/// The flip: everything the import staged becomes visible at once.
pub fn flip(
    tx: &mut Tx<'_>,
    import: ImportId,
    rows_good: u64,
    rows_bad: u64,
    now: Instant,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE import SET state = 'live', ended_at_us = ?2, rows_good = ?3, rows_bad = ?4
         WHERE id = ?1 AND state = 'staging'",
        &[
            import.number().into(),
            now.micros().into(),
            Value::Int(rows_good.cast_signed()),
            Value::Int(rows_bad.cast_signed()),
        ],
    )?;
    (changed == 1)
        .then_some(())
        .ok_or(StoreError::State { what: "the import no longer stages: run it again" })
}

/// Removes everything a staging import left behind and gives it up. Safe to repeat.
///
/// Fails with [`StoreError::State`] once the import is live: its rows are the register then.
pub fn abandon(tx: &mut Tx<'_>, import: ImportId, now: Instant) -> Result<(), StoreError> {
    match state(tx, import)?.as_str() {
        "staging" => {}
        "abandoned" => return Ok(()),
        _ => return Err(StoreError::State { what: "the import is live and cannot be given up" }),
    }
    let id = Value::from(import.number());
    for sql in [
        "DELETE FROM blind_index WHERE import_id = ?1",
        "UPDATE blind_index SET retired_by = NULL WHERE retired_by = ?1",
        "DELETE FROM subject_record WHERE import_id = ?1",
        "DELETE FROM subject_handle WHERE import_id = ?1",
        "DELETE FROM subject WHERE import_id = ?1",
        "DELETE FROM resident_number WHERE import_id = ?1",
    ] {
        tx.execute(sql, &[id])?;
    }
    tx.execute(
        "UPDATE import SET state = 'abandoned', ended_at_us = ?2 WHERE id = ?1",
        &[id, now.micros().into()],
    )?;
    Ok(())
}

/// Removes what a live import replaced: retired digests, older records. Safe to repeat.
///
/// Fails with [`StoreError::State`] before the flip: what it would remove still counts.
pub fn sweep(tx: &mut Tx<'_>, import: ImportId) -> Result<(), StoreError> {
    if state(tx, import)? != "live" {
        return Err(StoreError::State { what: "only a live import replaces anything" });
    }
    let id = Value::from(import.number());
    tx.execute("DELETE FROM blind_index WHERE retired_by = ?1", &[id])?;
    tx.execute(
        "DELETE FROM subject_record WHERE import_id < ?1 AND ordinal IN
           (SELECT ordinal FROM subject_record WHERE import_id = ?1)",
        &[id],
    )?;
    tx.execute(
        "DELETE FROM resident_number WHERE import_id < ?1 AND ordinal IN
           (SELECT ordinal FROM resident_number WHERE import_id = ?1)",
        &[id],
    )?;
    Ok(())
}

/// One import as the register shows it.
pub struct ImportRow {
    /// Which import.
    pub id: ImportId,
    /// staging, live or abandoned.
    pub state: String,
    /// From whom.
    pub source: String,
    /// When the data was received.
    pub received_at: Instant,
    /// Rows that were taken.
    pub rows_good: i64,
    /// Rows that were refused.
    pub rows_bad: i64,
}

/// All imports, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<ImportRow>, StoreError> {
    tx.query(
        "SELECT id, state, source, received_at_us, rows_good, rows_bad FROM import ORDER BY id",
        &[],
        |row| {
            Ok(ImportRow {
                id: ImportId::new(row.get_u32(0)?),
                state: row.get_text(1)?,
                source: row.get_text(2)?,
                received_at: Instant::from_micros(row.get_int(3)?),
                rows_good: row.get_int(4)?,
                rows_bad: row.get_int(5)?,
            })
        },
    )
}
