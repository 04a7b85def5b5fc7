//! Incidents: what is known about a leak, who is hit, and what shows what was done.
//!
//! Facts, the timeline, clock events and evidence are only ever appended: what the company knew on
//! the second day must still be readable in the second year. The one thing that moves is the state.

pub mod clock;
pub mod containment;
pub mod draft;

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, Ordinal, ProcessorId, TraceId};

use crate::value::{Column, Insert};
use crate::{Row, StoreError, Tx};

/// A leak that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// What people call it; names nobody.
    pub title: String,
    /// `finding`, `tip` or `processor`.
    pub source: String,
    /// Who reported it, or whose copy it is.
    pub processor: Option<ProcessorId>,
    /// When the controller came to know of it.
    pub aware_at: Instant,
    /// Who opens it.
    pub opened_by: String,
}

/// A leak as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// What it was opened with.
    pub opened: NewIncident,
    /// When it was opened here.
    pub opened_at: Instant,
    /// When it was closed, if it is.
    pub closed_at: Option<Instant>,
}

/// Something that happened in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When it happened.
    pub at: Instant,
    /// Who did it.
    pub actor: String,
    /// What: `incident.open`, `contain.prove`, ...
    pub what: String,
    /// On what: an id, or empty.
    pub object: String,
    /// JSON of counts, ids and words; never personal data.
    pub facts: String,
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Counts the lines of the incident from 1.
    pub seq: u32,
    /// When it was put on record.
    pub recorded_at: Instant,
    /// What happened.
    pub entry: TimelineEntry,
}

/// A reference to what shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceLink {
    /// Of what kind, as the rule table spells it, or `closing`.
    pub kind: String,
    /// Where it is: an id, a receipt number, a path in the evidence store.
    pub reference: String,
    /// Who named it.
    pub added_by: String,
    /// When.
    pub added_at: Instant,
}

/// How many subjects an attached list added, and how many were known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// Subjects who were not known to be hit before.
    pub added: u64,
    /// Subjects who were.
    pub already: u64,
}

const INCIDENTS: &str = "SELECT id, title, source, processor_id, aware_at_us, opened_by,
       opened_at_us, closed_at_us
     FROM incident";

/// Opens an incident.
pub fn insert(tx: &mut Tx<'_>, new: &NewIncident, now: Instant) -> Result<IncidentId, StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM incident", &[], |row| row.get_u32(0))?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO incident (id, title, source, processor_id, state, aware_at_us, opened_at_us,
           opened_by)
         VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7)",
        &[
            id.into(),
            (&new.title).into(),
            (&new.source).into(),
            new.processor.map(ProcessorId::number).into(),
            new.aware_at.micros().into(),
            now.micros().into(),
            (&new.opened_by).into(),
        ],
    )?;
    Ok(IncidentId::new(id))
}

