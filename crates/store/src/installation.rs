//! Facts about the installation itself.

use crate::{StoreError, Tx};

/// Writes a fact, replacing the one of the same name.
pub fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO installation (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[name.into(), value.into()],
    )
    .map(drop)
}

/// Reads a fact.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.query_one("SELECT value FROM installation WHERE name = ?1", &[name.into()], |row| {
        row.get_text(0)
    })
}
