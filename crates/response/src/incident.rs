//! Incidents: opened on a lead, filled with facts and signed lists, closed on evidence.
//!
//! A finding, a tip or a processor's report opens one; what is known is answered fact by fact, in
//! the words of the rule table, and stays readable as it was known on each day. Who is hit comes
//! from the tracer's signed lists and from nowhere else: nobody can be added or left out by hand.

use doldam_ground::ids::{IncidentId, Ordinal, ProcessorId, TraceId};
use doldam_ground::limits::{INCIDENT_FACTS_MAX, TITLE_CHARACTERS_MAX};
use doldam_ground::{Instant, LogSafe};
use doldam_store::evidence::{self, TraceRow};
use doldam_store::incident::draft::{self, DraftState};
use doldam_store::incident::{self, EvidenceLink, Exposed, Incident, NewIncident};
use doldam_trace::affected::AffectedList;
use doldam_trace::intake::list_key;
use doldam_vault::keyring::signature_holds;
use doldam_vault::{Actor, Vault, members_from_bytes};
use roaring::RoaringBitmap;
use serde_json::json;

use crate::clock::EvidenceReference;
use crate::docket;
use crate::duty::{FactName, Facts};
use crate::error::ResponseError;
use crate::timeline::{Line, require_impersonal};

/// From where a leak became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Our own scan found it.
    Finding,
    /// Somebody told us.
    Tip,
    /// A processor reported it.
    Processor,
}

impl Source {
    /// The word in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Tip => "tip",
            Self::Processor => "processor",
        }
    }
}

/// What an incident is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// What people will call it: 1 to [`TITLE_CHARACTERS_MAX`] characters; names nobody.
    pub title: String,
    /// From where it became known.
    pub source: Source,
    /// Who reported it, or whose copy it seems to be.
    pub processor: Option<ProcessorId>,
    /// When the company came to know of it; not in the future.
    pub aware_at: Instant,
}

/// Opens an incident. The time of knowing becomes its first fact, because clocks hang on it.
pub fn open(vault: &Vault, opening: &Opening, actor: &Actor) -> Result<IncidentId, ResponseError> {
    let now = vault.now();
    let length = opening.title.trim().chars().count();
    if length == 0 || length > TITLE_CHARACTERS_MAX {
        return Err(ResponseError::Refused("an incident needs a title of 1 to 200 characters"));
    }
    require_impersonal(&opening.title)?;
    if opening.aware_at > now {
        return Err(ResponseError::Refused("nobody can have known of it in the future"));
    }
    if opening.aware_at.micros() < 0 {
        return Err(ResponseError::Refused("nobody opens an incident that was known before 1970"));
    }
    let new = NewIncident {
        title: opening.title.trim().to_owned(),
        source: opening.source.code().to_owned(),
        processor: opening.processor,
        aware_at: opening.aware_at,
        opened_by: actor.name.clone(),
    };
    let facts = json!({
        "source": new.source,
        "processor": opening.processor.map(|id| id.to_string()),
        "aware_at": opening.aware_at.to_rfc3339(),
    });
    let mut line = Line::new(vault, actor, "incident.open", "", &facts);
    let (name, aware_at) = (actor.name.clone(), opening.aware_at.to_rfc3339());
    Ok(vault.data().write("incident.open", move |tx| {
        let id = incident::insert(tx, &new, now)?;
        incident::fact_append(tx, id, "aware_at", &aware_at, &name, now)?;
        line.append(tx, id)?;
        Ok(id)
    })?)
}

/// One incident.
pub fn find(vault: &Vault, id: IncidentId) -> Result<Incident, ResponseError> {
    let found = vault.data().read("incident.find", |tx| incident::find(tx, id))?;
    found.ok_or(ResponseError::Refused("there is no incident of that number"))
}

/// Refuses to let a processor in again while an open incident names it: what was cut there is part
/// of what the incident shows.
pub fn require_uninvolved(vault: &Vault, processor: ProcessorId) -> Result<(), ResponseError> {
    let is_in =
        |held: &Incident| held.closed_at.is_none() && held.opened.processor == Some(processor);
    if list(vault)?.iter().any(is_in) {
        let why = "an open incident names the processor: close it before access is given again";
        return Err(ResponseError::Refused(why));
    }
    Ok(())
}

