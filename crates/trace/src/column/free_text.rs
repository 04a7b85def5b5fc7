//! Values that stand somewhere in a longer text.
//!
//! A pasted log or a column of remarks has no column for a phone number, so the scanner looks for
//! values in it. It may be generous: what it finds is only asked for, and the house decides.

use doldam_ground::Kind;
use doldam_scanner::{Confidence, ScanOptions, scan_each};

/// A value in a text.
pub(crate) enum Found {
    /// A value of a kind, normalised.
    Value(Kind, String),
    /// A long pseudonym with our mark, and the kind whose shape it has.
    Pseudonym(Kind, String),
}

/// Hands over everything in `text` that may be a value or a pseudonym.
pub(crate) fn each_found(text: &str, mut visit: impl FnMut(Found)) {
    let options = ScanOptions { least: Confidence::Possible, kinds: None };
    scan_each(text.as_bytes(), &options, &mut |hit| {
        let value = hit.value().expose().clone();
        visit(match hit.kind {
            Kind::PSEUDONYM if value.len() == 64 => Found::Pseudonym(Kind::DI, value),
            Kind::PSEUDONYM => Found::Pseudonym(Kind::CI, value),
            kind => Found::Value(kind, value),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_gives_up_its_phone_and_its_address() {
        let mut kinds = Vec::new();
        each_found("call 010-1234-5678 or write to a.b@example.com", |found| {
            if let Found::Value(kind, value) = found {
                kinds.push((kind, value));
            }
        });
        assert!(kinds.contains(&(Kind::PHONE, "01012345678".to_owned())), "{}", kinds.len());
        assert!(kinds.contains(&(Kind::EMAIL, "a.b@example.com".to_owned())));
    }
}
