//! Files that turned up, who had them in hand, and what the tracer found in them.

use doldam_ground::Instant;
use doldam_ground::ids::{EvidenceId, TraceId};

use crate::value::Value;
use crate::{Row, StoreError, Tx};

/// A sealed file.
#[derive(Clone)]
pub struct Evidence {
    /// Its number, which is also the sealed file's name.
    pub id: EvidenceId,
    /// SHA-256 of the plain bytes.
    pub sha256: [u8; 32],
    /// Length of the plain bytes.
    pub bytes: u64,
    /// The file's key, sealed.
    pub sealed_key: Vec<u8>,
    /// When it was taken in.
    pub received_at: Instant,
}

fn evidence(row: &Row<'_>) -> Result<Evidence, StoreError> {
    Ok(Evidence {
        id: EvidenceId::new(row.get_u32(0)?),
        sha256: row.get_array(1)?,
        bytes: row.get_int(2)?.cast_unsigned(),
        sealed_key: row.get_blob(3)?,
        received_at: Instant::from_micros(row.get_int(4)?),
    })
}

/// The number that the next piece of evidence gets.
pub fn next_id(tx: &mut Tx<'_>) -> Result<EvidenceId, StoreError> {
    let id =
        tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM evidence", &[], |row| row.get_u32(0))?;
    Ok(EvidenceId::new(id.unwrap_or(1)))
}

/// Writes a piece of evidence whose sealed file is already durable.
pub fn insert(tx: &mut Tx<'_>, row: &Evidence) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO evidence (id, sha256, bytes, sealed_key, received_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            row.id.number().into(),
            (&row.sha256).into(),
            Value::Int(row.bytes.cast_signed()),
            (&row.sealed_key).into(),
            row.received_at.micros().into(),
        ],
    )
    .map(drop)
}

/// The evidence with these contents, if they were taken in before.
pub fn find_by_hash(tx: &mut Tx<'_>, sha256: &[u8; 32]) -> Result<Option<Evidence>, StoreError> {
    tx.query_one(
        "SELECT id, sha256, bytes, sealed_key, received_at_us FROM evidence WHERE sha256 = ?1",
        &[sha256.into()],
        evidence,
    )
}

/// One piece of evidence.
pub fn find(tx: &mut Tx<'_>, id: EvidenceId) -> Result<Option<Evidence>, StoreError> {
    tx.query_one(
        "SELECT id, sha256, bytes, sealed_key, received_at_us FROM evidence WHERE id = ?1",
        &[id.number().into()],
        evidence,
    )
}

/// Notes who had evidence in hand to do what.
pub fn custody_insert(
    tx: &mut Tx<'_>,
    evidence: EvidenceId,
    actor: &str,
    act: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM custody", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO custody (id, evidence_id, at_us, actor, act) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[id.into(), evidence.number().into(), now.micros().into(), actor.into(), act.into()],
    )
    .map(drop)
}

/// One entry of the chain of custody: when, who, what.
pub struct Custody {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// received, traced, opened or exported.
    pub act: String,
}

/// The chain of custody of a piece of evidence, oldest first.
pub fn custody(tx: &mut Tx<'_>, evidence: EvidenceId) -> Result<Vec<Custody>, StoreError> {
    tx.query(
        "SELECT at_us, actor, act FROM custody WHERE evidence_id = ?1 ORDER BY id",
        &[evidence.number().into()],
        |row| {
            Ok(Custody {
                at: Instant::from_micros(row.get_int(0)?),
                actor: row.get_text(1)?,
                act: row.get_text(2)?,
            })
        },
    )
}

/// One run of the tracer and its signed list.
#[derive(Clone)]
pub struct TraceRow {
    /// Its number.
    pub id: TraceId,
    /// Over which file.
    pub evidence: EvidenceId,
    /// Counts the runs over that file from 1.
    pub version: u32,
    /// When.
    pub traced_at: Instant,
    /// How many subjects are on the list.
    pub subject_count: u32,
    /// Serialised roaring bitmap of their ordinals.
    pub members: Vec<u8>,
    /// Merkle root over the members.
    pub root: Vec<u8>,
    /// Ed25519 over the list's header.
    pub signature: Vec<u8>,
    /// The JSON report.
    pub report: String,
}

/// The numbers that the next run over `evidence` gets: id and version.
pub fn trace_next(tx: &mut Tx<'_>, evidence: EvidenceId) -> Result<(TraceId, u32), StoreError> {
    let id =
        tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM trace", &[], |row| row.get_u32(0))?;
    let version = tx.query_one(
        "SELECT coalesce(max(version), 0) + 1 FROM trace WHERE evidence_id = ?1",
        &[evidence.number().into()],
        |row| row.get_u32(0),
    )?;
    Ok((TraceId::new(id.unwrap_or(1)), version.unwrap_or(1)))
}

/// Writes a run.
pub fn trace_insert(tx: &mut Tx<'_>, row: &TraceRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO trace (id, evidence_id, version, traced_at_us, subject_count, members, root,
           signature, report)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            row.id.number().into(),
            row.evidence.number().into(),
            row.version.into(),
            row.traced_at.micros().into(),
            row.subject_count.into(),
            (&row.members).into(),
            (&row.root).into(),
            (&row.signature).into(),
            (&row.report).into(),
        ],
    )
    .map(drop)
}

/// One run.
pub fn trace_find(tx: &mut Tx<'_>, id: TraceId) -> Result<Option<TraceRow>, StoreError> {
    tx.query_one(
        "SELECT id, evidence_id, version, traced_at_us, subject_count, members, root, signature,
           report
         FROM trace WHERE id = ?1",
        &[id.number().into()],
        |row| {
            Ok(TraceRow {
                id: TraceId::new(row.get_u32(0)?),
                evidence: EvidenceId::new(row.get_u32(1)?),
                version: row.get_u32(2)?,
                traced_at: Instant::from_micros(row.get_int(3)?),
                subject_count: row.get_u32(4)?,
                members: row.get_blob(5)?,
                root: row.get_blob(6)?,
                signature: row.get_blob(7)?,
                report: row.get_text(8)?,
            })
        },
    )
}

/// One run of the tracer without its list: what a table of runs shows.
pub struct TraceHead {
    /// Its number.
    pub id: TraceId,
    /// Over which file.
    pub evidence: EvidenceId,
    /// Counts the runs over that file from 1.
    pub version: u32,
    /// When.
    pub traced_at: Instant,
    /// How many subjects are on the list.
    pub subject_count: u32,
    /// The JSON report.
    pub report: String,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The file's length in bytes.
    pub bytes: u64,
}

/// Runs below the number `before`, or all, at most `limit`, newest first.
pub fn traces(
    tx: &mut Tx<'_>,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<TraceHead>, StoreError> {
    tx.query(
        "SELECT t.id, t.evidence_id, t.version, t.traced_at_us, t.subject_count, t.report,
           e.sha256, e.bytes
         FROM trace t JOIN evidence e ON e.id = t.evidence_id
         WHERE t.id < ?1 ORDER BY t.id DESC LIMIT ?2",
        &[before.map_or(i64::MAX, i64::from).into(), limit.into()],
        |row| {
            Ok(TraceHead {
                id: TraceId::new(row.get_u32(0)?),
                evidence: EvidenceId::new(row.get_u32(1)?),
                version: row.get_u32(2)?,
                traced_at: Instant::from_micros(row.get_int(3)?),
                subject_count: row.get_u32(4)?,
                report: row.get_text(5)?,
                sha256: row.get_array(6)?,
                bytes: row.get_int(7)?.cast_unsigned(),
            })
        },
    )
}