/// Refuses to lose somebody whom an open incident still has to be settled with: they must be told,
/// and who was hit must stay provable until it is closed.
pub fn require_settled(vault: &Vault, person: Ordinal) -> Result<(), ResponseError> {
    let open = vault
        .data()
        .read("person.open_incidents", |tx| doldam_store::person::open_incidents(tx, person))?;
    if open.is_empty() {
        return Ok(());
    }
    Err(ResponseError::Refused("the person is hit by an open incident: close it first"))
}

/// All incidents, oldest first.
pub fn list(vault: &Vault) -> Result<Vec<Incident>, ResponseError> {
    Ok(vault.data().read("incident.list", incident::list)?)
}

/// Puts facts on record, by name and value in the spelling of [`Facts::answer`]; an empty value
/// says that the fact is not known any more. Either all of them are taken or none.
pub fn learn(
    vault: &Vault,
    id: IncidentId,
    answers: &[(&str, &str)],
    actor: &Actor,
) -> Result<(), ResponseError> {
    if answers.len() > INCIDENT_FACTS_MAX {
        return Err(ResponseError::Refused("too many facts at once"));
    }
    let answers = answers.iter().map(spelled).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<&str> = answers.iter().map(|(name, _)| name.as_str()).collect();
    let mut line = Line::new(vault, actor, "incident.learn", "", &json!({ "facts": names }));
    let (name, now) = (actor.name.clone(), vault.now());
    Ok(vault.data().write("incident.learn", move |tx| {
        incident::require_open(tx, id)?;
        for (fact, value) in &answers {
            incident::fact_append(tx, id, fact, value, &name, now)?;
        }
        line.append(tx, id)
    })?)
}

/// A fact in the one spelling in which it is stored.
fn spelled((name, value): &(&str, &str)) -> Result<(String, String), ResponseError> {
    if value.is_empty() {
        return Ok((name.parse::<FactName>()?.to_string(), String::new()));
    }
    let mut facts = Facts::new();
    facts.answer(name, value)?;
    let spelled = facts.answers().pop().ok_or(ResponseError::FactUnknown)?;
    // What could not be read back, such as a year before Christ, would spoil the whole record.
    Facts::new().answer(&spelled.0, &spelled.1)?;
    Ok(spelled)
}

/// What is known of an incident; with `at`, what was known then.
pub fn facts(vault: &Vault, id: IncidentId, at: Option<Instant>) -> Result<Facts, ResponseError> {
    let mut facts = Facts::new();
    for (name, value) in answers(vault, id, at)? {
        facts.answer(&name, &value)?;
    }
    Ok(facts)
}

/// What is known, by name and value.
pub(crate) fn answers(
    vault: &Vault,
    id: IncidentId,
    at: Option<Instant>,
) -> Result<Vec<(String, String)>, ResponseError> {
    Ok(vault.data().read("incident.facts", |tx| incident::facts(tx, id, at))?)
}

/// Adds the people of a run of the tracer: each is known to be hit since `known_at`, who was known
/// before keeps the earlier time. The list's signature is checked first, canaries are left out, and
/// the least head count becomes a fact.
pub fn attach(
    vault: &Vault,
    id: IncidentId,
    trace: TraceId,
    known_at: Instant,
    actor: &Actor,
) -> Result<Exposed, ResponseError> {
    if known_at > vault.now() {
        return Err(ResponseError::Refused("nobody can have known of it in the future"));
    }
    let row = vault.data().read("trace.find", |tx| evidence::trace_find(tx, trace))?;
    let row = row.ok_or(ResponseError::Refused("there is no trace of that number"))?;
    let members = signed_members(vault, &row)?;
    let people: RoaringBitmap =
        members.iter().filter(|number| !Ordinal::new(*number).is_canary()).collect();
    let ordinals: Vec<Ordinal> = people.iter().map(Ordinal::new).collect();
    let facts = json!({ "subjects": people.len(), "known_at": known_at.to_rfc3339() });
    let mut line = Line::new(vault, actor, "incident.attach", &trace.to_string(), &facts)
        .at(known_at)
        .about(vault, &people);
    let link = link(vault, actor, "signed_list", &trace.to_string());
    let (name, now) = (actor.name.clone(), vault.now());
    Ok(vault.data().write("incident.attach", move |tx| {
        incident::require_open(tx, id)?;
        let exposed = incident::expose(tx, id, &ordinals, EXACT, trace, known_at)?;
        let count = incident::exposure_count(tx, id)?;
        let known = incident::facts(tx, id, None)?;
        if !known.iter().any(|(name, value)| name == "subjects" && least(value) >= count) {
            incident::fact_append(tx, id, "subjects", &format!(">={count}"), &name, now)?;
        }
        incident::evidence_append(tx, id, &link)?;
        line.append(tx, id)?;
        Ok(exposed)
    })?)
}

