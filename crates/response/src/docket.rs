//! The docket of an incident: its duties, their clocks on record, and how they stand.
//!
//! The rooms `duty` and `clock` are pure; this one feeds them from the store. A clock is started
//! for every duty that is due *or not decided yet*, because an unknown duty is not one that may be
//! forgotten. Persons whose clocks had the same events are read together: ten million people with
//! three histories are three readings.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;
use doldam_store::incident::clock::{self, ClockRow};
use doldam_store::incident::{self};
use doldam_vault::{Actor, Vault};
use roaring::RoaringBitmap;
use serde_json::json;

use crate::audience::{Audience, refuted_at};
use crate::clock::{
    ClockEvent, ClockSet, ClockState, DelayEffect, DutyClock, Evidence, Reading, Summary, What,
};
use crate::duty::{Answer, Duty, Rule, RuleTable};
use crate::error::{ClockRefusal, ResponseError};
use crate::incident::{answers, facts, link};
use crate::posting;
use crate::timeline::Line;
use crate::words::{AppliesBy, EvidenceKind, Form, StartEvent, Word};

/// The server tells moments by the second.
const SECOND_US: i64 = 1_000_000;

/// How a duty's clocks stand.
#[derive(Clone, Debug)]
pub enum Clocks {
    /// The incident has one clock for it.
    One(Reading),
    /// Each person has one.
    Each(Summary),
}

/// A duty and its clocks.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The duty over what is known now.
    pub duty: Duty<'static>,
    /// Its clocks.
    pub clocks: Clocks,
    /// For what the clocks wait now, and since when.
    pub waits: Option<Wait>,
}

/// A reason to wait that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The reason, by its id in the rule table.
    pub reason: String,
    /// Since when it is waited.
    pub since: Instant,
}

impl Standing {
    /// Whether it is not decided if this incident brings the duty with it.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.duty.answer, Answer::Unknown { .. }) && comes_with_incidents(self.duty.rule)
    }

    /// Whether the duty is due and something is still to be done about it: its clock runs or waits,
    /// or was never started although the duty comes with incidents. What is owed on any day, and how
    /// long a thing must be kept, outlives the incident and is left out.
    pub fn is_open(&self) -> bool {
        let (goes, waits) = match &self.clocks {
            Clocks::One(reading) => (
                matches!(
                    reading.state,
                    ClockState::Running | ClockState::Paused | ClockState::Overdue
                ),
                reading.state == ClockState::Waiting,
            ),
            Clocks::Each(summary) => {
                (summary.running + summary.paused + summary.overdue > 0, summary.waiting > 0)
            }
        };
        self.duty.is_due()
            && self.duty.rule.form != Form::Keep
            && (goes || waits && comes_with_incidents(self.duty.rule))
    }
}

/// Whether the text of the duty is picked by a date of an incident, rather than owed on any day.
const fn comes_with_incidents(rule: &Rule) -> bool {
    matches!(
        rule.applies_by,
        AppliesBy::AwareAt
            | AppliesBy::PossibilityKnownAt
            | AppliesBy::OccurredAt
            | AppliesBy::DiscoveredAt
    )
}

/// Every duty of the table over what is known now, with its clocks, in the order of the table.
pub fn read(vault: &Vault, id: IncidentId) -> Result<Vec<Standing>, ResponseError> {
    let now = vault.now();
    let facts = facts(vault, id, None)?;
    let rows = events(vault, id)?;
    let exposed = vault.data().read("incident.exposures", |tx| incident::exposures(tx, id))?;
    let people: RoaringBitmap = exposed.iter().map(|(ordinal, _)| ordinal.number()).collect();
    RuleTable::built_in()
        .evaluate(&facts, now)
        .into_iter()
        .map(|duty| {
            let own: Vec<&Event> = rows.iter().filter(|row| row.duty == duty.rule.id).collect();
            let others = match Audience::of(duty.rule).filter(|_| duty.is_due()) {
                None | Some(Audience::Hit) => None,
                Some(audience) => Some(audience.people(vault, id)?),
            };
            let others: Option<RoaringBitmap> =
                others.map(|people| people.iter().map(|(ordinal, _)| ordinal.number()).collect());
            let people = others.as_ref().unwrap_or(&people);
            let clocks = read_clocks(duty.rule, &own, people, now)?;
            let waits = match &clocks {
                Clocks::One(reading) => reading.waits_for.clone().zip(reading.waits_since),
                Clocks::Each(summary) if summary.paused == 0 => None,
                Clocks::Each(_) => unended(duty.rule, own.into_iter()).next(),
            };
            let waits = waits.map(|(reason, since)| Wait { reason, since });
            Ok(Standing { duty, clocks, waits })
        })
        .collect()
}

