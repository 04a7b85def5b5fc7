//! The operating system's randomness: the only place of the product that asks for it.

use doldam_ground::Entropy;

/// `getrandom(2)`.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("an operating system without randomness cannot keep secrets");
    }
}
