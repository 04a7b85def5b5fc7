//! Reading a clock: its events and the time in, its state out.

use std::collections::{BTreeMap, BTreeSet};

use doldam_ground::{Instant, limits};

use super::event::{ClockEvent, Evidence, What};
use super::rule::{Basis, ClockRule, Deadline, DelayEffect, Length};
use crate::error::ClockRefusal;
use crate::words::StartEvent;

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClockState {
    /// What starts it has not happened.
    Waiting,
    /// The duty is to be met at all times; no event starts or ends it.
    Standing,
    /// It runs, and its deadline, if it has one, is ahead.
    Running,
    /// The law lets it wait while a reason lasts.
    Paused,
    /// Its deadline has passed without evidence.
    Overdue,
    /// Evidence stopped it.
    Stopped {
        /// Whether the evidence came after the deadline.
        late: bool,
    },
    /// The time for which a thing was to be kept is over.
    KeptLongEnough,
}

/// What a clock shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Where it stands.
    pub state: ClockState,
    /// When it started.
    pub started_at: Option<Instant>,
    /// Its deadline with all delays; while it is paused, the one it had before.
    pub deadline: Option<Deadline>,
    /// Our own alarm, where the row has one.
    pub alarm_at: Option<Instant>,
    /// When it stopped.
    pub stopped_at: Option<Instant>,
    /// What stopped it, or shows that a standing duty is met.
    pub evidence: Option<Evidence>,
    /// The reason for which it waits now.
    pub waits_for: Option<String>,
    /// Since when it waits: what [`What::DelayEnded`] must say to end it.
    pub waits_since: Option<Instant>,
    /// Whether a delay that moved the deadline was put on record only after that deadline.
    pub delay_recorded_late: bool,
}

/// One legal clock and its append-only list of events.
///
/// A duty that comes round again (a yearly inspection, each log that is kept, each new fact that is
/// reported) has a clock for each time.
#[derive(Clone, Debug)]
pub struct DutyClock<'r> {
    rule: &'r ClockRule,
    events: Vec<ClockEvent>,
}

impl<'r> DutyClock<'r> {
    /// A clock with no events.
    pub const fn new(rule: &'r ClockRule) -> Self {
        Self { rule, events: Vec::new() }
    }

    /// A clock with the events of a record, in any order.
    pub fn replay(
        rule: &'r ClockRule,
        events: impl IntoIterator<Item = ClockEvent>,
    ) -> Result<Self, ClockRefusal> {
        let mut clock = Self::new(rule);
        events.into_iter().try_for_each(|event| clock.record(event))?;
        Ok(clock)
    }

    /// Appends an event, or says why the law's row does not admit it.
    pub fn record(&mut self, event: ClockEvent) -> Result<(), ClockRefusal> {
        if self.events.len() >= limits::CLOCK_EVENTS_MAX {
            return Err(ClockRefusal::Full);
        }
        admit(self.rule, &event)?;
        self.events.push(event);
        Ok(())
    }

    /// The events, in the order in which they were recorded.
    pub fn events(&self) -> &[ClockEvent] {
        &self.events
    }

    /// What the clock shows at `at`.
    pub fn read(&self, at: Instant) -> Reading {
        read(self.rule, self.events.iter(), at)
    }
}

/// Whether a clock of this rule may take the event.
pub(super) fn admit(rule: &ClockRule, event: &ClockEvent) -> Result<(), ClockRefusal> {
    let effect = |reason: &str| rule.delay(reason).map(|delay| delay.effect);
    let refusal = match &event.what {
        _ if event.happened_at > event.recorded_at => Some(ClockRefusal::Future),
        What::Started(start) => (*start != rule.started_by()).then_some(ClockRefusal::StartEvent),
        What::StartWithdrawn { .. } => None,
        What::Stopped(evidence) => {
            (!rule.stops_on.contains(&evidence.kind)).then_some(ClockRefusal::Evidence)
        }
        What::DelayBegan { reason, .. } => match effect(reason) {
            None => Some(ClockRefusal::DelayReason),
            Some(DelayEffect::Record) => Some(ClockRefusal::DelayWithoutEffect),
            Some(_) => None,
        },
        What::DelayEnded { reason, began_at } => match effect(reason) {
            Some(DelayEffect::UntilEnd) => {
                (event.happened_at < *began_at).then_some(ClockRefusal::EndBeforeBegin)
            }
            _ => Some(ClockRefusal::DelayReason),
        },
    };
    refusal.map_or(Ok(()), Err)
}

