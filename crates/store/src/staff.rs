//! The controller's own people, and the second person's consent.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, ProcessorId, StaffId};

use crate::access::staff_access::StaffAccess;
use crate::{Row, StoreError, Tx, installation};

/// A member of staff.
#[derive(Clone)]
pub struct Staff {
    /// Their number.
    pub id: StaffId,
    /// Login name.
    pub name: String,
    /// privacy-officer, approver, engineer, analyst or auditor.
    pub role: String,
    /// Argon2id, PHC string.
    pub secret_hash: String,
    /// Whether the account was disabled.
    pub disabled: bool,
}

/// Adds a member of staff; the name must be free.
pub fn insert(
    tx: &mut Tx<'_>,
    name: &str,
    role: &str,
    secret_hash: &str,
    now: Instant,
) -> Result<StaffId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM staff", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO staff (id, name, role, secret_hash, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[id.into(), name.into(), role.into(), secret_hash.into(), now.micros().into()],
    )?;
    Ok(StaffId::new(id))
}

/// The member of staff of this name.
pub fn find_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Staff>, StoreError> {
    tx.query_one(
        "SELECT id, name, role, secret_hash, disabled_at_us FROM staff WHERE name = ?1",
        &[name.into()],
        |row| {
            Ok(Staff {
                id: StaffId::new(row.get_u32(0)?),
                name: row.get_text(1)?,
                role: row.get_text(2)?,
                secret_hash: row.get_text(3)?,
                disabled: row.get_optional_int(4)?.is_some(),
            })
        },
    )
}

/// Names and roles of everybody, by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<(StaffId, String, String)>, StoreError> {
    tx.query("SELECT id, name, role FROM staff ORDER BY id", &[], |row| {
        Ok((StaffId::new(row.get_u32(0)?), row.get_text(1)?, row.get_text(2)?))
    })
}

/// An account as those see it who look after accounts.
pub struct Account {
    /// Their number.
    pub id: StaffId,
    /// Login name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// When the account was made.
    pub created_at: Instant,
    /// When it was disabled, if it was.
    pub disabled_at: Option<Instant>,
    /// How they may come in.
    pub access: StaffAccess,
}

/// All accounts with how their owners may come in, by number.
pub fn accounts(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    tx.query(
        "SELECT s.id, s.name, s.role, s.created_at_us, s.disabled_at_us, a.one_time_until_us,
           a.scope_processor_id, a.expires_at_us
         FROM staff s LEFT JOIN staff_access a ON a.staff_id = s.id ORDER BY s.id",
        &[],
        |row| {
            let scope = row.get_optional_int(6)?.and_then(|id| u32::try_from(id).ok());
            Ok(Account {
                id: StaffId::new(row.get_u32(0)?),
                name: row.get_text(1)?,
                role: row.get_text(2)?,
                created_at: Instant::from_micros(row.get_int(3)?),
                disabled_at: row.get_optional_int(4)?.map(Instant::from_micros),
                access: StaffAccess {
                    one_time_until: row.get_optional_int(5)?.map(Instant::from_micros),
                    scope: scope.map(ProcessorId::new),
                    expires_at: row.get_optional_int(7)?.map(Instant::from_micros),
                },
            })
        },
    )
}

/// A request for a second person's consent.
#[derive(Clone)]
pub struct Approval {
    /// Its number.
    pub id: ApprovalId,
    /// Which act.
    pub act: String,
    /// SHA-256 of the act's parameters.
    pub act_hash: [u8; 32],
    /// What the approver is shown.
    pub summary: String,
    /// Who asked.
    pub requested_by: StaffId,
    /// When it was asked for.
    pub requested_at: Instant,
    /// Until when it may be used.
    pub expires_at: Instant,
    /// Who agreed.
    pub approved_by: Option<StaffId>,
    /// When it was used.
    pub used_at: Option<Instant>,
}

fn approval(row: &Row<'_>) -> Result<Approval, StoreError> {
    let approved_by = row.get_optional_int(6)?.and_then(|id| u32::try_from(id).ok());
    Ok(Approval {
        id: ApprovalId::new(row.get_u32(0)?),
        act: row.get_text(1)?,
        act_hash: row.get_array(2)?,
        summary: row.get_text(3)?,
        requested_by: StaffId::new(row.get_u32(4)?),
        expires_at: Instant::from_micros(row.get_int(5)?),
        approved_by: approved_by.map(StaffId::new),
        used_at: row.get_optional_int(7)?.map(Instant::from_micros),
        requested_at: Instant::from_micros(row.get_int(8)?),
    })
}

