//! Outside parties and the pseudonym domains that were opened for them.

use doldam_ground::ids::{DomainId, ProcessorId};
use doldam_ground::{Instant, Kind};

use crate::{Row, StoreError, Tx};

/// An outside party.
#[derive(Clone, Debug)]
pub struct Processor {
    /// Its number.
    pub id: ProcessorId,
    /// Its name: a firm, not a person.
    pub name: String,
    /// outsourcing (PIPA 26) or provision (PIPA 17).
    pub relation: String,
}

fn processor(row: &Row<'_>) -> Result<Processor, StoreError> {
    Ok(Processor {
        id: ProcessorId::new(row.get_u32(0)?),
        name: row.get_text(1)?,
        relation: row.get_text(2)?,
    })
}

/// Registers a processor.
pub fn insert(
    tx: &mut Tx<'_>,
    name: &str,
    relation: &str,
    now: Instant,
) -> Result<ProcessorId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM processor", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO processor (id, name, relation, created_at_us) VALUES (?1, ?2, ?3, ?4)",
        &[id.into(), name.into(), relation.into(), now.micros().into()],
    )?;
    Ok(ProcessorId::new(id))
}

/// The processor of this name.
pub fn find_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Processor>, StoreError> {
    tx.query_one(
        "SELECT id, name, relation FROM processor WHERE name = ?1",
        &[name.into()],
        processor,
    )
}

/// All processors, by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Processor>, StoreError> {
    tx.query("SELECT id, name, relation FROM processor ORDER BY id", &[], processor)
}

/// A pseudonym domain.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Its number.
    pub id: DomainId,
    /// For whom.
    pub processor: ProcessorId,
    /// For what.
    pub purpose: String,
    /// Of which kind.
    pub kind: Kind,
    /// Counts up when pseudonyms are to change.
    pub epoch: u32,
    /// active, suspended or destroyed.
    pub state: String,
}

const DOMAINS: &str =
    "SELECT id, processor_id, purpose, kind, epoch, state FROM domain ORDER BY id";

fn domain(row: &Row<'_>) -> Result<Domain, StoreError> {
    let kind = u8::try_from(row.get_u32(3)?).ok().and_then(Kind::from_number);
    Ok(Domain {
        id: DomainId::new(row.get_u32(0)?),
        processor: ProcessorId::new(row.get_u32(1)?),
        purpose: row.get_text(2)?,
        kind: kind.ok_or(StoreError::Shape { what: "kind of a domain" })?,
        epoch: row.get_u32(4)?,
        state: row.get_text(5)?,
    })
}

/// Opens a domain: the next epoch of (processor, purpose, kind).
pub fn domain_insert(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    purpose: &str,
    kind: Kind,
    now: Instant,
) -> Result<Domain, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM domain", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    let number = u32::from(kind.number());
    let epoch = tx
        .query_one(
            "SELECT coalesce(max(epoch), 0) + 1 FROM domain
             WHERE processor_id = ?1 AND purpose = ?2 AND kind = ?3",
            &[processor.number().into(), purpose.into(), number.into()],
            |row| row.get_u32(0),
        )?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO domain (id, processor_id, purpose, kind, epoch, state, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6)",
        &[
            id.into(),
            processor.number().into(),
            purpose.into(),
            number.into(),
            epoch.into(),
            now.micros().into(),
        ],
    )?;
    let (id, purpose) = (DomainId::new(id), purpose.to_owned());
    Ok(Domain { id, processor, purpose, kind, epoch, state: "active".to_owned() })
}

/// All domains, destroyed ones included, by number.
pub fn domains(tx: &mut Tx<'_>) -> Result<Vec<Domain>, StoreError> {
    tx.query(DOMAINS, &[], domain)
}

/// Moves a domain to another state and notes when; resuming takes the note of a suspension away.
///
/// Fails with [`StoreError::NotFound`] when it is destroyed: nothing opens it again.
pub fn domain_set_state(
    tx: &mut Tx<'_>,
    domain: DomainId,
    state: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE domain SET state = ?2,
           suspended_at_us = CASE ?2 WHEN 'suspended' THEN ?3 WHEN 'active' THEN NULL
                             ELSE suspended_at_us END,
           destroyed_at_us = CASE WHEN ?2 = 'destroyed' THEN ?3 ELSE destroyed_at_us END
         WHERE id = ?1 AND state <> 'destroyed'",
        &[domain.number().into(), state.into(), now.micros().into()],
    )?;
    (changed == 1).then_some(()).ok_or(StoreError::NotFound { what: "open domain of that number" })
}

/// Notes that pseudonyms of older domains were exchanged for those of a newer epoch. Safe to repeat.
pub fn remap_note(
    tx: &mut Tx<'_>,
    domain: DomainId,
    from: &[DomainId],
    now: Instant,
) -> Result<(), StoreError> {
    for older in from {
        tx.execute(
            "INSERT INTO remap (domain_id, from_id, first_at_us) VALUES (?1, ?2, ?3)
             ON CONFLICT (domain_id, from_id) DO NOTHING",
            &[domain.number().into(), older.number().into(), now.micros().into()],
        )?;
    }
    Ok(())
}

/// Which domain's pseudonyms were ever exchanged (second) for which newer one's (first).
pub fn remaps(tx: &mut Tx<'_>) -> Result<Vec<(DomainId, DomainId)>, StoreError> {
    tx.query("SELECT domain_id, from_id FROM remap ORDER BY domain_id, from_id", &[], |row| {
        Ok((DomainId::new(row.get_u32(0)?), DomainId::new(row.get_u32(1)?)))
    })
}

/// Puts a legal hold on a domain.
pub fn hold_insert(
    tx: &mut Tx<'_>,
    domain: DomainId,
    reason: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM legal_hold", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO legal_hold (id, domain_id, reason, created_at_us) VALUES (?1, ?2, ?3, ?4)",
        &[id.into(), domain.number().into(), reason.into(), now.micros().into()],
    )
    .map(drop)
}

/// Lifts all holds on a domain.
pub fn hold_lift(tx: &mut Tx<'_>, domain: DomainId, now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE legal_hold SET lifted_at_us = ?2 WHERE domain_id = ?1 AND lifted_at_us IS NULL",
        &[domain.number().into(), now.micros().into()],
    )
    .map(drop)
}

/// Whether a domain is under a hold.
pub fn is_held(tx: &mut Tx<'_>, domain: DomainId) -> Result<bool, StoreError> {
    let held = tx.query_one(
        "SELECT 1 FROM legal_hold WHERE domain_id = ?1 AND lifted_at_us IS NULL LIMIT 1",
        &[domain.number().into()],
        |_| Ok(()),
    )?;
    Ok(held.is_some())
}
