//! Numbers as Korean institutions print them, with check digits worked out here.
//!
//! Each function takes a number that is unique to the person and gives a text that is unique too,
//! so that "two people with one phone number" never happens by accident.

use std::fmt::Write as _;

use jiff::civil::Date;

/// Mobile numbers that exist: `010`, then `2000-0000` to `9999-9999`.
pub(super) const PHONES: u64 = 80_000_000;
/// Different customer numbers of nine digits.
pub(super) const CUSTOMER_IDS: u64 = 1_000_000_000;
/// Different account numbers: eight digits of each are the person's own.
pub(super) const ACCOUNTS: u64 = 100_000_000;
/// Different card numbers within one range of issuer digits.
pub(super) const CARDS: u64 = 1_000_000_000;
/// Days from the first to the last birthday.
const BIRTHDAYS: u64 = 29_586;
/// Different resident numbers: five digits after the century digit, a day each.
pub(super) const RESIDENTS: u64 = BIRTHDAYS * 100_000;

/// Appends `value` in decimal, filled with zeros to `width` digits.
pub(super) fn push_padded(out: &mut String, value: u64, width: usize) {
    write!(out, "{value:0width$}").expect("a String takes every write");
}

/// Appends `010-XXXX-XXXX` for `number` below [`PHONES`].
pub(super) fn push_phone(out: &mut String, number: u64) {
    out.push_str("010-");
    push_padded(out, 2_000 + number / 10_000, 4);
    out.push('-');
    push_padded(out, number % 10_000, 4);
}

/// A bank's printed account number: fixed first digits, and how the digits are grouped.
struct AccountShape {
    prefix: &'static str,
    groups: &'static [usize],
}

/// Shapes in use at Korean banks. Equal lengths have different first digits or the person's own
/// digits at the same places, so that no two shapes can print the same number.
const ACCOUNT_SHAPES: [AccountShape; 8] = [
    AccountShape { prefix: "", groups: &[6, 2, 6] },
    AccountShape { prefix: "110", groups: &[3, 3, 6] },
    AccountShape { prefix: "1002", groups: &[4, 3, 6] },
    AccountShape { prefix: "", groups: &[3, 6, 5] },
    AccountShape { prefix: "302", groups: &[3, 4, 4, 2] },
    AccountShape { prefix: "", groups: &[3, 6, 2, 3] },
    AccountShape { prefix: "3333", groups: &[4, 2, 7] },
    AccountShape { prefix: "1000", groups: &[4, 4, 4] },
];

/// Appends an account number for `number` below [`ACCOUNTS`]; `draw` chooses the bank and the
/// digits that are left.
pub(super) fn push_account(out: &mut String, number: u64, draw: u32) {
    let draw = u64::from(draw);
    let shape = &ACCOUNT_SHAPES[usize::from(draw.to_le_bytes()[0]) % ACCOUNT_SHAPES.len()];
    let mut digits = String::with_capacity(20);
    digits.push_str(shape.prefix);
    push_padded(&mut digits, number, 8);
    push_padded(&mut digits, (draw >> 8) % 1_000_000, 6);
    let mut rest = digits.as_str();
    for (place, length) in shape.groups.iter().enumerate() {
        if place > 0 {
            out.push('-');
        }
        let (group, after) = rest.split_at(*length);
        out.push_str(group);
        rest = after;
    }
}

/// Issuer digits that payment companies publish for testing; no bank issues them.
const CARD_ISSUERS: [&str; 6] = ["424242", "411111", "400005", "555555", "520082", "510510"];

/// Appends a card number in four groups for `number` below [`CARDS`]; `draw` chooses the issuer.
pub(super) fn push_card(out: &mut String, number: u64, draw: u32) {
    let issuer = CARD_ISSUERS[usize::from(draw.to_le_bytes()[0]) % CARD_ISSUERS.len()];
    let mut digits = String::with_capacity(16);
    digits.push_str(issuer);
    push_padded(&mut digits, number, 9);
    let check = luhn_digit(&digits);
    digits.push(char::from(b'0' + check));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            out.push('-');
        }
        out.push(digit);
    }
}

