//! Passkeys of staff.
//!
//! The credential itself is text that this room does not read: the public key, its counter and its
//! flags belong to whoever checks signatures. It is found by a digest, because authenticators
//! choose ids of up to 1,023 bytes.

use doldam_ground::Instant;
use doldam_ground::ids::{PasskeyId, StaffId};

use crate::{Row, StoreError, Tx};

/// A passkey.
#[derive(Clone)]
pub struct Passkey {
    /// Its number.
    pub id: PasskeyId,
    /// Whose.
    pub staff: StaffId,
    /// What its owner calls it.
    pub name: String,
    /// JSON: id, public key, signature counter, backup flags.
    pub credential: String,
    /// Whether it said at its last use that copies of it exist.
    pub is_backed_up: bool,
    /// When it was registered.
    pub created_at: Instant,
    /// The last sign-in by it.
    pub used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

/// What is known of a passkey when it is registered.
#[derive(Clone)]
pub struct NewPasskey {
    /// Whose.
    pub staff: StaffId,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the credential id.
    pub credential_digest: [u8; 32],
    /// JSON: id, public key, signature counter, backup flags.
    pub credential: String,
    /// Whether it says that copies of it exist.
    pub is_backed_up: bool,
}

fn passkey(row: &Row<'_>) -> Result<Passkey, StoreError> {
    Ok(Passkey {
        id: PasskeyId::new(row.get_u32(0)?),
        staff: StaffId::new(row.get_u32(1)?),
        name: row.get_text(2)?,
        credential: row.get_text(3)?,
        is_backed_up: row.get_int(4)? == 1,
        created_at: Instant::from_micros(row.get_int(5)?),
        used_at: row.get_optional_int(6)?.map(Instant::from_micros),
        revoked_at: row.get_optional_int(7)?.map(Instant::from_micros),
    })
}

/// Writes a passkey; a credential that is known already, revoked or not, is
/// [`StoreError::Constraint`].
pub fn insert(tx: &mut Tx<'_>, new: &NewPasskey, now: Instant) -> Result<PasskeyId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM passkey", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO passkey (id, staff_id, name, credential_digest, credential, is_backed_up,
           created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            id.into(),
            new.staff.number().into(),
            new.name.as_str().into(),
            (&new.credential_digest).into(),
            new.credential.as_str().into(),
            i64::from(new.is_backed_up).into(),
            now.micros().into(),
        ],
    )?;
    Ok(PasskeyId::new(id))
}

/// The passkey of this credential, unless it was revoked or its owner was disabled.
pub fn find(tx: &mut Tx<'_>, credential_digest: &[u8; 32]) -> Result<Option<Passkey>, StoreError> {
    tx.query_one(
        "SELECT k.id, k.staff_id, k.name, k.credential, k.is_backed_up, k.created_at_us,
           k.used_at_us, k.revoked_at_us
         FROM passkey k JOIN staff s ON s.id = k.staff_id
         WHERE k.credential_digest = ?1 AND k.revoked_at_us IS NULL AND s.disabled_at_us IS NULL",
        &[credential_digest.into()],
        passkey,
    )
}

/// One passkey by its number.
pub fn get(tx: &mut Tx<'_>, id: PasskeyId) -> Result<Option<Passkey>, StoreError> {
    tx.query_one(
        "SELECT id, staff_id, name, credential, is_backed_up, created_at_us, used_at_us,
           revoked_at_us
         FROM passkey WHERE id = ?1",
        &[id.number().into()],
        passkey,
    )
}

/// All passkeys of a member of staff, by number, revoked ones included.
pub fn list(tx: &mut Tx<'_>, staff: StaffId) -> Result<Vec<Passkey>, StoreError> {
    tx.query(
        "SELECT id, staff_id, name, credential, is_backed_up, created_at_us, used_at_us,
           revoked_at_us
         FROM passkey WHERE staff_id = ?1 ORDER BY id",
        &[staff.number().into()],
        passkey,
    )
}

/// Notes a sign-in: the credential with its new counter and flags. `false` when another sign-in by
/// the same passkey was noted since `before` was read, or it was revoked.
pub fn used(
    tx: &mut Tx<'_>,
    before: &Passkey,
    credential: &str,
    is_backed_up: bool,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE passkey SET credential = ?3, is_backed_up = ?4, used_at_us = ?5
         WHERE id = ?1 AND credential = ?2 AND revoked_at_us IS NULL",
        &[
            before.id.number().into(),
            before.credential.as_str().into(),
            credential.into(),
            i64::from(is_backed_up).into(),
            now.micros().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Revokes one passkey; gives whose it was, `None` when there is none that works.
pub fn revoke(tx: &mut Tx<'_>, id: PasskeyId, now: Instant) -> Result<Option<StaffId>, StoreError> {
    tx.query_one(
        "UPDATE passkey SET revoked_at_us = ?2 WHERE id = ?1 AND revoked_at_us IS NULL
         RETURNING staff_id",
        &[id.number().into(), now.micros().into()],
        |row| Ok(StaffId::new(row.get_u32(0)?)),
    )
}
