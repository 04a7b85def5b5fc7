//! Two spellings of one value become one.
//!
//! A leaked file was exported by other software than the one that collected the data: Hangul comes
//! decomposed from macOS, digits come full-width, a CI comes URL-encoded. The index is asked only
//! for normalised values, so each rule here decides what counts as "exactly the same".

use serde::Deserialize;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A rule that brings a raw value to its one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normaliser {
    /// base64: URL and JSON escapes undone, base64url letters turned, white space dropped.
    Base64,
    /// NFKC, lower case, invisible characters dropped, runs of white space made one.
    Caseless,
    /// NFKC, upper case, white space and hyphens dropped.
    Code,
    /// ASCII digits only.
    Digits,
    /// Lower case, no white space.
    Email,
    /// NFKC and trimmed.
    Exact,
    /// Lower-case hexadecimal without `0x`.
    Hex,
    /// Digits, with Korea's country code turned into the leading 0 and others kept after a `+`.
    Phone,
}

impl Normaliser {
    /// The normalised text, or `None` when nothing is left.
    pub fn apply(self, raw: &str) -> Option<String> {
        let value = match self {
            Self::Base64 => base64(raw),
            Self::Caseless => caseless(raw),
            Self::Code => {
                let joined: String = plain(raw)
                    .chars()
                    .filter(|character| !character.is_whitespace() && *character != '-')
                    .flat_map(char::to_uppercase)
                    .collect();
                plain(&joined)
            }
            Self::Digits => digits(raw),
            Self::Email => {
                let joined: String = plain(raw)
                    .chars()
                    .filter(|character| !character.is_whitespace())
                    .flat_map(char::to_lowercase)
                    .collect();
                plain(&joined)
            }
            Self::Exact => plain(raw).trim().to_owned(),
            Self::Hex => hex(&plain(&plain(raw).to_ascii_lowercase())).to_owned(),
            Self::Phone => phone(raw),
        };
        (!value.is_empty()).then_some(value)
    }
}

/// NFKC without invisible characters; text that is already so is only copied.
fn plain(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_owned();
    }
    let visible = raw.chars().filter(|character| !is_invisible(*character));
    if is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        visible.collect()
    } else {
        visible.nfkc().collect()
    }
}

/// Zero-width characters, the byte order mark and the soft hyphen: seen in exports, never meant.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn caseless(raw: &str) -> String {
    let text = plain(&plain(raw).to_lowercase());
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn digits(raw: &str) -> String {
    plain(raw).chars().filter(char::is_ascii_digit).collect()
}

/// What stands behind any number of `0x` with white space between them.
fn hex(text: &str) -> &str {
    let mut rest = text.trim();
    while let Some(inner) = rest.strip_prefix("0x") {
        rest = inner.trim_start();
    }
    rest
}

fn phone(raw: &str) -> String {
    let text = plain(raw);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let by_zeros = digits.starts_with("00") && digits.len() > 11;
    let international = by_zeros || text.trim_start().starts_with('+');
    let digits = if international { digits.trim_start_matches('0') } else { digits.as_str() };
    match digits.strip_prefix("82") {
        Some(rest) if international || rest.len() >= 9 => {
            format!("0{}", rest.trim_start_matches('0'))
        }
        _ if international && !digits.is_empty() => format!("+{digits}"),
        _ => digits.to_owned(),
    }
}

fn base64(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(character) = rest.chars().next() {
        let (taken, plain) = base64_unit(rest, character);
        if let Some(plain) = plain {
            out.push(plain);
        }
        rest = &rest[taken..];
    }
    out
}

/// How many bytes of `rest` one unit takes, and which base64 character it stands for.
fn base64_unit(rest: &str, first: char) -> (usize, Option<char>) {
    const ESCAPES: [(&str, char); 11] = [
        ("%2B", '+'),
        ("%2b", '+'),
        ("%2F", '/'),
        ("%2f", '/'),
        ("%3D", '='),
        ("%3d", '='),
        ("\\/", '/'),
        ("\\u003d", '='),
        ("\\u003D", '='),
        ("\\u002b", '+'),
        ("\\u002B", '+'),
    ];
    if matches!(first, '%' | '\\') {
        for (escape, plain) in ESCAPES {
            if rest.starts_with(escape) {
                return (escape.len(), Some(plain));
            }
        }
    }
    let plain = match first {
        '-' => Some('+'),
        '_' => Some('/'),
        '%' | '\\' => None,
        _ if first.is_whitespace() || is_invisible(first) => None,
        _ => Some(first),
    };
    (first.len_utf8(), plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phones_of_one_person_become_one() {
        for raw in ["010-1234-5678", "+82 10 1234 5678", "０１０１２３４５６７８", "8210-1234-5678"]
        {
            assert_eq!(Normaliser::Phone.apply(raw).as_deref(), Some("01012345678"), "{raw}");
        }
        assert_eq!(Normaliser::Phone.apply("+44 20 7946 0958").as_deref(), Some("+442079460958"));
    }

    #[test]
    fn decomposed_hangul_and_full_width_letters_are_composed() {
        assert_eq!(
            Normaliser::Caseless.apply("ㅁＡ 푸른  고래 "),
            Normaliser::Caseless.apply("ㅁa 푸른 고래")
        );
        let decomposed: String = "푸른고래".nfd().collect();
        assert_eq!(Normaliser::Caseless.apply(&decomposed).as_deref(), Some("푸른고래"));
    }

    #[test]
    fn escaped_base64_is_unfolded() {
        assert_eq!(Normaliser::Base64.apply("a%2Bb%2Fc%3D%3D").as_deref(), Some("a+b/c=="));
        assert_eq!(Normaliser::Base64.apply("a-b_c\\/d\n").as_deref(), Some("a+b/c/d"));
    }

    #[test]
    fn a_wallet_has_one_spelling() {
        let wallet = Some("52908400098527886e0f7030069857d2e4169ee7".to_owned());
        for raw in [
            "0x52908400098527886E0F7030069857D2E4169EE7",
            " 0X 52908400098527886e0f7030069857d2e4169ee7\n",
            "52908400098527886e0f7030069857d2e4169ee7",
        ] {
            assert_eq!(Normaliser::Hex.apply(raw), wallet, "{raw}");
        }
        // Lower case may join what upper case kept apart.
        let joined = Normaliser::Hex.apply("T\u{308}").unwrap();
        assert_eq!(Normaliser::Hex.apply(&joined), Some(joined));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(raw in ".{0,40}", number in "[0-9+ -]{0,20}") {
            for rule in [
                Normaliser::Base64, Normaliser::Caseless, Normaliser::Code, Normaliser::Digits,
                Normaliser::Email, Normaliser::Exact, Normaliser::Hex, Normaliser::Phone,
            ] {
                for text in [&raw, &number] {
                    if let Some(once) = rule.apply(text) {
                        prop_assert_eq!(rule.apply(&once), Some(once));
                    }
                }
            }
        }

        #[test]
        fn no_text_can_make_a_rule_panic(raw in proptest::collection::vec(any::<char>(), 0..60)) {
            let raw: String = raw.into_iter().collect();
            for kind in crate::Kind::all() {
                let _ = kind.normalise(&raw);
            }
        }
    }
}