/// What ends the reason for which everybody's clock of a duty waits: the one that began at `since`,
/// told to the second, or the earliest. Refused when nothing waits for that reason.
pub fn delay_end(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    reason: &str,
    since: Option<Instant>,
) -> Result<What, ResponseError> {
    let rule = RuleTable::built_in().rule(duty);
    let rule = rule.ok_or(ResponseError::Refused("the rule table has no duty of that id"))?;
    let all = events(vault, id)?;
    let told = |at: Instant| at.micros().div_euclid(SECOND_US);
    let ended = unended(rule, all.iter().filter(|event| event.duty == duty))
        .filter(|(word, _)| word == reason)
        .find(|(_, began_at)| since.is_none_or(|since| told(since) == told(*began_at)));
    let (reason, began_at) =
        ended.ok_or(ResponseError::Refused("no clock of the duty waits for that reason"))?;
    Ok(What::DelayEnded { reason, began_at })
}

/// The reasons for which everybody's clock waits, with the time at which each began.
fn unended<'e>(
    rule: &'e Rule,
    events: impl Iterator<Item = &'e Event> + Clone,
) -> impl Iterator<Item = (String, Instant)> {
    let shared = events.filter(|event| event.whose.is_none()).map(|event| &event.what);
    shared.clone().filter_map(move |event| {
        let What::DelayBegan { reason, .. } = &event.what else { return None };
        let lasts = rule.clock.delay(reason).is_some_and(|it| it.effect == DelayEffect::UntilEnd);
        let end = What::DelayEnded { reason: reason.clone(), began_at: event.happened_at };
        let is_over = shared.clone().any(|other| other.what == end);
        (lasts && !is_over).then(|| (reason.clone(), event.happened_at))
    })
}

/// The persons whose clock of a duty was stopped by evidence of their own.
pub fn stopped(vault: &Vault, id: IncidentId, duty: &str) -> Result<RoaringBitmap, ResponseError> {
    let all = events(vault, id)?;
    let stops = all
        .into_iter()
        .filter(|event| event.duty == duty && matches!(event.what.what, What::Stopped(_)));
    Ok(stops.filter_map(|event| event.whose).fold(RoaringBitmap::new(), |all, one| all | one))
}

/// A stored event, opened.
struct Event {
    duty: String,
    what: ClockEvent,
    whose: Option<RoaringBitmap>,
}

fn events(vault: &Vault, id: IncidentId) -> Result<Vec<Event>, ResponseError> {
    let rows = vault.data().read("clock.list", |tx| clock::list(tx, id))?;
    rows.into_iter()
        .map(|row| {
            let whose = row.sealed_subjects.as_deref();
            let whose = whose.map(|sealed| vault.audit_members(sealed)).transpose()?;
            Ok(Event { what: event_of(&row)?, duty: row.duty, whose })
        })
        .collect()
}

fn read_clocks(
    rule: &'static Rule,
    events: &[&Event],
    people: &RoaringBitmap,
    now: Instant,
) -> Result<Clocks, ResponseError> {
    if !rule.clock.per_person {
        let own = events.iter().map(|event| event.what.clone());
        return Ok(Clocks::One(DutyClock::replay(&rule.clock, own)?.read(now)));
    }
    let classes = classes(events);
    let mut set = ClockSet::new(&rule.clock)?;
    for event in events.iter().filter(|event| event.whose.is_none()) {
        set.record_for_all(event.what.clone())?;
    }
    let mut summary = Summary::default();
    let mut started = RoaringBitmap::new();
    for (place, (members, own)) in classes.iter().enumerate() {
        started |= members;
        own.iter().try_for_each(|event| set.record(place, event.what.clone()))?;
        if let Some(reading) = set.read(&place, now) {
            add(&mut summary, &reading, members.len());
        }
    }
    summary.waiting += (people - started).len();
    Ok(Clocks::Each(summary))
}

