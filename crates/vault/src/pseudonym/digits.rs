//! Digit pseudonyms: FF1 (NIST SP 800-38G) over the subject's ordinal.
//!
//! FF1 enciphers a number into a number of as many digits, here radix 10. It is applied to the
//! ordinal, never to the value, so a stolen key yields ordinals and no phone numbers. Every number
//! of the right length deciphers to some ordinal; so one value proves nothing, and only a file in
//! which far more values than chance allows decipher to ordinals in use does.
//!
//! | shape | digits under FF1 | written as |
//! |---|---|---|
//! | nickname | 9 | one of 50 × 50 word pairs and six digits |
//! | phone | 8 | `000-dddd-dddd`: `000` is no prefix of the Korean numbering plan |
//! | account | 10 | `0000` and ten digits |
//! | card | 9 | `999999`, nine digits and a check digit that is off by five |

use aes::Aes256;
use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::kind::PseudonymShape;
use doldam_ground::locale::Language;
use fpe::ff1::{FF1, FlexibleNumeralString};

use super::{sealed, words};
use crate::error::VaultError;

const PHONE_PREFIX: &str = "000";
const ACCOUNT_PREFIX: &str = "0000";
const CARD_PREFIX: &str = "999999";

/// FF1 in radix 10 under one key.
pub(super) struct Cipher(FF1<Aes256>);

/// How many decimal digits a shape enciphers, `None` for shapes that are not digits.
pub(super) const fn digits_of(shape: PseudonymShape) -> Option<usize> {
    match shape {
        PseudonymShape::Nickname | PseudonymShape::Card => Some(9),
        PseudonymShape::Phone => Some(8),
        PseudonymShape::Account => Some(10),
        _ => None,
    }
}

/// How many numbers a shape has.
pub(super) fn space(digits: usize) -> u64 {
    10_u64.pow(u32::try_from(digits).expect("at most ten digits"))
}

/// Subjects count up from zero, canaries down from the end of the space.
fn number_of(ordinal: Ordinal, space: u64) -> Option<u64> {
    let number = u64::from(ordinal.number());
    let canary_base = u64::from(Ordinal::CANARY_BASE);
    let half = space / 2;
    if ordinal.is_canary() {
        let place = number - canary_base;
        (place < half).then(|| space - 1 - place)
    } else {
        (number < half).then_some(number)
    }
}

/// The ordinal behind a number, whether or not it is in use.
pub(super) fn ordinal_of(number: u64, space: u64) -> Option<Ordinal> {
    let canary_base = u64::from(Ordinal::CANARY_BASE);
    if number < space / 2 {
        u32::try_from(number).ok().filter(|number| *number < Ordinal::CANARY_BASE).map(Ordinal::new)
    } else {
        u32::try_from(canary_base + (space - 1 - number)).ok().map(Ordinal::new)
    }
}

impl Cipher {
    /// From an AES-256 key.
    pub(super) fn new(key: &[u8]) -> Self {
        Self(FF1::new(key, 10).expect("ten is a radix of FF1"))
    }

    /// The pseudonym of one ordinal.
    pub(super) fn issue(
        &self,
        shape: PseudonymShape,
        bound: Option<DisclosureId>,
        ordinal: Ordinal,
        language: Language,
    ) -> Result<String, VaultError> {
        let digits = digits_of(shape).expect("the caller asks for digit shapes only");
        let space = space(digits);
        let plain = number_of(ordinal, space).ok_or(VaultError::Limit {
            what: "the number of subjects for this shape",
            limit: space / 2,
        })?;
        let number = self.encipher(plain, digits, bound);
        Ok(write(shape, number, language))
    }

    pub(super) fn encipher(&self, number: u64, digits: usize, bound: Option<DisclosureId>) -> u64 {
        let tweak = sealed::disclosure_bytes(bound);
        let text = FlexibleNumeralString::from(to_digits(number, digits));
        let out = self.0.encrypt(&tweak, &text).expect("the length is within FF1's bounds");
        from_digits(&Vec::from(out))
    }

    pub(super) fn decipher(&self, number: u64, digits: usize, bound: Option<DisclosureId>) -> u64 {
        let tweak = sealed::disclosure_bytes(bound);
        let text = FlexibleNumeralString::from(to_digits(number, digits));
        let out = self.0.decrypt(&tweak, &text).expect("the length is within FF1's bounds");
        from_digits(&Vec::from(out))
    }
}

fn to_digits(number: u64, digits: usize) -> Vec<u16> {
    let mut out = vec![0; digits];
    let mut rest = number;
    for slot in out.iter_mut().rev() {
        *slot = (rest % 10) as u16;
        rest /= 10;
    }
    out
}

