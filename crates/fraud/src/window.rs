//! Exact sliding windows over what one key did.
//!
//! A count "of the last hour" that is a count of some calendar hours is wrong exactly when a fraud
//! runs over the full hour, so nothing here is bucketed: the items of one key stand in one ordered
//! buffer, every window (t−w, t] over them is a pair of places in it, and the aggregates between the
//! two places are kept in whole numbers as items come and go. Whole numbers can be taken back, so the
//! places move in both directions: an event that comes late is judged at its own time by stepping
//! back the few items that came after it, and the result is the same bits as if all were counted
//! anew. Several windows and aggregates share one buffer. An item that enters and leaves each window
//! once costs the same on a key with three items and on one with three million.

use doldam_ground::Instant;

use crate::value::Type;

mod answer;
mod items;
mod pack;
mod running;

pub use answer::Aggregate;
pub(crate) use answer::{Answer, Current, Look};
pub(crate) use items::{Items, Meta};
pub(crate) use pack::{Reader, put_number, put_signed, unpack};
pub(crate) use running::{Keep, Running};

/// Most values that one item carries: their presence is a bit each.
pub(crate) const COLUMNS_MAX: usize = 16;

/// Largest whole number that sums, means and standard deviations count, and the smallest when
/// negated: what is beyond is no money, and its square would not fit.
pub(crate) const COUNTED_MAX: i64 = (1 << 53) - 1;

/// One window over a buffer: (t − delay − span, t − delay].
#[derive(Clone, Debug)]
pub(crate) struct RangePlan {
    /// Length, in microseconds.
    pub(crate) span_us: i64,
    /// How far the window is shifted back, in microseconds.
    pub(crate) delay_us: i64,
    /// What is kept up to date between its ends.
    pub(crate) keeps: Vec<Keep>,
}

/// Everything that is kept for each key of one source.
#[derive(Clone, Debug, Default)]
pub(crate) struct BufferPlan {
    /// Types of the values that an item carries.
    pub(crate) columns: Vec<Type>,
    /// The windows.
    pub(crate) ranges: Vec<RangePlan>,
}

impl BufferPlan {
    /// How far back the longest window reaches, in microseconds.
    pub(crate) fn reach_us(&self) -> i64 {
        let reach = |range: &RangePlan| range.span_us.saturating_add(range.delay_us);
        self.ranges.iter().map(reach).max().unwrap_or(0)
    }
}

/// A window's place in a buffer: items `head..tail`, and what is kept of them.
struct Range {
    head: usize,
    tail: usize,
    running: Box<[Running]>,
}

/// The items of one key of one source, in the order of (event time, log sequence).
pub(crate) struct Buffer {
    items: Items,
    ranges: Box<[Range]>,
    /// The time at which the windows stand.
    at: i64,
}

impl Buffer {
    /// An empty buffer.
    pub(crate) fn new(plan: &BufferPlan) -> Self {
        let range = |range: &RangePlan| Range {
            head: 0,
            tail: 0,
            running: range.keeps.iter().map(Running::new).collect(),
        };
        Self {
            items: Items::new(plan.columns.len()),
            ranges: plan.ranges.iter().map(range).collect(),
            at: i64::MIN,
        }
    }

    /// The items.
    pub(crate) const fn items(&self) -> &Items {
        &self.items
    }

    /// Items of a window, as the numbers `head..tail`.
    pub(crate) fn range(&self, range: usize) -> std::ops::Range<usize> {
        self.ranges[range].head..self.ranges[range].tail
    }

    /// What is kept of a window.
    pub(crate) fn running(&self, range: usize, keep: usize) -> &Running {
        &self.ranges[range].running[keep]
    }

    /// Moves every window so that it stands at `time`, forward or back.
    pub(crate) fn stand_at(&mut self, plan: &BufferPlan, time: Instant) {
        let time = time.micros();
        if time == self.at {
            return;
        }
        for (range, plan) in self.ranges.iter_mut().zip(&plan.ranges) {
            let upper = time.saturating_sub(plan.delay_us);
            let lower = upper.saturating_sub(plan.span_us);
            if time > self.at {
                range.forward(&self.items, lower, upper);
            } else {
                range.back(&self.items, lower, upper);
            }
        }
        self.at = time;
    }

    /// Adds an item at the time at which the windows stand, behind all that have that time. Says
    /// whether it came late: whether items of a later time are there already.
    pub(crate) fn add(&mut self, plan: &BufferPlan, meta: Meta, slots: &[i64]) -> bool {
        let end = self.items.end();
        let mut place = end;
        while place > self.items.first() && self.items.time(place - 1) > self.at {
            place -= 1;
        }
        self.items.insert(place, self.at, meta, slots);
        for (range, plan) in self.ranges.iter_mut().zip(&plan.ranges) {
            if plan.delay_us == 0 {
                range.enter(&self.items, place);
                range.tail += 1;
            }
        }
        place < end
    }

    /// Forgets the items of `bound` and before, which no window may reach any more; `gone` is told
    /// of each value of them.
    pub(crate) fn forget(&mut self, bound: i64, mut gone: impl FnMut(usize, i64)) {
        while !self.items.is_empty() && self.items.time(self.items.first()) <= bound {
            self.items.each_slot(self.items.first(), &mut gone);
            self.items.pop();
        }
        let first = self.items.first();
        for range in &mut self.ranges {
            debug_assert!(range.head >= first || range.head == range.tail);
            range.head = range.head.max(first);
            range.tail = range.tail.max(first);
        }
    }

    /// Sets or takes back the label of the item of (`time`, `sequence`); `false` when there is none.
    pub(crate) fn label(&mut self, time: i64, sequence: u32, fraud: bool) -> bool {
        let Some(number) = self.items.find(time, sequence) else { return false };
        if self.items.meta(number).fraud() == fraud {
            return true;
        }
        self.items.set_fraud(number, fraud);
        for range in &mut self.ranges {
            if (range.head..range.tail).contains(&number) {
                range.running.iter_mut().for_each(|running| running.relabel(fraud));
            }
        }
        true
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let running = |range: &Range| range.running.iter().map(Running::bytes).sum::<usize>();
        size_of::<Self>()
            + self.items.bytes()
            + self.ranges.iter().map(|range| size_of::<Range>() + running(range)).sum::<usize>()
    }
}

impl Range {
    fn enter(&mut self, items: &Items, number: usize) {
        self.running.iter_mut().for_each(|running| running.enter(items, number));
    }

    fn leave(&mut self, items: &Items, number: usize) {
        self.running.iter_mut().for_each(|running| running.leave(items, number));
    }

    /// The end goes first, so that an item never leaves before it has entered.
    fn forward(&mut self, items: &Items, lower: i64, upper: i64) {
        while self.tail < items.end() && items.time(self.tail) <= upper {
            self.enter(items, self.tail);
            self.tail += 1;
        }
        while self.head < self.tail && items.time(self.head) <= lower {
            self.leave(items, self.head);
            self.head += 1;
        }
    }

    /// The start goes first, for the same reason.
    fn back(&mut self, items: &Items, lower: i64, upper: i64) {
        while self.head > items.first() && items.time(self.head - 1) > lower {
            self.head -= 1;
            self.enter(items, self.head);
        }
        while self.tail > self.head && items.time(self.tail - 1) > upper {
            self.tail -= 1;
            self.leave(items, self.tail);
        }
    }
}
