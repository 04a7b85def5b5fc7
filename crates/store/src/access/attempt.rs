//! Ways in that were begun and have not ended.
//!
//! An attempt is found by the digest of something that only one browser holds, is taken away by the
//! transaction that uses it, and ends by itself. So no challenge is answered twice, late, or from
//! another browser.

use doldam_ground::Instant;

use crate::{StoreError, Tx};

/// Begins an attempt; an earlier one of the same browser and act is forgotten. `false` when `most`
/// others are under way.
pub fn begin(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    act: &str,
    sealed: &[u8],
    expires_at: Instant,
    most: u64,
) -> Result<bool, StoreError> {
    let count = tx
        .query_one("SELECT count(*) FROM sign_in_attempt", &[], |row| row.get_int(0))?
        .unwrap_or_default();
    if u64::try_from(count).is_ok_and(|count| count >= most) {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO sign_in_attempt (digest, act, sealed, expires_at_us) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (digest) DO UPDATE SET act = excluded.act, sealed = excluded.sealed,
           expires_at_us = excluded.expires_at_us",
        &[digest.into(), act.into(), sealed.into(), expires_at.micros().into()],
    )?;
    Ok(true)
}

/// What an attempt is compared with; `None` when there is none of this act, or its time is over.
pub fn find(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    act: &str,
    now: Instant,
) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_one(
        "SELECT sealed FROM sign_in_attempt
         WHERE digest = ?1 AND act = ?2 AND expires_at_us > ?3",
        &[digest.into(), act.into(), now.micros().into()],
        |row| row.get_blob(0),
    )
}

/// Uses an attempt up: it is there once. `None` as for [`find`].
pub fn take(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    act: &str,
    now: Instant,
) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_one(
        "DELETE FROM sign_in_attempt WHERE digest = ?1 AND act = ?2 AND expires_at_us > ?3
         RETURNING sealed",
        &[digest.into(), act.into(), now.micros().into()],
        |row| row.get_blob(0),
    )
}

/// Forgets attempts whose time is over.
pub fn sweep(tx: &mut Tx<'_>, now: Instant) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM sign_in_attempt WHERE expires_at_us <= ?1", &[now.micros().into()])
}
