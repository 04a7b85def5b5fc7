//! What tests of the rooms above need and nobody else may use.

use crate::{Store, StoreError};

/// Lets the SQLite file of a store have so many pages and no more (or as many as it has, if those
/// are more): a disk that is full, and with a larger number one that has room again.
pub fn limit_pages(store: &Store, pages: u32) -> Result<(), StoreError> {
    store.write("test.limit", move |tx| tx.batch(&format!("PRAGMA max_page_count = {pages}")))
}
