//! From when until when a certificate holds.
//!
//! rustls checks the other side's certificate and never our own, and the crates that read whole
//! certificates are many times what two dates need. So this walks to the two dates (RFC 5280, 4.1)
//! by the lengths of the elements before them and believes nothing else.

use doldam_ground::Instant;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALISED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;

/// The time in which a certificate holds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// Its first moment.
    pub from: Instant,
    /// Its last moment.
    pub until: Instant,
}

impl Validity {
    /// Of a certificate in DER; `None` when it is not one.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let mut whole = Elements(certificate);
        let mut signed = Elements(Elements(whole.take(SEQUENCE)?).take(SEQUENCE)?);
        if signed.0.first() == Some(&VERSION) {
            signed.take(VERSION)?;
        }
        signed.take(INTEGER)?;
        // The algorithm of the signature, the issuer.
        signed.take(SEQUENCE)?;
        signed.take(SEQUENCE)?;
        let mut dates = Elements(signed.take(SEQUENCE)?);
        Some(Self { from: dates.time()?, until: dates.time()? })
    }
}

/// Elements of DER, one behind the other (ITU-T X.690, 8.1).
struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], mut rest) = self.0.split_first_chunk()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (digits, after) = rest.split_at_checked(usize::from(first & 0x7F))?;
            if digits.is_empty() || digits.len() > 4 {
                return None;
            }
            length = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((tag, content))
    }

    fn take(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }

    /// A date, as RFC 5280, 4.1.2.5 narrows it down: to seconds, in UTC.
    fn time(&mut self) -> Option<Instant> {
        let (tag, content) = self.next()?;
        let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (century, rest) = match (tag, text.len()) {
            (UTC_TIME, 12) if text >= "5" => ("19", text),
            (UTC_TIME, 12) => ("20", text),
            (GENERALISED_TIME, 14) => text.split_at(2),
            _ => return None,
        };
        let pair = |place: usize| &rest[2 * place..2 * place + 2];
        let [year, month, day, hour, minute, second] = [0, 1, 2, 3, 4, 5].map(pair);
        let stamp = format!("{century}{year}-{month}-{day}T{hour}:{minute}:{second}Z");
        Instant::parse(&stamp, "UTC").ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).expect("tests are short");
        [&[tag, 0x81, length], content].concat()
    }

    fn certificate(from: &[u8], until: &[u8]) -> Vec<u8> {
        let dates = element(SEQUENCE, &[from, until].concat());
        let parts = [
            element(VERSION, &[2, 1, 2]),
            element(INTEGER, &[1]),
            element(SEQUENCE, &[]),
            element(SEQUENCE, b"issuer"),
            dates,
        ];
        element(SEQUENCE, &element(SEQUENCE, &parts.concat()))
    }

    #[test]
    fn both_spellings_of_a_date_are_read() {
        let read = |from: &[u8], until: &[u8]| {
            let validity = Validity::of(&certificate(from, until))?;
            Some((validity.from.to_rfc3339(), validity.until.to_rfc3339()))
        };
        let old = element(UTC_TIME, b"991231235959Z");
        let new = element(GENERALISED_TIME, b"20500101000000Z");
        let spelled = ("1999-12-31T23:59:59Z".to_owned(), "2050-01-01T00:00:00Z".to_owned());
        assert_eq!(read(&old, &new), Some(spelled));
        let of_this_century = element(UTC_TIME, b"261123000000Z");
        assert!(read(&of_this_century, &new).is_some_and(|(from, _)| from.starts_with("2026")));
        for wrong in [&b"991331235959Z"[..], b"9912312359Z", b"991231235959", b"99123123595xZ"] {
            assert_eq!(read(&element(UTC_TIME, wrong), &new), None);
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let date = element(UTC_TIME, b"261123000000Z");
        let whole = certificate(&date, &date);
        for place in 0..whole.len() {
            assert!(Validity::of(&whole[..place]).is_none(), "cut at {place}");
            for value in [0, 0x7F, 0x80, 0x84, 0x85, 0xFF] {
                let mut changed = whole.clone();
                changed[place] = value;
                let _ = Validity::of(&changed);
            }
        }
    }
}
