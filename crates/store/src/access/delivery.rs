//! Sealed files that wait for their processor, and each time that one was fetched.

use doldam_ground::Instant;
use doldam_ground::ids::{ApiKeyId, DeliveryId, DisclosureId, ProcessorId};

use crate::{Row, StoreError, Tx, Value};

/// A sealed file for a processor.
#[derive(Clone)]
pub struct Delivery {
    /// Its number, which is also the sealed file's name.
    pub id: DeliveryId,
    /// What is delivered.
    pub disclosure: DisclosureId,
    /// To whom.
    pub processor: ProcessorId,
    /// SHA-256 of the plain bytes.
    pub sha256: [u8; 32],
    /// Length of the plain bytes.
    pub bytes: u64,
    /// The file's key, sealed.
    pub sealed_key: Vec<u8>,
    /// When it was sealed.
    pub created_at: Instant,
    /// Since when it may be fetched.
    pub published_at: Option<Instant>,
    /// Until when.
    pub available_until: Option<Instant>,
}

/// One time that a delivery was fetched.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// By which key.
    pub api_key: ApiKeyId,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// whole or aborted.
    pub outcome: Option<String>,
}

fn delivery(row: &Row<'_>) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: DeliveryId::new(row.get_u32(0)?),
        disclosure: DisclosureId::new(row.get_u32(1)?),
        processor: ProcessorId::new(row.get_u32(2)?),
        sha256: row.get_array(3)?,
        bytes: row.get_int(4)?.cast_unsigned(),
        sealed_key: row.get_blob(5)?,
        created_at: Instant::from_micros(row.get_int(6)?),
        published_at: row.get_optional_int(7)?.map(Instant::from_micros),
        available_until: row.get_optional_int(8)?.map(Instant::from_micros),
    })
}

/// The number that the next delivery gets.
pub fn next_id(tx: &mut Tx<'_>) -> Result<DeliveryId, StoreError> {
    let id =
        tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM delivery", &[], |row| row.get_u32(0))?;
    Ok(DeliveryId::new(id.unwrap_or(1)))
}

/// Writes a delivery whose sealed file is already durable.
pub fn insert(tx: &mut Tx<'_>, row: &Delivery) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO delivery (id, disclosure_id, processor_id, sha256, bytes, sealed_key,
           created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            row.id.number().into(),
            row.disclosure.number().into(),
            row.processor.number().into(),
            (&row.sha256).into(),
            Value::Int(row.bytes.cast_signed()),
            (&row.sealed_key).into(),
            row.created_at.micros().into(),
        ],
    )
    .map(drop)
}

/// One delivery.
pub fn find(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    tx.query_one(
        "SELECT id, disclosure_id, processor_id, sha256, bytes, sealed_key, created_at_us,
           published_at_us, available_until_us
         FROM delivery WHERE id = ?1",
        &[id.number().into()],
        delivery,
    )
}

/// The delivery of a disclosure.
pub fn find_by_disclosure(
    tx: &mut Tx<'_>,
    disclosure: DisclosureId,
) -> Result<Option<Delivery>, StoreError> {
    tx.query_one(
        "SELECT id, disclosure_id, processor_id, sha256, bytes, sealed_key, created_at_us,
           published_at_us, available_until_us
         FROM delivery WHERE disclosure_id = ?1",
        &[disclosure.number().into()],
        delivery,
    )
}

/// At most `limit` deliveries after number `after`, by number.
pub fn list(tx: &mut Tx<'_>, after: u32, limit: u32) -> Result<Vec<Delivery>, StoreError> {
    tx.query(
        "SELECT id, disclosure_id, processor_id, sha256, bytes, sealed_key, created_at_us,
           published_at_us, available_until_us
         FROM delivery WHERE id > ?1 ORDER BY id LIMIT ?2",
        &[after.into(), limit.into()],
        delivery,
    )
}

/// At most `limit` deliveries of one processor after number `after`, by number.
pub fn list_of(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    after: u32,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    tx.query(
        "SELECT id, disclosure_id, processor_id, sha256, bytes, sealed_key, created_at_us,
           published_at_us, available_until_us
         FROM delivery WHERE processor_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        &[processor.number().into(), after.into(), limit.into()],
        delivery,
    )
}

/// Lets a delivery be fetched from now until `until`; `false` when there is none.
pub fn publish(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    now: Instant,
    until: Instant,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE delivery SET published_at_us = coalesce(published_at_us, ?2),
           available_until_us = ?3 WHERE id = ?1",
        &[id.number().into(), now.micros().into(), until.micros().into()],
    )?;
    Ok(changed == 1)
}

/// Notes that a fetch begins; gives its number.
pub fn fetch_started(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    key: ApiKeyId,
    now: Instant,
) -> Result<u32, StoreError> {
    let number = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM delivery_fetch", &[], |row| {
            row.get_u32(0)
        })?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO delivery_fetch (id, delivery_id, api_key_id, started_at_us)
         VALUES (?1, ?2, ?3, ?4)",
        &[number.into(), id.number().into(), key.number().into(), now.micros().into()],
    )?;
    Ok(number)
}

/// Notes how a fetch ended: whole or aborted.
pub fn fetch_ended(
    tx: &mut Tx<'_>,
    number: u32,
    outcome: &str,
    now: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE delivery_fetch SET ended_at_us = ?3, outcome = ?2 WHERE id = ?1",
        &[number.into(), outcome.into(), now.micros().into()],
    )
    .map(drop)
}

/// Each time that a delivery was fetched, oldest first.
pub fn fetches(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<Fetch>, StoreError> {
    tx.query(
        "SELECT api_key_id, started_at_us, ended_at_us, outcome FROM delivery_fetch
         WHERE delivery_id = ?1 ORDER BY id",
        &[id.number().into()],
        |row| {
            Ok(Fetch {
                api_key: ApiKeyId::new(row.get_u32(0)?),
                started_at: Instant::from_micros(row.get_int(1)?),
                ended_at: row.get_optional_int(2)?.map(Instant::from_micros),
                outcome: row.get_optional_text(3)?,
            })
        },
    )
}
