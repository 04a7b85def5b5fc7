//! Randomness as a parameter.
//!
//! Keys, handles, nonces and canaries are drawn from an [`Entropy`] that is passed in: the
//! operating system's in the product, a seeded one in tests and in synthetic worlds.

/// A source of random bytes.
pub trait Entropy: Send {
    /// Fills `out` completely. A source that cannot must panic: going on with zeros would be worse.
    fn fill(&mut self, out: &mut [u8]);
}

impl<E: Entropy + ?Sized> Entropy for &mut E {
    fn fill(&mut self, out: &mut [u8]) {
        (**self).fill(out);
    }
}

impl<E: Entropy + ?Sized> Entropy for Box<E> {
    fn fill(&mut self, out: &mut [u8]) {
        (**self).fill(out);
    }
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}

/// A random 64-bit number, uniform over all of `u64`.
pub fn number(entropy: &mut dyn Entropy) -> u64 {
    u64::from_be_bytes(bytes(entropy))
}

/// A random number in `0..below`, without bias (rejection sampling). `below` must not be 0.
pub fn below(entropy: &mut dyn Entropy, below: u64) -> u64 {
    assert!(below > 0, "an empty range has no member");
    let zone = u64::MAX - u64::MAX % below;
    loop {
        let draw = number(entropy);
        if draw < zone {
            return draw % below;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u8);

    impl Entropy for Counter {
        fn fill(&mut self, out: &mut [u8]) {
            for byte in out {
                self.0 = self.0.wrapping_mul(37).wrapping_add(11);
                *byte = self.0;
            }
        }
    }

    #[test]
    fn below_stays_below_and_reaches_every_member() {
        let mut source = Counter(1);
        let mut seen = [false; 7];
        for _ in 0..1_000 {
            let draw = below(&mut source, 7);
            seen[usize::try_from(draw).unwrap()] = true;
        }
        assert_eq!(seen, [true; 7]);
    }
}
