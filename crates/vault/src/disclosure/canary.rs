//! Canaries: invented subjects, each planted in one disclosure only.
//!
//! In a pseudonymised file a canary is a handle that belongs to nobody; its pseudonyms cannot be
//! told from the others without the domain key. In a raw file it is a row of invented values that
//! look like the rest: a canonical CI, a number in a range of 010 that is not given out, a card
//! whose check digit is wrong. Their digests are kept as markers, so a canary that turns up names
//! its disclosure at once.

use doldam_ground::ids::{Handle, Ordinal};
use doldam_ground::kind::PseudonymShape;
use doldam_ground::locale::Language;
use doldam_ground::{Entropy, Kind, Pii, entropy};
use doldam_store::disclosure::Canaries;
use doldam_store::subject::Digests;

use crate::pseudonym::{Member, invent_nickname, wrong_card};
use crate::record::Attributes;
use crate::seal::context;
use crate::vault::Vault;

/// A canary before it is written.
pub(super) struct Planted {
    pub(super) member: Member,
    pub(super) attributes: Attributes,
}

/// Invents `count` canaries with values of these kinds, from ordinal `first` on.
pub(super) fn plant(
    first: u32,
    count: usize,
    kinds: &[Kind],
    language: Language,
    source: &mut dyn Entropy,
) -> Vec<Planted> {
    (first..)
        .take(count)
        .map(|number| {
            let handle = Handle::new(entropy::number(source));
            let values = kinds
                .iter()
                .filter_map(|kind| Some((*kind, Pii::new(invent(*kind, language, source)?))))
                .collect();
            let member = Member { handle, ordinal: Ordinal::new(number) };
            Planted { member, attributes: Attributes::new(values) }
        })
        .collect()
}

/// An invented value of a kind; `None` for kinds that no file of ours holds.
fn invent(kind: Kind, language: Language, source: &mut dyn Entropy) -> Option<String> {
    let mut digits =
        |count: usize| -> String { (0..count).map(|_| pick(source, b"0123456789")).collect() };
    Some(match kind.entry().pseudonym {
        PseudonymShape::None => return None,
        PseudonymShape::Ci => base64_simd::STANDARD.encode_to_string(entropy::bytes::<64>(source)),
        PseudonymShape::Di => base64_simd::STANDARD.encode_to_string(entropy::bytes::<48>(source)),
        PseudonymShape::Nickname => {
            invent_nickname(entropy::below(source, 1_000_000_000), language)
        }
        PseudonymShape::Phone => {
            let tail = digits(7);
            format!("010-0{}-{}", &tail[..3], &tail[3..])
        }
        PseudonymShape::Account => format!("0000{}", digits(10)),
        PseudonymShape::Card => wrong_card(&digits(9)),
        PseudonymShape::Email => format!("{}@example.com", word(source, 10)),
        PseudonymShape::Short if kind == Kind::NAME => name(language, source),
        PseudonymShape::Short => word(source, 12),
    })
}

/// One character of an alphabet.
fn pick(source: &mut dyn Entropy, alphabet: &[u8]) -> char {
    let place = entropy::below(source, alphabet.len() as u64);
    char::from(alphabet[usize::try_from(place).expect("alphabets are short")])
}

fn word(source: &mut dyn Entropy, letters: usize) -> String {
    (0..letters).map(|_| pick(source, b"abcdefghijklmnopqrstuvwxyz")).collect()
}

fn name(language: Language, source: &mut dyn Entropy) -> String {
    const FAMILY: [&str; 10] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"];
    const GIVEN: [&str; 16] = [
        "서", "지", "민", "도", "하", "은", "준", "연", "현", "우", "수", "영", "진", "호", "아",
        "윤",
    ];
    let mut pick = |list: &[&str]| {
        let place = entropy::below(source, list.len() as u64);
        list[usize::try_from(place).expect("lists are short")].to_owned()
    };
    match language {
        Language::Ko => format!("{}{}{}", pick(&FAMILY), pick(&GIVEN), pick(&GIVEN)),
        Language::En => {
            let mut name = word(source, 5);
            name.push(' ');
            name.push_str(&word(source, 7));
            name
        }
    }
}

impl Vault {
    /// The rows that canaries become: themselves sealed, and the digests of their values.
    pub(super) fn canary_rows(&self, planted: &[Planted]) -> (Canaries, Digests, Vec<Option<i64>>) {
        let (mut canaries, mut digests, mut ordinals) =
            (Canaries::default(), Digests::default(), Vec::new());
        let index = self.keyring.index();
        let mut source = self.entropy();
        for canary in planted {
            let number = i64::from(canary.member.ordinal.number());
            let place = context("canary", &[u64::from(canary.member.ordinal.number())]);
            let text = canary.attributes.to_bytes();
            canaries.ordinals.push(number);
            canaries.handles.push(canary.member.handle.bits().cast_signed());
            canaries.sealed.push(self.keyring.ledger().seal(&mut **source, &place, &text));
            for (kind, value) in canary.attributes.iter() {
                if let Some(normal) = kind.normalise(value.expose()) {
                    digests.push(kind, index.digest(kind, normal.expose()));
                    ordinals.push(Some(number));
                }
            }
        }
        (canaries, digests, ordinals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;
    use doldam_ground::kind::{card_luhn_holds, ci_is_canonical};

    #[test]
    fn a_canary_looks_like_a_customer() {
        let kinds = [Kind::CI, Kind::DI, Kind::NICKNAME, Kind::NAME, Kind::PHONE, Kind::EMAIL];
        let planted = plant(Ordinal::CANARY_BASE, 50, &kinds, Language::Ko, &mut Seeded::new(8));
        assert_eq!(planted.len(), 50);
        for canary in &planted {
            assert!(canary.member.ordinal.is_canary());
            for kind in kinds {
                let value = canary.attributes.get(kind).unwrap().expose();
                assert!(kind.normalise(value).is_some(), "{kind}");
            }
            assert!(ci_is_canonical(canary.attributes.get(Kind::CI).unwrap().expose()));
            assert!(canary.attributes.get(Kind::PHONE).unwrap().expose().starts_with("010-0"));
        }
    }

    #[test]
    fn kinds_that_are_never_given_are_not_invented() {
        let planted =
            plant(Ordinal::CANARY_BASE, 1, &[Kind::RRN], Language::Ko, &mut Seeded::new(8));
        assert_eq!(planted[0].attributes.iter().count(), 0);
        for seed in 0..50 {
            let card = invent(Kind::CARD, Language::Ko, &mut Seeded::new(seed)).unwrap();
            assert_eq!(card.len(), 16);
            assert!(!card_luhn_holds(&card), "a canary's card must be refused by every terminal");
        }
    }
}
