//! A subject's attributes, as they are sealed.
//!
//! The record is a list of `kind (1) ‖ length (2, big endian) ‖ value`, each value as it was
//! received: normalisation is for comparing, not for keeping. It is sealed under the subject's own
//! key and bound to the subject and the import.

use doldam_ground::ids::{ImportId, Ordinal};
use doldam_ground::limits::{ATTRIBUTES_MAX, FIELD_BYTES_MAX};
use doldam_ground::{Kind, Pii};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::seal::context;

/// The attributes of one subject: kinds and values, in the order in which they came.
pub struct Attributes(Vec<(Kind, Pii<String>)>);

impl Attributes {
    /// From kinds and values.
    pub const fn new(values: Vec<(Kind, Pii<String>)>) -> Self {
        Self(values)
    }

    /// The value of a kind, as it was received.
    pub fn get(&self, kind: Kind) -> Option<&Pii<String>> {
        self.0.iter().find(|(held, _)| *held == kind).map(|(_, value)| value)
    }

    /// Every kind with its value.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &Pii<String>)> {
        self.0.iter().map(|(kind, value)| (*kind, value))
    }

    /// Takes over the values of `newer`; kinds that it lacks stay. `false` when nothing changed.
    pub(crate) fn merge(&mut self, newer: &Self) -> bool {
        let mut changed = false;
        for (place, (kind, _)) in newer.0.iter().enumerate() {
            let is_first = newer.0[..place].iter().all(|(before, _)| before != kind);
            if is_first && !self.values_of(*kind).eq(newer.values_of(*kind)) {
                self.0.retain(|(held, _)| held != kind);
                let values = newer.0.iter().filter(|(held, _)| held == kind);
                self.0.extend(values.map(|(kind, value)| (*kind, value.duplicate())));
                changed = true;
            }
        }
        changed
    }

    /// All values of one kind: a person may have two telephones.
    fn values_of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(held, _)| *held == kind)
            .map(|(_, value)| value.expose().as_str())
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let size = self.0.iter().map(|(_, value)| value.expose().len() + 3).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        for (kind, value) in &self.0 {
            let value = value.expose().as_bytes();
            let length = u16::try_from(value.len()).expect("fields are bounded when enrolled");
            bytes.push(kind.number());
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(value);
        }
        bytes
    }

    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Result<Self, VaultError> {
        const DAMAGED: VaultError = VaultError::Damaged { what: "record" };
        let mut values = Vec::new();
        while let Some((number, rest)) = bytes.split_first() {
            let (length, rest) = rest.split_first_chunk::<2>().ok_or(DAMAGED)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (value, rest) = rest.split_at_checked(length).ok_or(DAMAGED)?;
            let kind = Kind::from_number(*number).ok_or(DAMAGED)?;
            let value = str::from_utf8(value).map_err(|_| DAMAGED)?;
            values.push((kind, Pii::new(value.to_owned())));
            bytes = rest;
        }
        Ok(Self(values))
    }
}

/// Whether these attributes are within the limits of a record.
pub(crate) fn fits(attributes: &Attributes) -> bool {
    attributes.0.len() <= ATTRIBUTES_MAX
        && attributes.iter().all(|(_, value)| value.expose().len() < FIELD_BYTES_MAX)
}

/// The place of a record's box.
pub(crate) fn record_context(ordinal: Ordinal, import: ImportId) -> Vec<u8> {
    context("subject record", &[u64::from(ordinal.number()), u64::from(import.number())])
}

/// The place of a subject key's box.
pub(crate) fn subject_key_context(ordinal: Ordinal) -> Vec<u8> {
    context("subject key", &[u64::from(ordinal.number())])
}

/// The place of a resident number's box.
pub(crate) fn resident_context(ordinal: Ordinal, import: ImportId) -> Vec<u8> {
    context("resident number", &[u64::from(ordinal.number()), u64::from(import.number())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attributes(pairs: &[(Kind, &str)]) -> Attributes {
        Attributes::new(
            pairs.iter().map(|(kind, value)| (*kind, Pii::new((*value).to_owned()))).collect(),
        )
    }

    #[test]
    fn merging_keeps_what_the_newer_row_lacks() {
        let mut held = attributes(&[(Kind::PHONE, "1"), (Kind::NAME, "가나다")]);
        assert!(!held.merge(&attributes(&[(Kind::PHONE, "1")])));
        assert!(held.merge(&attributes(&[(Kind::PHONE, "2"), (Kind::EMAIL, "a@b")])));
        let again = Attributes::from_bytes(&held.to_bytes()).unwrap();
        assert_eq!(again.get(Kind::PHONE).unwrap().expose(), "2");
        assert_eq!(again.get(Kind::NAME).unwrap().expose(), "가나다");
        assert_eq!(again.iter().count(), 3);
    }

    #[test]
    fn two_values_of_one_kind_stay_two() {
        let both = [(Kind::PHONE, "1"), (Kind::PHONE, "2"), (Kind::NAME, "가")];
        let mut held = attributes(&both);
        assert!(!held.merge(&attributes(&both)));
        assert!(held.merge(&attributes(&[(Kind::PHONE, "2"), (Kind::PHONE, "3")])));
        let phones: Vec<&str> = held.values_of(Kind::PHONE).collect();
        assert_eq!(phones, ["2", "3"]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Attributes::from_bytes(&bytes);
        }
    }
}