/// The persons who have the same events, with these events.
fn classes<'e>(events: &[&'e Event]) -> Vec<(RoaringBitmap, Vec<&'e Event>)> {
    let mut classes: Vec<(RoaringBitmap, Vec<&Event>)> = Vec::new();
    for event in events {
        let Some(whose) = &event.whose else { continue };
        let mut left = whose.clone();
        let mut split = Vec::new();
        for (members, own) in &mut classes {
            let hit = &*members & whose;
            if hit.is_empty() {
                continue;
            }
            left -= &hit;
            if hit.len() < members.len() {
                split.push((&*members - &hit, own.clone()));
                *members = hit;
            }
            own.push(event);
        }
        classes.extend(split);
        if !left.is_empty() {
            classes.push((left, vec![event]));
        }
    }
    classes
}

/// Counts a reading that `persons` have in common.
fn add(summary: &mut Summary, reading: &Reading, persons: u64) {
    let count = match reading.state {
        ClockState::Waiting => &mut summary.waiting,
        ClockState::Running | ClockState::Standing | ClockState::KeptLongEnough => {
            &mut summary.running
        }
        ClockState::Paused => &mut summary.paused,
        ClockState::Overdue => &mut summary.overdue,
        ClockState::Stopped { late: false } => &mut summary.stopped_in_time,
        ClockState::Stopped { late: true } => &mut summary.stopped_late,
    };
    *count += persons;
    if reading.state == ClockState::Running {
        let due = reading.deadline.map(|deadline| deadline.due_at);
        summary.next_due_at = summary.next_due_at.into_iter().chain(due).min();
    }
}

/// Starts the clock of every duty that is due or not decided and whose start is known; a person's
/// clock starts when that person's part became known. Starting again starts only what is new. Gives
/// how many duties' clocks were started for somebody.
pub fn start(vault: &Vault, id: IncidentId, actor: &Actor) -> Result<u64, ResponseError> {
    let found = crate::incident::find(vault, id)?;
    let (now, known) = (vault.now(), answers(vault, id, None)?);
    let facts = facts(vault, id, None)?;
    let before = events(vault, id)?;
    let exposed = vault.data().read("incident.exposures", |tx| incident::exposures(tx, id))?;
    let mut rows = Vec::new();
    for duty in RuleTable::built_in().evaluate(&facts, now) {
        let rule = duty.rule;
        let is_owed = duty.is_due() || duty.answer != Answer::NotDue && comes_with_incidents(rule);
        if !is_owed || rule.clock.start == StartEvent::Always {
            continue;
        }
        let event = rule.clock.started_by();
        let at = match event {
            StartEvent::RefutedAt => refuted_at(vault, id)?,
            _ => start_of(event, &known, found.opened.aware_at),
        };
        let Some(at) = at else { continue };
        let started = before
            .iter()
            .filter(|one| one.duty == rule.id && matches!(one.what.what, What::Started(_)));
        if !rule.clock.per_person {
            if started.count() == 0 {
                rows.push(row(rule, &What::Started(event), at.min(now), now, None));
            }
            continue;
        }
        let done: RoaringBitmap = started
            .filter_map(|one| one.whose.clone())
            .fold(RoaringBitmap::new(), |all, one| all | one);
        let others = match Audience::of(rule) {
            None | Some(Audience::Hit) => None,
            Some(audience) => Some(audience.people(vault, id)?),
        };
        for (known_at, whose) in by_time(others.as_ref().unwrap_or(&exposed), &done) {
            let at = if event == StartEvent::AwareAt { known_at } else { at };
            let sealed = Some(vault.seal_members(&whose));
            rows.push(row(rule, &What::Started(event), at.min(now), now, sealed));
        }
    }
    append(vault, id, rows, actor)
}

