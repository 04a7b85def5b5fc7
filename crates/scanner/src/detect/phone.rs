//! Telephone numbers: Korean ones by their numbering plan, others after a `+` (ITU-T E.164).
//!
//! Numbers of firms (15xx, 080) are nobody's personal data and are left alone. A landline may be a
//! firm's too, so without context it is only possible.

use doldam_ground::Kind;

use super::number::Groups;
use super::{Candidate, Said};
use crate::finding::Confidence::{Certain, Likely, Possible};

const MOBILE: &str = "a Korean mobile number";
const LANDLINE: &str = "a Korean landline number";
const FOREIGN: &str = "an international number";
const SHORTENED: &str = "a Korean mobile number without its leading zero, in a column of numbers";

pub(super) fn judge(buffer: &[u8], groups: &Groups) -> Option<Candidate> {
    let plus = groups.has_plus(buffer);
    if !plus && !matches!(groups.digits(1).as_bytes(), [b'0' | b'1', ..] | [b'8', b'2', ..]) {
        return None;
    }
    let (count, (bare, backed)) = (1..=5).rev().find_map(|count| {
        let lengths = groups.lengths(buffer, count)?;
        grade(groups, &lengths[..count], plus).map(|said| (count, said))
    })?;
    Some(Candidate {
        kind: Kind::PHONE,
        start: groups.start() - usize::from(plus),
        end: groups.end(count),
        bare,
        backed,
    })
}

fn grade(groups: &Groups, lengths: &[usize], plus: bool) -> Option<(Option<Said>, Said)> {
    let count = lengths.len();
    let digits = groups.digits(count);
    if plus && !digits.starts_with("82") {
        let known = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        return known.then_some((Some((Possible, FOREIGN)), (Likely, FOREIGN)));
    }
    let (national, lengths) = match (digits.strip_prefix("82"), lengths) {
        (Some(rest), [2, rest_lengths @ ..]) if !rest_lengths.is_empty() => (rest, rest_lengths),
        (Some(rest), [_]) if plus || rest.starts_with('1') => (rest, &[][..]),
        (None, [_]) => (digits, &[][..]),
        (None, _) => (digits, lengths),
        _ => return None,
    };
    let trimmed = national.strip_prefix('0');
    let in_korean_form = trimmed.is_some() || national.len() < digits.len();
    let subscriber = trimmed.unwrap_or(national);
    let area = lengths.first().map(|length| length - usize::from(trimmed.is_some()));
    let rest = lengths.get(1..).unwrap_or(&[]);
    if is_mobile(subscriber, area, rest) && is_separated(groups.separators(count)) {
        return Some(if in_korean_form {
            (Some((Likely, MOBILE)), (Certain, MOBILE))
        } else {
            (None, (Likely, SHORTENED))
        });
    }
    if !in_korean_form || !is_landline(subscriber, area, rest) {
        return None;
    }
    let spaced = groups.separators(count).iter().all(|byte| matches!(byte, b'-' | b')'));
    let bare = (!lengths.is_empty() && spaced).then_some((Possible, LANDLINE));
    Some((bare, (Likely, LANDLINE)))
}

/// Whether the separators are those of telephone numbers: the last two alike, unless the area code
/// stands in brackets.
fn is_separated(separators: &[u8]) -> bool {
    let known = separators.iter().all(|byte| matches!(byte, b'-' | b' ' | b'.' | b')'));
    let alike = match separators {
        [.., left, right] => left == right || *left == b')',
        _ => true,
    };
    known && alike
}

/// `10` and eight digits, `11`, `16` to `19` and seven or eight; `area` and `rest` are the lengths
/// of the groups, when there are several.
fn is_mobile(subscriber: &str, area: Option<usize>, rest: &[usize]) -> bool {
    let length_fits = match subscriber.as_bytes() {
        [b'1', b'0', ..] => subscriber.len() == 10,
        [b'1', b'1' | b'6'..=b'9', ..] => matches!(subscriber.len(), 9 | 10),
        _ => false,
    };
    let groups_fit = area.is_none() || area == Some(2) && matches!(rest, [3 | 4, 4] | [7 | 8]);
    length_fits && groups_fit
}

/// Area codes 2, 31–33, 41–44, 51–55, 61–64, and 70, 50x for numbers without a place.
fn is_landline(subscriber: &str, area: Option<usize>, rest: &[usize]) -> bool {
    let code = match subscriber.as_bytes() {
        [b'2', ..] => 1,
        [b'5', b'0', b'2'..=b'9', ..] => 3,
        [b'3', b'1'..=b'3', ..]
        | [b'4' | b'6', b'1'..=b'4', ..]
        | [b'5', b'1'..=b'5', ..]
        | [b'7', b'0', ..] => 2,
        _ => return false,
    };
    let groups_fit = match area {
        None => true,
        Some(area) => area == code && matches!(rest, [3 | 4, 4]),
    };
    matches!(subscriber.len() - code, 7 | 8) && groups_fit
}