/// The digit that makes `payload` followed by it satisfy ISO/IEC 7812-1, annex B.
fn luhn_digit(payload: &str) -> u8 {
    // Doubling and adding the two digits, as a table: 0..=9 become these.
    const DOUBLED: [u8; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let mut sum = 0_u8;
    let mut doubled = true;
    for digit in payload.bytes().rev().map(|byte| byte - b'0') {
        let part = if doubled { DOUBLED[usize::from(digit)] } else { digit };
        sum = (sum + part) % 10;
        doubled = !doubled;
    }
    (10 - sum) % 10
}

/// A birthday and the five digits that tell apart those who share it.
#[derive(Clone, Copy)]
pub(super) struct Birth {
    date: Date,
    serial: u64,
}

impl Birth {
    /// Splits `number` below [`RESIDENTS`]. Birthdays run from 1944-01-01 to 2024-12-31.
    pub(super) fn new(number: u64) -> Self {
        let days = i64::try_from(number % BIRTHDAYS).expect("some thousand days");
        let date = Date::constant(1944, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .expect("a date of this or the last century");
        Self { date, serial: number / BIRTHDAYS }
    }

    /// Appends `YYYY-MM-DD`.
    pub(super) fn push_date(self, out: &mut String) {
        write!(out, "{}", self.date).expect("a String takes every write");
    }

    /// Appends the resident number `YYMMDD-SXXXXXC`. From 5 October 2020 on C is not a check digit
    /// but random like the five before it (Enforcement Rule of the Resident Registration Act).
    pub(super) fn push_resident_number(self, out: &mut String, male: bool, draw: u32) {
        let century: u64 = if self.date.year() < 2000 { 1 } else { 3 };
        let century = century + u64::from(!male);
        let start = out.len();
        out.push_str(&self.date.strftime("%y%m%d").to_string());
        push_padded(out, century, 1);
        push_padded(out, self.serial, 5);
        let last = if self.date >= Date::constant(2020, 10, 5) {
            u64::from(draw % 10)
        } else {
            resident_check_digit(&out[start..])
        };
        push_padded(out, last, 1);
        out.insert(start + 6, '-');
    }
}

/// The thirteenth digit: eleven minus the weighted sum of the twelve modulo eleven, last digit of.
fn resident_check_digit(twelve: &str) -> u64 {
    let mut weight = 2;
    let mut sum = 0;
    for digit in twelve.bytes().map(|byte| u64::from(byte - b'0')) {
        sum += digit * weight;
        weight = if weight == 9 { 2 } else { weight + 1 };
    }
    (11 - sum % 11) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn the_ends_of_the_ranges_are_printable() {
        assert_eq!(text(|out| push_phone(out, 0)), "010-2000-0000");
        assert_eq!(text(|out| push_phone(out, PHONES - 1)), "010-9999-9999");
        assert_eq!(text(|out| Birth::new(0).push_date(out)), "1944-01-01");
        let last = Birth::new(RESIDENTS - 1);
        assert_eq!(text(|out| last.push_date(out)), "2024-12-31");
        assert!(text(|out| last.push_resident_number(out, false, 7)).starts_with("241231-499999"));
    }

    #[test]
    fn accounts_have_their_banks_shape() {
        let shapes: Vec<_> =
            (0..8).map(|draw| text(|out| push_account(out, 12_345_678, draw))).collect();
        assert_eq!(shapes[0], "123456-78-000000");
        assert_eq!(shapes[1], "110-123-456780");
        assert_eq!(shapes[4], "302-1234-5678-00");
        assert_eq!(shapes[7], "1000-1234-5678");
    }

    #[test]
    fn a_published_test_card_gets_its_published_check_digit() {
        assert_eq!(luhn_digit("424242424242424"), 2);
        assert_eq!(luhn_digit("37828224631000"), 5);
        assert_eq!(luhn_digit("555555555555444"), 4);
    }
}
