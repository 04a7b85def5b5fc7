//! Kinds of personal data, as data.
//!
//! `kind/kinds.toml` is the only list of kinds in the product: how a value is normalised, what it
//! must look like, which pseudonym stands in for it, what the law calls it, and what a notice says
//! of it. A [`Kind`] is the stable number of an entry. Code names a kind only where the kind itself
//! is the subject (a CI, a resident number); everything else goes by the table.

mod check;
mod normalise;
mod table;

use std::fmt;

use crate::logsafe::LogSafe;
use crate::pii::Pii;

pub use check::{Check, RrnVerdict};
pub use check::{card_luhn_holds, ci_is_canonical, rrn_check};
pub use normalise::Normaliser;
pub use table::{KindEntry, PseudonymShape};

/// The stable number of an entry of the kind table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u8);

impl Kind {
    /// 연계정보: the 88-character value that identifies a person online in Korea.
    pub const CI: Self = Self(1);
    /// 중복가입확인정보: the 64-character value that identifies a person at one site.
    pub const DI: Self = Self(2);
    /// A name that the person chose.
    pub const NICKNAME: Self = Self(3);
    /// A real name.
    pub const NAME: Self = Self(4);
    /// A telephone number.
    pub const PHONE: Self = Self(5);
    /// An e-mail address.
    pub const EMAIL: Self = Self(6);
    /// A Korean resident number: needs a legal basis and lives apart.
    pub const RRN: Self = Self(7);
    /// A bank account number.
    pub const ACCOUNT: Self = Self(11);
    /// A payment card number.
    pub const CARD: Self = Self(12);
    /// One of our pseudonyms, found outside.
    pub const PSEUDONYM: Self = Self(36);
    /// The controller's own number for a customer.
    pub const CUSTOMER_ID: Self = Self(60);

    /// The kind with this stored number, if the table has it.
    pub fn from_number(number: u8) -> Option<Self> {
        table::by_number(number).map(|_| Self(number))
    }

    /// The kind with this id (`"ci"`, `"phone"`).
    pub fn from_id(id: &str) -> Option<Self> {
        table::all().iter().find(|entry| entry.id == id).map(|entry| Self(entry.number))
    }

    /// The kind that a column header names, in any of the spellings of the table.
    pub fn from_header(header: &str) -> Option<Self> {
        table::by_header(header).map(Self)
    }

    /// All kinds of the table, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        table::all().iter().map(|entry| Self(entry.number))
    }

    /// The stored number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The table's entry.
    pub fn entry(self) -> &'static KindEntry {
        table::by_number(self.0).expect("a Kind is only made from the table")
    }

    /// The id, as used in headers, flags and JSON.
    pub fn id(self) -> &'static str {
        &self.entry().id
    }

    /// Brings a raw value to the one spelling under which it is compared and indexed.
    ///
    /// `None` when nothing is left of it, or when it cannot be a value of this kind at all.
    pub fn normalise(self, raw: &str) -> Option<Pii<String>> {
        let entry = self.entry();
        let value = entry.normalise.apply(raw)?;
        let fits = value.len() <= crate::limits::VALUE_BYTES_MAX && entry.check.admits(&value);
        let value = Pii::new(value);
        fits.then_some(value)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl LogSafe for Kind {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_kinds_are_those_of_the_table() {
        let named = [
            (Kind::CI, "ci"),
            (Kind::DI, "di"),
            (Kind::NICKNAME, "nickname"),
            (Kind::NAME, "name"),
            (Kind::PHONE, "phone"),
            (Kind::EMAIL, "email"),
            (Kind::RRN, "rrn"),
            (Kind::ACCOUNT, "account"),
            (Kind::CARD, "card"),
            (Kind::PSEUDONYM, "pseudonym"),
            (Kind::CUSTOMER_ID, "customer_id"),
        ];
        for (kind, id) in named {
            assert_eq!(kind.id(), id);
            assert_eq!(Kind::from_id(id), Some(kind));
        }
    }

    #[test]
    fn headers_are_met_in_korean_and_in_any_case() {
        assert_eq!(Kind::from_header(" 연계정보 "), Some(Kind::CI));
        assert_eq!(Kind::from_header("E-Mail"), Some(Kind::EMAIL));
        assert_eq!(Kind::from_header("\u{feff}nickname"), Some(Kind::NICKNAME));
        assert_eq!(Kind::from_header("favourite colour"), None);
    }

    #[test]
    fn a_value_that_cannot_be_of_the_kind_is_refused() {
        assert!(Kind::CI.normalise("not a ci").is_none());
        assert!(Kind::PHONE.normalise("12").is_none());
        assert!(Kind::NICKNAME.normalise("   ").is_none());
        assert!(Kind::NICKNAME.normalise(&"가".repeat(5_000)).is_none());
    }
}
