//! Keys of processors' programs.

use doldam_ground::Instant;
use doldam_ground::ids::{ApiKeyId, ProcessorId};

use crate::{Row, StoreError, Tx};

/// A key, without the key.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its number.
    pub id: ApiKeyId,
    /// Whose.
    pub processor: ProcessorId,
    /// What it may be used for: words with a blank between.
    pub scopes: String,
    /// When it was made.
    pub created_at: Instant,
    /// Its last moment.
    pub expires_at: Instant,
    /// The last request, to the minute.
    pub used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

fn api_key(row: &Row<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: ApiKeyId::new(row.get_u32(0)?),
        processor: ProcessorId::new(row.get_u32(1)?),
        scopes: row.get_text(2)?,
        created_at: Instant::from_micros(row.get_int(3)?),
        expires_at: Instant::from_micros(row.get_int(4)?),
        used_at: row.get_optional_int(5)?.map(Instant::from_micros),
        revoked_at: row.get_optional_int(6)?.map(Instant::from_micros),
    })
}

/// Writes a key by its digest.
pub fn insert(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    scopes: &str,
    digest: &[u8; 32],
    now: Instant,
    expires_at: Instant,
) -> Result<ApiKeyId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM api_key", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO api_key (id, processor_id, scopes, digest, created_at_us, expires_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            id.into(),
            processor.number().into(),
            scopes.into(),
            digest.into(),
            now.micros().into(),
            expires_at.micros().into(),
        ],
    )?;
    Ok(ApiKeyId::new(id))
}

/// The key of this digest, unless it was revoked or has ended.
pub fn find(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    now: Instant,
) -> Result<Option<ApiKey>, StoreError> {
    tx.query_one(
        "SELECT id, processor_id, scopes, created_at_us, expires_at_us, used_at_us, revoked_at_us
         FROM api_key WHERE digest = ?1 AND revoked_at_us IS NULL AND expires_at_us > ?2",
        &[digest.into(), now.micros().into()],
        api_key,
    )
}

/// All keys of a processor, by number, revoked ones included.
pub fn list(tx: &mut Tx<'_>, processor: ProcessorId) -> Result<Vec<ApiKey>, StoreError> {
    tx.query(
        "SELECT id, processor_id, scopes, created_at_us, expires_at_us, used_at_us, revoked_at_us
         FROM api_key WHERE processor_id = ?1 ORDER BY id",
        &[processor.number().into()],
        api_key,
    )
}

/// Notes that a key was used.
pub fn touch(tx: &mut Tx<'_>, id: ApiKeyId, now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE api_key SET used_at_us = ?2 WHERE id = ?1",
        &[id.number().into(), now.micros().into()],
    )
    .map(drop)
}

/// Revokes one key; gives whose it was, `None` when there is none that works.
pub fn revoke(
    tx: &mut Tx<'_>,
    id: ApiKeyId,
    now: Instant,
) -> Result<Option<ProcessorId>, StoreError> {
    tx.query_one(
        "UPDATE api_key SET revoked_at_us = ?2 WHERE id = ?1 AND revoked_at_us IS NULL
         RETURNING processor_id",
        &[id.number().into(), now.micros().into()],
        |row| Ok(ProcessorId::new(row.get_u32(0)?)),
    )
}

/// Revokes all keys of a processor; gives how many worked.
pub fn revoke_all(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    now: Instant,
) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE api_key SET revoked_at_us = ?2 WHERE processor_id = ?1 AND revoked_at_us IS NULL",
        &[processor.number().into(), now.micros().into()],
    )
}
