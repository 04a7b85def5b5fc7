//! Leaving nothing behind.
//!
//! `secure_delete` overwrites what is deleted, but rebalancing leaves stale copies of moved rows in
//! the free middle of pages, and the write-ahead log keeps older versions of pages until it is
//! reset. After an erasure the whole file is therefore rebuilt and the log cut to nothing.

use rusqlite::Connection;

use crate::StoreError;
use crate::sqlite::statement::{batch, failure};

const NAME: &str = "store.scrub";

/// Rebuilds the file and empties the log. Runs on the writing connection.
pub(crate) fn scrub(connection: &mut Connection) -> Result<(), StoreError> {
    batch(connection, NAME, "VACUUM")?;
    empty_log(connection)
}

/// Folds the log into the file and cuts it to zero bytes.
fn empty_log(connection: &Connection) -> Result<(), StoreError> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(|error| failure(NAME, &error))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
}

/// Reads every page and checks every tree and index.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| failure("store.check", &error))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt) }
}
