//! Free text that is kept for ever: a purpose that names the person would put into the log what the
//! vault keeps out of it.

use axum::http::HeaderValue;
use doldam_scanner::{ScanOptions, scan};

use crate::problem::Problem;

/// Longest free text, in characters.
const CHARACTERS_MAX: usize = 200;

/// Refuses a text that says nothing, too much, or in which personal data is found. `what` is the
/// word for the text.
pub(crate) fn require_impersonal(what: &str, text: &str) -> Result<(), Problem> {
    let refused =
        |why: &str| Err(Problem::bad_request("server.wording", format!("the {what} {why}")));
    let characters = text.trim().chars().count();
    if !(5..=CHARACTERS_MAX).contains(&characters) || text.chars().any(char::is_control) {
        return refused("has 5 to 200 characters on one line");
    }
    if scan(text.as_bytes(), &ScanOptions::default()).is_empty() {
        return Ok(());
    }
    refused("holds what looks like personal data: name the case, not the person")
}

/// Why somebody sends a file, where they say so. A header carries no letters but ASCII, so others
/// come as RFC 8187 writes them: `UTF-8''` and then each byte as `%EA`. How long it may be is [`require_impersonal`]'s to say.
pub(crate) fn purpose_of(header: Option<&HeaderValue>) -> Result<Option<String>, Problem> {
    let Some(header) = header else { return Ok(None) };
    let refused = || {
        let why = "Doldam-Purpose is a line of ASCII, or UTF-8'' and the bytes of one as %EA";
        Problem::bad_request("server.purpose", why)
    };
    let bytes = header.as_bytes();
    let is_coded = bytes.get(..7).is_some_and(|mark| mark.eq_ignore_ascii_case(b"utf-8''"));
    let text = if is_coded { decoded(&bytes[7..]) } else { Some(bytes.to_vec()) };
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refused)?;
    if text.contains(char::is_control) {
        return Err(refused());
    }
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Bytes of which some are written as `%EA`.
fn decoded(coded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Option<String>, ()> {
        purpose_of(Some(&HeaderValue::from_bytes(text).unwrap())).map_err(drop)
    }

    #[test]
    fn a_purpose_may_be_in_any_letters() {
        let said = |text: &str| Ok(Some(text.to_owned()));
        assert!(matches!(purpose_of(None), Ok(None)));
        assert_eq!(read(b""), Ok(None));
        assert_eq!(read(b"a 100% honest tip"), said("a 100% honest tip"));
        assert_eq!(read("제보".as_bytes()), said("제보"));
        assert_eq!(read(b"UTF-8''%EC%A0%9c%EB%B3%B4 1"), said("제보 1"));
    }

    #[test]
    fn a_purpose_that_cannot_be_read_is_refused() {
        for text in [&b"UTF-8''%E"[..], b"utf-8''%zz", b"UTF-8''%FF", b"UTF-8''a%0Ab", b"\xb0\xa1"]
        {
            assert_eq!(read(text), Err(()), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_text_of_ten_thousand_letters_is_refused() {
        assert!(require_impersonal("purpose", &"가".repeat(10_000)).is_err());
        assert!(require_impersonal("purpose", "a tip about a case").is_ok());
    }
}
