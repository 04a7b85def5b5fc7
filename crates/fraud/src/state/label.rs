//! Which item an event became, so that a label that comes weeks later finds it.
//!
//! There is one record for each event of the longest labelled window, so records are small: 64 bits
//! of the event's id under BLAKE3, its time, its sequence and the numbers of its keys. They stand in
//! blocks that are sorted once and never changed, and go block by block; a table with an entry for
//! each would have to be rebuilt in one long pause whenever it grows. Two live ids that share 64
//! bits are refused as ambiguous instead of guessed at (with 70,000,000 live events that is one
//! chance in seven thousand that there is such a pair at all).

use std::collections::VecDeque;

use crate::event::EventId;

/// Most records of the block that is still open, which is searched from end to end.
const OPEN_MAX: usize = 4_096;
/// How many small blocks are merged into a large one.
const SMALL_MAX: usize = 16;

/// The item that an event became in each labelled group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) time: i64,
    pub(super) sequence: u32,
    /// Numbers of its keys by labelled group; [`ABSENT`] where it has none.
    pub(super) keys: &'a [u32],
}

/// No key.
pub(super) const ABSENT: u32 = u32::MAX;

/// What was found under an id.
pub(super) enum Found<'a> {
    Nothing,
    One(Record<'a>),
    Many,
}

/// See the module.
pub(super) struct Labels {
    /// Keys of one record.
    stride: usize,
    open: Block,
    small: Vec<Block>,
    large: VecDeque<Block>,
}

/// Records side by side; sorted by hash unless it is the open block.
#[derive(Default)]
pub(super) struct Block {
    hashes: Vec<u64>,
    times: Vec<i64>,
    sequences: Vec<u32>,
    keys: Vec<u32>,
}

/// 64 bits that stand for an id.
pub(super) fn hash(id: &EventId) -> u64 {
    let digest = blake3::hash(id.as_str().as_bytes());
    let (first, _) = digest.as_bytes().split_first_chunk().expect("a digest has 32 bytes");
    u64::from_le_bytes(*first)
}

impl Labels {
    /// For records with `stride` keys.
    pub(super) fn new(stride: usize) -> Self {
        Self { stride, open: Block::default(), small: Vec::new(), large: VecDeque::new() }
    }

    /// Keeps a record; those of `bound` and before may be forgotten.
    pub(super) fn add(&mut self, hash: u64, record: Record<'_>, bound: i64) {
        debug_assert_eq!(record.keys.len(), self.stride);
        self.open.push(hash, record);
        if self.open.len() >= OPEN_MAX {
            let block = std::mem::take(&mut self.open);
            self.small.push(block.sorted(self.stride));
            if self.small.len() >= SMALL_MAX {
                let mut merged = Block::default();
                self.small.drain(..).for_each(|block| merged.append(block));
                self.large.push_back(merged.sorted(self.stride));
            }
            self.large.retain(|block| block.times.iter().any(|time| *time > bound));
        }
    }

    /// The record of an id.
    pub(super) fn find(&self, hash: u64) -> Found<'_> {
        let open = (0..self.open.len()).filter(|place| self.open.hashes[*place] == hash);
        let open = open.map(|place| (&self.open, place));
        let sorted = self.large.iter().chain(&self.small);
        let sorted = sorted.flat_map(|block| block.places(hash).map(move |place| (block, place)));
        let mut found = open.chain(sorted);
        match (found.next(), found.next()) {
            (None, _) => Found::Nothing,
            (Some((block, place)), None) => Found::One(block.record(place, self.stride)),
            (Some(_), Some(_)) => Found::Many,
        }
    }

    /// Every record, for a snapshot; in no order that matters.
    pub(super) fn each(&self) -> impl Iterator<Item = (u64, Record<'_>)> {
        let blocks = self.large.iter().chain(&self.small).chain([&self.open]);
        blocks.flat_map(|block| {
            (0..block.len()).map(|place| (block.hashes[place], block.record(place, self.stride)))
        })
    }

    /// How many records there are.
    pub(super) fn count(&self) -> usize {
        self.large.iter().chain(&self.small).chain([&self.open]).map(Block::len).sum()
    }

    /// About how many bytes of memory they take.
    pub(super) fn bytes(&self) -> usize {
        self.large.iter().chain(&self.small).chain([&self.open]).map(Block::bytes).sum()
    }
}

impl Block {
    const fn len(&self) -> usize {
        self.hashes.len()
    }

    fn bytes(&self) -> usize {
        (self.hashes.capacity() + self.times.capacity()) * 8
            + (self.sequences.capacity() + self.keys.capacity()) * 4
    }

    fn push(&mut self, hash: u64, record: Record<'_>) {
        self.hashes.push(hash);
        self.times.push(record.time);
        self.sequences.push(record.sequence);
        self.keys.extend_from_slice(record.keys);
    }

    fn append(&mut self, mut other: Self) {
        self.hashes.append(&mut other.hashes);
        self.times.append(&mut other.times);
        self.sequences.append(&mut other.sequences);
        self.keys.append(&mut other.keys);
    }

    fn record(&self, place: usize, stride: usize) -> Record<'_> {
        Record {
            time: self.times[place],
            sequence: self.sequences[place],
            keys: &self.keys[place * stride..(place + 1) * stride],
        }
    }

    fn sorted(self, stride: usize) -> Self {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|place| self.hashes[*place]);
        let mut sorted = Self {
            hashes: Vec::with_capacity(self.len()),
            times: Vec::with_capacity(self.len()),
            sequences: Vec::with_capacity(self.len()),
            keys: Vec::with_capacity(self.keys.len()),
        };
        for place in order {
            sorted.push(self.hashes[place], self.record(place, stride));
        }
        sorted
    }

    /// Where a hash stands in a sorted block.
    fn places(&self, hash: u64) -> std::ops::Range<usize> {
        let start = self.hashes.partition_point(|known| *known < hash);
        let same = self.hashes[start..].iter().take_while(|known| **known == hash).count();
        start..start + same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(time: i64, keys: &[u32; 2]) -> Record<'_> {
        Record { time, sequence: 7, keys }
    }

    #[test]
    fn a_record_is_found_through_all_blocks_until_it_is_too_old() {
        let mut labels = Labels::new(2);
        let scatter = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let count = 200_000_u32;
        for number in 0..count {
            let keys = [number, ABSENT];
            let time = i64::from(number);
            labels.add(scatter(u64::from(number)), record(time, &keys), time - 100_000);
        }
        for number in [count - 1, count - 5_000, count - 99_000] {
            let Found::One(found) = labels.find(scatter(u64::from(number))) else {
                panic!("{number}")
            };
            assert_eq!(found, record(i64::from(number), &[number, ABSENT]));
        }
        assert!(matches!(labels.find(scatter(u64::from(count))), Found::Nothing));
        assert!(matches!(labels.find(scatter(0)), Found::Nothing));
        assert!(labels.count() < 180_000 && labels.each().count() == labels.count());
    }

    #[test]
    fn two_events_of_one_hash_are_ambiguous() {
        let mut labels = Labels::new(2);
        labels.add(5, record(1, &[1, 2]), 0);
        assert!(matches!(labels.find(5), Found::One(_)));
        labels.add(5, record(2, &[1, 2]), 0);
        assert!(matches!(labels.find(5), Found::Many));
    }
}
