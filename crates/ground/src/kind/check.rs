//! What a normalised value must look like to be of a kind.
//!
//! [`Check::admits`] is lenient: it decides whether a value can be enrolled or asked for at all.
//! The stricter checks (canonical base64, Luhn, the resident number's check digit) are functions
//! of their own: they grade what the scanner finds, because real registers hold values that fail
//! them.

use serde::Deserialize;

/// The shape of a kind's normalised values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// 6 to 20 digits.
    Account,
    /// Anything.
    Any,
    /// 12 to 19 digits (ISO/IEC 7812).
    Card,
    /// 86 base64 characters and `==`.
    Ci,
    /// 64 base64 characters.
    Di,
    /// Something, one `@`, something with a dot or without.
    Email,
    /// 13 digits with a possible date.
    Frn,
    /// 7 to 15 digits, perhaps after a `+` (ITU-T E.164).
    Phone,
    /// 13 digits with a possible date.
    Rrn,
}

impl Check {
    /// Whether a normalised value can be of the kind.
    pub fn admits(self, value: &str) -> bool {
        match self {
            Self::Account => is_digits(value, 6, 20),
            Self::Any => true,
            Self::Card => is_digits(value, 12, 19),
            Self::Ci => {
                value.len() == 88
                    && value.ends_with("==")
                    && value.as_bytes()[..86].iter().all(|byte| is_base64(*byte))
            }
            Self::Di => value.len() == 64 && value.bytes().all(is_base64),
            Self::Email => value.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@')
            }),
            Self::Frn | Self::Rrn => rrn_check(value) != RrnVerdict::Impossible,
            Self::Phone => is_digits(value.strip_prefix('+').unwrap_or(value), 7, 15),
        }
    }
}

fn is_digits(value: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// Whether 88 characters are canonical base64 of 64 bytes: the last character before `==` carries
/// only two bits, so it is one of `A Q g w` (RFC 4648, section 3.5).
pub fn ci_is_canonical(value: &str) -> bool {
    Check::Ci.admits(value) && matches!(value.as_bytes()[85], b'A' | b'Q' | b'g' | b'w')
}

/// Whether a string of digits satisfies the Luhn check (ISO/IEC 7812-1, annex B).
pub fn card_luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            }
        })
        .sum();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && sum.is_multiple_of(10)
}

/// How sure it is that 13 digits are a resident or foreigner number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RrnVerdict {
    /// The check digit holds.
    Certain,
    /// No 13 digits, no such date or no such century digit.
    Impossible,
    /// Born after 2020-10-04, when check digits were given up.
    Plausible,
    /// The check digit fails and the person is older: only a number changed since then does that.
    Unlikely,
}

/// Grades 13 digits `YYMMDDSBBBBNC` as a Korean resident number (S 1–4, 9, 0) or a foreigner's
/// registration number (S 5–8).
///
/// Numbers issued from 5 October 2020 on have six random digits after S (Enforcement Rule of the
/// Resident Registration Act, annex), so the check digit grades a value but cannot refuse it.
pub fn rrn_check(digits: &str) -> RrnVerdict {
    if !is_digits(digits, 13, 13) {
        return RrnVerdict::Impossible;
    }
    let digit = |place: usize| u32::from(digits.as_bytes()[place] - b'0');
    let century = match digit(6) {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let year = century + digit(0) * 10 + digit(1);
    let (month, day) = (digit(2) * 10 + digit(3), digit(4) * 10 + digit(5));
    if !(1..=12).contains(&month) || day == 0 || day > days_of(year, month) {
        return RrnVerdict::Impossible;
    }
    let weighted: u32 =
        [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5].iter().enumerate().map(|(i, w)| w * digit(i)).sum();
    let foreigner = if matches!(digit(6), 5..=8) { 2 } else { 0 };
    if (11 - weighted % 11 + foreigner) % 10 == digit(12) {
        RrnVerdict::Certain
    } else if (year, month, day) >= (2020, 10, 5) {
        RrnVerdict::Plausible
    } else {
        RrnVerdict::Unlikely
    }
}

const fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_holds_for_published_test_numbers() {
        for card in ["4242424242424242", "378282246310005", "5555555555554444"] {
            assert!(card_luhn_holds(card));
        }
        assert!(!card_luhn_holds("4242424242424241"));
        assert!(!card_luhn_holds(""));
    }

    #[test]
    fn resident_numbers_are_graded() {
        // 900101-1 with weights 2..9,2..5 sums to 18+0+0+5+0+7+8 = 38 (+ 0s): check (11-5)%10 = 6.
        assert_eq!(rrn_check("9001011000006"), RrnVerdict::Certain);
        assert_eq!(rrn_check("9001011000007"), RrnVerdict::Unlikely);
        assert_eq!(rrn_check("9013011000006"), RrnVerdict::Impossible);
        assert_eq!(rrn_check("2011013000000"), RrnVerdict::Plausible);
        assert_eq!(rrn_check("9002291000000"), RrnVerdict::Impossible);
        assert_eq!(rrn_check("900101"), RrnVerdict::Impossible);
    }

    #[test]
    fn a_ci_is_88_base64_characters() {
        let value = format!("{}Q==", "a".repeat(85));
        assert!(Check::Ci.admits(&value));
        assert!(ci_is_canonical(&value));
        assert!(!ci_is_canonical(&format!("{}b==", "a".repeat(85))));
        assert!(!Check::Ci.admits(&"가".repeat(30)));
    }
}
