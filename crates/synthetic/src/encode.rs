//! The bytes that a text becomes in a file: Korean files come in more than one encoding.

use std::borrow::Cow;

use crate::error::SyntheticError;

/// How a file's characters are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    #[default]
    Utf8,
    /// UTF-8 after a byte order mark, as a spreadsheet saves it.
    Utf8Marked,
    /// CP949, also called UHC: what Korean Windows programs call "ANSI".
    Cp949,
    /// UTF-16, little endian, after a byte order mark.
    Utf16,
}

impl Encoding {
    /// All encodings.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf8Marked, Self::Cp949, Self::Utf16];

    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Marked => "UTF-8 with a byte order mark",
            Self::Cp949 => "CP949",
            Self::Utf16 => "UTF-16",
        }
    }

    /// What stands before the first character of a file.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 | Self::Cp949 => &[],
            Self::Utf8Marked => &[0xef, 0xbb, 0xbf],
            Self::Utf16 => &[0xff, 0xfe],
        }
    }

    /// The bytes of `text`, without the mark. [`SyntheticError::Unencodable`] if a character does
    /// not exist in the encoding: nothing is replaced silently.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, SyntheticError> {
        match self {
            Self::Utf8 | Self::Utf8Marked => Ok(Cow::Borrowed(text.as_bytes())),
            Self::Cp949 => {
                let (bytes, _, lossy) = encoding_rs::EUC_KR.encode(text);
                if lossy {
                    return Err(SyntheticError::Unencodable { encoding: self.name() });
                }
                Ok(bytes)
            }
            Self::Utf16 => Ok(Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect())),
        }
    }

    /// The bytes of a whole file: the mark, then `text`.
    pub fn file(self, text: &str) -> Result<Vec<u8>, SyntheticError> {
        let mut bytes = self.mark().to_vec();
        bytes.extend_from_slice(&self.encode(text)?);
        Ok(bytes)
    }
}

/// Appends `value` as a CSV field (RFC 4180): quoted when `always`, or when it must be.
pub(crate) fn push_csv_field(out: &mut String, value: &str, delimiter: char, always: bool) {
    let needs = |character| matches!(character, '"' | '\n' | '\r') || character == delimiter;
    if !always && !value.contains(needs) {
        out.push_str(value);
        return;
    }
    out.push('"');
    for character in value.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
}

/// Appends `value` as a JSON string (RFC 8259), with everything above ASCII left as it is.
pub(crate) fn push_json_string(out: &mut String, value: &str) {
    use std::fmt::Write as _;
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => {
                let code = u32::from(control);
                write!(out, "\\u{code:04x}").expect("a String takes every write");
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_survives_every_encoding() {
        for encoding in Encoding::ALL {
            let bytes = encoding.file("푸른고래,똠방각하").unwrap();
            let decoder = match encoding {
                Encoding::Cp949 => encoding_rs::EUC_KR,
                Encoding::Utf16 => encoding_rs::UTF_16LE,
                _ => encoding_rs::UTF_8,
            };
            let (text, _, broken) = decoder.decode(&bytes);
            assert!(!broken);
            assert_eq!(text, "푸른고래,똠방각하", "{}", encoding.name());
        }
    }

    #[test]
    fn what_an_encoding_lacks_is_an_error_and_never_a_question_mark() {
        let error = Encoding::Cp949.encode("가\u{1f40b}").unwrap_err();
        assert_eq!(error.code(), "synthetic.unencodable");
    }

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let field = |value: &str, always| {
            let mut out = String::new();
            push_csv_field(&mut out, value, ',', always);
            out
        };
        assert_eq!(field("a", false), "a");
        assert_eq!(field("a", true), "\"a\"");
        assert_eq!(field("a,\"b\"", false), "\"a,\"\"b\"\"\"");
        let mut json = String::new();
        push_json_string(&mut json, "가\"\\\n");
        assert_eq!(json, "\"가\\\"\\\\\\u000a\"");
    }
}
