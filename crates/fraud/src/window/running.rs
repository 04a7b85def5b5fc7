//! What is kept up to date between the two ends of a window.
//!
//! Everything here can be taken back exactly: sums are 128-bit whole numbers, and the smallest, the
//! largest and the number of different values come out of a sorted bag with counts.

use std::collections::BTreeMap;

use super::COUNTED_MAX;
use super::items::Items;

/// What to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Count and sum of a column of whole numbers.
    Sums(usize),
    /// The same and the sum of the squares.
    Squares(usize),
    /// The different values of a column, with how often each stands there.
    Bag {
        /// Which column.
        column: usize,
        /// Whether the slots are the bits of reals.
        real: bool,
    },
    /// How many items are known to be frauds.
    Frauds,
}

/// What has been kept; see [`Keep`].
pub(crate) enum Running {
    Sums { column: usize, count: u64, sum: i128 },
    Squares { column: usize, count: u64, sum: i128, squares: i128 },
    Bag { column: usize, real: bool, values: BTreeMap<i64, u64> },
    Frauds(u64),
}

impl Running {
    /// Of an empty window.
    pub(crate) const fn new(keep: &Keep) -> Self {
        match *keep {
            Keep::Sums(column) => Self::Sums { column, count: 0, sum: 0 },
            Keep::Squares(column) => Self::Squares { column, count: 0, sum: 0, squares: 0 },
            Keep::Bag { column, real } => Self::Bag { column, real, values: BTreeMap::new() },
            Keep::Frauds => Self::Frauds(0),
        }
    }

    /// Takes an item in.
    pub(crate) fn enter(&mut self, items: &Items, number: usize) {
        match self {
            Self::Sums { column, count, sum } => {
                if let Some(value) = counted(items.slot(number, *column)) {
                    *count += 1;
                    *sum += value;
                }
            }
            Self::Squares { column, count, sum, squares } => {
                if let Some(value) = counted(items.slot(number, *column)) {
                    *count += 1;
                    *sum += value;
                    *squares += value * value;
                }
            }
            Self::Bag { column, real, values } => {
                if let Some(slot) = items.slot(number, *column) {
                    *values.entry(ordered(slot, *real)).or_insert(0) += 1;
                }
            }
            Self::Frauds(count) => *count += u64::from(items.meta(number).fraud()),
        }
    }

    /// Takes an item out that was taken in.
    pub(crate) fn leave(&mut self, items: &Items, number: usize) {
        match self {
            Self::Sums { column, count, sum } => {
                if let Some(value) = counted(items.slot(number, *column)) {
                    *count -= 1;
                    *sum -= value;
                }
            }
            Self::Squares { column, count, sum, squares } => {
                if let Some(value) = counted(items.slot(number, *column)) {
                    *count -= 1;
                    *sum -= value;
                    *squares -= value * value;
                }
            }
            Self::Bag { column, real, values } => {
                if let Some(slot) = items.slot(number, *column) {
                    let key = ordered(slot, *real);
                    let count = values.get_mut(&key).expect("what leaves has entered");
                    *count -= 1;
                    if *count == 0 {
                        values.remove(&key);
                    }
                }
            }
            Self::Frauds(count) => *count -= u64::from(items.meta(number).fraud()),
        }
    }

    /// An item of the window got a label, or lost it.
    pub(crate) const fn relabel(&mut self, fraud: bool) {
        if let Self::Frauds(count) = self {
            if fraud { *count += 1 } else { *count -= 1 }
        }
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        /// A node of the tree holds up to 11 values and is at least half full but for the root.
        const NODE: usize = 12 * 16 + 16;
        let bag = match self {
            Self::Bag { values, .. } => values.len().div_ceil(6) * NODE,
            _ => 0,
        };
        size_of::<Self>() + bag
    }
}

/// A value that sums count; see [`COUNTED_MAX`].
pub(crate) fn counted(slot: Option<i64>) -> Option<i128> {
    slot.filter(|slot| (-COUNTED_MAX..=COUNTED_MAX).contains(slot)).map(i128::from)
}

/// A whole number that is ordered as the value is (IEEE 754 totalOrder for reals). For reals it is
/// its own inverse.
pub(crate) const fn ordered(slot: i64, real: bool) -> i64 {
    if real && slot < 0 { slot ^ i64::MAX } else { slot }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_are_ordered_by_their_bits() {
        let reals = [f64::MIN, -1.5, -0.0, 0.0, f64::MIN_POSITIVE, 1.0, f64::MAX];
        let slots = reals.map(|real| ordered(real.to_bits().cast_signed(), true));
        assert!(slots.is_sorted());
        for (real, slot) in reals.iter().zip(slots) {
            assert_eq!(ordered(slot, true), real.to_bits().cast_signed());
        }
        assert_eq!(ordered(-5, false), -5);
    }

    #[test]
    fn what_is_no_money_is_not_counted() {
        assert_eq!(counted(Some(COUNTED_MAX)), Some(i128::from(COUNTED_MAX)));
        assert_eq!(counted(Some(COUNTED_MAX + 1)), None);
        assert_eq!(counted(Some(i64::MIN)), None);
        assert_eq!(counted(None), None);
    }
}
