//! How staff may come in: one-time passwords, terms of inspectors, and wrong secrets.

use doldam_ground::Instant;
use doldam_ground::ids::{ProcessorId, StaffId};

use crate::{StoreError, Tx};

/// How one member of staff may come in. The default is everybody's without a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaffAccess {
    /// Until when the one-time password works; `None` once a secret was chosen.
    pub one_time_until: Option<Instant>,
    /// The only processor that an inspector sees.
    pub scope: Option<ProcessorId>,
    /// The last moment of an inspector.
    pub expires_at: Option<Instant>,
}

/// Wrong secrets in a row, by one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// Nobody signs in by this name before.
    pub locked_until: Instant,
}

/// Writes how a member of staff may come in.
pub fn put(tx: &mut Tx<'_>, staff: StaffId, access: &StaffAccess) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO staff_access (staff_id, one_time_until_us, scope_processor_id, expires_at_us)
         VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (staff_id) DO UPDATE SET one_time_until_us = excluded.one_time_until_us,
           scope_processor_id = excluded.scope_processor_id,
           expires_at_us = excluded.expires_at_us",
        &[
            staff.number().into(),
            access.one_time_until.map(Instant::micros).into(),
            access.scope.map(ProcessorId::number).into(),
            access.expires_at.map(Instant::micros).into(),
        ],
    )
    .map(drop)
}

/// How a member of staff may come in.
pub fn get(tx: &mut Tx<'_>, staff: StaffId) -> Result<StaffAccess, StoreError> {
    let found = tx.query_one(
        "SELECT one_time_until_us, scope_processor_id, expires_at_us FROM staff_access
         WHERE staff_id = ?1",
        &[staff.number().into()],
        |row| {
            let scope = row.get_optional_int(1)?.and_then(|id| u32::try_from(id).ok());
            Ok(StaffAccess {
                one_time_until: row.get_optional_int(0)?.map(Instant::from_micros),
                scope: scope.map(ProcessorId::new),
                expires_at: row.get_optional_int(2)?.map(Instant::from_micros),
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Replaces a member of staff's secret by one that they chose.
pub fn set_secret(tx: &mut Tx<'_>, staff: StaffId, secret_hash: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET secret_hash = ?2 WHERE id = ?1",
        &[staff.number().into(), secret_hash.into()],
    )?;
    tx.execute(
        "UPDATE staff_access SET one_time_until_us = NULL WHERE staff_id = ?1",
        &[staff.number().into()],
    )
    .map(drop)
}

/// Disables an account; `false` when there is none, or it was disabled before.
pub fn disable(tx: &mut Tx<'_>, staff: StaffId, now: Instant) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE staff SET disabled_at_us = ?2 WHERE id = ?1 AND disabled_at_us IS NULL",
        &[staff.number().into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}

/// The wrong secrets in a row by a name.
pub fn failures(tx: &mut Tx<'_>, name: &[u8; 32]) -> Result<Option<Failures>, StoreError> {
    tx.query_one(
        "SELECT failures, locked_until_us FROM sign_in_failure WHERE name_digest = ?1",
        &[name.into()],
        |row| {
            Ok(Failures {
                count: row.get_u32(0)?,
                locked_until: Instant::from_micros(row.get_int(1)?),
            })
        },
    )
}

/// Counts one more wrong secret; gives how many it were in a row.
pub fn failed(tx: &mut Tx<'_>, name: &[u8; 32], now: Instant) -> Result<u32, StoreError> {
    let count = tx.query_one(
        "INSERT INTO sign_in_failure (name_digest, failures, failed_at_us, locked_until_us)
         VALUES (?1, 1, ?2, 0)
         ON CONFLICT (name_digest) DO UPDATE SET failures = sign_in_failure.failures + 1,
           failed_at_us = excluded.failed_at_us
         RETURNING failures",
        &[name.into(), now.micros().into()],
        |row| row.get_u32(0),
    )?;
    count.ok_or(StoreError::Shape { what: "count of failures" })
}

/// Lets nobody sign in by this name before `until`.
pub fn lock(tx: &mut Tx<'_>, name: &[u8; 32], until: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sign_in_failure SET locked_until_us = ?2 WHERE name_digest = ?1",
        &[name.into(), until.micros().into()],
    )
    .map(drop)
}

/// Forgets the failures of a name, after a right secret.
pub fn forgive(tx: &mut Tx<'_>, name: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM sign_in_failure WHERE name_digest = ?1", &[name.into()]).map(drop)
}

/// Forgets failures of long ago.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM sign_in_failure WHERE failed_at_us < ?1 AND locked_until_us < ?1",
        &[before.micros().into()],
    )
}
