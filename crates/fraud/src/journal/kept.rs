//! The log in the store: one table, appended to by group commit.

use std::sync::Arc;

use doldam_store::Store;
use doldam_store::fraud::log::{self, Batch, Entry as Row};

use super::Journal;
use crate::error::FraudError;

/// The log of an installation's own store.
pub struct StoreJournal {
    store: Arc<Store>,
}

impl StoreJournal {
    /// Over an open store.
    pub const fn new(store: Arc<Store>) -> Self {
        Self { store }
    }
}

impl Journal for StoreJournal {
    fn last(&self) -> Result<u64, FraudError> {
        Ok(self.store.read("fraud.last", log::last)?)
    }

    fn append(&self, after: u64, batch: Batch) -> Result<(), FraudError> {
        Ok(self.store.write("fraud.append", move |tx| log::append(tx, after, &batch))?)
    }

    fn read(&self, after: u64, limit: u32, visit: &mut dyn FnMut(Row)) -> Result<(), FraudError> {
        Ok(self.store.read("fraud.read", |tx| log::read(tx, after, limit, visit))?)
    }

    fn find(&self, events: &[String]) -> Result<Vec<(usize, Row)>, FraudError> {
        Ok(self.store.read("fraud.find", |tx| {
            let mut found = Vec::new();
            log::find(tx, events, &mut |place, row| found.push((place, row)))?;
            Ok(found)
        })?)
    }
}
