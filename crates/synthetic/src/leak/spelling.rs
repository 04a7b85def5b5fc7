//! Other spellings of the same value, as other software leaves them behind.

use unicode_normalization::UnicodeNormalization;

use crate::people::Column;

/// A change of spelling that does not change whom a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `+`, `/` and `=` of CI and DI percent-encoded, as in a form or a web server's log.
    UrlEncodedCi,
    /// CI and DI in the URL-safe alphabet (RFC 4648, section 5), padding kept.
    UrlSafeCi,
    /// Digits of telephone, account, card, resident and customer numbers as `０`–`９`.
    FullWidthDigits,
    /// Hangul taken apart into letters (NFD), as macOS writes file names.
    DecomposedHangul,
    /// Telephone numbers as `+82 10 1234 5678`.
    CountryCode,
    /// Telephone, account, card and resident numbers without hyphens.
    WithoutHyphens,
}

impl Spelling {
    /// All spellings.
    pub const ALL: [Self; 6] = [
        Self::UrlEncodedCi,
        Self::UrlSafeCi,
        Self::FullWidthDigits,
        Self::DecomposedHangul,
        Self::CountryCode,
        Self::WithoutHyphens,
    ];

    /// Respells `cell`, a value of `column`, where the spelling is about such values.
    pub(super) fn apply(self, cell: &mut String, column: Option<Column>) {
        use Column::{Account, Card, Ci, CustomerId, Di, Phone, Rrn};
        let respelt = match (self, column) {
            (Self::UrlEncodedCi, Some(Ci | Di)) => percent_encode(cell),
            (Self::UrlSafeCi, Some(Ci | Di)) => cell.replace('+', "-").replace('/', "_"),
            (Self::FullWidthDigits, Some(Phone | Account | Card | Rrn | CustomerId)) => {
                cell.chars().map(full_width).collect()
            }
            (Self::DecomposedHangul, _) => cell.nfd().collect(),
            (Self::CountryCode, Some(Phone)) => match cell.strip_prefix('0') {
                Some(rest) => format!("+82 {}", rest.replace('-', " ")),
                None => return,
            },
            (Self::WithoutHyphens, Some(Phone | Account | Card | Rrn)) => cell.replace('-', ""),
            _ => return,
        };
        *cell = respelt;
    }
}

fn percent_encode(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn full_width(character: char) -> char {
    match character.to_digit(10) {
        Some(digit) => char::from_u32(u32::from('０') + digit).expect("ten digits follow U+FF10"),
        None => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_still_normalises_to_the_same_value() {
        let samples = [
            (Column::Phone, "010-1234-5678"),
            (Column::Nickname, "푸른고래7"),
            (Column::Account, "110-123-456789"),
            (Column::CustomerId, "C012345678"),
        ];
        let ci = format!("+/{}bcw==", "aZ0".repeat(27));
        for (column, value) in samples.into_iter().chain([(Column::Ci, ci.as_str())]) {
            let kind = column.kind().unwrap();
            let plain = kind.normalise(value).unwrap();
            let mut changed = 0;
            for spelling in Spelling::ALL {
                let mut cell = value.to_owned();
                spelling.apply(&mut cell, Some(column));
                changed += usize::from(cell != value);
                let again = kind.normalise(&cell);
                assert_eq!(again.unwrap().expose(), plain.expose(), "{spelling:?} {kind}");
            }
            assert!(changed > 0, "{kind}");
        }
    }
}
