//! The writing thread of an import: one chunk is written while the next is sealed.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use doldam_ground::ids::ImportId;
use doldam_ground::locale::Language;
use doldam_store::key::{self, SubjectKeys};
use doldam_store::subject::{self, Digests, Records};
use doldam_store::{Store, StoreError};

use crate::error::VaultError;
use crate::index::Digest;
use crate::vault::Vault;

/// Index entries that are written in one transaction.
const INDEX_BATCH: usize = 200_000;

/// One entry of the blind index, kept back until it can be written in key order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) kind: u8,
    pub(super) digest: Digest,
    pub(super) ordinal: u32,
}

/// What one chunk writes.
#[derive(Clone, Default)]
pub(super) struct Batch {
    pub(super) keys: SubjectKeys,
    pub(super) ordinals: Vec<i64>,
    pub(super) handles: Vec<i64>,
    pub(super) records: Records,
    pub(super) retired: Digests,
    pub(super) retired_ordinals: Vec<i64>,
    pub(super) resident_ordinals: Vec<i64>,
    pub(super) resident_digests: Vec<Digest>,
    pub(super) resident_sealed: Vec<Vec<u8>>,
}

impl Batch {
    pub(super) fn push_record(&mut self, ordinal: i64, language: Language, sealed: Vec<u8>) {
        self.records.ordinals.push(ordinal);
        self.records.languages.push(language.code().to_owned());
        self.records.sealed.push(sealed);
    }
}

enum Work {
    Chunk(Box<Batch>),
    Index(Vec<Entry>, Vec<(i64, i64)>),
}

/// The thread and the way to it.
pub(super) struct Staging {
    sender: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<Result<(), StoreError>>>,
}

impl Staging {
    pub(super) fn start(vault: &Vault, import: ImportId) -> Result<Self, VaultError> {
        let (sender, receiver) = sync_channel(1);
        let (data, keys) = (vault.data.clone(), vault.keys.clone());
        let generation = vault.keyring.generation();
        let writer = Writer { data, keys, import, generation };
        let thread = std::thread::Builder::new()
            .name("enrol".to_owned())
            .spawn(move || writer.run(&receiver))
            .map_err(|error| VaultError::File {
                act: "start",
                what: "a thread".to_owned(),
                kind: error.kind(),
            })?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    pub(super) fn send(&mut self, batch: Batch) -> Result<(), VaultError> {
        self.hand_over(Work::Chunk(Box::new(batch)))
    }

    pub(super) fn send_index(
        &mut self,
        entries: Vec<Entry>,
        handles: Vec<(i64, i64)>,
    ) -> Result<(), VaultError> {
        self.hand_over(Work::Index(entries, handles))
    }

    /// Waits until everything is written.
    pub(super) fn finish(mut self) -> Result<(), VaultError> {
        self.join()
    }

    fn hand_over(&mut self, work: Work) -> Result<(), VaultError> {
        if self.sender.as_ref().is_some_and(|sender| sender.send(work).is_ok()) {
            return Ok(());
        }
        // The thread has stopped, so it has a reason to tell.
        self.join()?;
        Err(VaultError::Invalid("the import was stopped; run it again"))
    }

    fn join(&mut self) -> Result<(), VaultError> {
        drop(self.sender.take());
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(answer)) => Ok(answer?),
            Some(Err(_)) => Err(StoreError::Panicked { transaction: "import.stage" }.into()),
            None => Ok(()),
        }
    }
}

struct Writer {
    data: Store,
    keys: Store,
    import: ImportId,
    generation: u32,
}

impl Writer {
    fn run(&self, work: &Receiver<Work>) -> Result<(), StoreError> {
        for work in work {
            match work {
                Work::Chunk(batch) => self.write_chunk(*batch)?,
                Work::Index(entries, handles) => self.write_index(&entries, &handles)?,
            }
        }
        Ok(())
    }

    /// Keys first: a record without its key would be lost, a key without its record is harmless.
    fn write_chunk(&self, mut batch: Batch) -> Result<(), StoreError> {
        let generation = self.generation;
        let keys = std::mem::take(&mut batch.keys);
        if !keys.ordinals.is_empty() {
            self.keys
                .write("import.keys", move |tx| key::insert_subject_keys(tx, generation, &keys))?;
        }
        let import = self.import;
        self.data.write("import.stage", move |tx| {
            if !batch.ordinals.is_empty() {
                subject::insert(tx, import, &batch.ordinals, &batch.handles)?;
            }
            if !batch.records.ordinals.is_empty() {
                subject::insert_records(tx, import, &batch.records)?;
            }
            if !batch.retired.is_empty() {
                subject::retire_digests(tx, import, &batch.retired, &batch.retired_ordinals)?;
            }
            if !batch.resident_ordinals.is_empty() {
                subject::insert_resident_numbers(
                    tx,
                    import,
                    &batch.resident_ordinals,
                    &batch.resident_digests,
                    &batch.resident_sealed,
                )?;
            }
            Ok(())
        })
    }

    fn write_index(&self, entries: &[Entry], handles: &[(i64, i64)]) -> Result<(), StoreError> {
        let import = self.import;
        for handles in handles.chunks(INDEX_BATCH) {
            let (handles, ordinals): (Vec<_>, Vec<_>) = handles.iter().copied().unzip();
            self.data.write("import.handles", move |tx| {
                subject::insert_handles(tx, import, &handles, &ordinals)
            })?;
        }
        for entries in entries.chunks(INDEX_BATCH) {
            let digests = Digests {
                kinds: entries.iter().map(|entry| i64::from(entry.kind)).collect(),
                digests: entries.iter().map(|entry| entry.digest).collect(),
            };
            let ordinals: Vec<_> = entries.iter().map(|entry| i64::from(entry.ordinal)).collect();
            self.data.write("import.index", move |tx| {
                subject::insert_digests(tx, import, &digests, &ordinals)
            })?;
        }
        Ok(())
    }
}