fn append(
    vault: &Vault,
    id: IncidentId,
    rows: Vec<ClockRow>,
    actor: &Actor,
) -> Result<u64, ResponseError> {
    let mut duties: Vec<String> = rows.iter().map(|row| row.duty.clone()).collect();
    duties.dedup();
    let count = duties.len() as u64;
    if count == 0 {
        return Ok(0);
    }
    let mut line = Line::new(vault, actor, "clock.start", "", &json!({ "duties": duties }));
    Ok(vault.data().write("clock.start", move |tx| {
        incident::require_open(tx, id)?;
        rows.iter().try_for_each(|row| clock::append(tx, id, row))?;
        line.append(tx, id)?;
        Ok(count)
    })?)
}

/// The persons who have no start yet, by the time at which they became known.
fn by_time(
    exposed: &[(doldam_ground::ids::Ordinal, Instant)],
    done: &RoaringBitmap,
) -> std::collections::BTreeMap<Instant, RoaringBitmap> {
    let mut groups = std::collections::BTreeMap::<Instant, RoaringBitmap>::new();
    for (ordinal, known_at) in exposed {
        if !done.contains(ordinal.number()) {
            groups.entry(*known_at).or_default().insert(ordinal.number());
        }
    }
    groups
}

/// When a start event happened, as far as the facts tell: the earliest that it can have been.
fn start_of(event: StartEvent, known: &[(String, String)], aware_at: Instant) -> Option<Instant> {
    let date = |name: &str| {
        let (_, value) = known.iter().find(|(fact, _)| fact == name)?;
        let first = value.split("..").find(|part| !part.is_empty())?;
        Instant::parse(first, "UTC").ok()
    };
    match event {
        StartEvent::AwareAt => Some(aware_at),
        StartEvent::DiscoveredAt => Some(date("discovered_at").unwrap_or(aware_at)),
        StartEvent::PossibilityKnownAt
        | StartEvent::IllegalAccessKnownAt
        | StartEvent::PartialLeakKnownAt => date("possibility_known_at"),
        StartEvent::OccurredAt => date("occurred_at"),
        _ => None,
    }
}

/// Stops a duty's clocks on evidence: of `whose` persons, or the incident's own (or everybody's,
/// where the row allows a posting to stand for notices) without. Refused without the kind of
/// evidence that the row asks for.
pub fn stop(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    evidence: &Evidence,
    happened_at: Instant,
    whose: Option<&RoaringBitmap>,
    actor: &Actor,
) -> Result<(), ResponseError> {
    record(vault, id, duty, &What::Stopped(evidence.clone()), happened_at, whose, actor)
}

/// Puts any event of a duty's clocks on record, if the row admits it.
pub fn record(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    what: &What,
    happened_at: Instant,
    whose: Option<&RoaringBitmap>,
    actor: &Actor,
) -> Result<(), ResponseError> {
    let rule = RuleTable::built_in().rule(duty);
    let rule = rule.ok_or(ResponseError::Refused("the rule table has no duty of that id"))?;
    if let What::Stopped(evidence) = what {
        posting::require_known(vault, id, evidence)?;
    }
    let now = vault.now();
    let event = ClockEvent { happened_at, recorded_at: now, what: what.clone() };
    admit(rule, event, whose)?;
    let sealed = whose.map(|whose| vault.seal_members(whose));
    let row = row(rule, what, happened_at, now, sealed);
    let reference = row.reference.clone();
    let link = link(vault, actor, &row.word, &reference);
    let facts = json!({
        "what": row.what, "word": row.word, "reference": reference,
        "persons": whose.map(RoaringBitmap::len),
    });
    let mut line = Line::new(vault, actor, "clock.record", duty, &facts).at(happened_at);
    Ok(vault.data().write("clock.record", move |tx| {
        incident::require_open(tx, id)?;
        clock::append(tx, id, &row)?;
        if !link.reference.is_empty() {
            incident::evidence_append(tx, id, &link)?;
        }
        line.append(tx, id)
    })?)
}

fn admit(
    rule: &'static Rule,
    event: ClockEvent,
    whose: Option<&RoaringBitmap>,
) -> Result<(), ClockRefusal> {
    match (rule.clock.per_person, whose) {
        (true, Some(_)) => ClockSet::new(&rule.clock)?.record(0_u8, event),
        (true, None) => ClockSet::<u8>::new(&rule.clock)?.record_for_all(event),
        (false, Some(_)) => Err(ClockRefusal::NotPerPerson),
        (false, None) => DutyClock::new(&rule.clock).record(event),
    }
}

