//! Deliveries: the file of a disclosure, sealed at rest, fetched by its processor with a key.
//!
//! A file that was mailed cannot be called back. A delivery can: it waits here, sealed under a key
//! of its own, until its term ends, and each fetch is in the access log before its first byte. The
//! sealed file is `deliveries/V-n`.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::PoisonError;

use doldam_ground::Instant;
use doldam_ground::ids::{DeliveryId, DisclosureId, Ordinal, ProcessorId};
use doldam_store::access::delivery::{self, Delivery, Fetch};
use doldam_store::audit;
use doldam_vault::disclosure::{Attached, DropFile, Order};
use doldam_vault::seal::SecretKey;
use doldam_vault::sealed_file::{Sealed, SealedForm, SealedReader, seal_file, sync_folder};
use doldam_vault::{Actor, VaultError};

use crate::access::{Caller, require_let_in};
use crate::error::ProcessorsError;
use crate::registry::Processors;

const FORM: SealedForm =
    SealedForm { magic: *b"DOLDAMV1", frame_label: "delivery frame", what: "delivery" };
const KEY_LABEL: &str = "delivery key";
/// Largest file of a delivery, in bytes.
const DELIVERY_BYTES_MAX: u64 = 4 << 30;
/// Longest time for which a delivery may wait, in days.
pub const AVAILABLE_DAYS_MAX: i64 = 90;

/// A delivery and each time that it was fetched.
pub struct Shipment {
    /// The delivery.
    pub delivery: Delivery,
    /// Its fetches, oldest first.
    pub fetches: Vec<Fetch>,
}

/// A fetch that was let in: the log says so already. It has no `Debug`.
pub struct Fetching {
    /// What is fetched.
    pub delivery: Delivery,
    /// Number of the fetch, for [`Processors::fetch_ended`].
    pub number: u32,
    reader: SealedReader,
}

