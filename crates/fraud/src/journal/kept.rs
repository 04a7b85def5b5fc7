//! The log in the store: one table, appended to by group commit.

use std::sync::Arc;

use doldam_ground::Instant;
use doldam_store::Store;
use doldam_store::fraud::artifact::{self, Artifact};
use doldam_store::fraud::log::{self, Batch, Entry as Row};

use super::Journal;
use crate::error::FraudError;
use crate::replay::Fetch;
use crate::setup::{Part, Parts};

/// The log of an installation's own store.
pub struct StoreJournal {
    store: Arc<Store>,
}

impl StoreJournal {
    /// Over an open store.
    pub const fn new(store: Arc<Store>) -> Self {
        Self { store }
    }

    /// Gives the artifacts that the log names.
    pub fn fetch(&self) -> Box<Fetch<'static>> {
        let store = Arc::clone(&self.store);
        Box::new(move |version| {
            let found = store.read("fraud.artifact", |tx| artifact::find(tx, version))?;
            Ok(found.map(|artifact| artifact.body))
        })
    }

    /// Keeps the parts of a set-up, before the log names them.
    pub fn keep(&self, parts: &Parts, by: &str, at: Instant) -> Result<(), FraudError> {
        let kept = |(part, body): (Part, &[u8])| Artifact {
            version: part.version(body),
            what: part.name().to_owned(),
            name: part.name().to_owned(),
            body: body.to_vec(),
            made_by: by.to_owned(),
            made_at: at,
        };
        let artifacts: Vec<Artifact> = parts.bodies().into_iter().map(kept).collect();
        Ok(self.store.write("fraud.keep", move |tx| {
            artifacts.iter().try_for_each(|artifact| artifact::keep(tx, artifact))
        })?)
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
