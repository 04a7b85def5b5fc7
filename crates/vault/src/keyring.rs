//! The keys of an installation and what is derived from them.
//!
//! ```text
//! passphrase ──Argon2id──► seals keyring.json, which holds:
//!   roots, one a generation ──HKDF──► wraps subjects' data keys      (key store: subject_key)
//!                          └─HKDF──► wraps domains' salts            (key store: domain_salt)
//!                          └─HKDF with a domain's salt──► domain key (pseudonyms)
//!   forensics key      wraps the salts of suspended domains
//!   index keys         blind index; resident numbers have one of their own
//!   resident key       seals resident numbers
//!   ledger key         seals bitmaps in the audit log, canaries, evidence keys
//!   signing key        Ed25519: manifests, affected lists, checkpoints
//! ```
//!
//! Destroying a subject's data key or a domain's salt in the key store destroys what hangs on it,
//! because nothing in the keyring can bring it back.

mod file;
mod shares;

use doldam_ground::ids::DomainId;
use doldam_ground::{Entropy, Kind, entropy};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::index::BlindIndex;
use crate::seal::SecretKey;

pub use file::{KeyringFile, PASSPHRASE_CHARACTERS_MIN, Passphrase};
pub use shares::{SHARES_MADE, SHARES_NEEDED, Share, join, split};

/// Bytes of a domain key: two AES-256 keys for SIV and one for FF1.
pub const DOMAIN_KEY_BYTES: usize = 96;

/// All long-lived secrets of an installation.
#[derive(Clone)]
pub struct Keyring {
    /// The roots, oldest first; the generation of `roots[i]` is `i + 1`.
    roots: Vec<SecretKey>,
    forensics: SecretKey,
    index: SecretKey,
    resident_index: SecretKey,
    resident: SecretKey,
    ledger: SecretKey,
    signing: SecretKey,
}

impl Keyring {
    /// A new keyring of random keys, with a root of generation 1.
    pub fn draw(entropy: &mut dyn Entropy) -> Self {
        Self {
            roots: vec![SecretKey::draw(entropy)],
            forensics: SecretKey::draw(entropy),
            index: SecretKey::draw(entropy),
            resident_index: SecretKey::draw(entropy),
            resident: SecretKey::draw(entropy),
            ledger: SecretKey::draw(entropy),
            signing: SecretKey::draw(entropy),
        }
    }

    /// The newest generation: new keys are wrapped under its root.
    pub fn generation(&self) -> u32 {
        u32::try_from(self.roots.len()).expect("roots are few")
    }

    /// The same keyring with one more root. Old roots stay, because pseudonyms that were issued
    /// under them must remain traceable. A copy, so that nothing is wrapped under a root that is
    /// not on disk yet.
    #[must_use]
    pub fn rotated(&self, entropy: &mut dyn Entropy) -> Self {
        let mut rotated = self.clone();
        rotated.roots.push(SecretKey::draw(entropy));
        rotated
    }

    /// The key that wraps subjects' data keys in a generation.
    pub fn subject_wrap(&self, generation: u32) -> Result<SecretKey, VaultError> {
        self.derive(generation, b"doldam 1 subject key wrap")
    }

    /// The key that wraps the salts of working domains in a generation.
    pub fn salt_wrap(&self, generation: u32) -> Result<SecretKey, VaultError> {
        self.derive(generation, b"doldam 1 domain salt wrap")
    }

    /// The key that wraps the salts of suspended domains.
    pub const fn forensics(&self) -> &SecretKey {
        &self.forensics
    }

    /// The key that seals bitmaps, canaries and evidence keys.
    pub const fn ledger(&self) -> &SecretKey {
        &self.ledger
    }

    /// The key that seals resident numbers.
    pub const fn resident(&self) -> &SecretKey {
        &self.resident
    }

    /// The blind index of all kinds but resident numbers.
    pub fn index(&self) -> BlindIndex {
        BlindIndex::new(self.index.clone())
    }

    /// The blind index of resident numbers.
    pub fn resident_index(&self) -> BlindIndex {
        BlindIndex::new(self.resident_index.clone())
    }

