//! The key store, which is SQLite on either back end.

use std::sync::Arc;

use doldam_ground::ids::{DomainId, Ordinal};
use doldam_ground::{Instant, MockClock};
use tempfile::TempDir;

use super::START_US;
use crate::key::{self, DomainSalt, SubjectKeys};
use crate::{Location, Schema, Store, StoreError};

struct Keys {
    store: Store,
    _folder: TempDir,
}

impl Keys {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("keys.db"));
        let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
        let store = Store::open(&location, Schema::Keys, clock).unwrap();
        Self { store, _folder: folder }
    }

    fn write(&self, generation: u32, ordinals: &[u32]) {
        let keys = SubjectKeys {
            ordinals: ordinals.iter().map(|ordinal| i64::from(*ordinal)).collect(),
            wrapped: ordinals.iter().map(|ordinal| wrapped(generation, *ordinal)).collect(),
        };
        self.store
            .write("key.insert", move |tx| key::insert_subject_keys(tx, generation, &keys))
            .unwrap();
    }

    /// (place in `asked`, generation, wrapped key).
    fn found(&self, asked: &[i64]) -> Vec<(usize, u32, Vec<u8>)> {
        let mut found = Vec::new();
        self.store
            .read("key.find", |tx| {
                key::subject_keys(tx, asked, &mut |place, generation, wrapped| {
                    found.push((place, generation, wrapped.to_vec()));
                    Ok(())
                })
            })
            .unwrap();
        found.sort_unstable();
        found
    }

    fn before(&self, generation: u32, limit: u32) -> Vec<(u32, u32)> {
        self.before_from(generation, 0, limit)
    }

    fn before_from(&self, generation: u32, first: u32, limit: u32) -> Vec<(u32, u32)> {
        let rows = self
            .store
            .read("key.before", |tx| key::subject_keys_before(tx, generation, first, limit))
            .unwrap();
        let is_right = |(ordinal, from, key): &(Ordinal, u32, Vec<u8>)| {
            *key == wrapped(*from, ordinal.number())
        };
        assert!(rows.iter().all(is_right));
        rows.iter().map(|(ordinal, generation, _)| (ordinal.number(), *generation)).collect()
    }

    fn destroy(&self, ordinals: &'static [i64]) {
        self.store.write("key.destroy", move |tx| key::destroy_subject_keys(tx, ordinals)).unwrap();
    }
}

fn wrapped(generation: u32, ordinal: u32) -> Vec<u8> {
    format!("key of {ordinal} under {generation}").into_bytes()
}

#[test]
fn keys_are_found_replaced_and_destroyed() {
    let keys = Keys::new();
    let last = u32::MAX;
    keys.write(1, &[0, 1, 2, last]);
    assert_eq!(
        keys.found(&[2, 77, 0, i64::from(last)]),
        [(0, 1, wrapped(1, 2)), (2, 1, wrapped(1, 0)), (3, 1, wrapped(1, last))]
    );
    keys.write(2, &[0]);
    assert_eq!(keys.found(&[0]), [(0, 2, wrapped(2, 0))]);
    keys.destroy(&[0, 2]);
    keys.destroy(&[0, 99]);
    keys.destroy(&[]);
    assert_eq!(keys.found(&[0, 1, 2]), [(1, 1, wrapped(1, 1))]);
    assert_eq!(keys.found(&[]), []);
}

#[test]
fn keys_of_older_generations_come_in_order() {
    let keys = Keys::new();
    keys.write(2, &[3]);
    keys.write(1, &[9, 5, 7]);
    keys.write(3, &[1]);
    assert_eq!(keys.before(1, 10), []);
    assert_eq!(keys.before(2, 2), [(5, 1), (7, 1)]);
    assert_eq!(keys.before(3, 10), [(3, 2), (5, 1), (7, 1), (9, 1)]);
    assert_eq!(keys.before_from(3, 6, 10), [(7, 1), (9, 1)], "what was passed is not read again");
    let mut ordinals = Vec::new();
    let all = |tx: &mut crate::Tx<'_>| {
        key::subject_key_ordinals(tx, &mut |ordinal| ordinals.push(ordinal))
    };
    keys.store.read("key.ordinals", all).unwrap();
    assert_eq!(ordinals, [1, 3, 5, 7, 9]);
    keys.write(3, &[3, 5, 7, 9]);
    assert_eq!(keys.before(3, 10), []);
}

#[test]
fn keys_from_an_ordinal_on_are_destroyed() {
    let keys = Keys::new();
    keys.write(1, &[4, 5, 6, Ordinal::CANARY_BASE - 1]);
    keys.store.write("key.destroy", |tx| key::destroy_subject_keys_from(tx, 5)).unwrap();
    assert_eq!(keys.before(2, 10), [(4, 1)]);
}

#[test]
fn a_salt_is_replaced_and_destroyed() {
    let keys = Keys::new();
    let domain = DomainId::new(3);
    let get = || keys.store.read("key.salt", |tx| key::domain_salt(tx, domain)).unwrap();
    assert!(get().is_none());
    for (generation, custody) in [(1, "working"), (2, "forensics")] {
        keys.store
            .write("key.salt", move |tx| {
                let wrapped = vec![u8::try_from(generation).unwrap(); 60];
                let salt = DomainSalt { generation, custody: custody.to_owned(), wrapped };
                key::put_domain_salt(tx, domain, &salt)
            })
            .unwrap();
        let salt = get().unwrap();
        assert_eq!((salt.generation, salt.custody.as_str()), (generation, custody));
        assert_eq!(salt.wrapped, [u8::try_from(generation).unwrap(); 60]);
    }
    let other = keys.store.read("key.salt", |tx| key::domain_salt(tx, DomainId::new(4))).unwrap();
    assert!(other.is_none());
    for _ in 0..2 {
        keys.store.write("key.salt", move |tx| key::destroy_domain_salt(tx, domain)).unwrap();
        assert!(get().is_none());
    }
}

#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    let keys = Keys::new();
    let ragged = SubjectKeys { ordinals: vec![1, 2], wrapped: vec![vec![1]] };
    let end = keys.store.write("key.insert", move |tx| key::insert_subject_keys(tx, 1, &ragged));
    assert_eq!(end, Err(StoreError::Shape { what: "batch of rows" }));
    assert_eq!(keys.before(2, 10), []);
}
