//! Backups: one plain SQLite file, complete and durable before it gets its name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::sqlite::statement::{batch, failure};
use crate::tx::Session;
use crate::{Schema, StoreError, Tx, migrate, sqlite};

const NAME: &str = "store.backup";

/// Lets `fill` write a file beside `path`, then makes it durable and gives it its name.
pub(crate) fn write_file(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if path.try_exists()? {
        return Err(StoreError::AlreadyThere);
    }
    let partial = beside(path, ".partial");
    remove(&partial)?;
    let written = fill(&partial).and_then(|()| {
        File::open(&partial)?.sync_all()?;
        fs::rename(&partial, path)?;
        sync_folder(path)
    });
    if written.is_err() {
        remove(&partial)?;
    }
    written
}

/// Copies the database of `connection` page by page, in one consistent state.
pub(crate) fn copy(connection: &Connection, partial: &Path) -> Result<(), StoreError> {
    sqlite::create_private(partial)?;
    let failed = |error: rusqlite::Error| failure(NAME, &error);
    let mut target = Connection::open(partial).map_err(failed)?;
    {
        let backup = Backup::new(connection, &mut target).map_err(failed)?;
        match backup.step(-1).map_err(failed)? {
            StepResult::Done => {}
            _ => return Err(StoreError::Busy),
        }
    }
    close_as_one_file(target)
}

/// Turns the log off, so that nothing but the file itself is needed to read it.
pub(crate) fn close_as_one_file(target: Connection) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure(NAME, &error);
    let mode: String =
        target.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0)).map_err(failed)?;
    if !mode.eq_ignore_ascii_case("delete") {
        return Err(StoreError::Unsupported { what: "a backup in one file" });
    }
    target.close().map_err(|(_, error)| failed(error))
}

/// Copies a backup that was checked.
pub(crate) fn copy_file(backup: &Path, partial: &Path) -> Result<(), StoreError> {
    sqlite::create_private(partial)?;
    let mut from = File::open(backup)?;
    let mut to = File::options().write(true).truncate(true).open(partial)?;
    std::io::copy(&mut from, &mut to)?;
    Ok(())
}

/// Refuses a file that is no backup of ours, is damaged, or comes from a newer program. Gives its
/// schema version.
pub(crate) fn check(backup: &Path, schema: Schema) -> Result<u32, StoreError> {
    let connection = open(backup)?;
    sqlite::check_owner(&connection, schema)?;
    sqlite::scrub::check(&connection)?;
    let mut tx = Tx::new(NAME, Session::Sqlite(&connection));
    match migrate::version(&mut tx, schema)? {
        0 => Err(StoreError::ForeignDatabase),
        version => Ok(version),
    }
}

/// Opens a backup for reading only.
pub(crate) fn open(backup: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(backup, flags).map_err(|error| failure(NAME, &error))?;
    sqlite::harden(&connection)?;
    batch(&connection, NAME, "PRAGMA query_only = ON;")?;
    Ok(connection)
}

pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A new name is durable once its folder is.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()?;
    Ok(())
}
