//! Backups: from either back end, onto either.

use std::sync::Arc;

use doldam_ground::{Instant, MockClock};

use super::{START_US, World, on_both};
use crate::audit::{self, Entry, Verdict};
use crate::value::{Column, Insert};
use crate::{Location, Schema, Store, StoreError};

on_both!(
    a_backup_restores_on_both,
    a_backup_of_a_store_in_use_is_one_state,
    a_backup_never_overwrites,
    a_damaged_backup_is_refused,
    a_place_in_use_is_not_restored_over,
    the_integrity_of_good_data_is_good,
);

const TABLES: [&str; 4] = [
    "SELECT kind, digest, ordinal, import_id, COALESCE(retired_by, -1) FROM blind_index
     ORDER BY kind, digest",
    "SELECT name, value FROM installation ORDER BY name",
    "SELECT seq, hash, purpose, COALESCE(subjects, X'FFFF') FROM audit ORDER BY seq",
    "SELECT id, seq, hash FROM audit_head",
];

/// The rows of some tables, as bytes to be compared.
fn contents(store: &Store) -> Vec<Vec<u8>> {
    store
        .read("test.contents", |tx| {
            let mut rows = Vec::new();
            for sql in TABLES {
                tx.for_each(sql, &[], &mut |row| {
                    let mut bytes = Vec::new();
                    for column in 0.. {
                        match row.get(column) {
                            Ok(crate::Value::Int(value)) => bytes.extend(value.to_be_bytes()),
                            Ok(crate::Value::Text(value)) => bytes.extend(value.as_bytes()),
                            Ok(crate::Value::Blob(value)) => bytes.extend(value),
                            Ok(crate::Value::Null) | Err(_) => break,
                        }
                    }
                    rows.push(bytes);
                    Ok(())
                })?;
            }
            Ok(rows)
        })
        .unwrap()
}

fn fill(world: &World) {
    const INTO: Insert = Insert {
        table: "blind_index",
        columns: &["kind", "digest", "ordinal", "import_id", "retired_by"],
        conflict: "",
    };
    let at = world.now();
    world
        .store
        .write("test.fill", move |tx| {
            let digests: Vec<[u8; 16]> = (0..45_000_u128).map(u128::to_be_bytes).collect();
            let ordinals: Vec<i64> = (0..45_000).collect();
            let retired: Vec<Option<i64>> =
                ordinals.iter().map(|o| (o % 3 == 0).then_some(2)).collect();
            tx.insert_many(
                &INTO,
                &[
                    Column::SameInt(1),
                    Column::Digest(&digests),
                    Column::Int(&ordinals),
                    Column::SameInt(1),
                    Column::OptionalInt(&retired),
                ],
            )?;
            crate::installation::put(tx, "profile", "kr")?;
            for number in 0..3 {
                audit::append(tx, &entry(at, number))?;
            }
            Ok(())
        })
        .unwrap();
}

fn entry(at: Instant, number: u32) -> Entry {
    Entry {
        at,
        actor: "hong".to_owned(),
        origin: "local".to_owned(),
        action: "subject.reveal",
        object: String::new(),
        purpose: format!("목적 {number}"),
        subject_count: number,
        sealed_subjects: (number == 1).then(|| vec![0, 255]),
    }
}

fn a_backup_restores_on_both(world: &World) {
    fill(world);
    let backup = world.folder.path().join("backup.db");
    world.store.backup_into(&backup).unwrap();
    assert_one_private_file(world);
    let before = contents(&world.store);
    assert_eq!(before.len(), 45_000 + 1 + 3 + 1);
    world.run("DELETE FROM installation");

    let database = super::postgres::TestDatabase::create();
    let places = [
        Location::Sqlite(world.folder.path().join("restored.db")),
        Location::Postgres(database.address()),
    ];
    for place in places {
        let restored =
            Store::restore_from(&backup, &place, Schema::Data, world.clock.clone()).unwrap();
        assert!(contents(&restored) == before, "{place:?} differs");
        let verdict = restored.read("test.verify", |tx| audit::verify(tx, None)).unwrap();
        assert!(matches!(verdict, Verdict::Intact { rows: 3, .. }));
        restored.integrity_check().unwrap();
    }
}

