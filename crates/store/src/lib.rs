//! The only place with SQL.
//!
//! Everything that Doldam knows is rows in one of two back ends: SQLite (one file, one machine) or
//! PostgreSQL (where that is outgrown). The rooms above never see a statement: they call
//! [`Store::write`] or [`Store::read`] with a named, re-runnable closure, and inside of it the
//! functions of a table group ([`audit`], [`job`], ...) with the [`Tx`] that they are given. One
//! conformance suite holds both back ends to the same behaviour.
//!
//! An answer of [`Store::write`] means *durable*: it is given after the commit has been flushed.

pub mod access;
pub mod audit;
pub mod break_glass;
mod dialect;
pub mod disclosure;
pub mod dispatch;
pub mod drill;
pub mod erasure;
mod error;
pub mod evidence;
pub mod folder;
pub mod fraud;
pub mod import;
pub mod incident;
pub mod installation;
pub mod job;
pub mod key;
pub mod message;
mod migrate;
pub mod notice;
pub mod person;
mod pool;
mod postgres;
pub mod posting;
pub mod processor;
mod sqlite;
pub mod staff;
pub mod subject;
#[doc(hidden)]
pub mod testing;
mod transfer;
mod tx;
mod value;

#[cfg(test)]
#[path = "../tests/conformance/mod.rs"]
mod conformance;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::Clock;

use crate::access::rider;

pub use error::StoreError;
pub use folder::FolderLock;
pub use migrate::MigrationPlan;
pub use postgres::scratch::ScratchDatabase;
pub use sqlite::writer::WriteCounts;
pub use tx::Tx;
pub use value::{Column, Insert, Lookup, ManySql, Row, Value};

/// Where a store is.
#[derive(Clone)]
pub enum Location {
    /// A SQLite file; it is made when it does not exist.
    Sqlite(PathBuf),
    /// A PostgreSQL database, as `postgres://user@host/name` or `host=… user=… dbname=…`. The
    /// database must exist. The text may hold a password: it is never shown.
    Postgres(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite(_) => "Sqlite(‹path›)",
            Self::Postgres(_) => "Postgres(‹address›)",
        })
    }
}

/// Which set of tables a store has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// All facts.
    Data,
    /// Keys whose destruction makes data unreadable. SQLite only, so that the file is ours to
    /// overwrite.
    Keys,
}

impl Schema {
    /// The number by which a file says whose it is ("DOLD", "DOLK").
    const fn application_id(self) -> i64 {
        match self {
            Self::Data => 0x444F_4C44,
            Self::Keys => 0x444F_4C4B,
        }
    }
}

/// Which database keeps the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, bundled.
    Sqlite,
    /// PostgreSQL; the tests run against version 15.
    Postgres,
}

/// An open store. Clones share it; it closes when the last one is dropped.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    schema: Schema,
    clock: Arc<dyn Clock>,
}

enum Engine {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(Box<postgres::Postgres>),
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({:?}, {:?})", self.backend(), self.schema)
    }
}

impl Store {
    /// Opens a store, makes it when it is new, and brings it to the newest schema.
    ///
    /// Refuses the data of a newer program, a database of somebody else, and a SQLite library that
    /// is known to corrupt data.
    pub fn open(
        location: &Location,
        schema: Schema,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let engine = match (location, schema) {
            (Location::Sqlite(path), _) => {
                Engine::Sqlite(Box::new(sqlite::Sqlite::open(path, schema, Arc::clone(&clock))?))
            }
            (Location::Postgres(address), Schema::Data) => {
                Engine::Postgres(Box::new(postgres::Postgres::open(address, clock.as_ref())?))
            }
            (Location::Postgres(_), Schema::Keys) => return Err(KEYS_ON_POSTGRES),
        };
        Ok(Self { engine: Arc::new(engine), schema, clock })
    }

