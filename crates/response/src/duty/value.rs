//! What a fact's value can be when it is known only in part.
//!
//! On the first day nobody knows the head count: "at least 4,500" became 33.7 million in a Korean
//! case of 2025. So a number is a range and a time is a span, and a comparison answers yes or no
//! only when the whole range does.

use std::fmt;

use doldam_ground::Instant;
use doldam_ground::deadline::{Day, Zone};

use super::truth::Truth;

/// A comparison of the trigger language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// As it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::AtMost => "≤",
            Self::More => ">",
            Self::AtLeast => "≥",
        }
    }

    /// Compares everything from `low` to `high` (`None`: no upper end) with `limit`.
    fn holds<T: Ord + Copy>(self, low: Option<T>, high: Option<T>, limit: T) -> Truth {
        let all = |test: &dyn Fn(T) -> bool, end: Option<T>| end.is_some_and(test);
        let below = all(&|high| high < limit, high);
        let at_most = all(&|high| high <= limit, high);
        let above = all(&|low| low > limit, low);
        let at_least = all(&|low| low >= limit, low);
        let (yes, no) = match self {
            Self::Equal => (at_most && at_least, below || above),
            Self::Less => (below, at_least),
            Self::AtMost => (at_most, above),
            Self::More => (above, at_most),
            Self::AtLeast => (at_least, below),
        };
        if yes { Truth::True } else { Truth::from((no).then_some(false)) }
    }
}

/// A number that may be known only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    low: u64,
    high: Option<u64>,
}

impl Count {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { low: 0, high: None };

    /// Exactly `count`.
    pub const fn exact(count: u64) -> Self {
        Self { low: count, high: Some(count) }
    }

    /// `count` or more.
    pub const fn at_least(count: u64) -> Self {
        Self { low: count, high: None }
    }

    /// From `low` to `high`, both included; the ends are exchanged if they stand the wrong way.
    pub const fn between(low: u64, high: u64) -> Self {
        if low <= high { Self { low, high: Some(high) } } else { Self::between(high, low) }
    }

    /// The least that it can be.
    pub const fn low(self) -> u64 {
        self.low
    }

    /// The most that it can be; `None` if there is no upper end.
    pub const fn high(self) -> Option<u64> {
        self.high
    }

    /// What both say together; `self` where they contradict each other.
    #[must_use]
    pub fn narrowed_by(self, other: Self) -> Self {
        let low = self.low.max(other.low);
        let high = self.high.into_iter().chain(other.high).min();
        if high.is_some_and(|high| high < low) { self } else { Self { low, high } }
    }

    /// Compares with a limit.
    pub fn compare(self, comparison: Comparison, limit: u64) -> Truth {
        comparison.holds(Some(self.low), self.high, limit)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (low, Some(high)) if low == high => write!(formatter, "{low}"),
            (low, Some(high)) => write!(formatter, "{low}..{high}"),
            (low, None) => write!(formatter, ">={low}"),
        }
    }
}

/// A time that may be known only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    earliest: Option<Instant>,
    latest: Option<Instant>,
}

impl When {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { earliest: None, latest: None };

    /// At exactly this time.
    pub const fn exactly(instant: Instant) -> Self {
        Self { earliest: Some(instant), latest: Some(instant) }
    }

    /// Then or earlier.
    pub const fn at_latest(instant: Instant) -> Self {
        Self { earliest: None, latest: Some(instant) }
    }

    /// Between the two, both included; they are exchanged if they stand the wrong way.
    pub fn between(earliest: Instant, latest: Instant) -> Self {
        Self { earliest: Some(earliest.min(latest)), latest: Some(earliest.max(latest)) }
    }

    /// The earliest that it can be.
    pub const fn earliest(self) -> Option<Instant> {
        self.earliest
    }

    /// The latest that it can be.
    pub const fn latest(self) -> Option<Instant> {
        self.latest
    }

    /// The same, if it cannot have been after `instant`; unchanged where that contradicts it.
    #[must_use]
    pub fn not_after(self, instant: Instant) -> Self {
        let contradicts = self.earliest.is_some_and(|earliest| earliest > instant);
        let latest = self.latest.map_or(instant, |latest| latest.min(instant));
        if contradicts { self } else { Self { latest: Some(latest), ..self } }
    }

    /// Compares its day in `zone` with `day`.
    pub fn compare(self, comparison: Comparison, day: Day, zone: &Zone) -> Truth {
        let day_of = |instant| zone.day_of(instant);
        comparison.holds(self.earliest.map(day_of), self.latest.map(day_of), day)
    }
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.earliest, self.latest) {
            (Some(earliest), Some(latest)) if earliest == latest => write!(formatter, "{earliest}"),
            (Some(earliest), Some(latest)) => write!(formatter, "{earliest}..{latest}"),
            (Some(earliest), None) => write!(formatter, "{earliest}.."),
            (None, Some(latest)) => write!(formatter, "..{latest}"),
            (None, None) => formatter.write_str(".."),
        }
    }
}

/// Whether a minute of the day lies from `from` up to, not including, `to`; the span may pass
/// midnight.
pub(super) const fn lies_between(minute: u16, from: u16, to: u16) -> bool {
    if from <= to { from <= minute && minute < to } else { from <= minute || minute < to }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIGNS: [Comparison; 5] = [
        Comparison::Equal,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::More,
        Comparison::AtLeast,
    ];

    #[test]
    fn at_least_decides_only_what_it_can() {
        let count = Count::at_least(4_500);
        assert_eq!(count.compare(Comparison::AtLeast, 1_000), Truth::True);
        assert_eq!(count.compare(Comparison::AtLeast, 10_000), Truth::Unknown);
        assert_eq!(count.compare(Comparison::Less, 1_000), Truth::False);
        assert_eq!(Count::UNKNOWN.compare(Comparison::AtLeast, 0), Truth::True);
    }

    #[test]
    fn a_night_passes_midnight() {
        let night = |hour: u16| lies_between(hour * 60, 21 * 60, 8 * 60);
        assert!(night(21) && night(23) && night(0) && night(7) && !night(8) && !night(20));
        assert!(lies_between(9 * 60, 8 * 60, 10 * 60) && !lies_between(7 * 60, 8 * 60, 10 * 60));
    }

    #[test]
    fn a_contradiction_leaves_what_was_given() {
        assert_eq!(Count::exact(5).narrowed_by(Count::at_least(6)), Count::exact(5));
        assert_eq!(Count::at_least(2).narrowed_by(Count::between(0, 9)), Count::between(2, 9));
    }

    proptest! {
        #[test]
        fn a_range_answers_as_all_its_numbers_do(low in 0_u64..20, more in 0_u64..20, limit in 0_u64..40) {
            let range = Count::between(low, low + more);
            for sign in SIGNS {
                let answers: Vec<Truth> =
                    (low..=low + more).map(|count| Count::exact(count).compare(sign, limit)).collect();
                let expected = if answers.iter().all(|answer| *answer == answers[0]) {
                    answers[0]
                } else {
                    Truth::Unknown
                };
                prop_assert_eq!(range.compare(sign, limit), expected);
            }
        }
    }
}
