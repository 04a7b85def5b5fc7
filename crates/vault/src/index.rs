//! The blind index: from a value to its subject without storing the value.
//!
//! A digest is keyed BLAKE3 over the kind's number and the normalised value, cut to 128 bits. The
//! key never leaves the key folder, so a stolen database cannot be searched with a list of phone
//! numbers. With ten million subjects the chance of any two digests of one kind meeting is below
//! 2^-81 (birthday bound).

use doldam_ground::Kind;

use crate::seal::SecretKey;

/// Sixteen bytes that stand for one value of one kind.
pub type Digest = [u8; 16];

/// The key of a blind index.
#[derive(Clone)]
pub struct BlindIndex(SecretKey);

impl BlindIndex {
    /// An index under this key.
    pub const fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The digest of a normalised value ([`Kind::normalise`]).
    pub fn digest(&self, kind: Kind, normalised: &str) -> Digest {
        let mut hasher = blake3::Hasher::new_keyed(self.0.expose());
        hasher.update(&[kind.number()]);
        hasher.update(normalised.as_bytes());
        let mut digest = [0; 16];
        digest.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: a change here would make every enrolled subject unfindable.
    #[test]
    fn the_digest_is_frozen() {
        let index = BlindIndex::new(SecretKey::from_bytes([7; 32]));
        let digest = index.digest(Kind::PHONE, "01012345678");
        let expected = blake3::keyed_hash(&[7; 32], b"\x0501012345678");
        assert_eq!(digest, expected.as_bytes()[..16]);
        assert_ne!(digest, index.digest(Kind::ACCOUNT, "01012345678"));
        assert_eq!(data_encoding::HEXLOWER.encode(&digest), "bdd22aedff6f10809cb40d213a3a21ea");
    }
}
