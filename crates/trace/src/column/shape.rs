//! Which texts are worth asking for under a kind.
//!
//! Normalising is generous on purpose: it finds the digits of a phone number between anything. A
//! CI's 88 characters hold a dozen digits too, so a text is first looked at as it stands.

use data_encoding::BASE64;
use doldam_ground::kind::{Normaliser, ci_is_canonical};
use doldam_ground::{Kind, mark};

/// The normalised value, if the text as it stands can be one of this kind.
pub(crate) fn admit(kind: Kind, raw: &str) -> Option<String> {
    let numeric = matches!(kind.entry().normalise, Normaliser::Digits | Normaliser::Phone);
    if raw.is_empty() || numeric && raw.chars().any(char::is_alphabetic) {
        return None;
    }
    kind.normalise(raw).map(|value| value.expose().clone())
}

/// The text as a pseudonym of this shape would be asked for, if it can be one at all.
///
/// The mark is not asked for: whoever wants to hide where a file comes from changes the last four
/// bytes of each value, and the keyed check still holds.
pub(crate) fn admit_pseudonym(shape: Option<Kind>, raw: &str) -> Option<String> {
    let Some(kind) = shape else {
        let text = raw.trim();
        return is_short_form(text).then(|| text.to_owned());
    };
    let value = admit(kind, raw)?;
    (kind != Kind::EMAIL || value.ends_with(".invalid")).then_some(value)
}

/// 24 bytes as 32 base64url characters (RFC 4648, section 5).
fn is_short_form(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 32 && text.bytes().all(fits)
}

fn is_marked(value: &str) -> bool {
    BASE64.decode(value.as_bytes()).is_ok_and(|bytes| mark::has_mark(&bytes))
}

/// Whether an unknown text of this kind says that the row is a stranger's: values that a person
/// keeps for life, well formed, and none of our own pseudonyms that can no longer be read.
pub(crate) fn decides(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::CI => ci_is_canonical(value) && !is_marked(value),
        Kind::DI => !is_marked(value),
        _ => false,
    }
}

/// Whether the text has a shape that hardly anything but this kind has.
pub(super) fn is_strict(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::CI => ci_is_canonical(value),
        // A SHA-256 in hexadecimal has 64 characters too.
        Kind::DI => value.bytes().any(|byte| !byte.is_ascii_hexdigit()),
        Kind::EMAIL => value.contains('.'),
        Kind::PHONE => value.starts_with("01") && (10..=11).contains(&value.len()),
        Kind::CARD => value.len() >= 15 && doldam_ground::kind::card_luhn_holds(value),
        Kind::RRN => {
            doldam_ground::kind::rrn_check(value) == doldam_ground::kind::RrnVerdict::Certain
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ci_is_not_asked_for_as_a_phone() {
        let ci = format!("{}01012345678A==", "a".repeat(74));
        assert!(Kind::PHONE.normalise(&ci).is_some());
        assert_eq!(admit(Kind::PHONE, &ci), None);
        assert_eq!(admit(Kind::PHONE, "０１０-1234-5678").as_deref(), Some("01012345678"));
    }

    #[test]
    fn a_marked_text_is_nobodys_identity_and_any_text_of_the_shape_may_be_a_pseudonym() {
        let mut bytes = [9_u8; 64];
        let plain = BASE64.encode(&bytes);
        assert_eq!(admit_pseudonym(Some(Kind::CI), &plain).as_deref(), Some(&*plain));
        assert!(decides(Kind::CI, &plain));
        let mark = mark::mark_of(&bytes[..60]);
        bytes[60..].copy_from_slice(&mark);
        let marked = BASE64.encode(&bytes);
        assert_eq!(admit_pseudonym(Some(Kind::CI), &marked).as_deref(), Some(&*marked));
        assert!(!decides(Kind::CI, &marked));
        let escaped = marked.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        assert_eq!(admit_pseudonym(Some(Kind::CI), &escaped), Some(marked.clone()));
    }

    #[test]
    fn the_short_form_is_32_base64url_characters() {
        let short = "Ab-_".repeat(8);
        assert_eq!(admit_pseudonym(None, &format!(" {short} ")).as_deref(), Some(&*short));
        assert_eq!(admit_pseudonym(None, "Ab+/"), None);
        assert_eq!(
            admit_pseudonym(Some(Kind::EMAIL), "A@x.invalid").as_deref(),
            Some("a@x.invalid")
        );
        assert_eq!(admit_pseudonym(Some(Kind::EMAIL), "a@example.com"), None);
    }
}
