//! Both back ends, one behaviour: every test of these files runs on SQLite and on PostgreSQL.
//!
//! The files stand under `tests/` and are compiled into the crate, because SQL is not to be had
//! outside of it.

mod access;
mod audit;
mod backup;
mod break_glass;
mod bulk;
mod disclosure;
mod drill;
mod engine;
mod erasure;
mod evidence;
mod fraud;
mod import;
mod incident;
mod installation;
mod job;
mod key;
mod measure;
mod message;
mod migrate;
mod notice;
mod people;
mod person;
mod plans;
#[path = "../support/postgres.rs"]
mod postgres;
mod postgres_only;
mod posting;
mod processor;
mod sign_in;
mod sqlite_only;
mod staff;
mod subject;

use std::sync::Arc;

use doldam_ground::{Clock, Instant, MockClock};
use tempfile::TempDir;

use self::postgres::TestDatabase;
use crate::{Location, Schema, Store, StoreError, Tx};

/// A store to test on, and what must outlive it.
struct World {
    store: Store,
    location: Location,
    clock: Arc<MockClock>,
    folder: TempDir,
    _database: Option<TestDatabase>,
}

/// Where the tests' clock stands at first, in microseconds.
const START_US: i64 = 1_795_000_000_000_000;

impl World {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("data.db"));
        Self::open(location, folder, None)
    }

    fn postgres() -> Self {
        let database = TestDatabase::create();
        let location = Location::Postgres(database.address());
        Self::open(location, tempfile::tempdir().unwrap(), Some(database))
    }

    fn open(location: Location, folder: TempDir, database: Option<TestDatabase>) -> Self {
        let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
        let store = Store::open(&location, Schema::Data, clock.clone()).unwrap();
        Self { store, location, clock, folder, _database: database }
    }

    fn reopen(&self) -> Result<Store, StoreError> {
        Store::open(&self.location, Schema::Data, self.clock.clone())
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A transaction that must succeed.
    fn write<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write("test.write", run).unwrap()
    }

    /// A reading transaction that must succeed.
    fn read<T>(&self, run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>) -> T {
        self.store.read("test.read", run).unwrap()
    }

    /// Makes tables, spelled for the back end.
    fn make(&self, script: &'static str) {
        self.store.write("test.make", move |tx| crate::migrate::apply(tx, script)).unwrap();
    }

    /// Runs a statement that must succeed.
    fn run(&self, sql: &'static str) {
        self.store.write("test.run", move |tx| tx.execute(sql, &[])).unwrap();
    }

    /// One number.
    fn number(&self, sql: &'static str) -> i64 {
        self.store.read("test.number", |tx| number(tx, sql)).unwrap()
    }
}

fn number(tx: &mut Tx<'_>, sql: &'static str) -> Result<i64, StoreError> {
    tx.query_one(sql, &[], |row| row.get_int(0)).map(|found| found.expect("one row"))
}

/// Makes of each function two tests, one a back end.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&crate::conformance::World::sqlite()); })*
        }
        mod on_postgres {
            $(#[test] fn $name() { super::$name(&crate::conformance::World::postgres()); })*
        }
    };
}
use on_both;
