//! Which encoding a text is in, and bringing it to UTF-8.
//!
//! Korean exports come in three encodings: UTF-8 (with or without a byte order mark), CP949 (what a
//! Korean Excel writes as "CSV"), and UTF-16 (what it writes as "Unicode text"). A wrong guess is
//! worse than none: it turns names into other names. So the guess is made from the first 64 KiB,
//! stays open while nothing but ASCII has been seen, and every later row is decoded strictly: bytes
//! that contradict the guess make a fault, never replacement characters.

use std::io::{self, Read};
use std::ops::Range;

use encoding_rs::{DecoderResult, EUC_KR, UTF_16BE, UTF_16LE};

use super::ReadError;

/// How many bytes the encoding and the format are judged from.
pub const SAMPLE_BYTES: usize = 64 << 10;

/// How the characters of a text are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// CP949, the superset of EUC-KR that Windows calls 949 (WHATWG Encoding Standard, `euc-kr`).
    Cp949,
    /// UTF-16, big end first, with a byte order mark.
    Utf16Be,
    /// UTF-16, little end first, with a byte order mark.
    Utf16Le,
    /// UTF-8; plain ASCII is this too.
    Utf8,
}

impl Encoding {
    /// The usual name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cp949 => "cp949",
            Self::Utf16Be => "utf-16be",
            Self::Utf16Le => "utf-16le",
            Self::Utf8 => "utf-8",
        }
    }
}

/// What the first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) encoding: Encoding,
    /// Whether something other than ASCII has confirmed it.
    pub(crate) sure: bool,
    /// Length of the byte order mark in bytes.
    pub(crate) mark: usize,
}

/// Guesses the encoding of a text from its beginning; `complete` says that `sample` is all of it.
///
/// Fails with [`ReadError::NotText`] for NUL bytes without a byte order mark, and with
/// [`ReadError::Encoding`] when most lines are in no encoding that is known here.
pub(crate) fn guess(sample: &[u8], complete: bool) -> Result<Guess, ReadError> {
    let found = |encoding, sure, mark| Ok(Guess { encoding, sure, mark });
    if sample.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return found(Encoding::Utf8, true, 3);
    }
    if sample.starts_with(&[0xFF, 0xFE]) {
        return found(Encoding::Utf16Le, true, 2);
    }
    if sample.starts_with(&[0xFE, 0xFF]) {
        return found(Encoding::Utf16Be, true, 2);
    }
    if memchr::memchr(0, sample).is_some() {
        return Err(ReadError::NotText);
    }
    match std::str::from_utf8(sample) {
        Ok(text) if is_rather_cp949(text) => found(Encoding::Cp949, true, 0),
        Ok(text) => found(Encoding::Utf8, is_telling(text), 0),
        Err(error) if error.error_len().is_none() && !complete => found(Encoding::Utf8, true, 0),
        Err(_) => by_lines(sample, complete),
    }
}

/// Whether a text that is valid UTF-8 can hardly be anything else: sequences of three bytes are.
/// Sequences of two bytes may be CP949 by chance, about one Hangul syllable in eleven.
fn is_telling(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xE0)
}

/// Whether bytes that are valid UTF-8 are more likely CP949: nothing in them is telling, they hold
/// control characters that nobody types (C1, but for the line end U+0085), and the whole of them is
/// CP949, where these are syllables.
fn is_rather_cp949(text: &str) -> bool {
    let is_control = |c: char| matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}');
    !is_telling(text) && text.contains(is_control) && from_cp949(text.as_bytes()).is_some()
}

/// Takes the encoding in which fewer lines are broken.
fn by_lines(sample: &[u8], complete: bool) -> Result<Guess, ReadError> {
    let whole = if complete {
        sample.len()
    } else {
        memchr::memrchr(b'\n', sample).unwrap_or(sample.len())
    };
    let (mut lines, mut not_utf8, mut not_cp949) = (0_usize, 0_usize, 0_usize);
    for line in sample[..whole].split(|byte| *byte == b'\n') {
        if !line.is_ascii() {
            lines += 1;
            not_utf8 += usize::from(std::str::from_utf8(line).is_err());
            not_cp949 += usize::from(from_cp949(line).is_none());
        }
    }
    let (encoding, broken) = if not_cp949 < not_utf8 {
        (Encoding::Cp949, not_cp949)
    } else {
        (Encoding::Utf8, not_utf8)
    };
    if broken * 2 > lines {
        return Err(ReadError::Encoding);
    }
    Ok(Guess { encoding, sure: true, mark: 0 })
}

/// The text that these CP949 bytes stand for; `None` when they are not CP949.
pub(crate) fn from_cp949(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Turns the bytes of rows into text, strictly.
///
/// A guess that rests on ASCII alone is settled by the first row that holds something else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoder {
    encoding: Encoding,
    sure: bool,
}

