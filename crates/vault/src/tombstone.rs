//! Tombstones: who was erased, kept where a restored backup cannot forget it.
//!
//! A backup that is older than an erasure brings the person back, records and key alike. So every
//! erasure also leaves a line in the anchor file outside the folder: a keyed digest of the handle,
//! signed. It tells nobody who it was; but after a restore the vault computes the digest of every
//! handle it has, and whoever has a tombstone is erased again.

use std::collections::HashSet;
use std::path::Path;

use data_encoding::HEXLOWER as HEX;
use doldam_ground::ids::{Handle, Ordinal};
use doldam_store::erasure;
use serde::{Deserialize, Serialize};

use crate::checkpoint::{append, for_each_line};
use crate::disclosure::Filter;
use crate::error::VaultError;
use crate::keyring::signature_holds;
use crate::vault::{Actor, Vault, file_error};

/// Subjects whose handles are compared at a time.
const COMPARED_AT_A_TIME: usize = 65_536;

/// One tombstone in the anchor file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    installation: String,
    forgotten: String,
    signature: String,
}

impl Line {
    /// What the signature covers.
    fn message(&self) -> String {
        format!("doldam tombstone 1\n{}\n{}\n", self.installation, self.forgotten)
    }
}

impl Vault {
    /// The tombstone of a line, if it is one of ours. Lines of other installations say `None`.
    pub(crate) fn tombstone_in(&self, text: &[u8]) -> Option<String> {
        let line: Line = serde_json::from_slice(text).ok()?;
        let signature = HEX.decode(line.signature.as_bytes()).ok()?;
        let ours = line.installation == self.installation();
        let message = line.message();
        (ours && signature_holds(&self.verifying_key(), message.as_bytes(), &signature))
            .then_some(line.forgotten)
    }

    /// Whether a line is a tombstone: one of ours whose signature holds, or another installation's.
    pub(crate) fn is_tombstone(&self, text: &[u8]) -> bool {
        let line: Option<Line> = serde_json::from_slice(text).ok();
        line.is_some_and(|line| {
            line.installation != self.installation() || self.tombstone_in(text).is_some()
        })
    }

    /// Appends the tombstones that the anchor file lacks. Part of every checkpoint, so a new anchor
    /// file gets all of them.
    pub(crate) fn write_tombstones(&self) -> Result<(), VaultError> {
        let erased = self.read("erasure.list", erasure::list)?;
        if erased.is_empty() {
            return Ok(());
        }
        let written = self.tombstones(self.anchor())?;
        let mut text = String::new();
        for erasure in erased {
            let forgotten = self.tombstone(erasure.handle);
            if written.contains(&forgotten) {
                continue;
            }
            let installation = self.installation().to_owned();
            let mut line = Line { installation, forgotten, signature: String::new() };
            line.signature = HEX.encode(&self.sign(line.message().as_bytes()));
            text.push_str(&serde_json::to_string(&line).expect("a tombstone serialises"));
            text.push('\n');
        }
        append(self.anchor(), text.as_bytes())
            .map_err(|error| file_error("append to", self.anchor(), &error))
    }

    /// Erases again whoever has a tombstone in `anchor` and is back; gives how many they were.
    pub fn heed_tombstones(&self, anchor: &Path, actor: &Actor) -> Result<u64, VaultError> {
        let forgotten = self.tombstones(anchor)?;
        if forgotten.is_empty() {
            return Ok(0);
        }
        let mut back: Vec<Ordinal> = Vec::new();
        for ordinals in self.select(Filter::All)?.chunks(COMPARED_AT_A_TIME) {
            let handles = self.handles_of(ordinals)?;
            for (ordinal, handle) in ordinals.iter().zip(handles) {
                if handle.is_some_and(|handle| forgotten.contains(&self.tombstone(handle))) {
                    back.push(*ordinal);
                }
            }
        }
        for ordinal in &back {
            self.erase(*ordinal, actor, "erased before the restored backup was made again")?;
        }
        Ok(back.len() as u64)
    }

    fn tombstones(&self, anchor: &Path) -> Result<HashSet<String>, VaultError> {
        let mut found = HashSet::new();
        if anchor.exists() {
            for_each_line(anchor, &mut |_, text| {
                found.extend(self.tombstone_in(text));
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn tombstone(&self, handle: Handle) -> String {
        let digest = self.derive_key("doldam 1 tombstone", &handle.bits().to_be_bytes());
        HEX.encode(&digest[..16])
    }
}
