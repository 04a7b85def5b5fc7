//! Scattered numbers that never meet.
//!
//! Two customers must not share a phone number, yet customer 5 must be the same whether ten or ten
//! million are drawn, so nobody can remember what was given out. A permutation of the whole number
//! range gives both: different indices go to different numbers, and no table is kept.

use crate::seed::Seed;

const ROUNDS: usize = 6;

/// A keyed one-to-one mapping of `0..size` onto itself: a Feistel network over the next larger
/// power of four, walked until the result is inside (Black and Rogaway, "Ciphers with Arbitrary
/// Finite Domains", 2002). It scatters; it does not hide.
pub(super) struct Permutation {
    size: u64,
    half_bits: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// The permutation of `0..size` that belongs to `seed`. `size` is between 2 and 2^62.
    pub(super) fn new(seed: &Seed, size: u64) -> Self {
        let bits = u64::BITS - (size - 1).leading_zeros();
        Self {
            size,
            half_bits: bits.div_ceil(2),
            keys: std::array::from_fn(|round| seed.numbered(round as u64).bits()),
        }
    }

    /// Where `index` (below `size`) goes.
    pub(super) fn apply(&self, index: u64) -> u64 {
        assert!(index < self.size, "an index outside the range goes nowhere");
        let mut value = index;
        loop {
            value = self.network(value);
            if value < self.size {
                return value;
            }
        }
    }

    fn network(&self, value: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half_bits | right
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014): every input bit reaches every output bit.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_is_hit_once(size in 2_u64..3_000, world in any::<u64>()) {
            let permutation = Permutation::new(&Seed::new(world), size);
            let mut seen: Vec<_> = (0..size).map(|index| permutation.apply(index)).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..size).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbours_are_scattered() {
        let permutation = Permutation::new(&Seed::new(1), 1_000_000_000);
        let close = (0..10_000_u64)
            .filter(|index| {
                permutation.apply(*index).abs_diff(permutation.apply(index + 1)) < 1_000_000
            })
            .count();
        assert!(close < 100, "{close} of 10,000 neighbours stayed within a thousandth");
    }
}
