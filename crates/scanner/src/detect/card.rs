//! Payment card numbers (ISO/IEC 7812): 13 to 19 digits, an issuer's range, the Luhn check.

use doldam_ground::Kind;
use doldam_ground::kind::card_luhn_holds;

use super::Candidate;
use super::number::Groups;
use crate::finding::Confidence::{Certain, Likely, Possible};

const GROUPED: &str = "a card's digits in a card's groups, and the Luhn check holds";
const PLAIN: &str = "a card's digits, and the Luhn check holds";

/// The groups in which cards are printed.
const SHAPES: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

pub(super) fn judge(buffer: &[u8], groups: &Groups) -> Option<Candidate> {
    let count = shape(buffer, groups)?;
    let digits = groups.digits(count);
    if !(13..=19).contains(&digits.len()) || !is_issued(digits) || !card_luhn_holds(digits) {
        return None;
    }
    let (bare, backed) = if count > 1 {
        ((Likely, GROUPED), (Certain, GROUPED))
    } else if matches!(digits.len(), 15 | 16) {
        ((Likely, PLAIN), (Certain, PLAIN))
    } else {
        ((Possible, PLAIN), (Certain, PLAIN))
    };
    Some(Candidate {
        kind: Kind::CARD,
        start: groups.start(),
        end: groups.end(count),
        bare: Some(bare),
        backed,
    })
}

fn shape(buffer: &[u8], groups: &Groups) -> Option<usize> {
    for shape in SHAPES {
        let count = shape.len();
        if groups.fit(buffer, shape) && groups.evenly_separated(count, b"- ") {
            return Some(count);
        }
    }
    (13..=19).any(|length| groups.fit(buffer, &[length])).then_some(1)
}

/// Whether the first digits belong to a network: ISO/IEC 7812 issuer ranges, and the 9 of Korean
/// cards that are good at home only.
fn is_issued(digits: &str) -> bool {
    let four: u32 = digits[..4].parse().unwrap_or(0);
    let amex = matches!(four / 100, 34 | 37);
    let diners = matches!(four / 100, 36 | 38 | 39) || matches!(four / 10, 300..=305 | 309);
    let mastercard = matches!(four / 100, 51..=55) || matches!(four, 2221..=2720);
    match digits.len() {
        15 if amex => true,
        14 if diners => true,
        16 if mastercard => true,
        13 | 16 | 19 if four / 1000 == 4 => true,
        16 if four / 1000 == 9 || four / 100 == 35 => true,
        16..=19 => matches!(four / 100, 60 | 62 | 64 | 65),
        _ => false,
    }
}