impl Decoder {
    /// Goes by this guess. UTF-16 must have been turned into UTF-8 before (see [`Utf16`]).
    pub(crate) const fn new(guess: Guess) -> Self {
        Self { encoding: guess.encoding, sure: guess.sure }
    }

    /// The encoding as far as it is known by now.
    pub(crate) const fn encoding(self) -> Encoding {
        self.encoding
    }

    /// Decodes the fields that lie in `bytes` back to back; `fields` are rewritten to match.
    ///
    /// On failure the bytes are given back, for their allocation.
    pub(crate) fn decode(
        &mut self,
        bytes: Vec<u8>,
        fields: &mut [Range<usize>],
    ) -> Result<String, Vec<u8>> {
        if self.encoding == Encoding::Cp949 && !bytes.is_ascii() {
            return fields_from_cp949(&bytes, fields).ok_or(bytes);
        }
        match String::from_utf8(bytes) {
            Ok(text) if !self.sure && is_rather_cp949(&text) => {
                let bytes = text.into_bytes();
                let text = fields_from_cp949(&bytes, fields).ok_or(bytes)?;
                self.encoding = Encoding::Cp949;
                self.sure = true;
                Ok(text)
            }
            Ok(text) if fields.iter().all(|field| text.is_char_boundary(field.end)) => {
                self.sure = self.sure || is_telling(&text);
                Ok(text)
            }
            Ok(text) => Err(text.into_bytes()),
            Err(error) if self.sure => Err(error.into_bytes()),
            Err(error) => {
                let bytes = error.into_bytes();
                let text = fields_from_cp949(&bytes, fields).ok_or(bytes)?;
                self.encoding = Encoding::Cp949;
                self.sure = true;
                Ok(text)
            }
        }
    }
}

fn fields_from_cp949(bytes: &[u8], fields: &mut [Range<usize>]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut decoded = Vec::with_capacity(fields.len());
    for field in fields.iter() {
        let start = text.len();
        text.push_str(&from_cp949(&bytes[field.clone()])?);
        decoded.push(start..text.len());
    }
    fields.clone_from_slice(&decoded);
    Some(text)
}

