//! How long a clock runs: one row's deadline, counted the way of its law.

use std::sync::Arc;

use doldam_ground::Instant;
use doldam_ground::deadline::{Day, Holidays, Zone, hours_after};

use crate::words::{Bilingual, ClockWord, EvidenceKind, StartEvent, Verified};

/// How long the law gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// The law sets no number; its word stands in [`ClockRule::word`].
    Unnumbered,
    /// Hours, exact.
    Hours(u32),
    /// Days of the calendar, to the end of the last one.
    Days(u32),
    /// Business days, to the end of the last one.
    BusinessDays(u32),
    /// Months, to the end of the day with the same number.
    Months(u32),
}

/// What a reason to wait does to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DelayEffect {
    /// The duty waits while the reason lasts, and is due at once when it ends.
    UntilEnd,
    /// The deadline moves by `length`, at most `times` times.
    Extend {
        /// By how much.
        length: Length,
        /// How often.
        times: u32,
    },
    /// A deadline on a day of rest moves to this hour of the next working day.
    WorkingDay {
        /// The hour, 0 to 23.
        hour: i8,
    },
    /// None: the reason is kept as a record.
    Record,
}

/// A reason to wait, as `rules/delays.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    /// The word by which rows and events name it.
    pub id: String,
    /// What it does.
    pub effect: DelayEffect,
    /// What it is called.
    pub name: Bilingual,
    /// How sure its effect is.
    pub verified: Verified,
}

/// How a jurisdiction counts days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// Whether the day on which the clock starts is the first day.
    pub first_day_counted: bool,
    /// Whether a last day of rest moves on to the next working day.
    pub rest_day_moves_on: bool,
    /// How sure that is.
    pub verified: Verified,
}

/// Whose word a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The law sets it.
    Law,
    /// The law says "without delay" or the like; the number is our own alarm.
    Suggested,
}

/// A deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// The last instant at which the duty can be fulfilled in time.
    pub due_at: Instant,
    /// The same without moving a last day of rest on: earlier or equal, for whoever plans.
    pub strict_at: Instant,
    /// Whose word it is.
    pub basis: Basis,
}

/// The clock of one row of the rule table.
#[derive(Clone, Debug)]
pub struct ClockRule {
    /// What starts it, in the table's word.
    pub start: StartEvent,
    /// How long it runs.
    pub length: Length,
    /// The law's word where there is no number, or besides one.
    pub word: Option<ClockWord>,
    /// Where its days begin and end.
    pub zone: Zone,
    /// Our own alarm, in hours from the start; 0 for none.
    pub suggested_hours: u32,
    /// The reasons for which it may wait.
    pub delays: Vec<Arc<Delay>>,
    /// The kinds of evidence that may stop it; any one suffices.
    pub stops_on: Vec<EvidenceKind>,
    /// Whether it measures how long a thing is to be kept, rather than by when to act.
    pub keep: bool,
    /// Whether the law counts persons, so that each person has a clock of its own.
    pub per_person: bool,
    /// How its days are counted.
    pub counting: Counting,
    /// The days on which its authority rests.
    pub holidays: Arc<Holidays>,
}

impl ClockRule {
    /// The event that starts the clock, as events name it.
    ///
    /// "Before the persons are told" and "the end of the year" are both reckoned from discovery.
    pub const fn started_by(&self) -> StartEvent {
        match self.start {
            StartEvent::BeforeNotice | StartEvent::CalendarYearEnd => StartEvent::DiscoveredAt,
            start => start,
        }
    }

    /// The delay with this id, if the row allows it.
    pub fn delay(&self, id: &str) -> Option<&Delay> {
        self.delays.iter().find(|delay| delay.id == id).map(Arc::as_ref)
    }

    /// Whether evidence from before the start counts: the thing had to be there already.
    pub(super) const fn looks_back(&self) -> bool {
        match (self.start, self.word) {
            (StartEvent::BeforeNotice, _) | (_, Some(ClockWord::BeforeStart)) => true,
            (StartEvent::Always, _) => matches!(self.length, Length::Unnumbered),
            _ => false,
        }
    }

    /// The deadline of a clock that `started_at`, before any delay; `None` if the duty has no time.
    pub fn deadline(&self, started_at: Instant) -> Option<Deadline> {
        let at = |moves_on| self.due(started_at, moves_on);
        let (strict_at, basis) = at(false)?;
        let (due_at, _) = at(true)?;
        Some(Deadline { due_at, strict_at, basis })
    }

    pub(super) fn due(&self, started_at: Instant, moves_on: bool) -> Option<(Instant, Basis)> {
        if self.word == Some(ClockWord::BeforeStart) {
            return Some((started_at, Basis::Law));
        }
        let start = match self.start {
            StartEvent::CalendarYearEnd => self.last_of_year(started_at),
            _ => started_at,
        };
        match self.length {
            Length::Unnumbered if self.suggested_hours == 0 => None,
            Length::Unnumbered => {
                Some((hours_after(start, self.suggested_hours), Basis::Suggested))
            }
            length => Some((self.after(start, length, moves_on), Basis::Law)),
        }
    }

    fn last_of_year(&self, instant: Instant) -> Instant {
        self.zone.start_of(self.zone.day_of(instant).year_end())
    }

    fn after(&self, start: Instant, length: Length, moves_on: bool) -> Instant {
        let counted = i64::from(self.counting.first_day_counted);
        let first = self.zone.day_of(start);
        let last = match length {
            Length::Unnumbered => return start,
            Length::Hours(hours) => return hours_after(start, hours),
            Length::Days(days) => first.plus_days(i64::from(days) - counted),
            Length::Months(months) => first.plus_months(months).plus_days(-counted),
            Length::BusinessDays(days) => self.holidays.plus_business_days(first, days),
        };
        self.zone.end_of(if moves_on { self.moved_on(last) } else { last })
    }

    fn moved_on(&self, day: Day) -> Day {
        if self.counting.rest_day_moves_on { self.holidays.business_day_from(day) } else { day }
    }

    /// The last day on which a duty that is `due` can be fulfilled.
    fn last_day(&self, due: Instant) -> Day {
        self.zone.day_of(Instant::from_micros(due.micros().saturating_sub(1)))
    }

    /// A deadline moved by an extension.
    pub(super) fn extended(&self, due: Instant, length: Length) -> Instant {
        let last = self.last_day(due);
        let end = match length {
            Length::Unnumbered => due,
            Length::Hours(hours) => hours_after(due, hours),
            Length::Days(days) => self.zone.end_of(last.plus_days(i64::from(days))),
            Length::Months(months) => self.zone.end_of(last.plus_months(months)),
            Length::BusinessDays(days) => {
                self.zone.end_of(self.holidays.plus_business_days(last, days))
            }
        };
        end.max(due)
    }

    /// A deadline moved to `hour` of the next working day, if it falls on a day of rest.
    pub(super) fn on_a_working_day(&self, due: Instant, hour: i8) -> Instant {
        let last = self.last_day(due);
        let working = self.holidays.business_day_from(last);
        if working == last { due } else { self.zone.at(working, hour).max(due) }
    }
}
