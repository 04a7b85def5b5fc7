//! What a text weighs on the wire.
//!
//! Korean operators count a text in bytes of CP949: 90 of them are an SMS, 2,000 an LMS. Elsewhere
//! a short message has 140 bytes, of UCS-2 or of whatever the gateway was told, and longer texts go
//! in parts that carry a header. A character without a code would arrive as a question mark in a
//! text that warns of fraud, so it is replaced by a known stand-in or refused, never dropped.

use doldam_ground::limits;

use crate::NotifyError;

/// Most bytes of CP949 that Korean operators take as one SMS.
pub const SMS_BYTES: usize = 90;
/// Most bytes of CP949 that Korean operators take as one LMS.
pub const LMS_BYTES: usize = 2_000;
/// Bytes of one short message (3GPP TS 23.040, 9.2.3.24).
const MESSAGE_BYTES: usize = 140;
/// Bytes of the header that numbers the parts of a longer text (3GPP TS 23.040, 9.2.3.24.1).
const HEADER_BYTES: usize = 6;

/// What a text is to a Korean operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Up to [`SMS_BYTES`].
    Sms,
    /// Up to [`LMS_BYTES`].
    Lms,
    /// More than that.
    TooLong,
}

impl Class {
    /// The class of a text of so many bytes of CP949.
    pub const fn of(bytes: usize) -> Self {
        if bytes <= SMS_BYTES {
            Self::Sms
        } else if bytes <= LMS_BYTES {
            Self::Lms
        } else {
            Self::TooLong
        }
    }
}

/// How the characters of a text are written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// UCS-2, big endian: `data_coding` 8. Characters beyond it go as UTF-16 pairs, as phones do.
    Ucs2,
    /// KS X 1001 with the extension of CP949. Gateways differ in the `data_coding` that they want:
    /// 14 by the standard (SMPP 3.4, 5.2.19), 0x84 with many Korean ones.
    Cp949 {
        /// The `data_coding` to name it by.
        data_coding: u8,
    },
}

impl Coding {
    /// The `data_coding` field of SMPP.
    pub const fn data_coding(self) -> u8 {
        match self {
            Self::Ucs2 => 8,
            Self::Cp949 { data_coding } => data_coding,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ucs2 => "UCS-2",
            Self::Cp949 { .. } => "CP949",
        }
    }

    /// The bytes of one character, if it has any.
    fn encode(self, character: char, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Ucs2 => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    out.extend_from_slice(&unit.to_be_bytes());
                }
                true
            }
            Self::Cp949 { .. } => encode_cp949(character, out),
        }
    }
}

fn encode_cp949(character: char, out: &mut Vec<u8>) -> bool {
    let mut buffer = [0; 4];
    let text: &str = character.encode_utf8(&mut buffer);
    let (bytes, _, has_no_code) = encoding_rs::EUC_KR.encode(text);
    if !has_no_code {
        out.extend_from_slice(&bytes);
    }
    !has_no_code
}

/// How a text that is longer than one short message goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongText {
    /// In parts with a header each, which the phone puts together. Every gateway takes them.
    #[default]
    Parts,
    /// As one `message_payload` (SMPP 3.4, 5.3.2.32): one message to the gateway, an LMS in Korea.
    Payload,
}

/// A text as it goes on the wire: one or more short messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The messages in order; with more than one, each begins with its header.
    pub parts: Vec<Vec<u8>>,
    /// Whether the parts begin with a header (`esm_class` 0x40).
    pub has_headers: bool,
    /// Whether the one part is a payload.
    pub is_payload: bool,
}

/// Encodes a text. `reference` tells the parts of one text from those of another on the phone.
///
/// Fails when a character has no code, and when the text has more than
/// [`limits::NOTICE_PARTS_MAX`] parts.
pub fn encode(
    text: &str,
    coding: Coding,
    long_text: LongText,
    reference: u8,
) -> Result<Encoded, NotifyError> {
    let characters = encode_characters(text, coding)?;
    let bytes: usize = characters.iter().map(Vec::len).sum();
    if bytes <= MESSAGE_BYTES {
        let parts = vec![characters.concat()];
        return Ok(Encoded { parts, has_headers: false, is_payload: false });
    }
    if long_text == LongText::Payload {
        let parts = vec![characters.concat()];
        return Ok(Encoded { parts, has_headers: false, is_payload: true });
    }
    let mut parts = split(&characters);
    let count = parts.len();
    let total = u8::try_from(count)
        .ok()
        .filter(|_| count <= limits::NOTICE_PARTS_MAX)
        .ok_or(NotifyError::TooLong { parts: count, most: limits::NOTICE_PARTS_MAX })?;
    for (number, part) in (1..=total).zip(&mut parts) {
        // Length of the header, element "parts with an 8-bit reference", its length, its content.
        part.splice(0..0, [5, 0, 3, reference, total, number]);
    }
    Ok(Encoded { parts, has_headers: true, is_payload: false })
}

fn encode_characters(text: &str, coding: Coding) -> Result<Vec<Vec<u8>>, NotifyError> {
    text.chars()
        .enumerate()
        .map(|(place, character)| {
            let mut bytes = Vec::with_capacity(2);
            if coding.encode(character, &mut bytes) {
                return Ok(bytes);
            }
            Err(NotifyError::Unencodable { place: place + 1, encoding: coding.name() })
        })
        .collect()
}

/// Fills parts with whole characters: half a character at a border would arrive as rubbish.
fn split(characters: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for character in characters {
        match parts.last_mut() {
            Some(part) if part.len() + character.len() <= MESSAGE_BYTES - HEADER_BYTES => {
                part.extend_from_slice(character);
            }
            _ => parts.push(character.clone()),
        }
    }
    parts
}

