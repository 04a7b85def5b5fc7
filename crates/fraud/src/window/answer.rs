//! What a window says about one event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Buffer;
use super::running::{Running, counted, ordered};

/// How the items of a window become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// How many there are.
    Count,
    /// Sum of a whole number, exact.
    Sum,
    /// Sum over count, of whole numbers.
    Mean,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// Standard deviation of whole numbers, of a sample (divided by n − 1); none of fewer than two.
    StandardDeviation,
    /// How many different values there are.
    Distinct,
    /// The newest value.
    Last,
    /// Time since the newest item.
    TimeSince,
    /// When the oldest item of the window happened.
    FirstSeen,
    /// Share of the items that are known to be frauds by now.
    LabelShare,
}

impl Aggregate {
    /// Its name in declarations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
            Self::StandardDeviation => "standard_deviation",
            Self::Distinct => "distinct",
            Self::Last => "last",
            Self::TimeSince => "time_since",
            Self::FirstSeen => "first_seen",
            Self::LabelShare => "label_share",
        }
    }

    /// Whether it looks at a value of the items.
    pub const fn takes_value(self) -> bool {
        !matches!(self, Self::Count | Self::TimeSince | Self::FirstSeen | Self::LabelShare)
    }
}

/// What to look at in a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) aggregate: Aggregate,
    /// The window.
    pub(crate) range: usize,
    /// Which of the things that the window keeps, for those that need one.
    pub(crate) keep: usize,
    /// The column, for those that take a value.
    pub(crate) column: usize,
}

/// The event that is judged, where it belongs to the window itself.
#[derive(Clone, Copy)]
pub(crate) struct Current {
    /// Its value in the column of the look.
    pub(crate) slot: Option<i64>,
}

/// What came out. Slots have the type of the column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    Nothing,
    Int(i64),
    Real(f64),
    Slot(i64),
    Time(i64),
    Span(i64),
}

impl Look {
    /// Asks a buffer whose windows stand at `time`; a key without a buffer has no items.
    pub(crate) fn ask(
        &self,
        buffer: Option<&Buffer>,
        time: i64,
        current: Option<Current>,
    ) -> Answer {
        match self.aggregate {
            Aggregate::Count => whole(self.items(buffer) + usize::from(current.is_some())),
            Aggregate::Sum => {
                let (_, sum) = self.sums(buffer, current);
                i64::try_from(sum).map_or(Answer::Nothing, Answer::Int)
            }
            Aggregate::Mean => match self.sums(buffer, current) {
                (0, _) => Answer::Nothing,
                (count, sum) => Answer::Real(sum as f64 / count as f64),
            },
            Aggregate::StandardDeviation => self.deviation(buffer, current),
            Aggregate::Min | Aggregate::Max | Aggregate::Distinct => self.bag(buffer, current),
            Aggregate::Last => self.last(buffer, current),
            Aggregate::TimeSince => match (current, self.edge(buffer, true)) {
                (Some(_), _) => Answer::Span(0),
                (None, Some(newest)) => Answer::Span(time.saturating_sub(newest)),
                (None, None) => Answer::Nothing,
            },
            Aggregate::FirstSeen => match (self.edge(buffer, false), current) {
                (Some(oldest), _) => Answer::Time(oldest),
                (None, Some(_)) => Answer::Time(time),
                (None, None) => Answer::Nothing,
            },
            Aggregate::LabelShare => self.share(buffer, current),
        }
    }

    fn items(&self, buffer: Option<&Buffer>) -> usize {
        buffer.map_or(0, |buffer| buffer.range(self.range).len())
    }

