//! Erasures and the key backups that still have to expire before an erasure is final.

use doldam_ground::Instant;
use doldam_ground::ids::{Handle, KeyBackupId, Ordinal};

use crate::{Row, StoreError, Tx};

/// An order to forget a subject.
pub struct Erasure {
    /// Whose.
    pub ordinal: Ordinal,
    /// Their handle, so that a restored backup can be made to forget again.
    pub handle: Handle,
    /// When it was ordered.
    pub requested_at: Instant,
    /// When the data key was destroyed.
    pub key_destroyed_at: Option<Instant>,
}

fn erasure(row: &Row<'_>) -> Result<Erasure, StoreError> {
    Ok(Erasure {
        ordinal: Ordinal::new(row.get_u32(0)?),
        handle: Handle::new(row.get_int(1)?.cast_unsigned()),
        requested_at: Instant::from_micros(row.get_int(2)?),
        key_destroyed_at: row.get_optional_int(3)?.map(Instant::from_micros),
    })
}

/// Writes the order. Safe to repeat: the first one counts.
pub fn insert(
    tx: &mut Tx<'_>,
    ordinal: Ordinal,
    handle: Handle,
    reason: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO erasure (ordinal, handle, reason, requested_at_us) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (ordinal) DO NOTHING",
        &[
            ordinal.number().into(),
            handle.bits().cast_signed().into(),
            reason.into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}

/// Notes that the keys are destroyed.
pub fn mark_destroyed(tx: &mut Tx<'_>, ordinal: Ordinal, now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE erasure SET key_destroyed_at_us = ?2
         WHERE ordinal = ?1 AND key_destroyed_at_us IS NULL",
        &[ordinal.number().into(), now.micros().into()],
    )
    .map(drop)
}

/// All erasures, by time of order.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Erasure>, StoreError> {
    tx.query(
        "SELECT ordinal, handle, requested_at_us, key_destroyed_at_us FROM erasure
         ORDER BY requested_at_us, ordinal",
        &[],
        erasure,
    )
}

/// A backup of keys.
pub struct KeyBackup {
    /// Its number.
    pub id: KeyBackupId,
    /// When it was made.
    pub made_at: Instant,
    /// When it must have been destroyed.
    pub expires_at: Instant,
}

/// Registers a backup of keys.
pub fn backup_insert(
    tx: &mut Tx<'_>,
    made_at: Instant,
    expires_at: Instant,
    digest: &[u8; 32],
) -> Result<KeyBackupId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM key_backup", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO key_backup (id, made_at_us, expires_at_us, digest) VALUES (?1, ?2, ?3, ?4)",
        &[id.into(), made_at.micros().into(), expires_at.micros().into(), digest.into()],
    )?;
    Ok(KeyBackupId::new(id))
}

/// All backups of keys, by number.
pub fn backups(tx: &mut Tx<'_>) -> Result<Vec<KeyBackup>, StoreError> {
    tx.query("SELECT id, made_at_us, expires_at_us FROM key_backup ORDER BY id", &[], |row| {
        Ok(KeyBackup {
            id: KeyBackupId::new(row.get_u32(0)?),
            made_at: Instant::from_micros(row.get_int(1)?),
            expires_at: Instant::from_micros(row.get_int(2)?),
        })
    })
}
