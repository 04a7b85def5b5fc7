//! Resident numbers (주민등록번호) and foreigners' registration numbers (외국인등록번호).
//!
//! A check digit that holds together with a possible date is passed by about one in seven hundred
//! random numbers. One that fails does not clear a number: since 5 October 2020 they are issued
//! without any, so it only lowers the grade.

use doldam_ground::Kind;
use doldam_ground::kind::{RrnVerdict, rrn_check};

use super::number::Groups;
use super::{Candidate, Said};
use crate::finding::Confidence::{Certain, Likely, Possible};

const CHECKED: &str = "13 digits with a possible date and the right check digit";
const RECENT: &str = "13 digits with a date after the check digit was given up";
const DATED: &str = "13 digits with a possible date and a wrong check digit";
const NAMED: &str = "13 digits with a possible date, named by column, key or words before it";

/// *Firm*, as UTF-8 and as CP949.
const FIRM: &str = "법인";
const FIRM_CP949: [u8; 4] = [0xB9, 0xFD, 0xC0, 0xCE];

pub(super) fn judge(buffer: &[u8], groups: &Groups) -> Option<Candidate> {
    let count = if groups.fit(buffer, &[13]) {
        1
    } else if groups.fit(buffer, &[6, 7]) && groups.evenly_separated(2, b"- ") {
        2
    } else {
        return None;
    };
    if is_firm(buffer, groups.start()) {
        return None;
    }
    let digits = groups.digits(count);
    let (bare, backed) = grade(rrn_check(digits), count == 2)?;
    let foreigner = matches!(digits.as_bytes()[6], b'5'..=b'8');
    let frn = Kind::from_id("frn").filter(|_| foreigner);
    Some(Candidate {
        kind: frn.unwrap_or(Kind::RRN),
        start: groups.start(),
        end: groups.end(count),
        bare,
        backed,
    })
}

/// Whether the words before call it a firm's registration number (법인등록번호), which has the same
/// 6-7 digits and often reads as a date.
fn is_firm(buffer: &[u8], start: usize) -> bool {
    let near = &buffer[start.saturating_sub(32)..start];
    let line = near.rsplit(|byte| *byte == b'\n').next().unwrap_or(near);
    [FIRM.as_bytes(), &FIRM_CP949].iter().any(|word| memchr::memmem::find(line, word).is_some())
}

/// Without and with context. Bare digits that fail the check are left to the other kinds.
const fn grade(verdict: RrnVerdict, hyphen: bool) -> Option<(Option<Said>, Said)> {
    match (verdict, hyphen) {
        (RrnVerdict::Certain, true) => Some((Some((Certain, CHECKED)), (Certain, CHECKED))),
        (RrnVerdict::Certain, false) => Some((Some((Likely, CHECKED)), (Certain, CHECKED))),
        (RrnVerdict::Plausible, true) => Some((Some((Likely, RECENT)), (Certain, NAMED))),
        (RrnVerdict::Plausible, false) => Some((Some((Possible, RECENT)), (Certain, NAMED))),
        (RrnVerdict::Unlikely, true) => Some((Some((Possible, DATED)), (Likely, NAMED))),
        (RrnVerdict::Unlikely, false) => Some((None, (Likely, NAMED))),
        (RrnVerdict::Impossible, _) => None,
    }
}
