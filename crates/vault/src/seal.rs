//! Sealing: AES-256-GCM-SIV (RFC 8452) boxes that say where they belong.
//!
//! A box is `nonce (12) ‖ ciphertext ‖ tag (16)`. The mode survives a repeated nonce, which matters
//! because a restored backup may draw one again. Every box is bound to its place by associated data
//! (whose record, which import), so a box that is moved to another row does not open.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use doldam_ground::{Entropy, Pii, entropy};
use zeroize::Zeroizing;

use crate::error::VaultError;

/// Bytes that a box is longer than what it holds.
pub const BOX_OVERHEAD: usize = 12 + 16;

/// A symmetric key of 256 bits, wiped when dropped, never shown.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// From bytes that were derived or unwrapped.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh random key.
    pub fn draw(entropy: &mut dyn Entropy) -> Self {
        Self::from_bytes(entropy::bytes(entropy))
    }

    /// From a slice of exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, VaultError> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| VaultError::Damaged { what: "key" })
    }

    /// The bytes, for deriving and wrapping.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain` for the place that `context` names.
    pub fn seal(&self, entropy: &mut dyn Entropy, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = entropy::bytes(entropy);
        let mut sealed = Vec::with_capacity(plain.len() + BOX_OVERHEAD);
        sealed.extend_from_slice(&nonce);
        let text = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context })
            .expect("RFC 8452 seals anything below 2^36 bytes");
        sealed.extend_from_slice(&text);
        sealed
    }

    /// Opens a box that was sealed for `context`; `what` names it in the error.
    pub fn open(
        &self,
        context: &[u8],
        sealed: &[u8],
        what: &'static str,
    ) -> Result<Pii<Vec<u8>>, VaultError> {
        let (nonce, text) = sealed.split_first_chunk::<12>().ok_or(VaultError::Damaged { what })?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: context })
            .map(Pii::new)
            .map_err(|_| VaultError::Damaged { what })
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new((&*self.0).into())
    }
}

/// Names the place of a box: a label and numbers, unambiguous because the numbers have fixed width.
pub fn context(label: &'static str, numbers: &[u64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(label.len() + 1 + numbers.len() * 8);
    out.extend_from_slice(label.as_bytes());
    out.push(0);
    for number in numbers {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;
    use data_encoding::HEXLOWER as HEX;

    /// RFC 8452, appendix C.2 (AEAD_AES_256_GCM_SIV), the vector with an 8-byte plaintext.
    #[test]
    fn the_vector_of_rfc_8452_holds() {
        let mut key = [0; 32];
        key[0] = 1;
        let mut nonce = [0; 12];
        nonce[0] = 3;
        let plain = HEX.decode(b"0100000000000000").unwrap();
        let sealed = HEX.decode(b"c2ef328e5c71c83b843122130f7364b761e0b97427e3df28").unwrap();
        let opened = SecretKey::from_bytes(key)
            .open(&[], &[nonce.as_slice(), &sealed].concat(), "vector")
            .unwrap();
        assert_eq!(opened.expose(), &plain);
    }

    #[test]
    fn a_box_opens_only_in_its_place() {
        let mut entropy = Seeded::new(1);
        let key = SecretKey::draw(&mut entropy);
        let sealed = key.seal(&mut entropy, &context("record", &[1, 2]), b"value");
        assert_eq!(key.open(&context("record", &[1, 2]), &sealed, "x").unwrap().expose(), b"value");
        assert!(key.open(&context("record", &[2, 1]), &sealed, "x").is_err());
        assert!(
            SecretKey::draw(&mut entropy).open(&context("record", &[1, 2]), &sealed, "x").is_err()
        );
        for place in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[place] ^= 1;
            assert!(key.open(&context("record", &[1, 2]), &broken, "x").is_err());
        }
        assert!(key.open(&[], &[], "x").is_err());
    }
}
