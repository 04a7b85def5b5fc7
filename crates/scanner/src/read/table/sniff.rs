//! What a file of lines is: its format, its delimiter, and whether its first row names columns.
//!
//! A leaked file seldom says. The delimiter is the one under which most rows have the same number
//! of fields; a first row is a header when it names kinds of personal data, or when it holds none
//! while the rows below do. If nothing speaks for a header there is none: to lose a person to a
//! mistaken header is worse than to call a column `column_1`.

use std::ops::Range;

use doldam_ground::Kind;
use doldam_ground::kind::{RrnVerdict, card_luhn_holds, ci_is_canonical, rrn_check};

use super::object;
use super::record::{self, Found};
use crate::read::text::Decoder;

/// The delimiters that are tried, likeliest first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// How many rows of the sample are looked at.
const ROWS_MAX: usize = 200;
/// The share of rows with the same number of fields from which lines count as a table.
const TABLE_SHARE: f64 = 0.7;

/// Whether the first line of the sample is a JSON object.
pub(super) fn is_ndjson(sample: &[u8]) -> bool {
    let line = sample.split(|byte| *byte == b'\n').next().unwrap_or(sample);
    let (mut columns, mut text, mut fields) = (Vec::new(), String::new(), Vec::new());
    line.trim_ascii_start().starts_with(b"{")
        && std::str::from_utf8(line).is_ok_and(|line| {
            object::parse(line.trim(), &mut columns, &mut text, &mut fields).is_ok()
        })
}

/// The best delimiter, and whether the sample is a table under it rather than free text.
pub(super) fn delimiter(sample: &[u8], complete: bool, decoder: Decoder) -> (u8, bool) {
    let mut best = (b',', 0.0, false);
    for candidate in DELIMITERS {
        let rows = rows(sample, complete, candidate, decoder);
        let (width, share) = usual_width(&rows);
        let named = rows.first().is_some_and(|row| names_kinds(row));
        let several = if width > 1 { share } else { 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "a width is at most a few thousand")]
        let score = several * (1.0 - 1.0 / width.max(1) as f64) + f64::from(u8::from(named));
        if score > best.1 {
            best = (candidate, score, named || several >= TABLE_SHARE);
        }
    }
    (best.0, best.2)
}

/// The number of fields that most rows have, and the share of rows that have it.
pub(super) fn usual_width(rows: &[Vec<String>]) -> (usize, f64) {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let (width, count) = widths
        .chunk_by(|left, right| left == right)
        .map(|run| (run[0], run.len()))
        .max_by_key(|(_, count)| *count)
        .unwrap_or((0, 0));
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred rows")]
    let share = count as f64 / rows.len().max(1) as f64;
    (width, share)
}

/// The first rows of the sample under a delimiter, decoded; blank and undecodable ones left out.
pub(super) fn rows(
    sample: &[u8],
    complete: bool,
    delimiter: u8,
    mut decoder: Decoder,
) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut rest = sample;
    while !rest.is_empty() && rows.len() < ROWS_MAX {
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        match record::parse(rest, delimiter, complete, &mut bytes, &mut fields) {
            Found::Record { bytes: length, .. } => rest = &rest[length..],
            Found::Cut { .. } => break,
        }
        if bytes.iter().all(u8::is_ascii_whitespace) && fields.len() == 1 {
            continue;
        }
        if let Ok(text) = decoder.decode(bytes, &mut fields) {
            rows.push(split(&text, &fields));
        }
    }
    rows
}

fn split(text: &str, fields: &[Range<usize>]) -> Vec<String> {
    fields.iter().map(|field| text[field.clone()].trim().to_owned()).collect()
}

/// Whether the first of these rows names the columns of the others.
pub(super) fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, later)) = rows.split_first() else {
        return false;
    };
    if holds_personal_data(first) {
        return false;
    }
    names_kinds(first) || later.iter().any(|row| holds_personal_data(row))
}

/// Whether a row names at least one kind of personal data.
fn names_kinds(row: &[String]) -> bool {
    row.iter().any(|field| Kind::from_header(field).is_some())
}

/// Whether a field of the row is itself personal data, by its shape alone.
pub(super) fn holds_personal_data(row: &[String]) -> bool {
    row.iter().any(|field| is_personal_data(field))
}

fn is_personal_data(field: &str) -> bool {
    let digits: String = field.chars().filter(char::is_ascii_digit).collect();
    let mostly_digits = field.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '+'));
    let number = mostly_digits
        && match digits.len() {
            9..=12 => field.starts_with(['0', '+']),
            13 => rrn_check(&digits) == RrnVerdict::Certain,
            15..=19 => card_luhn_holds(&digits),
            _ => false,
        };
    let address = field.contains('@') && Kind::EMAIL.normalise(field).is_some();
    let base64 = field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    number || address || ci_is_canonical(field) || (field.len() == 64 && base64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::text;

    fn decoder(sample: &str) -> Decoder {
        Decoder::new(text::guess(sample.as_bytes(), true).unwrap())
    }

    fn sniffed(sample: &str) -> (char, bool) {
        let (found, table) = delimiter(sample.as_bytes(), true, decoder(sample));
        (found.into(), table)
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_rows_even() {
        assert_eq!(sniffed("a,b\n1,2\n3,4\n"), (',', true));
        assert_eq!(sniffed("a;b\n1,5;2\n3,5;4\n"), (';', true));
        assert_eq!(sniffed("a\tb\tc\n1,2\t2\t3\n"), ('\t', true));
        assert_eq!(sniffed("x|y|z\n1|2|3\n\n"), ('|', true));
        assert_eq!(sniffed("\"a,b,c\";1\n\"d,e\";2\n"), (';', true));
        assert_eq!(sniffed("One line, two.\nNo comma here\nnor, there, either\n"), (',', false));
        assert_eq!(sniffed("ci\nabc\ndef\n"), (',', true));
    }

    fn header(sample: &str) -> bool {
        has_header(&rows(sample.as_bytes(), true, b',', decoder(sample)))
    }

    #[test]
    fn a_header_names_kinds_or_stands_above_personal_data() {
        assert!(header("별명,연계정보\n푸른고래,x\n"));
        assert!(header("who,where\nkim,kim@example.com\n"));
        assert!(!header("kim,kim@example.com\nlee,lee@example.com\n"));
        assert!(!header("010-1234-5678,name\n010-1234-5679,b\n"));
        assert!(!header("a,b\nc,d\n"));
        assert!(!header(""));
    }
}
