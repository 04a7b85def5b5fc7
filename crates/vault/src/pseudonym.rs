//! Pseudonyms: what a processor gets in place of people, and how they are known again.
//!
//! A pseudonym enciphers the subject's random handle, never the value (docs: decision 1 of the
//! product). Every (processor, purpose, kind, epoch) is a domain with a key of its own, so two
//! processors cannot join what they were given, and a pseudonym that turns up says whose it is,
//! whose copy it is and for what purpose it was given. There are two families:
//!
//! | family | shapes | what one value proves |
//! |---|---|---|
//! | [`sealed`]: AES-256-SIV over the handle | ci, di, short, email | everything: the keyed check cannot be met by chance |
//! | [`digits`]: FF1 over the ordinal | nickname, phone, account, card | nothing alone; a whole file does, by statistics |
//!
//! A pseudonym is *domain-wide* (the same in every delivery, so deliveries join) or *bound* to one
//! disclosure (so that one row names the delivery).

mod digits;
mod recognise;
mod sealed;
mod words;

use aes::Aes256;
use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, Handle, Ordinal};
use doldam_ground::kind::PseudonymShape;
use doldam_ground::locale::Language;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::keyring::DOMAIN_KEY_BYTES;
use crate::siv::Siv;

pub use recognise::{Recognised, Recogniser, Whose};
pub use sealed::CI_CHARACTERS;

/// A subject or a canary as pseudonyms see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// What sealed pseudonyms encipher.
    pub handle: Handle,
    /// What digit pseudonyms encipher.
    pub ordinal: Ordinal,
}

/// The key of one pseudonym domain, ready for use.
pub struct DomainKey {
    domain: DomainId,
    kind: Kind,
    sealing: Zeroizing<[u8; 64]>,
    long: Siv<Aes256>,
    digits: digits::Cipher,
}

impl DomainKey {
    /// Sets up the ciphers of a domain from its 96 key bytes (`Keyring::domain_key`).
    pub fn new(domain: DomainId, kind: Kind, key: &[u8; DOMAIN_KEY_BYTES]) -> Self {
        let mut sealing = Zeroizing::new([0; 64]);
        sealing.copy_from_slice(&key[..64]);
        let long = Siv::new(sealing.as_slice(), &[]);
        Self { domain, kind, sealing, long, digits: digits::Cipher::new(&key[64..]) }
    }

    /// The domain.
    pub const fn domain(&self) -> DomainId {
        self.domain
    }

    /// The kind that the domain's pseudonyms stand for.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// One pseudonym a member, in their order. `bound` ties them to one disclosure; `language`
    /// chooses the words of nicknames.
    pub fn issue(
        &self,
        bound: Option<DisclosureId>,
        members: &[Member],
        language: Language,
    ) -> Result<Vec<String>, VaultError> {
        let shape = self.kind.entry().pseudonym;
        match shape {
            PseudonymShape::Ci => Ok(sealed::issue_ci(&self.long, bound, members)),
            PseudonymShape::Di => Ok(sealed::issue_di(&self.long, bound, members)),
            PseudonymShape::Short => Ok(sealed::issue_short(&self.short(bound), members)),
            PseudonymShape::Email => Ok(sealed::issue_email(&self.short(bound), members)),
            PseudonymShape::None => Err(VaultError::Kind {
                kind: self.kind.id().to_owned(),
                what: "given out: no pseudonym stands in for this kind",
            }),
            PseudonymShape::Account
            | PseudonymShape::Card
            | PseudonymShape::Nickname
            | PseudonymShape::Phone => members
                .iter()
                .map(|member| self.digits.issue(shape, bound, member.ordinal, language))
                .collect(),
        }
    }

    /// CI-shaped pseudonyms, [`CI_CHARACTERS`] bytes each, appended to `out`: the bulk path that
    /// `doldam bench pseudonym` measures.
    pub fn issue_ci_into(
        &self,
        bound: Option<DisclosureId>,
        members: &[Member],
        out: &mut Vec<u8>,
    ) {
        sealed::issue_ci_into(&self.long, bound, members, out);
    }

    /// The short form carries no disclosure inside, so the disclosure is its associated data.
    fn short(&self, bound: Option<DisclosureId>) -> Siv<Aes256> {
        Siv::new(self.sealing.as_slice(), &[&sealed::disclosure_bytes(bound)])
    }
}

/// How many different pseudonyms the digit shape of a kind has; `None` for sealed shapes.
pub fn space_of(kind: Kind) -> Option<u64> {
    digits::digits_of(kind.entry().pseudonym).map(digits::space)
}

