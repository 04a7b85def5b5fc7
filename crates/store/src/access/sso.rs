//! Who a person of the company's identity provider is here.

use doldam_ground::Instant;
use doldam_ground::ids::StaffId;

use crate::{StoreError, Tx};

/// A member of staff who signs in at the company's identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who it is here.
    pub staff: StaffId,
    /// Who said so.
    pub linked_by: String,
    /// When.
    pub linked_at: Instant,
    /// The last sign-in by it.
    pub used_at: Option<Instant>,
}

/// Links a member of staff, in place of an earlier link of theirs. A person of the provider who is
/// somebody else here is [`StoreError::Constraint`].
pub fn link(
    tx: &mut Tx<'_>,
    staff: StaffId,
    subject_digest: &[u8; 32],
    linked_by: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sso_link (staff_id, subject_digest, linked_by, linked_at_us)
         VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (staff_id) DO UPDATE SET subject_digest = excluded.subject_digest,
           linked_by = excluded.linked_by, linked_at_us = excluded.linked_at_us, used_at_us = NULL",
        &[staff.number().into(), subject_digest.into(), linked_by.into(), now.micros().into()],
    )
    .map(drop)
}

/// Unlinks a member of staff; `false` when they were not linked.
pub fn unlink(tx: &mut Tx<'_>, staff: StaffId) -> Result<bool, StoreError> {
    let changed =
        tx.execute("DELETE FROM sso_link WHERE staff_id = ?1", &[staff.number().into()])?;
    Ok(changed == 1)
}

/// Who this person of the provider is here, unless their account was disabled.
pub fn find(tx: &mut Tx<'_>, subject_digest: &[u8; 32]) -> Result<Option<StaffId>, StoreError> {
    tx.query_one(
        "SELECT l.staff_id FROM sso_link l JOIN staff s ON s.id = l.staff_id
         WHERE l.subject_digest = ?1 AND s.disabled_at_us IS NULL",
        &[subject_digest.into()],
        |row| Ok(StaffId::new(row.get_u32(0)?)),
    )
}

/// The link of a member of staff.
pub fn of_staff(tx: &mut Tx<'_>, staff: StaffId) -> Result<Option<Link>, StoreError> {
    tx.query_one(
        "SELECT staff_id, linked_by, linked_at_us, used_at_us FROM sso_link WHERE staff_id = ?1",
        &[staff.number().into()],
        |row| {
            Ok(Link {
                staff: StaffId::new(row.get_u32(0)?),
                linked_by: row.get_text(1)?,
                linked_at: Instant::from_micros(row.get_int(2)?),
                used_at: row.get_optional_int(3)?.map(Instant::from_micros),
            })
        },
    )
}

/// Notes a sign-in; `false` when the link is another one by now.
pub fn used(
    tx: &mut Tx<'_>,
    staff: StaffId,
    subject_digest: &[u8; 32],
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE sso_link SET used_at_us = ?3 WHERE staff_id = ?1 AND subject_digest = ?2",
        &[staff.number().into(), subject_digest.into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}