/// The events of one clock, sorted into what each of them says. Sets, so that neither the order
/// nor the repetition of a record matters.
#[derive(Default)]
struct Record<'e> {
    starts: BTreeSet<Instant>,
    stops: BTreeSet<(Instant, &'e Evidence)>,
    /// When a delay began, and its reason; and when it was first put on record.
    delays: BTreeMap<(Instant, &'e str), Instant>,
    /// The earliest end of the delay with this reason and begin.
    ends: BTreeMap<(&'e str, Instant), Instant>,
    last_recorded_at: Option<Instant>,
}

impl<'e> Record<'e> {
    fn of(events: impl Iterator<Item = &'e ClockEvent>) -> Self {
        let mut record = Self::default();
        let mut withdrawn = BTreeSet::new();
        for event in events {
            let at = event.happened_at;
            record.last_recorded_at = record.last_recorded_at.max(Some(event.recorded_at));
            match &event.what {
                What::Started(_) => _ = record.starts.insert(at),
                What::StartWithdrawn { started_at, .. } => _ = withdrawn.insert(*started_at),
                What::Stopped(evidence) => _ = record.stops.insert((at, evidence)),
                What::DelayBegan { reason, .. } => {
                    let first = record.delays.entry((at, reason)).or_insert(event.recorded_at);
                    *first = event.recorded_at.min(*first);
                }
                What::DelayEnded { reason, began_at } => {
                    let end = record.ends.entry((reason, *began_at)).or_insert(at);
                    *end = at.min(*end);
                }
            }
        }
        record.starts.retain(|start| !withdrawn.contains(start));
        record
    }
}

/// A deadline after delays.
struct Delayed<'e> {
    due_at: Instant,
    waits_for: Option<(&'e str, Instant)>,
    recorded_late: bool,
}

fn delayed<'e>(
    rule: &ClockRule,
    record: &Record<'e>,
    due_at: Instant,
    until: Option<Instant>,
) -> Delayed<'e> {
    let mut now = Delayed { due_at, waits_for: None, recorded_late: false };
    let mut used: BTreeMap<&str, u32> = BTreeMap::new();
    let mut working_hour = None;
    for ((began_at, reason), recorded_at) in &record.delays {
        let too_late = *began_at > now.due_at || until.is_some_and(|until| *began_at > until);
        let Some(delay) = rule.delay(reason).filter(|_| !too_late && now.waits_for.is_none())
        else {
            continue;
        };
        now.recorded_late |= *recorded_at > now.due_at;
        match delay.effect {
            DelayEffect::UntilEnd => match record.ends.get(&(*reason, *began_at)) {
                Some(end) => now.due_at = now.due_at.max(*end),
                None => now.waits_for = Some((*reason, *began_at)),
            },
            DelayEffect::Extend { length, times } => {
                let count = used.entry(reason).or_default();
                if *count < times {
                    now.due_at = rule.extended(now.due_at, length);
                }
                *count += 1;
            }
            DelayEffect::WorkingDay { hour } => working_hour = Some(hour),
            DelayEffect::Record => {}
        }
    }
    if let Some(hour) = working_hour {
        now.due_at = rule.on_a_working_day(now.due_at, hour);
    }
    now
}