/// One incident.
pub fn find(tx: &mut Tx<'_>, id: IncidentId) -> Result<Option<Incident>, StoreError> {
    let mut found = None;
    tx.for_each_text(&format!("{INCIDENTS} WHERE id = ?1"), &[id.number().into()], &mut |row| {
        found = Some(read_incident(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// All incidents, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Incident>, StoreError> {
    let mut found = Vec::new();
    tx.for_each_text(&format!("{INCIDENTS} ORDER BY id"), &[], &mut |row| {
        found.push(read_incident(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// The open incident of this number.
///
/// Fails with [`StoreError::NotFound`] when there is none and with [`StoreError::State`] when it is
/// closed: what is closed is not worked on.
pub fn require_open(tx: &mut Tx<'_>, id: IncidentId) -> Result<Incident, StoreError> {
    let found = find(tx, id)?.ok_or(NO_INCIDENT)?;
    if found.closed_at.is_some() {
        return Err(StoreError::State { what: "the incident is closed: open a new one" });
    }
    Ok(found)
}

/// Closes an open incident.
pub fn close(tx: &mut Tx<'_>, id: IncidentId, now: Instant) -> Result<(), StoreError> {
    require_open(tx, id)?;
    tx.execute(
        "UPDATE incident SET state = 'closed', closed_at_us = ?2 WHERE id = ?1",
        &[id.number().into(), now.micros().into()],
    )
    .map(drop)
}

fn read_incident(row: &Row<'_>) -> Result<Incident, StoreError> {
    let processor = row.get_optional_int(3)?.map(u32::try_from).transpose();
    let processor =
        processor.map_err(|_| StoreError::Shape { what: "processor of an incident" })?;
    Ok(Incident {
        id: IncidentId::new(row.get_u32(0)?),
        opened: NewIncident {
            title: row.get_text(1)?,
            source: row.get_text(2)?,
            processor: processor.map(ProcessorId::new),
            aware_at: Instant::from_micros(row.get_int(4)?),
            opened_by: row.get_text(5)?,
        },
        opened_at: Instant::from_micros(row.get_int(6)?),
        closed_at: row.get_optional_int(7)?.map(Instant::from_micros),
    })
}

/// Puts what somebody says about an incident on record; an empty value makes it unknown again.
pub fn fact_append(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    name: &str,
    value: &str,
    actor: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM incident_fact WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO incident_fact (incident_id, seq, name, value, actor, said_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            incident.number().into(),
            seq.into(),
            name.into(),
            value.into(),
            actor.into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}

/// What is known of an incident, by name: the newest value of each, unknown ones left out.
///
/// With `at`, what was known then.
pub fn facts(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    at: Option<Instant>,
) -> Result<Vec<(String, String)>, StoreError> {
    let at_us = at.map_or(i64::MAX, Instant::micros);
    tx.query(
        "SELECT f.name, f.value FROM incident_fact f
         WHERE f.incident_id = ?1 AND f.value <> ''
           AND f.seq = (SELECT max(g.seq) FROM incident_fact g
                        WHERE g.incident_id = ?1 AND g.name = f.name AND g.said_at_us <= ?2)
         ORDER BY f.name",
        &[incident.number().into(), at_us.into()],
        |row| Ok((row.get_text(0)?, row.get_text(1)?)),
    )
}

/// The newest value of a fact (empty when it was taken back) and when it was said.
pub fn fact_said(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    name: &str,
) -> Result<Option<(String, Instant)>, StoreError> {
    tx.query_one(
        "SELECT value, said_at_us FROM incident_fact WHERE incident_id = ?1 AND name = ?2
         ORDER BY seq DESC LIMIT 1",
        &[incident.number().into(), name.into()],
        |row| Ok((row.get_text(0)?, Instant::from_micros(row.get_int(1)?))),
    )
}

/// Appends a line to the timeline; gives its number.
pub fn timeline_append(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    entry: &TimelineEntry,
    now: Instant,
) -> Result<u32, StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM timeline WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO timeline (incident_id, seq, at_us, recorded_at_us, actor, what, object, facts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            incident.number().into(),
            seq.into(),
            entry.at.micros().into(),
            now.micros().into(),
            (&entry.actor).into(),
            (&entry.what).into(),
            (&entry.object).into(),
            (&entry.facts).into(),
        ],
    )?;
    Ok(seq)
}

/// The timeline in the order in which it was put on record, behind line `after`, at most `limit`.
pub fn timeline(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    after: u32,
    limit: u32,
) -> Result<Vec<TimelineRow>, StoreError> {
    tx.query(
        "SELECT seq, recorded_at_us, at_us, actor, what, object, facts FROM timeline
         WHERE incident_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        &[incident.number().into(), after.into(), limit.into()],
        |row| {
            Ok(TimelineRow {
                seq: row.get_u32(0)?,
                recorded_at: Instant::from_micros(row.get_int(1)?),
                entry: TimelineEntry {
                    at: Instant::from_micros(row.get_int(2)?),
                    actor: row.get_text(3)?,
                    what: row.get_text(4)?,
                    object: row.get_text(5)?,
                    facts: row.get_text(6)?,
                },
            })
        },
    )
}

/// Adds the subjects of a signed list, sorted by ordinal. Who was known already keeps the time from
/// which it was known.
pub fn expose(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    ordinals: &[Ordinal],
    grade: &str,
    trace: TraceId,
    known_at: Instant,
) -> Result<Exposed, StoreError> {
    const INTO: Insert = Insert {
        table: "exposure",
        columns: &["incident_id", "ordinal", "grade", "trace_id", "known_at_us"],
        conflict: "ON CONFLICT (incident_id, ordinal) DO NOTHING",
    };
    let numbers: Vec<i64> = ordinals.iter().map(|one| i64::from(one.number())).collect();
    if numbers.is_empty() {
        return Ok(Exposed { added: 0, already: 0 });
    }
    let columns = [
        Column::SameInt(i64::from(incident.number())),
        Column::Int(&numbers),
        Column::SameText(grade),
        Column::SameInt(i64::from(trace.number())),
        Column::SameInt(known_at.micros()),
    ];
    let added = tx.insert_many(&INTO, &columns)?;
    Ok(Exposed { added, already: numbers.len() as u64 - added })
}

/// Everybody who is hit, by ordinal, and since when that is known.
pub fn exposures(
    tx: &mut Tx<'_>,
    incident: IncidentId,
) -> Result<Vec<(Ordinal, Instant)>, StoreError> {
    tx.query(
        "SELECT ordinal, known_at_us FROM exposure WHERE incident_id = ?1 ORDER BY ordinal",
        &[incident.number().into()],
        |row| Ok((Ordinal::new(row.get_u32(0)?), Instant::from_micros(row.get_int(1)?))),
    )
}

/// How many subjects are hit.
pub fn exposure_count(tx: &mut Tx<'_>, incident: IncidentId) -> Result<u64, StoreError> {
    let count = tx.query_one(
        "SELECT COUNT(*) FROM exposure WHERE incident_id = ?1",
        &[incident.number().into()],
        |row| row.get_int(0),
    )?;
    Ok(count.unwrap_or(0).cast_unsigned())
}

/// The lists by which subjects are known to be hit, by number.
pub fn exposure_traces(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<TraceId>, StoreError> {
    tx.query(
        "SELECT DISTINCT trace_id FROM exposure WHERE incident_id = ?1 ORDER BY trace_id",
        &[incident.number().into()],
        |row| row.get_u32(0).map(TraceId::new),
    )
}

/// Whose notice of a stage is in `state` (a word of the ledger of notices), by ordinal.
pub fn noticed(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    stage: &str,
    state: &str,
) -> Result<Vec<Ordinal>, StoreError> {
    tx.query(
        "SELECT ordinal FROM notice WHERE incident_id = ?1 AND stage = ?2 AND state = ?3
         ORDER BY ordinal",
        &[incident.number().into(), stage.into(), state.into()],
        |row| row.get_u32(0).map(Ordinal::new),
    )
}

/// Names a piece of evidence.
pub fn evidence_append(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    link: &EvidenceLink,
) -> Result<(), StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM incident_evidence WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO incident_evidence (incident_id, seq, kind, reference, added_by, added_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            incident.number().into(),
            seq.into(),
            (&link.kind).into(),
            (&link.reference).into(),
            (&link.added_by).into(),
            link.added_at.micros().into(),
        ],
    )
    .map(drop)
}

/// Everything that shows something in an incident, oldest first.
pub fn evidence(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<EvidenceLink>, StoreError> {
    tx.query(
        "SELECT kind, reference, added_by, added_at_us FROM incident_evidence
         WHERE incident_id = ?1 ORDER BY seq",
        &[incident.number().into()],
        |row| {
            Ok(EvidenceLink {
                kind: row.get_text(0)?,
                reference: row.get_text(1)?,
                added_by: row.get_text(2)?,
                added_at: Instant::from_micros(row.get_int(3)?),
            })
        },
    )
}

/// The number that the next row of an incident gets in the table that `sql` asks. On PostgreSQL two
/// writers who get the same number collide on the primary key, and the later one runs again.
fn next(tx: &mut Tx<'_>, sql: &'static str, incident: IncidentId) -> Result<u32, StoreError> {
    let seq = tx.query_one(sql, &[incident.number().into()], |row| row.get_u32(0))?;
    Ok(seq.unwrap_or(1))
}

const NO_INCIDENT: StoreError = StoreError::NotFound { what: "incident" };