    /// What [`Store::open`] would migrate. Changes nothing, and makes no file.
    pub fn plan_migrations(
        location: &Location,
        schema: Schema,
    ) -> Result<Vec<MigrationPlan>, StoreError> {
        match (location, schema) {
            (Location::Sqlite(path), _) => sqlite::plan(path, schema),
            (Location::Postgres(address), Schema::Data) => postgres::plan(address),
            (Location::Postgres(_), Schema::Keys) => Err(KEYS_ON_POSTGRES),
        }
    }

    /// Runs a transaction that may write, and gives its value once it is durable.
    ///
    /// `name` is `noun.verb` and may be logged. `run` may run more than once; when it gives an
    /// error, nothing of it is written. Blocks: call it from a thread that may wait.
    pub fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        mut run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let rider = rider::current(self);
        let run = move |tx: &mut Tx<'_>| {
            let value = run(tx)?;
            if let Some(rider) = &rider {
                rider.mark(tx, &value)?;
            }
            Ok(value)
        };
        match &*self.engine {
            Engine::Sqlite(engine) => engine.writer().write(name, run),
            Engine::Postgres(engine) => engine.write(name, run),
        }
    }

    /// Runs a transaction that only reads: one consistent state, however long it takes.
    pub fn read<T>(
        &self,
        name: &'static str,
        run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.read(name, run),
            Engine::Postgres(engine) => engine.read(name, run),
        }
    }

    /// Writes everything into one new SQLite file, durably, while the store is in use. A
    /// PostgreSQL database becomes such a file too, so a backup can be restored on either.
    ///
    /// Fails with [`StoreError::AlreadyThere`] when `path` exists; after any failure it does not.
    pub fn backup_into(&self, path: &Path) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(engine) => sqlite::backup::write_file(path, |partial| {
                engine.with_reader(|connection| sqlite::backup::copy(connection, partial))
            }),
            Engine::Postgres(_) => sqlite::backup::write_file(path, |partial| {
                transfer::dump(self, partial, self.clock.as_ref())
            }),
        }
    }

    /// Fills a new, empty place from a backup and opens it. A backup of an older program is brought
    /// to the newest schema. Nothing half-restored can be opened.
    pub fn restore_from(
        backup: &Path,
        location: &Location,
        schema: Schema,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        match location {
            Location::Sqlite(path) => {
                sqlite::backup::check(backup, schema)?;
                sqlite::backup::write_file(path, |partial| {
                    sqlite::backup::copy_file(backup, partial)
                })?;
                Self::open(location, schema, clock)
            }
            Location::Postgres(_) => transfer::load(backup, location, schema, clock),
        }
    }

    /// Makes sure that no deleted byte is left in the files: the log is folded in and emptied, and
    /// the file is rebuilt without free space. PostgreSQL: `VACUUM FULL`.
    ///
    /// Fails with [`StoreError::Busy`] when a reader needs the old state for more than 5 seconds.
    pub fn scrub(&self) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.writer().maintain(sqlite::scrub::scrub),
            Engine::Postgres(engine) => engine.scrub(),
        }
    }

    /// Reads everything and checks its structure; [`StoreError::Corrupt`] when it is damaged.
    ///
    /// On PostgreSQL every row of every table is read, so that the server's page checksums, if
    /// they are on, are checked.
    pub fn integrity_check(&self) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.with_reader(sqlite::scrub::check),
            Engine::Postgres(engine) => engine.integrity_check(),
        }
    }

    /// Tells this store from others of the process; clones are the same.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.engine).addr()
    }

    /// Which database keeps the rows.
    pub fn backend(&self) -> Backend {
        match &*self.engine {
            Engine::Sqlite(_) => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    /// How many transactions were written and how many commits they took.
    pub fn write_counts(&self) -> WriteCounts {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.writer().counts(),
            Engine::Postgres(engine) => engine.counts(),
        }
    }
}

/// The version of the SQLite library that is built in, such as `3.51.3`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

const KEYS_ON_POSTGRES: StoreError = StoreError::Unsupported { what: "a key store on PostgreSQL" };
