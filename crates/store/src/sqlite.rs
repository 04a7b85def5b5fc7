//! SQLite: the default back end, one file on one machine.
//!
//! Settings are chosen for a database that must not lose or leak anything: WAL with
//! `synchronous=FULL` (an acknowledged commit survives a power cut), `secure_delete` (deleted bytes
//! are overwritten), no memory map (a stray write of the process cannot reach the file), no trust
//! in what the file's own schema asks for.

pub(crate) mod backup;
pub(crate) mod scrub;
pub(crate) mod statement;
pub(crate) mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use doldam_ground::{Clock, limits};
use rusqlite::{Connection, OpenFlags};

use crate::pool::Pool;
use crate::sqlite::statement::{batch, failure};
use crate::sqlite::writer::Writer;
use crate::tx::Session;
use crate::{Schema, StoreError, Tx, migrate};

/// The first release without the bug that can corrupt a WAL database with several connections.
const LIBRARY_OLDEST: i32 = 3_051_003;
/// Prepared statements that each connection keeps.
const STATEMENTS_KEPT: usize = 256;

/// One open SQLite database: a writer thread and a pool of readers.
pub(crate) struct Sqlite {
    path: PathBuf,
    // Readers close before the writer: the last connection folds the log into the file.
    readers: Pool<Connection>,
    writer: Writer,
}

impl Sqlite {
    pub(crate) fn open(
        path: &Path,
        schema: Schema,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        check_library(rusqlite::version_number())?;
        create_private(path)?;
        let connection = open_file(path)?;
        check_owner(&connection, schema)?;
        prepare_writer(&connection, schema)?;
        migrate_open(&connection, schema, clock.as_ref())?;
        Ok(Self {
            path: path.to_owned(),
            readers: Pool::new(limits::CONNECTIONS_MAX, limits::CONNECTION_WAIT_US),
            writer: Writer::start(connection, clock, limits::QUEUE_COMMANDS_MAX)?,
        })
    }

    pub(crate) const fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Runs a read transaction: one snapshot, however long it takes.
    pub(crate) fn read<T>(
        &self,
        name: &'static str,
        mut run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.readers.lend(|_| true, || open_reader(&self.path))?;
        batch(&connection, name, "BEGIN")?;
        let value = run(&mut Tx::new(name, Session::Sqlite(&connection)));
        if connection.execute_batch("COMMIT").is_err() {
            connection.discard();
        }
        value
    }

    /// Runs `task` on a reading connection outside of any transaction.
    pub(crate) fn with_reader<T>(
        &self,
        task: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.readers.lend(|_| true, || open_reader(&self.path))?;
        task(&connection)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.readers.close_idle();
    }
}

/// Refuses a library that is known to corrupt databases.
const fn check_library(found: i32) -> Result<(), StoreError> {
    if found < LIBRARY_OLDEST {
        return Err(StoreError::OldLibrary { found });
    }
    Ok(())
}

/// Makes the file, readable by its owner only, before SQLite would make it readable by others.
pub(crate) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failure("store.open", &error))?;
    harden(&connection)?;
    Ok(connection)
}

/// Settings that every connection needs.
fn harden(connection: &Connection) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure("store.open", &error);
    connection.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    batch(
        connection,
        "store.open",
        "PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -65536;",
    )
}

/// Refuses a file of another program, and the keys where the data was asked for.
fn check_owner(connection: &Connection, schema: Schema) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure("store.open", &error);
    let owner: i64 =
        connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    if owner == schema.application_id() {
        return Ok(());
    }
    let tables: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(failed)?;
    if owner == 0 && tables == 0 {
        return Ok(());
    }
    Err(StoreError::ForeignDatabase)
}

/// Settings of the connection that writes.
fn prepare_writer(connection: &Connection, schema: Schema) -> Result<(), StoreError> {
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|error| failure("store.open", &error))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(StoreError::Unsupported { what: "a write-ahead log on this file system" });
    }
    batch(
        connection,
        "store.open",
        "PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 16384;",
    )?;
    if schema == Schema::Keys {
        // What SQLite sorts or rebuilds must not leave copies of keys in temporary files.
        batch(connection, "store.open", "PRAGMA temp_store = MEMORY;")?;
    }
    Ok(())
}

pub(crate) fn migrate_open(
    connection: &Connection,
    schema: Schema,
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    const NAME: &str = "store.migrate";
    batch(connection, NAME, "BEGIN IMMEDIATE")?;
    let mut tx = Tx::new(NAME, Session::Sqlite(connection));
    let migrated = migrate::run(&mut tx, schema, clock.now()).and_then(|()| {
        let owner = format!("PRAGMA application_id = {}", schema.application_id());
        batch(connection, NAME, &owner)
    });
    if migrated.is_err() {
        batch(connection, NAME, "ROLLBACK")?;
        return migrated;
    }
    batch(connection, NAME, "COMMIT")
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = open_file(path)?;
    batch(&connection, "store.open", "PRAGMA query_only = ON;")?;
    Ok(connection)
}

/// What would be migrated, without changing anything.
pub(crate) fn plan(path: &Path, schema: Schema) -> Result<Vec<migrate::MigrationPlan>, StoreError> {
    if !path.try_exists()? {
        return Ok(migrate::plan_new(schema));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failure("store.plan", &error))?;
    harden(&connection)?;
    check_owner(&connection, schema)?;
    let mut tx = Tx::new("store.plan", Session::Sqlite(&connection));
    migrate::plan(&mut tx, schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_with_the_wal_reset_bug_is_refused() {
        assert_eq!(check_library(3_051_002), Err(StoreError::OldLibrary { found: 3_051_002 }));
        assert_eq!(check_library(3_051_003), Ok(()));
        assert_eq!(check_library(rusqlite::version_number()), Ok(()));
    }
}