/// Files a request.
pub fn approval_insert(
    tx: &mut Tx<'_>,
    act: &str,
    act_hash: &[u8; 32],
    summary: &str,
    requested_by: StaffId,
    now: Instant,
    expires_at: Instant,
) -> Result<ApprovalId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM approval", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO approval (id, act, act_hash, summary, requested_by, requested_at_us,
           expires_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            id.into(),
            act.into(),
            act_hash.into(),
            summary.into(),
            requested_by.number().into(),
            now.micros().into(),
            expires_at.micros().into(),
        ],
    )?;
    Ok(ApprovalId::new(id))
}

/// One request.
pub fn approval_find(tx: &mut Tx<'_>, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
    tx.query_one(
        "SELECT id, act, act_hash, summary, requested_by, expires_at_us, approved_by, used_at_us,
           requested_at_us
         FROM approval WHERE id = ?1",
        &[id.number().into()],
        approval,
    )
}

/// Requests that nobody has agreed to yet, oldest first.
pub fn approvals_open(tx: &mut Tx<'_>, now: Instant) -> Result<Vec<Approval>, StoreError> {
    tx.query(
        "SELECT id, act, act_hash, summary, requested_by, expires_at_us, approved_by, used_at_us,
           requested_at_us
         FROM approval WHERE approved_by IS NULL AND expires_at_us > ?1 ORDER BY id",
        &[now.micros().into()],
        approval,
    )
}

/// Requests of this person that somebody agreed to, and that can still be used, oldest first.
pub fn approvals_ready(
    tx: &mut Tx<'_>,
    of: StaffId,
    now: Instant,
) -> Result<Vec<Approval>, StoreError> {
    tx.query(
        "SELECT id, act, act_hash, summary, requested_by, expires_at_us, approved_by, used_at_us,
           requested_at_us
         FROM approval
         WHERE requested_by = ?1 AND approved_by IS NOT NULL AND used_at_us IS NULL
           AND expires_at_us > ?2 ORDER BY id",
        &[of.number().into(), now.micros().into()],
        approval,
    )
}

/// All requests for exactly this act, oldest first.
pub fn approvals_of_act(
    tx: &mut Tx<'_>,
    act: &str,
    act_hash: &[u8; 32],
) -> Result<Vec<Approval>, StoreError> {
    tx.query(
        "SELECT id, act, act_hash, summary, requested_by, expires_at_us, approved_by, used_at_us,
           requested_at_us
         FROM approval WHERE act = ?1 AND act_hash = ?2 ORDER BY id",
        &[act.into(), act_hash.into()],
        approval,
    )
}

/// Under which name the order stands that a request is about.
fn order_name(id: ApprovalId) -> String {
    format!("approval_order {id}")
}

/// Keeps the order that a request is about, word for word, so that whoever asked can give it again
/// when somebody agreed. JSON without personal data. Orders of requests that have run out go.
pub fn approval_order_put(
    tx: &mut Tx<'_>,
    id: ApprovalId,
    order: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM installation WHERE name IN
           (SELECT 'approval_order A-' || id FROM approval
            WHERE expires_at_us <= ?1 OR used_at_us IS NOT NULL)",
        &[now.micros().into()],
    )?;
    installation::put(tx, &order_name(id), order)
}

/// The order that a request is about, where one is kept.
pub fn approval_order(tx: &mut Tx<'_>, id: ApprovalId) -> Result<Option<String>, StoreError> {
    installation::get(tx, &order_name(id))
}

/// Notes the consent of a second person; `false` when the request was not open, had expired, or was
/// made by the same person.
pub fn approval_agree(
    tx: &mut Tx<'_>,
    id: ApprovalId,
    by: StaffId,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE approval SET approved_by = ?2, approved_at_us = ?3
         WHERE id = ?1 AND approved_by IS NULL AND requested_by <> ?2 AND expires_at_us > ?3",
        &[id.number().into(), by.number().into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}

/// Notes the consent of whoever asked, where a small team has nobody else; `false` when the request
/// was not open, had expired, or was made by another person. The rooms above hold the rules, and
/// note it in [`crate::break_glass`] in the same transaction.
pub fn approval_break(
    tx: &mut Tx<'_>,
    id: ApprovalId,
    by: StaffId,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE approval SET approved_by = ?2, approved_at_us = ?3
         WHERE id = ?1 AND approved_by IS NULL AND requested_by = ?2 AND expires_at_us > ?3",
        &[id.number().into(), by.number().into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}

/// Uses up a consent for exactly the act that was agreed to; `false` when it does not fit. Call it
/// in the transaction of the act.
pub fn approval_use(
    tx: &mut Tx<'_>,
    id: ApprovalId,
    act: &str,
    act_hash: &[u8; 32],
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE approval SET used_at_us = ?4
         WHERE id = ?1 AND act = ?2 AND act_hash = ?3 AND approved_by IS NOT NULL
           AND used_at_us IS NULL AND expires_at_us > ?4",
        &[id.number().into(), act.into(), act_hash.into(), now.micros().into()],
    )?;
    Ok(changed == 1)
}
