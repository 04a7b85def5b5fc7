//! What only SQLite has: a file of our own, a writer thread, bytes to be overwritten.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use doldam_ground::{Clock, Instant, MockClock};

use super::{START_US, World};
use crate::value::{Column, Insert};
use crate::{Location, Schema, Store, StoreError};

#[test]
fn concurrent_writers_share_commits() {
    let world = World::sqlite();
    world.make("CREATE TABLE scratch (id INTEGER NOT NULL PRIMARY KEY)");
    let before = world.store.write_counts();
    let (entered, is_inside) = channel();
    let (release, may_leave) = channel::<()>();
    let store = world.store.clone();
    let gate = std::thread::spawn(move || {
        store.write("test.gate", move |_| {
            entered.send(()).unwrap();
            // Whatever is written meanwhile waits behind this command.
            may_leave.recv().unwrap();
            Ok(())
        })
    });
    is_inside.recv().unwrap();
    let (sender, ends) = channel();
    for id in 0..200_i64 {
        let (store, sender) = (world.store.clone(), sender.clone());
        std::thread::spawn(move || {
            let end = store.write("test.insert", move |tx| {
                // One of each pair fails, after it has written something.
                tx.execute("INSERT INTO scratch (id) VALUES (?1)", &[(1_000 + id).into()])?;
                tx.execute("INSERT INTO scratch (id) VALUES (?1)", &[(id / 2).into()])
            });
            sender.send(end).unwrap();
        });
    }
    drop(sender);
    release.send(()).unwrap();
    gate.join().unwrap().unwrap();
    let broken = Err(StoreError::Constraint { transaction: "test.insert" });
    let ends: Vec<_> = ends.iter().collect();
    assert_eq!(ends.iter().filter(|end| **end == Ok(1)).count(), 100, "one of each pair");
    assert_eq!(ends.iter().filter(|end| **end == broken).count(), 100, "and not its neighbours");
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 200);
    let after = world.store.write_counts();
    assert_eq!(after.commands - before.commands, 201);
    assert!(after.commits - before.commits < 150, "{after:?}");
}

#[test]
fn a_failed_commit_poisons_the_store() {
    let world = World::sqlite();
    world.make(
        "CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY);
         CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    // A deferred rule is the one way to make COMMIT itself fail without a broken disk.
    let end = world
        .store
        .write("test.orphan", |tx| tx.execute("INSERT INTO child (parent) VALUES (7)", &[]));
    assert_eq!(end, Err(StoreError::InDoubt { transaction: "test.orphan" }));
    let later = world.store.write("test.later", |tx| tx.execute("DELETE FROM child", &[]));
    assert_eq!(later, Err(StoreError::Poisoned));
    assert_eq!(world.store.scrub(), Err(StoreError::Poisoned));
    assert_eq!(world.number("SELECT COUNT(*) FROM child"), 0, "reading goes on");
    let World { store, location, clock, folder, .. } = world;
    drop(store);
    let reopened = Store::open(&location, Schema::Data, clock).unwrap();
    let end =
        reopened.write("test.later", |tx| tx.execute("INSERT INTO parent (id) VALUES (1)", &[]));
    assert_eq!(end, Ok(1));
    drop(folder);
}

#[test]
fn a_full_disk_is_an_error_and_not_the_end() {
    let world = World::sqlite();
    world.make("CREATE TABLE scratch (bytes BLOB)");
    let limit = |pages: u32| {
        world
            .store
            .write("test.limit", move |tx| tx.batch(&format!("PRAGMA max_page_count = {pages}")))
            .unwrap();
    };
    let write = || {
        world.store.write("test.fill", |tx| {
            tx.execute("INSERT INTO scratch (bytes) VALUES (?1)", &[(&vec![7; 1_000_000]).into()])
        })
    };
    limit(200);
    assert_eq!(write(), Err(StoreError::DiskFull));
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 0);
    limit(1_000_000);
    assert_eq!(write(), Ok(1));
    assert_eq!(world.store.integrity_check(), Ok(()));
}

const MARK: &[u8] = b"<secret of ";

fn secret(id: i64) -> Vec<u8> {
    // Of differing lengths, so that pages split unevenly and leave copies of rows where nobody
    // looks for them: in the free middle of other pages.
    let copies = usize::try_from(1 + id * id % 11).unwrap();
    [MARK, format!("{id:06}>").as_bytes()].concat().repeat(copies)
}

/// Whose secrets can be found in any file of `folder`.
fn secrets_in(folder: &Path) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for window in bytes.windows(MARK.len() + 6) {
            if let Some(digits) = window.strip_prefix(MARK) {
                found.extend(str::from_utf8(digits).ok().and_then(|text| text.parse::<i64>().ok()));
            }
        }
    }
    found
}