    fn kept<'a>(&self, buffer: Option<&'a Buffer>) -> Option<&'a Running> {
        buffer.map(|buffer| buffer.running(self.range, self.keep))
    }

    /// Time of the newest or the oldest item of the window.
    fn edge(&self, buffer: Option<&Buffer>, newest: bool) -> Option<i64> {
        let buffer = buffer?;
        let range = buffer.range(self.range);
        let number = if range.is_empty() {
            return None;
        } else if newest {
            range.end - 1
        } else {
            range.start
        };
        Some(buffer.items().time(number))
    }

    fn sums(&self, buffer: Option<&Buffer>, current: Option<Current>) -> (u64, i128) {
        let (count, sum) = match self.kept(buffer) {
            Some(Running::Sums { count, sum, .. } | Running::Squares { count, sum, .. }) => {
                (*count, *sum)
            }
            _ => (0, 0),
        };
        match current.and_then(|current| counted(current.slot)) {
            Some(value) => (count + 1, sum + value),
            None => (count, sum),
        }
    }

    fn deviation(&self, buffer: Option<&Buffer>, current: Option<Current>) -> Answer {
        let (count, sum) = self.sums(buffer, current);
        let kept = match self.kept(buffer) {
            Some(Running::Squares { squares, .. }) => *squares,
            _ => 0,
        };
        let value = current.and_then(|current| counted(current.slot)).unwrap_or(0);
        match spread(count, sum, kept + value * value) {
            Some(squares) => Answer::Real((squares / (count - 1) as f64).sqrt()),
            None => Answer::Nothing,
        }
    }

    fn bag(&self, buffer: Option<&Buffer>, current: Option<Current>) -> Answer {
        let (real, values) = match self.kept(buffer) {
            Some(Running::Bag { real, values, .. }) => (*real, Some(values)),
            _ => (false, None),
        };
        let slot = current.and_then(|current| current.slot);
        let key = slot.map(|slot| ordered(slot, real));
        if self.aggregate == Aggregate::Distinct {
            let new = key.is_some_and(|key| values.is_none_or(|values| !values.contains_key(&key)));
            return whole(values.map_or(0, BTreeMap::len) + usize::from(new));
        }
        let Some(values) = values else { return slot.map_or(Answer::Nothing, Answer::Slot) };
        let smallest = self.aggregate == Aggregate::Min;
        let kept = if smallest { values.first_key_value() } else { values.last_key_value() };
        let kept = kept.map(|(key, _)| *key);
        let best = match (kept, key) {
            (Some(kept), Some(key)) if smallest => Some(kept.min(key)),
            (Some(kept), Some(key)) => Some(kept.max(key)),
            (kept, key) => kept.or(key),
        };
        best.map_or(Answer::Nothing, |best| Answer::Slot(ordered(best, real)))
    }

    fn last(&self, buffer: Option<&Buffer>, current: Option<Current>) -> Answer {
        let own = current.and_then(|current| current.slot);
        let kept = || {
            let buffer = buffer?;
            let mut numbers = buffer.range(self.range).rev();
            numbers.find_map(|number| buffer.items().slot(number, self.column))
        };
        own.or_else(kept).map_or(Answer::Nothing, Answer::Slot)
    }

    fn share(&self, buffer: Option<&Buffer>, current: Option<Current>) -> Answer {
        let frauds = match self.kept(buffer) {
            Some(Running::Frauds(count)) => *count,
            _ => 0,
        };
        match self.items(buffer) + usize::from(current.is_some()) {
            0 => Answer::Nothing,
            count => Answer::Real(frauds as f64 / count as f64),
        }
    }
}

fn whole(count: usize) -> Answer {
    i64::try_from(count).map_or(Answer::Nothing, Answer::Int)
}

/// Σ(value − mean)² from exact sums; `None` of fewer than two values.
///
/// With sum = q·n + r the squares around the whole number q are exact, and only the small rest is
/// rounded; so there is no cancellation, whatever the size of the values.
fn spread(count: u64, sum: i128, squares: i128) -> Option<f64> {
    if count < 2 {
        return None;
    }
    let values = i128::from(count);
    let (quotient, rest) = (sum.div_euclid(values), sum.rem_euclid(values));
    let around = squares.checked_sub(quotient.checked_mul(sum.checked_add(rest)?)?)?;
    let exact = around
        .checked_mul(values)
        .and_then(|product| product.checked_sub(rest.checked_mul(rest)?))
        .map(|numerator| numerator as f64 / count as f64);
    let rounded = || around as f64 - rest as f64 * (rest as f64 / count as f64);
    Some(exact.unwrap_or_else(rounded).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_large_values_is_not_cancelled() {
        let values = [(1_i128 << 53) - 3, (1 << 53) - 2, (1 << 53) - 1];
        let sum = values.iter().sum();
        let squares = values.iter().map(|value| value * value).sum();
        assert_eq!(spread(3, sum, squares), Some(2.0));
        assert_eq!(spread(1, 5, 25), None);
        assert_eq!(spread(2, -3, 5), Some(0.5));
        assert_eq!(spread(4, 0, 0), Some(0.0));
    }
}
