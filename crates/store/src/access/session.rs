//! Sessions of staff.

use doldam_ground::Instant;
use doldam_ground::ids::StaffId;

use crate::{StoreError, Tx};

/// A session that works, and whose it is.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is signed in.
    pub staff: StaffId,
    /// Their login name.
    pub name: String,
    /// Their role, as it is now.
    pub role: String,
    /// When they signed in.
    pub created_at: Instant,
    /// Their last request, to the minute.
    pub used_at: Instant,
    /// The session's last moment.
    pub expires_at: Instant,
}

/// Opens a session.
pub fn insert(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    staff: StaffId,
    now: Instant,
    expires_at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO staff_session (digest, staff_id, created_at_us, used_at_us, expires_at_us)
         VALUES (?1, ?2, ?3, ?3, ?4)",
        &[digest.into(), staff.number().into(), now.micros().into(), expires_at.micros().into()],
    )
    .map(drop)
}

/// The session of this token, unless it was revoked, has ended, or its owner was disabled.
pub fn find(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    now: Instant,
) -> Result<Option<Session>, StoreError> {
    tx.query_one(
        "SELECT s.id, s.name, s.role, o.created_at_us, o.used_at_us, o.expires_at_us
         FROM staff_session o JOIN staff s ON s.id = o.staff_id
         WHERE o.digest = ?1 AND o.revoked_at_us IS NULL AND o.expires_at_us > ?2
           AND s.disabled_at_us IS NULL",
        &[digest.into(), now.micros().into()],
        |row| {
            Ok(Session {
                staff: StaffId::new(row.get_u32(0)?),
                name: row.get_text(1)?,
                role: row.get_text(2)?,
                created_at: Instant::from_micros(row.get_int(3)?),
                used_at: Instant::from_micros(row.get_int(4)?),
                expires_at: Instant::from_micros(row.get_int(5)?),
            })
        },
    )
}

/// Notes that a session was used.
pub fn touch(tx: &mut Tx<'_>, digest: &[u8; 32], now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff_session SET used_at_us = ?2 WHERE digest = ?1 AND used_at_us < ?2",
        &[digest.into(), now.micros().into()],
    )
    .map(drop)
}

/// Ends one session.
pub fn revoke(tx: &mut Tx<'_>, digest: &[u8; 32], now: Instant) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE staff_session SET revoked_at_us = ?2 WHERE digest = ?1 AND revoked_at_us IS NULL",
        &[digest.into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}

/// Ends all sessions of a member of staff but the one to `keep`; gives how many worked.
pub fn revoke_all(
    tx: &mut Tx<'_>,
    staff: StaffId,
    keep: Option<&[u8; 32]>,
    now: Instant,
) -> Result<u64, StoreError> {
    let keep = keep.map_or(&[][..], |digest| &digest[..]);
    tx.execute(
        "UPDATE staff_session SET revoked_at_us = ?2
         WHERE staff_id = ?1 AND digest <> ?3 AND revoked_at_us IS NULL AND expires_at_us > ?2",
        &[staff.number().into(), now.micros().into(), keep.into()],
    )
}

/// Forgets sessions that ended before `before`.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM staff_session WHERE expires_at_us < ?1", &[before.micros().into()])
}
