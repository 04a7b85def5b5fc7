//! Consents that one officer carried alone: why, when, and to what exactly.
//!
//! A small team cannot always find a second person. What happens then must be seen later, so each
//! such consent is a row of its own, beside the log row; the rooms above hold the rules.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, IncidentId, StaffId};

use crate::{Row, StoreError, Tx};

/// What was agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// A request for a second person's consent.
    Request(ApprovalId),
    /// A notice, by its incident and its number there.
    Notice(IncidentId, u32),
}

/// One consent by break-glass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// To what.
    pub agreed: Agreed,
    /// SHA-256 of what was agreed to: as in the request, or in the draft.
    pub digest: [u8; 32],
    /// By whom.
    pub staff: StaffId,
    /// Why it could not wait for a second person.
    pub reason: String,
    /// When.
    pub broken_at: Instant,
}

/// Notes a consent by break-glass.
///
/// Fails with [`StoreError::State`] when the act has one already.
pub fn insert(tx: &mut Tx<'_>, glass: &BreakGlass) -> Result<(), StoreError> {
    if find(tx, glass.agreed)?.is_some() {
        return Err(StoreError::State { what: "it was agreed to by break-glass before" });
    }
    let (approval, incident, draft) = match glass.agreed {
        Agreed::Request(id) => (Some(id.number()), None, None),
        Agreed::Notice(id, draft) => (None, Some(id.number()), Some(draft)),
    };
    tx.execute(
        "INSERT INTO break_glass (id, approval_id, incident_id, draft_seq, digest, staff_id, reason,
           broken_at_us)
         VALUES ((SELECT coalesce(max(id), 0) + 1 FROM break_glass), ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            approval.into(),
            incident.into(),
            draft.into(),
            (&glass.digest).into(),
            glass.staff.number().into(),
            (&glass.reason).into(),
            glass.broken_at.micros().into(),
        ],
    )
    .map(drop)
}

/// The consent by break-glass to an act, if it was agreed to in that way.
pub fn find(tx: &mut Tx<'_>, agreed: Agreed) -> Result<Option<BreakGlass>, StoreError> {
    match agreed {
        Agreed::Request(id) => tx.query_one(
            "SELECT approval_id, incident_id, draft_seq, digest, staff_id, reason, broken_at_us
             FROM break_glass WHERE approval_id = ?1",
            &[id.number().into()],
            read,
        ),
        Agreed::Notice(id, draft) => tx.query_one(
            "SELECT approval_id, incident_id, draft_seq, digest, staff_id, reason, broken_at_us
             FROM break_glass WHERE incident_id = ?1 AND draft_seq = ?2",
            &[id.number().into(), draft.into()],
            read,
        ),
    }
}

/// How many there were since `since`, that moment included.
pub fn count_since(tx: &mut Tx<'_>, since: Instant) -> Result<u32, StoreError> {
    let count = tx.query_one(
        "SELECT count(*) FROM break_glass WHERE broken_at_us >= ?1",
        &[since.micros().into()],
        |row| row.get_u32(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// The newest `limit` of them, newest first.
pub fn list(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<BreakGlass>, StoreError> {
    tx.query(
        "SELECT approval_id, incident_id, draft_seq, digest, staff_id, reason, broken_at_us
         FROM break_glass ORDER BY id DESC LIMIT ?1",
        &[limit.into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<BreakGlass, StoreError> {
    let number = |place| -> Result<Option<u32>, StoreError> {
        let number = row.get_optional_int(place)?.map(u32::try_from).transpose();
        number.map_err(|_| StoreError::Shape { what: "number of a consent" })
    };
    let agreed = match (number(0)?, number(1)?, number(2)?) {
        (Some(id), None, None) => Agreed::Request(ApprovalId::new(id)),
        (None, Some(id), Some(draft)) => Agreed::Notice(IncidentId::new(id), draft),
        _ => return Err(StoreError::Shape { what: "consent by break-glass" }),
    };
    Ok(BreakGlass {
        agreed,
        digest: row.get_array(3)?,
        staff: StaffId::new(row.get_u32(4)?),
        reason: row.get_text(5)?,
        broken_at: Instant::from_micros(row.get_int(6)?),
    })
}
