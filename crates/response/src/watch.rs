//! From an incident to fraud detection, and back.
//!
//! There: the people of an incident go on the list `leaked` of fraud detection, under the pseudonyms
//! by which it knows them, so that every other sign of misuse weighs more until an end date. The
//! canaries of a disclosure go on the list `canaries`.
//!
//! Back: whoever uses a canary has the copy in which alone it stands. That names a processor and a
//! disclosure, and still proves no more than that: it is a lead on an incident, and a person decides.

use doldam_fraud::decision::Decision;
use doldam_fraud::desk::Desk;
use doldam_fraud::list::{CHANGE_MEMBERS_MAX, Change, Member};
use doldam_fraud::setup::Setup;
use doldam_fraud::{EventId, FraudError};
use doldam_ground::ids::{DisclosureId, IncidentId, ProcessorId};
use doldam_ground::{Instant, Pii};
use doldam_store::incident::{self, NewIncident};
use doldam_store::{StoreError, Tx};
use doldam_vault::{Actor, Vault};
use serde_json::json;

use crate::error::ResponseError;
use crate::incident::{Source, find, link, people};
use crate::timeline::{Line, require_impersonal};

/// The party of the register that stands for our own fraud detection. It is given pseudonyms by a
/// domain-wide disclosure, like any processor.
pub const PARTY: &str = "fraud detection";
/// The purpose of that disclosure.
pub const PURPOSE: &str = "fraud";
/// Most days that somebody is on watch by one act.
pub const WATCH_DAYS_MAX: i64 = 366;
const LEAKED: &str = "leaked";
const CANARIES: &str = "canaries";
/// The kind of evidence that a canary's use is on an incident.
const LEAD: &str = "canary_lead";

/// People who are on watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// People of the incident.
    pub people: u64,
    /// Pseudonyms on the list; fewer than people when some were erased.
    pub keys: u64,
    /// Place in the log of fraud detection from which on it holds.
    pub sequence: u64,
}

/// The use of a canary, as it stands on an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The incident.
    pub incident: IncidentId,
    /// Whether the lead opened it.
    pub opened: bool,
    /// Whose copy it is.
    pub processor: ProcessorId,
    /// The disclosure in whose file alone the canary stands.
    pub disclosure: DisclosureId,
}

/// Puts everybody whom an open incident hit on watch until `until`. When it returns, the next event
/// is judged with it. Doing it again moves the end date.
///
/// Refused without people, for longer than [`WATCH_DAYS_MAX`] days, and while fraud detection was
/// never given pseudonyms.
pub fn begin(
    vault: &Vault,
    desk: &Desk,
    id: IncidentId,
    until: Instant,
    actor: &Actor,
    why: &str,
) -> Result<Watched, ResponseError> {
    let now = vault.now();
    if until <= now || until > now.plus_days(WATCH_DAYS_MAX) {
        return Err(ResponseError::Refused("a watch ends after today and within 366 days"));
    }
    require_impersonal(why)?;
    if find(vault, id)?.closed_at.is_some() {
        return Err(ResponseError::Refused("the incident is closed"));
    }
    let hit = people(vault, id)?;
    if hit.is_empty() {
        return Err(ResponseError::Refused(
            "nobody is known to be hit: attach a signed list first",
        ));
    }
    let names = vault.known_as(party(vault)?, PURPOSE, &hit, actor, why)?;
    let keys = names.len() as u64;
    let sequence = put(desk, LEAKED, &names, &id.to_string(), Some(until), actor, why)?;
    let facts = json!({
        "subjects": hit.len(), "keys": keys, "until": until.to_rfc3339(), "sequence": sequence,
    });
    let mut line = Line::new(vault, actor, "incident.watch", LEAKED, &facts).because(why);
    line = line.about(vault, &hit);
    vault.data().write("incident.watch", move |tx| line.append(tx, id))?;
    Ok(Watched { people: hit.len(), keys, sequence })
}

/// Puts the canaries of a disclosure on their list; gives how many identities. Doing it again changes
/// nothing.
pub fn plant(
    vault: &Vault,
    desk: &Desk,
    disclosure: DisclosureId,
    actor: &Actor,
) -> Result<u64, ResponseError> {
    let why = "canaries of a disclosure";
    let names = vault.canary_identities(disclosure, actor, why)?;
    if !names.is_empty() {
        put(desk, CANARIES, &names, &disclosure.to_string(), None, actor, why)?;
    }
    Ok(names.len() as u64)
}

