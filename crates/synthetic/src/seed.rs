//! A tree of seeds.
//!
//! One number makes a whole world, and every part of the world draws from a child seed of its own,
//! found by name. So a new draw in one part (one more log line in the repository) does not shift
//! another (the customers of the bank), and old tests keep their numbers.

use std::fmt;

use doldam_ground::{Entropy, entropy};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A node of the tree: 32 bytes from which a generator, or further children, are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The root of a world.
    pub fn new(number: u64) -> Self {
        Self(digest(&[b"doldam synthetic world", &number.to_be_bytes()]))
    }

    /// The child with this name: independent of its siblings and of what its parent has drawn.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self(digest(&[&self.0, b"name", name.as_bytes()]))
    }

    /// The child with this number.
    #[must_use]
    pub fn numbered(&self, number: u64) -> Self {
        Self(digest(&[&self.0, b"number", &number.to_be_bytes()]))
    }

    /// A generator that starts at the beginning of this seed's stream.
    pub fn entropy(&self) -> SeededEntropy {
        SeededEntropy(ChaCha20Rng::from_seed(self.0))
    }

    /// 64 bits of this seed, for keys of permutations.
    pub(crate) fn bits(&self) -> u64 {
        entropy::number(&mut self.entropy())
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹seed›")
    }
}

/// SHA-256 over length-prefixed parts, so that no two lists of parts run together alike.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// ChaCha20 (RFC 8439's block function) from a [`Seed`]: repeatable, for synthetic worlds and
/// tests only.
#[derive(Clone)]
pub struct SeededEntropy(ChaCha20Rng);

impl SeededEntropy {
    /// Moves to the start of stream `number`: 2^64 streams of one seed never meet.
    pub(crate) fn seek(&mut self, number: u64) {
        self.0.set_stream(number);
        self.0.set_word_pos(0);
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹seeded entropy›")
    }
}

/// A number in `0..below` as an index. `below` must not be 0.
pub(crate) fn index_below(source: &mut SeededEntropy, below: usize) -> usize {
    let draw = entropy::below(source, below as u64);
    usize::try_from(draw).expect("a number below a usize is one")
}

/// Puts `items` into a random order (Fisher and Yates, as given by Durstenfeld).
pub(crate) fn shuffle<T>(source: &mut SeededEntropy, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, index_below(source, last + 1));
    }
}

/// `count` different positions of `0..size` in a random order; all of them if `count` is larger.
pub(crate) fn sample(source: &mut SeededEntropy, size: u32, count: usize) -> Vec<u32> {
    let mut positions: Vec<u32> = (0..size).collect();
    let count = count.min(positions.len());
    for place in 0..count {
        let other = place + index_below(source, positions.len() - place);
        positions.swap(place, other);
    }
    positions.truncate(count);
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
        let draw = |seed: Seed| entropy::bytes::<32>(&mut seed.entropy());
        assert_eq!(draw(Seed::new(1)), draw(Seed::new(1)));
        assert_ne!(draw(Seed::new(1)), draw(Seed::new(2)));
        let root = Seed::new(1);
        assert_ne!(draw(root.child("people")), draw(root.child("leak")));
        assert_ne!(draw(root.child("1")), draw(root.numbered(1)));
    }

    #[test]
    fn more_draws_of_one_child_do_not_shift_another() {
        let root = Seed::new(3);
        let before = entropy::number(&mut root.child("b").entropy());
        let mut other = root.child("a").entropy();
        let _: [u8; 999] = entropy::bytes(&mut other);
        assert_eq!(before, entropy::number(&mut root.child("b").entropy()));
    }

    #[test]
    fn seeking_back_repeats_the_stream() {
        let mut source = Seed::new(4).entropy();
        source.seek(9);
        let first: [u8; 100] = entropy::bytes(&mut source);
        source.seek(10);
        let other: [u8; 100] = entropy::bytes(&mut source);
        source.seek(9);
        assert_eq!(first, entropy::bytes(&mut source));
        assert_ne!(first, other);
    }

    #[test]
    fn a_sample_has_no_member_twice() {
        let mut picked = sample(&mut Seed::new(5).entropy(), 1_000, 700);
        assert_ne!(picked, (0..700).collect::<Vec<_>>());
        picked.sort_unstable();
        picked.dedup();
        assert_eq!(picked.len(), 700);
        assert_eq!(sample(&mut Seed::new(5).entropy(), 10, 99).len(), 10);
    }
}