/// The bytes that a text takes in CP949, or the places (counted from 1) of the characters that
/// have no code in it.
pub fn cp949_bytes(text: &str) -> Result<usize, Vec<usize>> {
    let mut bytes = Vec::new();
    let mut without_code = Vec::new();
    for (place, character) in text.chars().enumerate() {
        if !encode_cp949(character, &mut bytes) {
            without_code.push(place + 1);
        }
    }
    if without_code.is_empty() { Ok(bytes.len()) } else { Err(without_code) }
}

/// Whether a character has a code in CP949.
pub fn has_cp949_code(character: char) -> bool {
    encode_cp949(character, &mut Vec::new())
}

/// Characters without a code in CP949 and what stands in for them.
const STAND_INS: [(char, &str); 21] = [
    ('—', "-"),
    ('–', "-"),
    ('‑', "-"),
    ('−', "-"),
    ('₩', "￦"),
    ('•', "·"),
    ('‧', "·"),
    ('〜', "~"),
    ('«', "<"),
    ('»', ">"),
    ('©', "(c)"),
    ('é', "e"),
    ('✓', "v"),
    ('✔', "v"),
    ('☑', "v"),
    ('\u{a0}', " "),
    ('\u{2009}', " "),
    ('\u{200b}', ""),
    ('\u{200d}', ""),
    ('\u{fe0f}', ""),
    ('\u{feff}', ""),
];

/// What stands in for a character that CP949 does not have; `None` when nothing does.
pub fn stand_in(character: char) -> Option<&'static str> {
    if has_cp949_code(character) {
        return None;
    }
    let found = STAND_INS.iter().find(|(from, _)| *from == character).map(|(_, to)| *to);
    // Pictures say nothing that the words beside them do not: they go.
    found.or_else(|| is_picture(character).then_some(""))
}

const fn is_picture(character: char) -> bool {
    matches!(character, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// The text with every stand-in in place. What has neither a code nor a stand-in stays, and
/// [`encode`] refuses it.
pub fn replaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match stand_in(character) {
            Some(other) => out.push_str(other),
            None => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KSC: Coding = Coding::Cp949 { data_coding: 0x84 };

    #[test]
    fn korean_texts_are_counted_as_the_operators_count() {
        assert_eq!(cp949_bytes("가나 a"), Ok(6));
        assert_eq!(cp949_bytes(&"가".repeat(45)).map(Class::of), Ok(Class::Sms));
        assert_eq!(cp949_bytes(&"가".repeat(46)).map(Class::of), Ok(Class::Lms));
        assert_eq!(cp949_bytes(&"가".repeat(1_001)).map(Class::of), Ok(Class::TooLong));
        // 뷁 is one of the syllables that KS X 1001 lacks and CP949 has.
        assert_eq!(cp949_bytes("뷁"), Ok(2));
        assert_eq!(cp949_bytes("a—b😀"), Err(vec![2, 4]));
    }

    #[test]
    fn every_stand_in_is_needed_and_has_a_code() {
        for (from, to) in STAND_INS {
            assert!(!has_cp949_code(from), "{from:?} has a code of its own");
            assert!(to.chars().all(has_cp949_code), "{from:?}");
        }
        assert_eq!(replaced("₩1,000 — 안내😀✔"), "￦1,000 - 안내v");
        assert_eq!(replaced("한글 ฿"), "한글 ฿", "what has no stand-in is kept, and refused later");
        let refused = encode("한글 ฿", KSC, LongText::Parts, 1).err();
        assert_eq!(refused, Some(NotifyError::Unencodable { place: 4, encoding: "CP949" }));
    }

    #[test]
    fn a_long_text_goes_in_parts_of_whole_characters() {
        let text = "가".repeat(71);
        let encoded = encode(&text, Coding::Ucs2, LongText::Parts, 9).unwrap_or_else(|_| panic!());
        assert_eq!(encoded.parts.iter().map(Vec::len).collect::<Vec<_>>(), [140, 6 + 8]);
        assert_eq!(encoded.parts[1][..6], [5, 0, 3, 9, 2, 2]);
        assert!(encoded.has_headers && !encoded.is_payload);
        let one = encode(&text, Coding::Ucs2, LongText::Payload, 9).unwrap_or_else(|_| panic!());
        assert_eq!((one.parts.len(), one.parts[0].len(), one.is_payload), (1, 142, true));
        let short = encode(&text[..210], Coding::Ucs2, LongText::Parts, 9);
        assert!(short.is_ok_and(|short| short.parts.len() == 1 && !short.has_headers));
        let endless = encode(&"가".repeat(67 * 40 + 1), Coding::Ucs2, LongText::Parts, 9).err();
        assert_eq!(endless, Some(NotifyError::TooLong { parts: 41, most: 40 }));
    }

    proptest! {
        #[test]
        fn parts_put_together_are_the_text(text in "[가-힣a-z😀 ]{0,400}") {
            let Ok(encoded) = encode(&text, Coding::Ucs2, LongText::Parts, 3) else {
                return Err(TestCaseError::fail("UCS-2 has every character"));
            };
            let skip = if encoded.has_headers { HEADER_BYTES } else { 0 };
            let mut units = Vec::new();
            for part in &encoded.parts {
                prop_assert!(part.len() <= MESSAGE_BYTES);
                let body: Vec<u16> = part[skip..]
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                    .collect();
                prop_assert!(String::from_utf16(&body).is_ok(), "a pair was cut in two");
                units.extend(body);
            }
            prop_assert_eq!(String::from_utf16(&units).ok(), Some(text));
        }

        #[test]
        fn what_was_replaced_is_not_replaced_again(text in any::<String>()) {
            let once = replaced(&text);
            prop_assert_eq!(replaced(&once), once);
        }
    }
}