/// What a clock of this rule with these events shows at `at`.
pub(super) fn read<'e>(
    rule: &ClockRule,
    events: impl Iterator<Item = &'e ClockEvent>,
    at: Instant,
) -> Reading {
    let record = Record::of(events);
    let now = record.last_recorded_at.map_or(at, |recorded| recorded.max(at));
    let Some(started_at) = record.starts.first().copied() else {
        return not_started(rule, &record);
    };
    let counts = |stop: &Instant| rule.looks_back() || *stop >= started_at;
    let stop = record.stops.iter().find(|(stop, _)| counts(stop));
    let stopped_at = stop.map(|(stop, _)| *stop);
    let delayed_due = |moves_on| {
        let (due_at, basis) = rule.due(started_at, moves_on)?;
        Some((delayed(rule, &record, due_at, stopped_at), basis))
    };
    let due = delayed_due(true).zip(delayed_due(false));
    let (delayed, deadline) = match due {
        Some(((due, basis), (strict, _))) => {
            let deadline = Deadline { due_at: due.due_at, strict_at: strict.due_at, basis };
            (Some(due), Some(deadline))
        }
        None => (None, None),
    };
    let waits = delayed.as_ref().and_then(|delayed| delayed.waits_for);
    let state = state(rule, now, stopped_at, deadline, waits.is_some());
    let waits = waits.filter(|_| stopped_at.is_none());
    Reading {
        state,
        started_at: Some(started_at),
        deadline,
        alarm_at: alarm(rule, started_at),
        stopped_at,
        evidence: stop.map(|(_, evidence)| (*evidence).clone()),
        waits_for: waits.map(|(reason, _)| reason.to_owned()),
        waits_since: waits.map(|(_, since)| since),
        delay_recorded_late: delayed.is_some_and(|delayed| delayed.recorded_late),
    }
}

fn not_started(rule: &ClockRule, record: &Record<'_>) -> Reading {
    let standing = rule.start == StartEvent::Always && rule.length == Length::Unnumbered;
    let latest = record.stops.last().filter(|_| standing);
    Reading {
        state: if standing { ClockState::Standing } else { ClockState::Waiting },
        started_at: None,
        deadline: None,
        alarm_at: None,
        stopped_at: None,
        evidence: latest.map(|(_, evidence)| (*evidence).clone()),
        waits_for: None,
        waits_since: None,
        delay_recorded_late: false,
    }
}

fn alarm(rule: &ClockRule, started_at: Instant) -> Option<Instant> {
    let hours = (rule.suggested_hours > 0).then_some(rule.suggested_hours);
    hours.map(|hours| doldam_ground::deadline::hours_after(started_at, hours))
}

fn state(
    rule: &ClockRule,
    now: Instant,
    stopped_at: Option<Instant>,
    deadline: Option<Deadline>,
    waits: bool,
) -> ClockState {
    let passed = |at: Instant| !waits && deadline.is_some_and(|deadline| at > deadline.due_at);
    match stopped_at {
        _ if rule.keep && passed(now) => ClockState::KeptLongEnough,
        Some(stop) if !rule.keep => ClockState::Stopped { late: passed(stop) },
        _ if waits => ClockState::Paused,
        _ if passed(now) => ClockState::Overdue,
        _ => ClockState::Running,
    }
}

impl Reading {
    /// How much of the time from the start to the deadline is gone at `at`, in per cent (0 to 100);
    /// `None` for a clock that does not run towards a deadline.
    pub fn elapsed_percent(&self, at: Instant) -> Option<u8> {
        let (start, deadline) = (self.started_at?, self.deadline?);
        if !matches!(self.state, ClockState::Running | ClockState::Overdue) {
            return None;
        }
        let whole = i128::from(deadline.due_at.micros()) - i128::from(start.micros());
        let gone = i128::from(at.micros()) - i128::from(start.micros());
        let percent = (gone * 100).checked_div(whole).unwrap_or(100).clamp(0, 100);
        u8::try_from(percent).ok()
    }

    /// Whether the deadline, if there is one, is the law's and not our own alarm.
    pub fn is_by_law(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.basis == Basis::Law)
    }
}