/// Makes a lead of every canary that an event used: on the open incident that names the processor,
/// or on one that it opens. Each event is a lead once; one that is there already is not told again.
pub fn leads(
    vault: &Vault,
    setup: &Setup,
    event: &EventId,
    decision: &Decision,
    actor: &Actor,
) -> Result<Vec<Lead>, ResponseError> {
    let Some(list) = setup.list(CANARIES) else { return Ok(Vec::new()) };
    let mut disclosures: Vec<DisclosureId> = decision
        .marks
        .iter()
        .filter(|mark| usize::from(mark.list) == list)
        .filter_map(|mark| mark.reference.parse().ok())
        .collect();
    disclosures.sort_unstable();
    disclosures.dedup();
    let mut leads = Vec::new();
    for disclosure in disclosures {
        leads.extend(lead(vault, disclosure, event, actor)?);
    }
    Ok(leads)
}

fn lead(
    vault: &Vault,
    disclosure: DisclosureId,
    event: &EventId,
    actor: &Actor,
) -> Result<Option<Lead>, ResponseError> {
    let held = vault.disclosure(disclosure)?;
    let held = held.ok_or(ResponseError::Refused("there is no disclosure of that number"))?;
    let (processor, now) = (held.row.processor, vault.now());
    let new = NewIncident {
        title: format!("A canary of disclosure {disclosure} was used: a lead, a person decides"),
        source: Source::Finding.code().to_owned(),
        processor: Some(processor),
        aware_at: now,
        opened_by: actor.name.clone(),
    };
    let facts = json!({
        "grade": "lead", "processor": processor.to_string(),
        "disclosure": disclosure.to_string(), "event": event.as_str(),
    });
    let evidence = link(vault, actor, LEAD, &format!("{disclosure}/{}", event.as_str()));
    let mut line = Line::new(vault, actor, "incident.lead", &disclosure.to_string(), &facts);
    Ok(vault.data().write("incident.lead", move |tx| {
        if is_known(tx, &evidence.reference)? {
            return Ok(None);
        }
        let standing = incident::list(tx)?
            .into_iter()
            .find(|held| held.closed_at.is_none() && held.opened.processor == Some(processor));
        let (incident, opened) = match standing {
            Some(held) => (held.id, false),
            None => (open(tx, &new)?, true),
        };
        incident::evidence_append(tx, incident, &evidence)?;
        line.append(tx, incident)?;
        Ok(Some(Lead { incident, opened, processor, disclosure }))
    })?)
}

/// The time of knowing is the incident's first fact, as of one that a person opens.
fn open(tx: &mut Tx<'_>, new: &NewIncident) -> Result<IncidentId, StoreError> {
    let id = incident::insert(tx, new, new.aware_at)?;
    let aware_at = new.aware_at.to_rfc3339();
    incident::fact_append(tx, id, "aware_at", &aware_at, &new.opened_by, new.aware_at)?;
    Ok(id)
}

/// Whether a lead stands on any incident, closed ones included.
fn is_known(tx: &mut Tx<'_>, reference: &str) -> Result<bool, StoreError> {
    for held in incident::list(tx)? {
        let evidence = incident::evidence(tx, held.id)?;
        if evidence.iter().any(|link| link.kind == LEAD && link.reference == reference) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn party(vault: &Vault) -> Result<ProcessorId, ResponseError> {
    let ours = vault.processors()?.into_iter().find(|party| party.name == PARTY);
    ours.map(|party| party.id).ok_or(ResponseError::Refused(
        "fraud detection knows nobody: disclose pseudonyms to it first (docs/fraud-watch.md)",
    ))
}

/// Changes a list; gives the place in the log from which on all of it holds.
fn put(
    desk: &Desk,
    list: &'static str,
    names: &[Pii<String>],
    reference: &str,
    until: Option<Instant>,
    actor: &Actor,
    why: &str,
) -> Result<u64, ResponseError> {
    let place = desk.look(move |engine| engine.setup().list(list))?;
    let place = place.ok_or(FraudError::UnknownList)?;
    let member = |name: &Pii<String>| Member {
        key: name.expose().as_str().into(),
        until,
        reference: Some(reference.into()),
    };
    let mut sequence = 0;
    for some in names.chunks(CHANGE_MEMBERS_MAX) {
        sequence = desk.change(Change {
            list: place,
            add: some.iter().map(member).collect(),
            remove: Vec::new(),
            by: actor.name.clone(),
            why: why.to_owned(),
        })?;
    }
    Ok(sequence)
}