/// Named by a unique value or by a keyed pseudonym.
const EXACT: &str = "exact";

/// The least number that the value of a head count allows.
fn least(value: &str) -> u64 {
    let digits: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.split('.').next().and_then(|low| low.parse().ok()).unwrap_or(0)
}

/// The people of a list whose signature holds over exactly them.
fn signed_members(vault: &Vault, row: &TraceRow) -> Result<RoaringBitmap, ResponseError> {
    let held = vault.data().read("evidence.find", |tx| evidence::find(tx, row.evidence))?;
    let held = held.ok_or(ResponseError::Refused("the evidence of the trace is missing"))?;
    let members = members_from_bytes(&row.members)?;
    let key = list_key(vault, &held.sha256, row.version);
    let list = AffectedList::new(&members, &key);
    let header = list.header(held.sha256, row.version, row.traced_at);
    if header.root[..] == row.root[..]
        && signature_holds(&vault.verifying_key(), &header.message(), &row.signature)
    {
        return Ok(members);
    }
    Err(ResponseError::Refused("the list of this trace is not the one that was signed"))
}

/// Everybody who is hit.
pub fn people(vault: &Vault, id: IncidentId) -> Result<RoaringBitmap, ResponseError> {
    let exposures = vault.data().read("incident.exposures", |tx| incident::exposures(tx, id))?;
    Ok(exposures.iter().map(|(ordinal, _)| ordinal.number()).collect())
}

/// Closes an incident. `closing` refers to what shows that the work is done: minutes, a report.
///
/// Refused while a duty is due and not shown to be fulfilled, while it is unknown whether one is
/// due, and while a notice is on its way or in doubt.
pub fn close(
    vault: &Vault,
    id: IncidentId,
    closing: &EvidenceReference,
    actor: &Actor,
) -> Result<(), ResponseError> {
    let (mut unknown, mut open) = (0_u32, 0_u32);
    for standing in docket::read(vault, id)? {
        unknown += u32::from(standing.is_undecided());
        open += u32::from(standing.is_open());
    }
    if unknown + open > 0 {
        return Err(ResponseError::DutiesOpen { open, unknown });
    }
    let reference = closing.to_string();
    let mut line = Line::new(vault, actor, "incident.close", &reference, &json!({}));
    let link = link(vault, actor, "closing", &reference);
    let now = vault.now();
    Ok(vault.data().write("incident.close", move |tx| {
        let busy = [DraftState::Approved, DraftState::Sending];
        if draft::list(tx, id)?.iter().any(|draft| busy.contains(&draft.state)) {
            return Err(doldam_store::StoreError::State {
                what: "a notice is approved or on its way: finish or drop it first",
            });
        }
        incident::close(tx, id, now)?;
        incident::evidence_append(tx, id, &link)?;
        line.append(tx, id)
    })?)
}

/// What refers to a piece of evidence.
pub(crate) fn link(vault: &Vault, actor: &Actor, kind: &str, reference: &str) -> EvidenceLink {
    EvidenceLink {
        kind: kind.to_owned(),
        reference: reference.to_owned(),
        added_by: actor.name.clone(),
        added_at: vault.now(),
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code())
    }
}

impl LogSafe for Source {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_stored_in_one_spelling() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(spelled(&("kinds", " nickname , ci ")).unwrap(), pair("kinds", "ci,nickname"));
        assert_eq!(spelled(&("subjects", "")).unwrap(), pair("subjects", ""));
        assert_eq!(spelled(&("weather", "")), Err(ResponseError::FactUnknown));
        assert_eq!(spelled(&("residents_of(*)", "0")).unwrap(), pair("residents_of(*)", "0"));
        assert!(spelled(&("certainty", "perhaps")).is_err());
        assert!(spelled(&("occurred_at", "-009000-01-01T00:00:00Z")).is_err());
        assert!(spelled(&("occurred_at", "0001-01-01T00:00:00Z")).is_ok());
    }

    #[test]
    fn the_least_of_a_count_is_read_in_every_spelling() {
        let all = ["17551", ">=4500", "10..20", "", "many"].map(least);
        assert_eq!(all, [17_551, 4_500, 10, 0, 0]);
    }
}
