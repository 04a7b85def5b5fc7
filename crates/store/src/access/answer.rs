//! Answers that were given: a repeated request gets the same one and does nothing.
//!
//! A request is *answered* when its answer is kept; it is *begun* when one of its transactions was
//! committed ([`super::rider`]) and no answer is kept.

use doldam_ground::Instant;

use super::rider::{self, Effect};
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

/// What is known of an earlier request under the same key. It has no `Debug`: it may hold a secret.
pub struct Earlier {
    /// Keyed hash of its body.
    pub body_digest: [u8; 32],
    /// Its answer, sealed; `None` when it runs, or when its process died.
    pub sealed: Option<Vec<u8>>,
    /// Without an answer: the transactions that were committed for it, in order.
    pub effects: Vec<Effect>,
    /// Without an answer: the secret that the answer must show, sealed.
    pub secret: Option<Vec<u8>>,
}

/// What is known of an earlier request under the same key.
pub fn find(tx: &mut Tx<'_>, request: &Request<'_>) -> Result<Option<Earlier>, StoreError> {
    let place = [request.actor.into(), request.route.into(), request.key.into()];
    let answered = tx.query_one(
        "SELECT body_digest, sealed FROM answer
         WHERE actor = ?1 AND route = ?2 AND request_key = ?3",
        &place,
        |row| {
            let (body_digest, sealed) = (row.get_array(0)?, row.get_optional_blob(1)?);
            Ok(Earlier { body_digest, sealed, effects: Vec::new(), secret: None })
        },
    )?;
    if answered.is_some() {
        return Ok(answered);
    }
    tx.query_one(
        "SELECT body_digest, effects, secret FROM answer_effect
         WHERE actor = ?1 AND route = ?2 AND request_key = ?3",
        &place,
        |row| {
            Ok(Earlier {
                body_digest: row.get_array(0)?,
                sealed: None,
                effects: rider::parse(&row.get_text(1)?)?,
                secret: row.get_optional_blob(2)?,
            })
        },
    )
}

/// Keeps the answer of a request; the notes of its transactions have served. An answer that is kept
/// already stays.
pub fn keep(
    tx: &mut Tx<'_>,
    request: &Request<'_>,
    body_digest: &[u8; 32],
    sealed: &[u8],
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO answer (actor, route, request_key, body_digest, sealed, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (actor, route, request_key) DO NOTHING",
        &[
            request.actor.into(),
            request.route.into(),
            request.key.into(),
            body_digest.into(),
            sealed.into(),
            now.micros().into(),
        ],
    )?;
    tx.execute(
        "DELETE FROM answer_effect WHERE actor = ?1 AND route = ?2 AND request_key = ?3",
        &[request.actor.into(), request.route.into(), request.key.into()],
    )
    .map(drop)
}

/// Forgets all answers of requests that came before `before`; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<u64, StoreError> {
    let answers =
        tx.execute("DELETE FROM answer WHERE created_at_us < ?1", &[before.micros().into()])?;
    let begun = tx
        .execute("DELETE FROM answer_effect WHERE created_at_us < ?1", &[before.micros().into()])?;
    Ok(answers + begun)
}
