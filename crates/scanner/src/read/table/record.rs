//! One record of delimiter-separated values (RFC 4180, read leniently).
//!
//! A hand-made parser and not a library's, because recovery needs what general parsers do not tell:
//! that a record stopped inside a quotation mark that nobody closes.

use std::ops::Range;

/// What stands at the front of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A whole record.
    Record {
        /// Its length with its line end, in bytes.
        bytes: usize,
        /// How many line ends it holds, its own included.
        lines: u64,
    },
    /// The input stops before the record does.
    Cut {
        /// Whether it stops inside a quotation.
        quoted: bool,
    },
}

/// Parses the record at the front of `input`; `last` says that nothing follows the input.
///
/// The fields are appended to `text` without their quotation marks; `fields` are their places
/// there. A quotation mark inside an unquoted field is an ordinary character, and so is whatever
/// follows a closing one, as spreadsheets have it.
pub(super) fn parse(
    input: &[u8],
    delimiter: u8,
    last: bool,
    text: &mut Vec<u8>,
    fields: &mut Vec<Range<usize>>,
) -> Found {
    let mut at = 0;
    let mut lines = 0;
    loop {
        let start = text.len();
        if input.get(at) == Some(&b'"') {
            match quoted(&input[at..], last, text, &mut lines) {
                Some(length) => at += length,
                None => return Found::Cut { quoted: true },
            }
        }
        let rest = &input[at..];
        let end = memchr::memchr2(delimiter, b'\n', rest);
        let plain = &rest[..end.unwrap_or(rest.len())];
        match end {
            Some(end) if rest[end] == delimiter => {
                text.extend_from_slice(plain);
                fields.push(start..text.len());
                at += end + 1;
            }
            None if !last => return Found::Cut { quoted: false },
            _ => {
                text.extend_from_slice(plain.strip_suffix(b"\r").unwrap_or(plain));
                fields.push(start..text.len());
                return Found::Record {
                    bytes: at + plain.len() + usize::from(end.is_some()),
                    lines: lines + u64::from(end.is_some()),
                };
            }
        }
    }
}

/// Appends what stands between the quotation marks; the length with both marks, or `None` when the
/// closing one is missing or may yet turn out to be a doubled one.
fn quoted(input: &[u8], last: bool, text: &mut Vec<u8>, lines: &mut u64) -> Option<usize> {
    let mut at = 1;
    loop {
        let length = memchr::memchr(b'"', &input[at..])?;
        let piece = &input[at..at + length];
        text.extend_from_slice(piece);
        *lines += memchr::memchr_iter(b'\n', piece).count() as u64;
        at += length + 1;
        match input.get(at) {
            Some(b'"') => text.push(b'"'),
            Some(_) => return Some(at),
            None => return last.then_some(at),
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields_of(input: &str) -> Vec<String> {
        let (mut text, mut fields) = (Vec::new(), Vec::new());
        let found = parse(input.as_bytes(), b',', true, &mut text, &mut fields);
        assert!(matches!(found, Found::Record { .. }), "{input}");
        fields.into_iter().map(|field| String::from_utf8(text[field].to_vec()).unwrap()).collect()
    }

    #[test]
    fn quotes_delimiters_and_line_ends() {
        assert_eq!(fields_of("a,b,c\r\n"), ["a", "b", "c"]);
        assert_eq!(fields_of("\"a,1\",\"say \"\"hi\"\"\",\n"), ["a,1", "say \"hi\"", ""]);
        assert_eq!(fields_of("\"two\nlines\",x"), ["two\nlines", "x"]);
        assert_eq!(fields_of("5\" disk,\"a\"b"), ["5\" disk", "ab"]);
        assert_eq!(fields_of("\"a\"\r\n"), ["a"]);
        assert_eq!(fields_of("a,\"\""), ["a", ""]);
        assert_eq!(fields_of("\n"), [""]);
    }

    #[test]
    fn a_record_tells_its_length_and_lines() {
        let (mut text, mut fields) = (Vec::new(), Vec::new());
        let found = parse(b"\"a\nb\",c\nnext", b',', true, &mut text, &mut fields);
        assert_eq!(found, Found::Record { bytes: 8, lines: 2 });
        let cut = parse(b"\"a\nb", b',', true, &mut text, &mut fields);
        assert_eq!(cut, Found::Cut { quoted: true });
        let cut = parse(b"a,b", b',', false, &mut text, &mut fields);
        assert_eq!(cut, Found::Cut { quoted: false });
    }

    proptest! {
        #[test]
        fn what_is_quoted_reads_back(values in proptest::collection::vec("[a-z\",\r\n가]{0,12}", 1..6)) {
            let line = values
                .iter()
                .map(|value| format!("\"{}\"", value.replace('"', "\"\"")))
                .collect::<Vec<_>>()
                .join(",");
            prop_assert_eq!(fields_of(&line), values.clone());
            let (mut text, mut fields) = (Vec::new(), Vec::new());
            let ended = format!("{line}\nz");
            let found = parse(ended.as_bytes(), b',', false, &mut text, &mut fields);
            let breaks = values.iter().map(|value| value.matches('\n').count()).sum::<usize>();
            prop_assert_eq!(
                found,
                Found::Record { bytes: line.len() + 1, lines: breaks as u64 + 1 }
            );
        }
    }
}