fn from_digits(digits: &[u16]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

fn write(shape: PseudonymShape, number: u64, language: Language) -> String {
    match shape {
        PseudonymShape::Phone => {
            format!("{PHONE_PREFIX}-{:04}-{:04}", number / 10_000, number % 10_000)
        }
        PseudonymShape::Account => format!("{ACCOUNT_PREFIX}{number:010}"),
        PseudonymShape::Card => wrong_card(&format!("{number:09}")),
        _ => words::write(number, language),
    }
}

/// A card number in a range of nobody's, with a check digit that is off.
pub(super) fn wrong_card(digits: &str) -> String {
    let body = format!("{CARD_PREFIX}{digits}");
    let check = wrong_check_digit(&body);
    format!("{body}{check}")
}

/// Reads a pseudonym of a digit shape: its shape and number. Lenient about separators, strict about
/// everything that marks it as ours.
pub(super) fn read(text: &str) -> Option<(PseudonymShape, u64)> {
    if let Some(number) = words::read(text) {
        return Some((PseudonymShape::Nickname, number));
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' '));
    if !plain || text.len() > 32 {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = |text: &str| text.parse().ok();
    match digits.len() {
        11 => Some((PseudonymShape::Phone, number(digits.strip_prefix(PHONE_PREFIX)?)?)),
        14 => Some((PseudonymShape::Account, number(digits.strip_prefix(ACCOUNT_PREFIX)?)?)),
        16 => {
            let (body, check) = digits.split_at(15);
            let right = wrong_check_digit(body).to_string() == check;
            let middle = body.strip_prefix(CARD_PREFIX)?;
            right.then(|| number(middle).map(|number| (PseudonymShape::Card, number)))?
        }
        _ => None,
    }
}

/// The Luhn digit (ISO/IEC 7812-1, annex B) moved by five, so that no terminal takes the number.
fn wrong_check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit * 2) {
                (0, twice) if twice > 9 => twice - 9,
                (0, twice) => twice,
                _ => digit,
            }
        })
        .sum();
    (10 - sum % 10 + 5) % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER as HEX;
    use doldam_ground::kind::card_luhn_holds;
    use proptest::prelude::*;

    /// NIST SP 800-38G, FF1 samples 7 and 8 (AES-256, radix 10), from the FF1 samples document.
    #[test]
    fn the_samples_of_nist_hold() {
        let key = HEX
            .decode(b"2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94")
            .unwrap();
        let cipher = FF1::<Aes256>::new(&key, 10).unwrap();
        for (tweak, expected) in [("", "6657667009"), ("39383736353433323130", "1001623463")] {
            let plain = FlexibleNumeralString::from(to_digits(123_456_789, 10));
            let tweak = HEX.decode(tweak.as_bytes()).unwrap();
            let out = cipher.encrypt(&tweak, &plain).unwrap();
            assert_eq!(format!("{:010}", from_digits(&Vec::from(out))), expected);
        }
    }

    #[test]
    fn a_card_pseudonym_fails_every_terminal_and_a_phone_cannot_be_dialled() {
        let cipher = Cipher::new(&[3; 32]);
        for number in 0..500 {
            let ordinal = Ordinal::new(number);
            let card = cipher.issue(PseudonymShape::Card, None, ordinal, Language::Ko).unwrap();
            assert_eq!(card.len(), 16);
            assert!(!card_luhn_holds(&card));
            let phone = cipher.issue(PseudonymShape::Phone, None, ordinal, Language::Ko).unwrap();
            assert!(phone.starts_with("000-"));
        }
    }

    #[test]
    fn ordinals_beyond_the_space_are_refused() {
        let cipher = Cipher::new(&[3; 32]);
        let beyond = Ordinal::new(50_000_000);
        assert!(cipher.issue(PseudonymShape::Phone, None, beyond, Language::Ko).is_err());
    }

    proptest! {
        #[test]
        fn every_shape_reads_back(
            number in 0_u32..40_000_000, canary in any::<bool>(), bound in 0_u32..5, english in any::<bool>(),
        ) {
            let cipher = Cipher::new(&[5; 32]);
            let language = if english { Language::En } else { Language::Ko };
            let bound = (bound > 0).then(|| DisclosureId::new(bound));
            let ordinal = Ordinal::new(if canary { Ordinal::CANARY_BASE + number } else { number });
            for shape in [PseudonymShape::Nickname, PseudonymShape::Phone, PseudonymShape::Account, PseudonymShape::Card] {
                let digits = digits_of(shape).unwrap();
                let text = cipher.issue(shape, bound, ordinal, language).unwrap();
                let (read_shape, read_number) = read(&text).unwrap();
                prop_assert_eq!(read_shape, shape);
                let plain = cipher.decipher(read_number, digits, bound);
                prop_assert_eq!(ordinal_of(plain, space(digits)), Some(ordinal));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = read(&text);
        }
    }
}
