//! Approved sendings, and who is at work on one.
//!
//! Two workers on one dispatch would tell people twice, so a worker claims it first and gets a
//! [`Lease`]: a number that counts up with every claim. What a worker intends to send is written
//! down under that number, and is refused once a later worker holds a higher one. The claim also
//! puts everything in doubt that the worker before left unanswered: nobody can know whether those
//! texts went out.

use doldam_ground::Instant;
use doldam_ground::ids::{DispatchId, IncidentId};

use crate::{StoreError, Tx, notice};

/// A sending that was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDispatch {
    /// What it is about.
    pub incident: IncidentId,
    /// Which telling of the story: `first`, `supplement`, `retraction`, ...
    pub stage: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// Name of the gateway in the settings.
    pub gateway: String,
    /// Name of the text.
    pub template: String,
    /// Version of the text.
    pub template_version: u32,
    /// SHA-256 of the text as it was approved.
    pub template_digest: [u8; 32],
}

/// A sending as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Its id.
    pub id: DispatchId,
    /// What was approved.
    pub approved: NewDispatch,
    /// Whether it may still be worked on.
    pub is_open: bool,
    /// When it was approved.
    pub created_at: Instant,
    /// Until when a worker holds it, if one does.
    pub lease_until: Option<Instant>,
}

/// The right to send, of one worker at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The dispatch.
    pub dispatch: DispatchId,
    /// Counts the workers: a higher number takes the right away from all lower ones.
    pub number: u32,
    /// As in the dispatch.
    pub incident: IncidentId,
    /// As in the dispatch.
    pub stage: String,
    /// As in the dispatch.
    pub gateway: String,
}

/// Writes an approved sending down.
pub fn create(
    tx: &mut Tx<'_>,
    approved: &NewDispatch,
    now: Instant,
) -> Result<DispatchId, StoreError> {
    tx.query_one(
        "INSERT INTO dispatch (id, incident_id, stage, channel, gateway, template,
                               template_version, template_digest, state, created_at_us, lease,
                               lease_until_us)
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM dispatch),
                 ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open', ?8, 0, NULL)
         RETURNING id",
        &[
            approved.incident.number().into(),
            (&approved.stage).into(),
            (&approved.channel).into(),
            (&approved.gateway).into(),
            (&approved.template).into(),
            approved.template_version.into(),
            (&approved.template_digest).into(),
            now.micros().into(),
        ],
        |row| row.get_u32(0).map(DispatchId::new),
    )?
    .ok_or(NO_DISPATCH)
}

/// The sending with this id.
pub fn find(tx: &mut Tx<'_>, id: DispatchId) -> Result<Option<Dispatch>, StoreError> {
    tx.query_one(
        "SELECT incident_id, stage, channel, gateway, template, template_version,
                template_digest, state, created_at_us, lease_until_us
         FROM dispatch WHERE id = ?1",
        &[id.number().into()],
        |row| {
            Ok(Dispatch {
                id,
                approved: NewDispatch {
                    incident: IncidentId::new(row.get_u32(0)?),
                    stage: row.get_text(1)?,
                    channel: row.get_text(2)?,
                    gateway: row.get_text(3)?,
                    template: row.get_text(4)?,
                    template_version: row.get_u32(5)?,
                    template_digest: row.get_array(6)?,
                },
                is_open: row.get_text_ref(7)? == "open",
                created_at: Instant::from_micros(row.get_int(8)?),
                lease_until: row.get_optional_int(9)?.map(Instant::from_micros),
            })
        },
    )
}

/// Takes the right to send, for `lease_us` microseconds, and puts in doubt what the worker before
/// left unanswered: gives the lease and how many notices that were.
///
/// Fails with [`StoreError::Conflict`] while another worker holds it, and with
/// [`StoreError::State`] when the sending is closed.
pub fn claim(
    tx: &mut Tx<'_>,
    id: DispatchId,
    now: Instant,
    lease_us: u32,
) -> Result<(Lease, u64), StoreError> {
    let found = find(tx, id)?.ok_or(NO_DISPATCH)?;
    if !found.is_open {
        return Err(StoreError::State { what: "the dispatch is closed: approve a new one" });
    }
    if found.lease_until.is_some_and(|until| is_held(until, now)) {
        return Err(StoreError::Conflict { what: "another worker sends this dispatch" });
    }
    let number = tx
        .query_one(
            "UPDATE dispatch SET lease = lease + 1, lease_until_us = ?2 WHERE id = ?1
             RETURNING lease",
            &[id.number().into(), (now.micros() + i64::from(lease_us)).into()],
            |row| row.get_u32(0),
        )?
        .ok_or(NO_DISPATCH)?;
    let doubted = notice::doubt_all(tx, id)?;
    let NewDispatch { incident, stage, gateway, .. } = found.approved;
    Ok((Lease { dispatch: id, number, incident, stage, gateway }, doubted))
}

/// Whether somebody holds a lease until then. No lease is longer than its length can be written: one
/// that is was given before the wall clock was set back, and whoever lives has renewed it since.
const fn is_held(until: Instant, now: Instant) -> bool {
    let left_us = until.micros().saturating_sub(now.micros());
    left_us > 0 && left_us <= u32::MAX as i64
}

/// Keeps the right to send for another `lease_us` microseconds from `now`.
///
/// Fails with [`StoreError::Conflict`] when a later worker has it: stop at once.
pub fn renew(
    tx: &mut Tx<'_>,
    lease: &Lease,
    now: Instant,
    lease_us: u32,
) -> Result<(), StoreError> {
    let until: i64 = now.micros() + i64::from(lease_us);
    set_lease(tx, lease, Some(until))
}

/// Gives the right to send back.
///
/// Fails with [`StoreError::Conflict`] when a later worker has it.
pub fn release(tx: &mut Tx<'_>, lease: &Lease) -> Result<(), StoreError> {
    set_lease(tx, lease, None)
}

fn set_lease(tx: &mut Tx<'_>, lease: &Lease, until_us: Option<i64>) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE dispatch SET lease_until_us = ?3 WHERE id = ?1 AND lease = ?2 AND state = 'open'",
        &[lease.dispatch.number().into(), lease.number.into(), until_us.into()],
    )?;
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict { what: "another worker took the dispatch over, or it was closed" })
}

/// Ends a sending for good: whoever holds a lease on it loses it at the next step.
///
/// Fails with [`StoreError::State`] while a notice of it is planned, intended or in doubt: those
/// people would be forgotten.
pub fn close(tx: &mut Tx<'_>, id: DispatchId) -> Result<(), StoreError> {
    let counts = notice::counts(tx, id)?;
    if counts.planned + counts.intent + counts.in_doubt > 0 {
        return Err(StoreError::State {
            what: "notices are still planned or in doubt: send or resolve them first",
        });
    }
    let closed =
        tx.execute("UPDATE dispatch SET state = 'closed' WHERE id = ?1", &[id.number().into()])?;
    if closed == 1 { Ok(()) } else { Err(NO_DISPATCH) }
}

const NO_DISPATCH: StoreError = StoreError::NotFound { what: "dispatch" };
