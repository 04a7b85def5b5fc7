//! The items of one key, side by side in one ring of words.
//!
//! An item is its time, a word of facts about it, and one word for each value. Items are numbered
//! from the first that ever came, so a place stays right when older items are forgotten.

use std::collections::VecDeque;

use super::COLUMNS_MAX;

/// Facts about one item: which values it has, its label, and the low half of its log sequence, which
/// tells apart items of one key and one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meta(u64);

const FRAUD: u64 = 1 << 63;

impl Meta {
    /// Of an item without label that carries the values whose bits are set in `present`.
    pub(crate) fn new(present: u16, sequence: u32) -> Self {
        Self(u64::from(present) << 32 | u64::from(sequence))
    }

    /// The same with a label.
    pub(crate) const fn labelled(self, fraud: bool) -> Self {
        if fraud { Self(self.0 | FRAUD) } else { Self(self.0 & !FRAUD) }
    }

    /// Whether the item is known to be a fraud.
    pub(crate) const fn fraud(self) -> bool {
        self.0 & FRAUD != 0
    }

    /// Whether the item has a value in `column`.
    pub(crate) const fn has(self, column: usize) -> bool {
        debug_assert!(column < COLUMNS_MAX);
        self.0 >> (32 + column) & 1 == 1
    }

    /// The bits of the values that it has.
    pub(crate) fn present(self) -> u16 {
        u16::try_from(self.0 >> 32 & 0xffff).expect("sixteen bits")
    }

    /// The low half of its log sequence.
    pub(crate) fn sequence(self) -> u32 {
        u32::try_from(self.0 & 0xffff_ffff).expect("thirty-two bits")
    }
}

/// See the module.
pub(crate) struct Items {
    words: VecDeque<u64>,
    stride: usize,
    first: usize,
    end: usize,
}

impl Items {
    /// None, of `columns` values each.
    pub(crate) const fn new(columns: usize) -> Self {
        Self { words: VecDeque::new(), stride: 2 + columns, first: 0, end: 0 }
    }

    /// Makes room for `count` items and a few more.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.words.reserve_exact((count + 2) * self.stride);
    }

    /// Number of the first item that is kept.
    pub(crate) const fn first(&self) -> usize {
        self.first
    }

    /// Number behind the last item.
    pub(crate) const fn end(&self) -> usize {
        self.end
    }

    /// Whether none is kept.
    pub(crate) const fn is_empty(&self) -> bool {
        self.first == self.end
    }

    fn place(&self, number: usize) -> usize {
        (number - self.first) * self.stride
    }

    /// When an item happened, in microseconds.
    pub(crate) fn time(&self, number: usize) -> i64 {
        self.words[self.place(number)].cast_signed()
    }

    /// Facts about an item.
    pub(crate) fn meta(&self, number: usize) -> Meta {
        Meta(self.words[self.place(number) + 1])
    }

    /// A value of an item, if it has one.
    pub(crate) fn slot(&self, number: usize, column: usize) -> Option<i64> {
        let place = self.place(number);
        Meta(self.words[place + 1])
            .has(column)
            .then(|| self.words[place + 2 + column].cast_signed())
    }

    /// Tells every value of an item, with its column.
    pub(crate) fn each_slot(&self, number: usize, told: &mut impl FnMut(usize, i64)) {
        for column in 0..self.stride - 2 {
            if let Some(slot) = self.slot(number, column) {
                told(column, slot);
            }
        }
    }

    /// Puts an item before the one with `number`; that and those behind it move up.
    pub(crate) fn insert(&mut self, number: usize, time: i64, meta: Meta, slots: &[i64]) {
        debug_assert_eq!(slots.len() + 2, self.stride);
        if number == self.end {
            self.words.push_back(time.cast_unsigned());
            self.words.push_back(meta.0);
            self.words.extend(slots.iter().map(|slot| slot.cast_unsigned()));
        } else {
            let place = self.place(number);
            for slot in slots.iter().rev() {
                self.words.insert(place, slot.cast_unsigned());
            }
            self.words.insert(place, meta.0);
            self.words.insert(place, time.cast_unsigned());
        }
        self.end += 1;
    }

    /// Forgets the first item.
    pub(crate) fn pop(&mut self) {
        self.words.drain(..self.stride);
        self.first += 1;
    }

    /// The item of a time and a sequence.
    pub(crate) fn find(&self, time: i64, sequence: u32) -> Option<usize> {
        let (mut low, mut high) = (self.first, self.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time(middle) < time { low = middle + 1 } else { high = middle }
        }
        (low..self.end)
            .take_while(|number| self.time(*number) == time)
            .find(|number| self.meta(*number).sequence() == sequence)
    }

    /// Sets the label of an item.
    pub(crate) fn set_fraud(&mut self, number: usize, fraud: bool) {
        let place = self.place(number) + 1;
        self.words[place] = Meta(self.words[place]).labelled(fraud).0;
    }

    /// Bytes of memory beside the struct itself.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_numbers_when_older_ones_go() {
        let mut items = Items::new(1);
        for (sequence, time) in [(1, 10), (2, 30), (3, 30)] {
            items.insert(items.end(), time, Meta::new(1, sequence), &[time * 2]);
        }
        items.insert(1, 20, Meta::new(0, 4), &[0]);
        assert_eq!((0..4).map(|number| items.time(number)).collect::<Vec<_>>(), [10, 20, 30, 30]);
        items.pop();
        assert_eq!((items.first(), items.slot(1, 0), items.slot(2, 0)), (1, None, Some(60)));
        assert_eq!(items.find(30, 3), Some(3));
        assert_eq!(items.find(30, 4), None);
        items.set_fraud(3, true);
        assert!(items.meta(3).fraud() && items.meta(3).sequence() == 3 && !items.meta(2).fraud());
    }
}
