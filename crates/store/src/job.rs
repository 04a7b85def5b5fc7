//! Work that must happen even if the process dies.
//!
//! A job is written in the transaction that makes it necessary. Whoever claims it gets a lease: if
//! the claimer dies, the lease runs out and another may take over. The number of the attempt is
//! part of the claim, so a claimer that slept through its lease cannot report for its successor.
//! A job must therefore be safe to run twice.

use doldam_ground::ids::JobId;
use doldam_ground::{Instant, limits};

use crate::{Backend, Row, StoreError, Tx};

/// First pause after a failure, in microseconds; it doubles with every attempt.
const PAUSE_US: i64 = 1_000_000;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time and for somebody to claim it.
    Ready,
    /// Claimed, until its lease runs out.
    Running,
    /// Finished.
    Done,
    /// Failed so often that a person must look.
    Failed,
}

impl JobState {
    fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "ready" => Ok(Self::Ready),
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(StoreError::Shape { what: "state of a job" }),
        }
    }
}

/// A durable piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done: `import.cleanup`, `erasure.finish`, ...
    pub kind: String,
    /// JSON of ids; never personal data.
    pub payload: String,
    /// How far it is.
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: u32,
    /// Not before this time.
    pub run_after: Instant,
    /// While running: when another may take it over.
    pub lease_until: Option<Instant>,
}

/// Puts a job down; `payload` is JSON of ids.
pub fn enqueue(
    tx: &mut Tx<'_>,
    kind: &str,
    payload: &serde_json::Value,
    run_after: Instant,
) -> Result<JobId, StoreError> {
    tx.query_one(
        "INSERT INTO job (id, kind, payload, state, attempts, run_after_us, lease_until_us)
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM job), ?1, ?2, 'ready', 0, ?3, NULL)
         RETURNING id",
        &[kind.into(), (&payload.to_string()).into(), run_after.micros().into()],
        |row| row.get_u32(0).map(JobId::new),
    )?
    .ok_or(StoreError::NotFound { what: "job" })
}

pub(crate) const DUE: &str = "SELECT id FROM job
     WHERE ((state = 'ready' AND run_after_us <= ?1)
         OR (state = 'running' AND lease_until_us <= ?1)) AND kind = ?2
     ORDER BY run_after_us, id LIMIT 1";

pub(crate) const CLAIMED: &str = "UPDATE job
     SET state = 'running', attempts = attempts + 1, lease_until_us = ?2
     WHERE id = ?1
     RETURNING id, kind, payload, state, attempts, run_after_us, lease_until_us";

/// Claims the job of this kind that has been due for longest: a ready one whose time has come, or a
/// running one whose lease ran out. The lease ends `lease_us` microseconds after `now`. A claimer
/// names the kind that it knows how to do, so that it never fails the jobs of others.
pub fn claim(
    tx: &mut Tx<'_>,
    kind: &str,
    now: Instant,
    lease_us: u32,
) -> Result<Option<Job>, StoreError> {
    let due = match tx.backend() {
        Backend::Sqlite => DUE,
        // Claimers pass over what others are claiming, instead of waiting for them.
        Backend::Postgres => {
            "SELECT id FROM job
             WHERE ((state = 'ready' AND run_after_us <= ?1)
                 OR (state = 'running' AND lease_until_us <= ?1)) AND kind = ?2
             ORDER BY run_after_us, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        }
    };
    let Some(id) = tx.query_one(due, &[now.micros().into(), kind.into()], |row| row.get_int(0))?
    else {
        return Ok(None);
    };
    tx.query_one(CLAIMED, &[id.into(), (now.micros() + i64::from(lease_us)).into()], read_job)
}

/// Reports that a claimed job is finished.
///
/// Fails with [`StoreError::Conflict`] when the lease ran out and another claimed it since.
pub fn done(tx: &mut Tx<'_>, claimed: &Job) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE job SET state = 'done', lease_until_us = NULL
         WHERE id = ?1 AND attempts = ?2 AND state = 'running'",
        &[claimed.id.number().into(), claimed.attempts.into()],
    )?;
    expect_one(changed)
}

/// Reports that a claimed job could not be finished: it is tried again after a pause that doubles
/// each time, and after the last attempt it waits for a person.
///
/// Fails with [`StoreError::Conflict`] when the lease ran out and another claimed it since.
pub fn failed(tx: &mut Tx<'_>, claimed: &Job, now: Instant) -> Result<JobState, StoreError> {
    let (state, name) = if claimed.attempts >= limits::JOB_ATTEMPTS_MAX {
        (JobState::Failed, "failed")
    } else {
        (JobState::Ready, "ready")
    };
    let again_us = now.micros().saturating_add(pause_us(claimed.attempts));
    let changed = tx.execute(
        "UPDATE job SET state = ?3, run_after_us = ?4, lease_until_us = NULL
         WHERE id = ?1 AND attempts = ?2 AND state = 'running'",
        &[claimed.id.number().into(), claimed.attempts.into(), name.into(), again_us.into()],
    )?;
    expect_one(changed).map(|()| state)
}

/// All jobs that are not done, failed ones included, oldest first.
pub fn unfinished(tx: &mut Tx<'_>) -> Result<Vec<Job>, StoreError> {
    tx.query(
        "SELECT id, kind, payload, state, attempts, run_after_us, lease_until_us
         FROM job WHERE state IN ('ready', 'running', 'failed') ORDER BY id",
        &[],
        read_job,
    )
}

fn expect_one(changed: u64) -> Result<(), StoreError> {
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict { what: "the lease of the job ran out" })
}

/// The pause after attempt number `attempts`, in microseconds.
fn pause_us(attempts: u32) -> i64 {
    let doublings = attempts.saturating_sub(1).min(30);
    (PAUSE_US << doublings).min(limits::JOB_PAUSE_US_MAX)
}

fn read_job(row: &Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: JobId::new(row.get_u32(0)?),
        kind: row.get_text(1)?,
        payload: row.get_text(2)?,
        state: JobState::parse(row.get_text_ref(3)?)?,
        attempts: row.get_u32(4)?,
        run_after: Instant::from_micros(row.get_int(5)?),
        lease_until: row.get_optional_int(6)?.map(Instant::from_micros),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        assert_eq!(pause_us(1), 1_000_000);
        assert_eq!(pause_us(2), 2_000_000);
        assert_eq!(pause_us(limits::JOB_ATTEMPTS_MAX), 2_048_000_000);
        assert_eq!(pause_us(u32::MAX), limits::JOB_PAUSE_US_MAX);
    }
}