fn a_backup_of_a_store_in_use_is_one_state(world: &World) {
    fill(world);
    let (store, at) = (world.store.clone(), world.now());
    let (sender, started) = std::sync::mpsc::channel();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let writer = std::thread::spawn(move || {
        while !seen.load(std::sync::atomic::Ordering::Relaxed) {
            store
                .write("test.meanwhile", move |tx| {
                    let head = audit::append(tx, &entry(at, 0))?;
                    crate::installation::put(tx, "rows", &head.seq.to_string())
                })
                .unwrap();
            let _ = sender.send(());
        }
    });
    for number in 0..3 {
        started.recv().unwrap();
        let backup = world.folder.path().join(format!("backup-{number}.db"));
        world.store.backup_into(&backup).unwrap();
        let place = Location::Sqlite(world.folder.path().join(format!("restored-{number}.db")));
        let restored =
            Store::restore_from(&backup, &place, Schema::Data, world.clock.clone()).unwrap();
        let (verdict, rows) = restored
            .read("test.verify", |tx| {
                Ok((audit::verify(tx, None)?, crate::installation::get(tx, "rows")?))
            })
            .unwrap();
        let Verdict::Intact { head, .. } = verdict else { panic!("{verdict:?}") };
        assert_eq!(rows, Some(head.seq.to_string()), "half a transaction is in the backup");
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().unwrap();
}

/// A backup is complete by itself, and readable by its owner only.
fn assert_one_private_file(world: &World) {
    let names: Vec<String> = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("backup"))
        .collect();
    assert_eq!(names, ["backup.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = world.folder.path().join("backup.db");
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

fn a_backup_never_overwrites(world: &World) {
    let backup = world.folder.path().join("backup.db");
    std::fs::write(&backup, "something else").unwrap();
    assert_eq!(world.store.backup_into(&backup), Err(StoreError::AlreadyThere));
    assert_eq!(std::fs::read(&backup).unwrap(), b"something else");
    let nowhere = world.folder.path().join("missing").join("backup.db");
    assert!(world.store.backup_into(&nowhere).is_err());
}

fn a_damaged_backup_is_refused(world: &World) {
    fill(world);
    let backup = world.folder.path().join("backup.db");
    world.store.backup_into(&backup).unwrap();
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xA5);
    let damaged = world.folder.path().join("damaged.db");
    std::fs::write(&damaged, bytes).unwrap();
    let place = Location::Sqlite(world.folder.path().join("restored.db"));
    let restore = |backup: &std::path::Path, schema| {
        Store::restore_from(backup, &place, schema, world.clock.clone()).map(drop)
    };
    assert_eq!(restore(&damaged, Schema::Data), Err(StoreError::Corrupt));
    assert_eq!(restore(&backup, Schema::Keys), Err(StoreError::ForeignDatabase));
    std::fs::write(&damaged, "this is no database, but long enough to be looked at".repeat(99))
        .unwrap();
    assert_eq!(restore(&damaged, Schema::Data), Err(StoreError::ForeignDatabase));
    assert!(restore(&world.folder.path().join("missing.db"), Schema::Data).is_err());
    assert!(!world.folder.path().join("restored.db").exists());
    assert_eq!(restore(&backup, Schema::Data), Ok(()));
}

fn a_place_in_use_is_not_restored_over(world: &World) {
    fill(world);
    let backup = world.folder.path().join("backup.db");
    world.store.backup_into(&backup).unwrap();
    let before = contents(&world.store);
    let end = Store::restore_from(&backup, &world.location, Schema::Data, world.clock.clone());
    assert_eq!(end.map(drop), Err(StoreError::AlreadyThere));
    assert!(contents(&world.store) == before);
}

fn the_integrity_of_good_data_is_good(world: &World) {
    fill(world);
    assert_eq!(world.store.integrity_check(), Ok(()));
    world.store.scrub().unwrap();
    assert_eq!(world.store.integrity_check(), Ok(()));
    assert_eq!(world.number("SELECT COUNT(*) FROM blind_index"), 45_000);
}

#[test]
fn a_backup_of_keys_restores() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
    let keys = Location::Sqlite(folder.path().join("keys.db"));
    let store = Store::open(&keys, Schema::Keys, clock.clone()).unwrap();
    store
        .write("test.key", |tx| {
            let keys = crate::key::SubjectKeys { ordinals: vec![4], wrapped: vec![vec![9; 60]] };
            crate::key::insert_subject_keys(tx, 1, &keys)
        })
        .unwrap();
    let backup = folder.path().join("backup.db");
    store.backup_into(&backup).unwrap();
    let place = Location::Sqlite(folder.path().join("restored.db"));
    let restored = Store::restore_from(&backup, &place, Schema::Keys, clock).unwrap();
    let mut found = Vec::new();
    restored
        .read("test.key", |tx| {
            crate::key::subject_keys(tx, &[4], &mut |_, generation, wrapped| {
                found.push((generation, wrapped.to_vec()));
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(found, [(1, vec![9; 60])]);
}
