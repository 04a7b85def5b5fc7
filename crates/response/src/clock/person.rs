//! One clock a person, where the law counts persons.
//!
//! "Within 72 hours of knowing" runs for each person from when *that person's* part in the leak
//! became known: the 4,500 of the first day are not excused, nor the others late, because a second
//! file turned up on the eleventh.

use std::collections::BTreeMap;

use doldam_ground::{Instant, limits};

use super::event::{ClockEvent, What};
use super::reading::{ClockState, Reading, admit, read};
use super::rule::ClockRule;
use crate::error::ClockRefusal;
use crate::words::EvidenceKind;

/// The clocks of one duty, one a person.
///
/// `K` says which person; it has no `Debug` here on purpose, so that a set cannot be printed.
pub struct ClockSet<'r, K> {
    rule: &'r ClockRule,
    shared: Vec<ClockEvent>,
    persons: BTreeMap<K, Vec<ClockEvent>>,
}

/// How many persons' clocks are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Persons whose clock has not started.
    pub waiting: u64,
    /// Persons whose clock runs.
    pub running: u64,
    /// Persons whose clock waits for a reason of the law.
    pub paused: u64,
    /// Persons whose deadline has passed without evidence.
    pub overdue: u64,
    /// Persons whose clock was stopped in time.
    pub stopped_in_time: u64,
    /// Persons whose clock was stopped after its deadline.
    pub stopped_late: u64,
    /// The deadline that comes first among the clocks that run.
    pub next_due_at: Option<Instant>,
}

impl<'r, K: Ord> ClockSet<'r, K> {
    /// No clocks yet; refused for a duty that is not counted per person.
    pub fn new(rule: &'r ClockRule) -> Result<Self, ClockRefusal> {
        if !rule.per_person {
            return Err(ClockRefusal::NotPerPerson);
        }
        Ok(Self { rule, shared: Vec::new(), persons: BTreeMap::new() })
    }

    /// Appends an event of one person's clock.
    pub fn record(&mut self, person: K, event: ClockEvent) -> Result<(), ClockRefusal> {
        admit(self.rule, &event)?;
        let events = self.persons.entry(person).or_default();
        if events.len() >= limits::CLOCK_EVENTS_MAX {
            return Err(ClockRefusal::Full);
        }
        events.push(event);
        Ok(())
    }

    /// Appends an event of everybody's clock: a delay, or a posting that stands for the notices.
    ///
    /// A start is each person's own, and so is a receipt; both are refused. Evidence stops only the
    /// clocks that had started by then, so a posting does not cover who is found later.
    pub fn record_for_all(&mut self, event: ClockEvent) -> Result<(), ClockRefusal> {
        admit(self.rule, &event)?;
        match &event.what {
            What::Started(_) | What::StartWithdrawn { .. } => {
                return Err(ClockRefusal::OnePersonsStart);
            }
            What::Stopped(evidence) if evidence.kind != EvidenceKind::PostingProof => {
                return Err(ClockRefusal::OnePersonsEvidence);
            }
            _ if self.shared.len() >= limits::CLOCK_EVENTS_MAX => return Err(ClockRefusal::Full),
            _ => self.shared.push(event),
        }
        Ok(())
    }

    /// What one person's clock shows; `None` for a person that has none.
    pub fn read(&self, person: &K, at: Instant) -> Option<Reading> {
        self.persons.get(person).map(|events| self.read_events(events, at))
    }

    fn read_events(&self, events: &[ClockEvent], at: Instant) -> Reading {
        read(self.rule, self.shared.iter().chain(events), at)
    }

    /// The persons whose clock is in a state for which `test` is true, in their order.
    pub fn persons_where<'a>(
        &'a self,
        at: Instant,
        test: impl Fn(ClockState) -> bool + 'a,
    ) -> impl Iterator<Item = &'a K> {
        let read = move |events: &[ClockEvent]| self.read_events(events, at).state;
        self.persons.iter().filter(move |(_, events)| test(read(events))).map(|(person, _)| person)
    }

    /// How many persons' clocks are in which state at `at`.
    pub fn summary(&self, at: Instant) -> Summary {
        let mut summary = Summary::default();
        for events in self.persons.values() {
            let reading = self.read_events(events, at);
            summary.add(&reading);
        }
        summary
    }
}

impl Summary {
    fn add(&mut self, reading: &Reading) {
        let count = match reading.state {
            ClockState::Waiting => &mut self.waiting,
            ClockState::Running | ClockState::Standing | ClockState::KeptLongEnough => {
                &mut self.running
            }
            ClockState::Paused => &mut self.paused,
            ClockState::Overdue => &mut self.overdue,
            ClockState::Stopped { late: false } => &mut self.stopped_in_time,
            ClockState::Stopped { late: true } => &mut self.stopped_late,
        };
        *count += 1;
        if reading.state == ClockState::Running {
            let due = reading.deadline.map(|deadline| deadline.due_at);
            self.next_due_at = self.next_due_at.into_iter().chain(due).min();
        }
    }

    /// All persons.
    pub const fn total(&self) -> u64 {
        self.waiting
            + self.running
            + self.paused
            + self.overdue
            + self.stopped_in_time
            + self.stopped_late
    }
}