#[test]
fn a_scrub_leaves_no_deleted_byte() {
    for schema in [Schema::Data, Schema::Keys] {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("store.db"));
        let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
        let store = Store::open(&location, schema, clock).unwrap();
        fill_with_secrets(&store);
        let all: BTreeSet<i64> = (0..20_000).collect();
        assert_eq!(secrets_in(folder.path()), all, "the search finds what is there");
        store
            .write("test.erase", |tx| tx.execute("DELETE FROM scratch WHERE id % 7 = 0", &[]))
            .unwrap();
        assert_eq!(secrets_in(folder.path()), all, "the log still holds the old pages");
        store.scrub().unwrap();
        let kept: BTreeSet<i64> = all.into_iter().filter(|id| id % 7 != 0).collect();
        assert!(secrets_in(folder.path()) == kept, "{schema:?}: deleted rows are left");
    }
}

fn fill_with_secrets(store: &Store) {
    store
        .write("test.make", |tx| {
            tx.batch("CREATE TABLE scratch (id INTEGER PRIMARY KEY, bytes BLOB) WITHOUT ROWID")
        })
        .unwrap();
    for chunk in 0..40_i64 {
        store
            .write("test.fill", move |tx| {
                let ids: Vec<i64> =
                    (0..500).map(|step| (chunk * 500 + step) * 7_919 % 20_000).collect();
                let bytes: Vec<Vec<u8>> = ids.iter().map(|id| secret(*id)).collect();
                let into = Insert { table: "scratch", columns: &["id", "bytes"], conflict: "" };
                tx.insert_many(&into, &[Column::Int(&ids), Column::Blob(&bytes)])
            })
            .unwrap();
    }
}

#[test]
fn a_scrub_waits_for_nobody_forever() {
    let world = World::sqlite();
    let end = world.store.read("test.long", |tx| {
        super::number(tx, "SELECT COUNT(*) FROM staff")?;
        world.store.write("test.change", |tx| crate::installation::put(tx, "a", "b"))?;
        Ok(world.store.scrub())
    });
    assert_eq!(end, Ok(Err(StoreError::Busy)));
    assert_eq!(world.store.scrub(), Ok(()));
}

#[test]
fn only_our_own_files_are_opened() {
    let world = World::sqlite();
    let clock: Arc<dyn Clock> = world.clock.clone();
    let open = |name: &str, schema| {
        let location = Location::Sqlite(world.folder.path().join(name));
        Store::open(&location, schema, Arc::clone(&clock)).map(drop)
    };
    assert_eq!(open("data.db", Schema::Keys), Err(StoreError::ForeignDatabase));
    let foreign = rusqlite::Connection::open(world.folder.path().join("foreign.db")).unwrap();
    foreign.execute_batch("CREATE TABLE t (a)").unwrap();
    assert_eq!(open("foreign.db", Schema::Data), Err(StoreError::ForeignDatabase));
    std::fs::write(world.folder.path().join("text.db"), "no database at all. ".repeat(99)).unwrap();
    assert_eq!(open("text.db", Schema::Data), Err(StoreError::ForeignDatabase));
    assert!(open("missing/data.db", Schema::Data).is_err());
    let postgres = Location::Postgres("host=/nowhere user=u".to_owned());
    let refused = Store::open(&postgres, Schema::Keys, Arc::clone(&clock)).map(drop);
    assert!(matches!(refused, Err(StoreError::Unsupported { .. })));
    let unreachable = Store::open(&postgres, Schema::Data, clock).map(drop);
    assert_eq!(unreachable, Err(StoreError::Unreachable));
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::sqlite();
    world.run("INSERT INTO installation (name, value) VALUES ('a', 'b')");
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[test]
fn a_closed_store_is_one_file() {
    let world = World::sqlite();
    world.run("INSERT INTO installation (name, value) VALUES ('a', 'b')");
    world.number("SELECT 1");
    let World { store, folder, .. } = world;
    drop(store);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_settings_are_those_that_were_decided() {
    let world = World::sqlite();
    let pragma = |sql: &'static str| {
        world.store.write("test.pragma", move |tx| super::number(tx, sql)).unwrap()
    };
    assert_eq!(pragma("PRAGMA synchronous"), 2, "FULL");
    assert_eq!(pragma("PRAGMA secure_delete"), 1);
    assert_eq!(pragma("PRAGMA foreign_keys"), 1);
    assert_eq!(pragma("PRAGMA trusted_schema"), 0);
    assert_eq!(pragma("PRAGMA cell_size_check"), 1);
    let mode = world
        .store
        .write("test.pragma", |tx| tx.query_one("PRAGMA journal_mode", &[], |row| row.get_text(0)));
    assert_eq!(mode, Ok(Some("wal".to_owned())));
}
