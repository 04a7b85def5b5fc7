//! What the tables of others say of one person: who looked, who was given what, where they are hit.
//!
//! A page about a person asks several rooms at once. Their questions stand here together, so that
//! none of them reads a table as large as the company to answer for one.

use doldam_ground::Instant;
use doldam_ground::ids::{DisclosureId, IncidentId, Ordinal, TraceId};

use crate::audit::AuditRow;
use crate::{StoreError, Tx};

/// At most `limit` rows of the access log that were about people, before row `before`, newest
/// first.
pub fn log_rows(tx: &mut Tx<'_>, before: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    tx.query(
        "SELECT seq, at_us, actor, origin, action, object, purpose, subject_count, subjects,
                previous, hash
         FROM audit WHERE seq < ?1 AND subjects IS NOT NULL ORDER BY seq DESC LIMIT ?2",
        &[before.into(), limit.into()],
        |row| {
            Ok(AuditRow {
                seq: row.get_int(0)?.cast_unsigned(),
                at: Instant::from_micros(row.get_int(1)?),
                actor: row.get_text(2)?,
                origin: row.get_text(3)?,
                action: row.get_text(4)?,
                object: row.get_text(5)?,
                purpose: row.get_text(6)?,
                subject_count: row.get_u32(7)?,
                sealed_subjects: row.get_optional_blob(8)?,
                previous: row.get_array(9)?,
                hash: row.get_array(10)?,
            })
        },
    )
}

/// The serialised bitmap of people of each disclosure, one at a time: all of them together may be
/// larger than memory.
pub fn disclosed(
    tx: &mut Tx<'_>,
    visit: &mut dyn FnMut(DisclosureId, &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.query("SELECT id, members FROM disclosure ORDER BY id", &[], |row| {
        visit(DisclosureId::new(row.get_u32(0)?), row.get_blob_ref(1)?)
    })
    .map(drop)
}

/// The open incidents in which a subject is hit, by number.
pub fn open_incidents(tx: &mut Tx<'_>, ordinal: Ordinal) -> Result<Vec<IncidentId>, StoreError> {
    tx.query(
        "SELECT i.id FROM incident i
         JOIN exposure e ON e.incident_id = i.id AND e.ordinal = ?1
         WHERE i.state = 'open' ORDER BY i.id",
        &[ordinal.number().into()],
        |row| row.get_u32(0).map(IncidentId::new),
    )
}

/// One subject's part in an incident, and how far each telling of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose.
    pub ordinal: Ordinal,
    /// exact: named by a unique value or a keyed pseudonym.
    pub grade: String,
    /// The signed list that names them first.
    pub trace: TraceId,
    /// Since when it is known.
    pub known_at: Instant,
    /// Stage and state of each notice, and when it ended if it did, by stage.
    pub told: Vec<Told>,
}

/// How far a notice to one person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// first, supplement, ...
    pub stage: String,
    /// planned, intent, accepted, delivered, failed, expired or `in_doubt`.
    pub state: String,
    /// When it was delivered, failed or expired.
    pub ended_at: Option<Instant>,
}

/// At most `limit` people who are hit, by ordinal, after one of them.
pub fn hits(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    after: Option<Ordinal>,
    limit: u32,
) -> Result<Vec<Hit>, StoreError> {
    let after = after.map_or(-1, |ordinal| i64::from(ordinal.number()));
    let mut hits = tx.query(
        "SELECT ordinal, grade, trace_id, known_at_us FROM exposure
         WHERE incident_id = ?1 AND ordinal > ?2 ORDER BY ordinal LIMIT ?3",
        &[incident.number().into(), after.into(), limit.into()],
        |row| {
            Ok(Hit {
                ordinal: Ordinal::new(row.get_u32(0)?),
                grade: row.get_text(1)?,
                trace: TraceId::new(row.get_u32(2)?),
                known_at: Instant::from_micros(row.get_int(3)?),
                told: Vec::new(),
            })
        },
    )?;
    let (Some(first), Some(last)) = (hits.first(), hits.last()) else { return Ok(hits) };
    let told = tx.query(
        "SELECT ordinal, stage, state, ended_at_us FROM notice
         WHERE incident_id = ?1 AND ordinal BETWEEN ?2 AND ?3 ORDER BY ordinal, stage",
        &[incident.number().into(), first.ordinal.number().into(), last.ordinal.number().into()],
        |row| {
            let told = Told {
                stage: row.get_text(1)?,
                state: row.get_text(2)?,
                ended_at: row.get_optional_int(3)?.map(Instant::from_micros),
            };
            Ok((Ordinal::new(row.get_u32(0)?), told))
        },
    )?;
    for (ordinal, one) in told {
        // A notice of a possible leak may have gone to somebody who is not known to be hit.
        if let Ok(place) = hits.binary_search_by_key(&ordinal, |hit| hit.ordinal) {
            hits[place].told.push(one);
        }
    }
    Ok(hits)
}