impl Fetching {
    /// At most `most` further bytes; none at the end.
    pub fn next_bytes(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.reader).take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Processors {
    fn folder(&self) -> PathBuf {
        self.vault.folder().join("deliveries")
    }

    /// Makes a disclosure and seals its file. Both are durable together, or neither is. Nobody can
    /// fetch the file yet.
    pub fn disclose(
        &self,
        order: &Order,
        selected: &[Ordinal],
        actor: &Actor,
    ) -> Result<(DropFile, Delivery), ProcessorsError> {
        if let Ok(processor) = order.processor.parse() {
            require_let_in(&self.vault, processor)?;
        }
        let _one_at_a_time = self.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = None;
        let file = self.vault.disclose_with(order, selected, actor, |file| {
            let row = self.seal(file)?;
            kept = Some(row.clone());
            let attached: Attached = Box::new(move |tx| delivery::insert(tx, &row));
            Ok::<_, ProcessorsError>(attached)
        })?;
        let row = kept.ok_or(ProcessorsError::NotKept(file.id))?;
        Ok((file, row))
    }

    /// Seals a file under its number; what lies there was of an order that came to nothing.
    fn seal(&self, file: &DropFile) -> Result<Delivery, ProcessorsError> {
        let folder = self.folder();
        make_private(&folder)?;
        let id = self.vault.data().read("delivery.next", delivery::next_id)?;
        let number = u64::from(id.number());
        let key = SecretKey::draw(&mut **self.vault.entropy());
        let path = folder.join(id.to_string());
        let mut source: &[u8] = &file.csv;
        let Sealed { sha256, bytes } =
            seal_file(&self.vault, &FORM, number, &key, &mut source, &path, DELIVERY_BYTES_MAX)?;
        sync_folder(&folder)?;
        Ok(Delivery {
            id,
            disclosure: file.id,
            processor: file.processor.id,
            sha256,
            bytes,
            sealed_key: self.vault.seal_secret(KEY_LABEL, &[number], key.expose()),
            created_at: self.vault.now(),
            published_at: None,
            available_until: None,
        })
    }

    /// The sealed file of a disclosure.
    pub fn delivery_of(&self, disclosure: DisclosureId) -> Result<Delivery, ProcessorsError> {
        self.vault
            .data()
            .read("delivery.find", |tx| delivery::find_by_disclosure(tx, disclosure))?
            .ok_or(ProcessorsError::NotKept(disclosure))
    }

    /// Lets the processor fetch the file of a disclosure for so many days. From now on the
    /// disclosure counts as given.
    pub fn publish(
        &self,
        disclosure: DisclosureId,
        days: i64,
        actor: &Actor,
    ) -> Result<Delivery, ProcessorsError> {
        if !(1..=AVAILABLE_DAYS_MAX).contains(&days) {
            return Err(ProcessorsError::Invalid("a delivery waits for 1 to 90 days"));
        }
        let held = self.delivery_of(disclosure)?;
        if self.running.is_barred(held.processor) {
            return Err(ProcessorsError::Cut(held.processor));
        }
        require_let_in(&self.vault, held.processor)?;
        self.vault.disclosure_given(disclosure)?;
        let (id, now) = (held.id, self.vault.now());
        let until = now.plus_days(days);
        let object = format!("{id} {disclosure}");
        let entry = self.vault.entry(actor, "delivery.publish", object, "", None);
        self.vault.data().write("delivery.publish", move |tx| {
            delivery::publish(tx, id, now, until)?;
            audit::append(tx, &entry).map(drop)
        })?;
        self.delivery(id, None)
    }

    /// One delivery; with `of`, only when it is that processor's.
    pub fn delivery(
        &self,
        id: DeliveryId,
        of: Option<ProcessorId>,
    ) -> Result<Delivery, ProcessorsError> {
        self.vault
            .data()
            .read("delivery.find", |tx| delivery::find(tx, id))?
            .filter(|held| of.is_none_or(|processor| held.processor == processor))
            .ok_or(ProcessorsError::NoDelivery(id))
    }

    /// At most `limit` deliveries after number `after`; with `of`, only that processor's.
    pub fn deliveries(
        &self,
        of: Option<ProcessorId>,
        after: u32,
        limit: u32,
    ) -> Result<Vec<Shipment>, ProcessorsError> {
        Ok(self.vault.data().read("delivery.list", |tx| {
            let rows = match of {
                Some(processor) => delivery::list_of(tx, processor, after, limit)?,
                None => delivery::list(tx, after, limit)?,
            };
            rows.into_iter()
                .map(|row| {
                    let fetches = delivery::fetches(tx, row.id)?;
                    Ok(Shipment { delivery: row, fetches })
                })
                .collect()
        })?)
    }

    /// Lets a processor's program fetch a delivery. The access log says so, with whose data it is,
    /// before the first byte can be read.
    pub fn fetch(
        &self,
        id: DeliveryId,
        caller: &Caller,
        actor: &Actor,
    ) -> Result<Fetching, ProcessorsError> {
        let held = self.delivery(id, Some(caller.processor))?;
        let refused = |why| Err(ProcessorsError::NotAvailable { delivery: id, why });
        let now = self.vault.now();
        match (held.published_at, held.available_until) {
            // To its processor, what was not published is not there.
            (None, _) | (_, None) => return Err(ProcessorsError::NoDelivery(id)),
            (_, Some(until)) if until <= now => return refused("its term has ended"),
            _ => {}
        }
        let reader = self.unseal(&held)?;
        let number = self.note_fetch(&held, caller, actor, now)?;
        Ok(Fetching { delivery: held, number, reader })
    }

    fn unseal(&self, held: &Delivery) -> Result<SealedReader, ProcessorsError> {
        let number = u64::from(held.id.number());
        let path = self.folder().join(held.id.to_string());
        if !path.exists() {
            return Err(ProcessorsError::NotKept(held.disclosure));
        }
        let key = self.vault.open_secret(KEY_LABEL, &[number], &held.sealed_key)?;
        let key = SecretKey::from_slice(key.expose())?;
        Ok(SealedReader::open(&FORM, number, key, &path)?)
    }

    fn note_fetch(
        &self,
        held: &Delivery,
        caller: &Caller,
        actor: &Actor,
        now: Instant,
    ) -> Result<u32, ProcessorsError> {
        let facts = self.vault.disclosure(held.disclosure)?;
        let facts = facts.ok_or(VaultError::NoDisclosure(held.disclosure))?;
        let mut members = facts.members;
        members.remove_range(Ordinal::CANARY_BASE..);
        let object = format!("{} {}", held.id, held.disclosure);
        let purpose = facts.row.purpose;
        let entry = self.vault.entry(actor, "delivery.fetch", object, &purpose, Some(&members));
        let (id, key) = (held.id, caller.key);
        Ok(self.vault.data().write("delivery.fetch", move |tx| {
            let number = delivery::fetch_started(tx, id, key, now)?;
            audit::append(tx, &entry)?;
            Ok(number)
        })?)
    }

    /// Notes how a fetch ended.
    pub fn fetch_ended(&self, number: u32, is_whole: bool) -> Result<(), ProcessorsError> {
        let now = self.vault.now();
        let outcome = if is_whole { "whole" } else { "aborted" };
        Ok(self
            .vault
            .data()
            .write("delivery.fetched", move |tx| delivery::fetch_ended(tx, number, outcome, now))?)
    }
}

/// Makes a folder that only its owner may read.
fn make_private(folder: &std::path::Path) -> Result<(), VaultError> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
        VaultError::File { act: "make", what: folder.display().to_string(), kind: error.kind() }
    })
}