/// A nickname of our own making for a number below 10^9: canaries wear the same clothes.
pub(crate) fn invent_nickname(number: u64, language: Language) -> String {
    words::write(number, language)
}

/// A card number of nine free digits that every terminal refuses.
pub(crate) fn wrong_card(digits: &str) -> String {
    digits::wrong_card(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::Keyring;
    use crate::testing::Seeded;
    use proptest::prelude::*;

    pub(super) fn key(seed: u64, domain: u32, kind: Kind) -> DomainKey {
        let keyring = Keyring::draw(&mut Seeded::new(seed));
        let domain = DomainId::new(domain);
        let bytes = keyring.domain_key(1, domain, kind, &[7; 32]).unwrap();
        DomainKey::new(domain, kind, &bytes)
    }

    pub(super) fn members(count: u32) -> Vec<Member> {
        (0..count)
            .map(|number| Member {
                handle: Handle::new(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
                ordinal: Ordinal::new(number),
            })
            .collect()
    }

    /// Frozen: pseudonyms that were given out must be recognised for ever.
    #[test]
    fn pseudonyms_are_frozen() {
        let people = [
            Member { handle: Handle::new(0x0123_4567_89AB_CDEF), ordinal: Ordinal::new(41) },
            Member { handle: Handle::new(7), ordinal: Ordinal::new(Ordinal::CANARY_BASE + 3) },
        ];
        let bound = Some(DisclosureId::new(12));
        let mut shown = String::new();
        for kind in [
            Kind::CI,
            Kind::DI,
            Kind::NICKNAME,
            Kind::NAME,
            Kind::PHONE,
            Kind::EMAIL,
            Kind::ACCOUNT,
            Kind::CARD,
        ] {
            let bytes: Vec<u8> = (0..96).collect();
            let key = DomainKey::new(DomainId::new(5), kind, bytes.as_slice().try_into().unwrap());
            for bound in [None, bound] {
                for pseudonym in key.issue(bound, &people, Language::Ko).unwrap() {
                    shown.push_str(&format!("{kind} {pseudonym}\n"));
                }
            }
        }
        assert_eq!(shown, include_str!("pseudonym/frozen.txt"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_pseudonym_of_one_domain_is_never_accepted_by_another(
            seed in any::<u64>(), count in 1_u32..50, bound in proptest::option::of(1_u32..9),
        ) {
            let bound = bound.map(DisclosureId::new);
            let people = members(count);
            for kind in [Kind::CI, Kind::DI, Kind::NAME, Kind::EMAIL] {
                let issued = key(seed, 1, kind).issue(bound, &people, Language::Ko).unwrap();
                let texts: Vec<&str> = issued.iter().map(String::as_str).collect();
                let disclosures: Vec<_> = (1..9).map(DisclosureId::new).collect();
                let others = Recogniser::new(
                    vec![(key(seed, 2, kind), disclosures.clone()), (key(seed ^ 1, 1, kind), disclosures.clone())],
                    1_000_000, 0,
                );
                prop_assert!(others.recognise(&texts).iter().all(Option::is_none));
                let own = Recogniser::new(vec![(key(seed, 1, kind), disclosures)], 1_000_000, 0);
                for (found, member) in own.recognise(&texts).into_iter().zip(&people) {
                    let found = found.unwrap();
                    prop_assert_eq!(found.disclosure, bound);
                    prop_assert_eq!(found.whose, Whose::Handle(member.handle));
                }
            }
        }
    }

    /// The bar of the step: of 10^7 random CI-shaped strings no key accepts one, and the same
    /// search finds a planted pseudonym.
    #[test]
    fn no_random_string_is_accepted() {
        let recogniser = Recogniser::new(vec![(key(1, 1, Kind::CI), Vec::new())], 1_000_000, 0);
        let mut source = Seeded::new(99);
        let mut texts = vec![String::new(); 10_000];
        let mut accepted = 0;
        for _ in 0..1_000 {
            for text in &mut texts {
                let mut bytes: [u8; 64] = doldam_ground::entropy::bytes(&mut source);
                // Half carry a right mark, so that the keyed check is what refuses them.
                if bytes[0] & 1 == 1 {
                    let mark = doldam_ground::mark::mark_of(&bytes[..60]);
                    bytes[60..].copy_from_slice(&mark);
                }
                *text = base64_simd::STANDARD.encode_to_string(bytes);
            }
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            accepted += recogniser.recognise(&texts).iter().flatten().count();
        }
        assert_eq!(accepted, 0);
        let planted = key(1, 1, Kind::CI).issue(None, &members(1), Language::Ko).unwrap();
        assert!(recogniser.recognise(&[&planted[0]])[0].is_some());
    }
}