/// Reads UTF-16 as UTF-8. What is no valid UTF-16 becomes the byte 0xFF, which no UTF-8 contains,
/// so that the row in which it stands is found to be undecodable.
pub(crate) struct Utf16<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    raw_start: usize,
    ready: Vec<u8>,
    ready_start: usize,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    /// Goes on from `raw`, the bytes that were read for the sample, without the byte order mark.
    pub(crate) fn new(source: R, raw: Vec<u8>, encoding: Encoding) -> Self {
        let encoding = if encoding == Encoding::Utf16Be { UTF_16BE } else { UTF_16LE };
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw,
            raw_start: 0,
            ready: Vec::new(),
            ready_start: 0,
            ended: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        if self.raw_start == self.raw.len() {
            self.raw.resize(SAMPLE_BYTES, 0);
            self.raw_start = 0;
            let read = self.source.read(&mut self.raw)?;
            self.raw.truncate(read);
            self.ended = read == 0;
        }
        let mut out = vec![0; self.raw.len() * 3 + 16];
        let (result, taken, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.raw[self.raw_start..],
            &mut out,
            self.ended,
        );
        self.raw_start += taken;
        out.truncate(written);
        if matches!(result, DecoderResult::Malformed(..)) {
            out.push(0xFF);
        }
        self.ready = out;
        self.ready_start = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready_start == self.ready.len() {
            if self.ended && self.raw_start == self.raw.len() {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let length = out.len().min(self.ready.len() - self.ready_start);
        out[..length].copy_from_slice(&self.ready[self.ready_start..self.ready_start + length]);
        self.ready_start += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cp949(text: &str) -> Vec<u8> {
        EUC_KR.encode(text).0.into_owned()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn korean_text_is_recognised_in_each_encoding() {
        let text = "이름,전화\n김민지,010-0000-0000\n";
        assert_eq!(guess(text.as_bytes(), true).unwrap().encoding, Encoding::Utf8);
        assert_eq!(guess(&cp949(text), true).unwrap().encoding, Encoding::Cp949);
        let marked = [&[0xFF, 0xFE][..], &utf16(text, false)].concat();
        assert_eq!(guess(&marked, true).unwrap().encoding, Encoding::Utf16Le);
    }

    #[test]
    fn a_cut_character_at_the_end_of_the_sample_is_no_contradiction() {
        let text = "가나다".as_bytes();
        assert_eq!(guess(&text[..8], false).unwrap().encoding, Encoding::Utf8);
        let legacy = cp949("홍길동\n홍길동\n홍길동");
        assert_eq!(guess(&legacy[..legacy.len() - 1], false).unwrap().encoding, Encoding::Cp949);
    }

    #[test]
    fn binary_and_unknown_bytes_are_refused() {
        assert!(matches!(guess(b"a\0b", true), Err(ReadError::NotText)));
        assert!(matches!(guess(b"\xff\xff\n\x80\x80\n", true), Err(ReadError::Encoding)));
    }

    #[test]
    fn a_guess_from_ascii_is_settled_by_the_first_other_row() {
        let mut decoder = Decoder::new(guess(b"abc", true).unwrap());
        let bytes = cp949("김민지");
        let mut fields = [0..2, 2..6];
        assert_eq!(decoder.decode(bytes, &mut fields).unwrap(), "김민지");
        assert_eq!(fields, [0..3, 3..9]);
        assert_eq!(decoder.encoding(), Encoding::Cp949);
    }

    #[test]
    fn half_characters_in_two_fields_do_not_make_one() {
        let mut decoder = Decoder::new(guess("가".as_bytes(), true).unwrap());
        let mut fields = [0..1, 1..3];
        assert!(decoder.decode("가".into(), &mut fields).is_err());
    }

    #[test]
    fn a_lone_surrogate_becomes_a_byte_that_is_no_utf8() {
        let mut raw = utf16("가", true);
        raw.extend([0xD8, 0x00, 0x00, 0x41]);
        let mut out = Vec::new();
        Utf16::new(&[][..], raw, Encoding::Utf16Be).read_to_end(&mut out).unwrap();
        assert_eq!(out, ["가".as_bytes(), b"\xffA"].concat());
    }

    /// The Hangul syllables whose CP949 bytes are valid UTF-8, and whether as a C1 control.
    fn ambiguous_syllables() -> Vec<(char, bool)> {
        ('가'..='힣')
            .filter_map(|syllable| {
                let bytes = cp949(syllable.encode_utf8(&mut [0; 4]));
                let read = std::str::from_utf8(&bytes).ok()?.chars().next()?;
                Some((syllable, matches!(read, '\u{80}'..='\u{9F}') && read != '\u{85}'))
            })
            .collect()
    }

    #[test]
    fn a_row_with_control_characters_settles_an_open_guess() {
        let syllables = ambiguous_syllables();
        let name: String =
            syllables.iter().filter(|(_, c1)| *c1).map(|(one, _)| *one).take(3).collect();
        let mut decoder = Decoder::new(guess(b"name,phone\n", true).unwrap());
        let bytes = [cp949(&name), b"010".to_vec()].concat();
        let mut fields = [0..6, 6..9];
        assert_eq!(decoder.decode(bytes, &mut fields).unwrap(), format!("{name}010"));
        assert_eq!((fields, decoder.encoding()), ([0..9, 9..12], Encoding::Cp949));
    }

    proptest! {
        #[test]
        fn korean_that_reads_as_control_characters_is_cp949(
            picks in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40),
            telling in any::<proptest::sample::Index>(),
        ) {
            let syllables = ambiguous_syllables();
            let controls: Vec<char> =
                syllables.iter().filter(|(_, c1)| *c1).map(|(one, _)| *one).collect();
            let mut text: String = picks.iter().map(|pick| pick.get(&syllables).0).collect();
            text.push(*telling.get(&controls));
            let bytes = cp949(&text);
            prop_assert!(std::str::from_utf8(&bytes).is_ok(), "it could be either");
            let guessed = guess(&bytes, true).unwrap();
            prop_assert_eq!((guessed.encoding, guessed.sure), (Encoding::Cp949, true));
            prop_assert_eq!(from_cp949(&bytes).unwrap(), text);
        }

        #[test]
        fn utf8_that_people_type_stays_utf8(text in "[\\PC\\n]{0,200}") {
            prop_assert_eq!(guess(text.as_bytes(), true).map(|found| found.encoding).ok(), Some(Encoding::Utf8));
        }

        #[test]
        fn utf16_reads_back(text in "\\PC{0,200}", big: bool, cut in 0_usize..400) {
            let raw = utf16(&text, big);
            let (sample, rest) = raw.split_at(cut.min(raw.len()));
            let encoding = if big { Encoding::Utf16Be } else { Encoding::Utf16Le };
            let mut out = String::new();
            Utf16::new(rest, sample.to_vec(), encoding).read_to_string(&mut out).unwrap();
            prop_assert_eq!(out, text);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = guess(&bytes, false);
            let _ = guess(&bytes, true);
            let mut out = Vec::new();
            Utf16::new(&bytes[..], Vec::new(), Encoding::Utf16Le).read_to_end(&mut out).unwrap();
        }
    }
}
