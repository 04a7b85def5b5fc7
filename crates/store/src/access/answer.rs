//! Answers that were given: a repeated request gets the same one and does nothing.

use doldam_ground::Instant;

use crate::{StoreError, Tx};

/// Which request: who sent it where under which key.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// S-n, Y-n or nobody.
    pub actor: &'a str,
    /// Method and path.
    pub route: &'a str,
    /// Its Idempotency-Key.
    pub key: &'a str,
}

/// What is known of an earlier request under the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Keyed hash of its body.
    pub body_digest: [u8; 32],
    /// Its answer, sealed; `None` when it runs, or when its process died.
    pub sealed: Option<Vec<u8>>,
}

/// Notes that a request begins; or gives the earlier one under its key.
pub fn begin(
    tx: &mut Tx<'_>,
    request: &Request<'_>,
    body_digest: &[u8; 32],
    now: Instant,
) -> Result<Option<Earlier>, StoreError> {
    let earlier = tx.query_one(
        "SELECT body_digest, sealed FROM answer
         WHERE actor = ?1 AND route = ?2 AND request_key = ?3",
        &[request.actor.into(), request.route.into(), request.key.into()],
        |row| Ok(Earlier { body_digest: row.get_array(0)?, sealed: row.get_optional_blob(1)? }),
    )?;
    if earlier.is_some() {
        return Ok(earlier);
    }
    tx.execute(
        "INSERT INTO answer (actor, route, request_key, body_digest, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            request.actor.into(),
            request.route.into(),
            request.key.into(),
            body_digest.into(),
            now.micros().into(),
        ],
    )?;
    Ok(None)
}

/// Keeps the answer of a request.
pub fn finish(tx: &mut Tx<'_>, request: &Request<'_>, sealed: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE answer SET sealed = ?4 WHERE actor = ?1 AND route = ?2 AND request_key = ?3",
        &[request.actor.into(), request.route.into(), request.key.into(), sealed.into()],
    )
    .map(drop)
}

/// Forgets a request that was turned away before it did anything, so that it may be sent again.
pub fn forget(tx: &mut Tx<'_>, request: &Request<'_>) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM answer
         WHERE actor = ?1 AND route = ?2 AND request_key = ?3 AND sealed IS NULL",
        &[request.actor.into(), request.route.into(), request.key.into()],
    )
    .map(drop)
}

/// Forgets all answers of requests that came before `before`.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM answer WHERE created_at_us < ?1", &[before.micros().into()])
}