    /// Signs `message` with the installation's Ed25519 key (RFC 8032).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(self.signing.expose()).sign(message).to_bytes()
    }

    /// The public key that checks [`Keyring::sign`].
    pub fn verifying_key(&self) -> [u8; 32] {
        SigningKey::from_bytes(self.signing.expose()).verifying_key().to_bytes()
    }

    /// The key of a pseudonym domain: HKDF-SHA-256 (RFC 5869) over the root of its generation with
    /// the domain's salt; the domain and its kind are in the `info`.
    pub fn domain_key(
        &self,
        generation: u32,
        domain: DomainId,
        kind: Kind,
        salt: &[u8; 32],
    ) -> Result<Zeroizing<[u8; DOMAIN_KEY_BYTES]>, VaultError> {
        let mut info = b"doldam 1 domain".to_vec();
        info.extend_from_slice(&domain.number().to_be_bytes());
        info.push(kind.number());
        let mut key = Zeroizing::new([0; DOMAIN_KEY_BYTES]);
        Hkdf::<Sha256>::new(Some(salt), self.root(generation)?.expose())
            .expand(&info, key.as_mut())
            .expect("HKDF-SHA-256 gives up to 8160 bytes");
        Ok(key)
    }

    /// A key for one use (`label`) and one subject matter, from the ledger key.
    pub fn derive_from_ledger(&self, label: &str, matter: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(matter), self.ledger.expose())
            .expand(label.as_bytes(), key.as_mut())
            .expect("HKDF-SHA-256 gives up to 8160 bytes");
        key
    }

    fn root(&self, generation: u32) -> Result<&SecretKey, VaultError> {
        (generation as usize)
            .checked_sub(1)
            .and_then(|place| self.roots.get(place))
            .ok_or(VaultError::KeyringUnreadable { why: "it lacks a generation that data needs" })
    }

    fn derive(&self, generation: u32, info: &[u8]) -> Result<SecretKey, VaultError> {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.root(generation)?.expose())
            .expand(info, &mut key)
            .expect("HKDF-SHA-256 gives up to 8160 bytes");
        Ok(SecretKey::from_bytes(key))
    }

    /// All secrets in a fixed order: the roots last, because they grow in number.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let fixed = [
            &self.forensics,
            &self.index,
            &self.resident_index,
            &self.resident,
            &self.ledger,
            &self.signing,
        ];
        let mut out = Zeroizing::new(Vec::new());
        for key in fixed.into_iter().chain(&self.roots) {
            out.extend_from_slice(key.expose());
        }
        out
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let unreadable = VaultError::KeyringUnreadable { why: "its contents have a wrong length" };
        let (keys, rest) = bytes.as_chunks::<32>();
        if keys.len() < 7 || !rest.is_empty() {
            return Err(unreadable);
        }
        let mut keys = keys.iter().map(|key| SecretKey::from_bytes(*key));
        let mut next = || keys.next().expect("seven keys were counted");
        Ok(Self {
            forensics: next(),
            index: next(),
            resident_index: next(),
            resident: next(),
            ledger: next(),
            signing: next(),
            roots: keys.collect(),
        })
    }
}

/// Whether an Ed25519 signature by `public` over `message` holds (RFC 8032, strict verification).
pub fn signature_holds(public: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = signature.try_into() else { return false };
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    })
}

/// A random salt of 32 bytes for a new domain.
pub fn draw_salt(entropy: &mut dyn Entropy) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(entropy::bytes(entropy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn a_keyring_reads_back_what_it_wrote() {
        let mut entropy = Seeded::new(2);
        let keyring = Keyring::draw(&mut entropy).rotated(&mut entropy);
        let message = b"manifest";
        let signature = keyring.sign(message);
        let again = Keyring::from_bytes(&keyring.to_bytes()).unwrap();
        assert_eq!(again.generation(), 2);
        assert!(signature_holds(&again.verifying_key(), message, &signature));
        assert!(!signature_holds(&again.verifying_key(), b"other", &signature));
        assert!(Keyring::from_bytes(&keyring.to_bytes()[1..]).is_err());
        assert!(again.root(3).is_err() && again.root(0).is_err());
    }

    #[test]
    fn domains_kinds_and_generations_have_keys_of_their_own() {
        let mut entropy = Seeded::new(3);
        let keyring = Keyring::draw(&mut entropy).rotated(&mut entropy);
        let salt = [9; 32];
        let mut keys = Vec::new();
        for generation in [1, 2] {
            for domain in [1, 2] {
                for kind in [Kind::CI, Kind::DI] {
                    let domain = DomainId::new(domain);
                    keys.push(
                        keyring.domain_key(generation, domain, kind, &salt).unwrap().to_vec(),
                    );
                }
            }
        }
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 8);
    }
}