fn row(
    rule: &Rule,
    what: &What,
    happened_at: Instant,
    recorded_at: Instant,
    sealed_subjects: Option<Vec<u8>>,
) -> ClockRow {
    let (name, word, reference, refers_at) = match what {
        What::Started(event) => ("started", event.id(), String::new(), None),
        What::StartWithdrawn { started_at, evidence } => {
            ("withdrawn", "", evidence.to_string(), Some(*started_at))
        }
        What::Stopped(evidence) => {
            ("stopped", evidence.kind.id(), evidence.reference.to_string(), None)
        }
        What::DelayBegan { reason, evidence } => {
            ("delay_began", reason.as_str(), evidence.to_string(), None)
        }
        What::DelayEnded { reason, began_at } => {
            ("delay_ended", reason.as_str(), String::new(), Some(*began_at))
        }
    };
    ClockRow {
        duty: rule.id.clone(),
        happened_at,
        recorded_at,
        what: name.to_owned(),
        word: word.to_owned(),
        reference,
        refers_at,
        sealed_subjects,
    }
}

/// Reads a stored event back; a word that the vocabulary has lost is damage, not a default.
fn event_of(stored: &ClockRow) -> Result<ClockEvent, ResponseError> {
    const DAMAGED: ResponseError = ResponseError::Refused("a stored clock event is damaged");
    let what = match (stored.what.as_str(), stored.refers_at) {
        ("started", None) => What::Started(StartEvent::from_id(&stored.word).ok_or(DAMAGED)?),
        ("withdrawn", Some(started_at)) => {
            What::StartWithdrawn { started_at, evidence: stored.reference.parse()? }
        }
        ("stopped", None) => What::Stopped(Evidence {
            kind: EvidenceKind::from_id(&stored.word).ok_or(DAMAGED)?,
            reference: stored.reference.parse()?,
        }),
        ("delay_began", None) => {
            What::DelayBegan { reason: stored.word.clone(), evidence: stored.reference.parse()? }
        }
        ("delay_ended", Some(began_at)) => {
            What::DelayEnded { reason: stored.word.clone(), began_at }
        }
        _ => return Err(DAMAGED),
    };
    Ok(ClockEvent { happened_at: stored.happened_at, recorded_at: stored.recorded_at, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(range: std::ops::Range<u32>) -> Event {
        let at = Instant::from_micros(1);
        let what = What::Started(StartEvent::AwareAt);
        Event {
            duty: "d".to_owned(),
            what: ClockEvent { happened_at: at, recorded_at: at, what },
            whose: Some(range.collect()),
        }
    }

    #[test]
    fn persons_with_the_same_events_are_one_class() {
        let events = [event(0..10), event(5..20), event(5..8)];
        let classes = classes(&events.iter().collect::<Vec<_>>());
        let mut found: Vec<(u64, usize)> =
            classes.iter().map(|(members, own)| (members.len(), own.len())).collect();
        found.sort_unstable();
        // 0..5 one event, 5..8 three, 8..10 two, 10..20 one.
        assert_eq!(found, [(2, 2), (3, 3), (5, 1), (10, 1)]);
    }

    #[test]
    fn every_event_reads_back_as_it_was_stored() {
        let rule = &RuleTable::built_in().rules()[0];
        let at = Instant::from_micros(5);
        let reference = || "E-3".parse().unwrap();
        let evidence = Evidence { kind: EvidenceKind::DeliveryReceipt, reference: reference() };
        let all = [
            What::Started(StartEvent::AwareAt),
            What::StartWithdrawn { started_at: at, evidence: reference() },
            What::Stopped(evidence),
            What::DelayBegan { reason: "containment_in_progress".into(), evidence: reference() },
            What::DelayEnded { reason: "containment_in_progress".into(), began_at: at },
        ];
        for what in all {
            let stored = row(rule, &what, at, at, None);
            assert_eq!(event_of(&stored).unwrap().what, what);
            let damaged = ClockRow { what: "guessed".to_owned(), ..stored };
            assert!(event_of(&damaged).is_err());
        }
    }
}
