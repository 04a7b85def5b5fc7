//! Erasure: a subject's data key is destroyed, and with it everything that was sealed under it.
//!
//! The order is written first, in one transaction that also removes the subject's rows. Then the
//! key is deleted from the key store and the store's file and log are rebuilt, so that no byte of
//! it stays on a free page. A process that dies in between finishes the order when the vault is
//! opened next. Backups of the data hold sealed records only; backups of keys hold the key, so the
//! erasure is *pending* until the last of them that was made before it has expired.

use doldam_ground::Instant;
use doldam_ground::ids::{ImportId, KeyBackupId, Ordinal};
use doldam_store::erasure::{self, Erasure, KeyBackup};
use doldam_store::{StoreError, Tx, audit, import, key, processor, subject};
use roaring::RoaringBitmap;

use crate::enrol::digests_of;
use crate::error::VaultError;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault};

/// How far an erasure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErasureState {
    /// The key still exists in backups of keys; they expire at the latest then.
    Pending {
        /// When the last of them expires.
        until: Instant,
        /// Which they are.
        backups: Vec<KeyBackupId>,
    },
    /// No copy of the key is left.
    Final,
}

impl Vault {
    /// Forgets a subject. The answer is given when the key is destroyed.
    ///
    /// Fails with [`VaultError::Held`] while a legal hold is on a domain of a disclosure that the
    /// subject is in: what the hold keeps is who the pseudonyms mean.
    pub fn erase(
        &self,
        ordinal: Ordinal,
        actor: &Actor,
        purpose: &str,
    ) -> Result<ErasureState, VaultError> {
        require_purpose(purpose)?;
        self.require_no_hold(ordinal)?;
        let _one_at_a_time = self.keys_in_motion();
        let unsealed = self.unseal(&[ordinal])?.pop().ok_or(VaultError::NoSubject)?;
        let handle = self.handles_of(&[ordinal])?.pop().flatten().ok_or(VaultError::NoSubject)?;
        let digests = digests_of(&self.keyring.index(), &unsealed.attributes);
        let seen = unsealed.import;
        drop(unsealed);
        let members = RoaringBitmap::from_iter([ordinal.number()]);
        let entry = self.entry(actor, "subject.erase", String::new(), purpose, Some(&members));
        let (now, reason) = (self.now(), purpose.to_owned());
        self.data.write("subject.erase", move |tx| {
            expect_settled(tx, ordinal, seen)?;
            erasure::insert(tx, ordinal, handle, &reason, now)?;
            subject::erase(tx, ordinal, &digests)?;
            audit::append(tx, &entry)?;
            // A request that lost its answer is answered by it.
            Ok(ordinal.number())
        })?;
        self.finish_erasures()?;
        self.erasure_state(ordinal)
    }

    fn require_no_hold(&self, ordinal: Ordinal) -> Result<(), VaultError> {
        let given = self.disclosures_with(ordinal)?;
        for disclosure in self.disclosure_summaries()? {
            let domains = disclosure.fields.iter().filter_map(|field| field.domain);
            for domain in domains.filter(|_| given.contains(&disclosure.row.id)) {
                if self.read("domain.held", |tx| processor::is_held(tx, domain))? {
                    return Err(VaultError::Held { domain });
                }
            }
        }
        Ok(())
    }

    /// Destroys the keys of ordered erasures. Safe to repeat.
    pub(crate) fn finish_erasures(&self) -> Result<(), VaultError> {
        let open: Vec<Ordinal> = self
            .read("erasure.list", erasure::list)?
            .into_iter()
            .filter(|erasure| erasure.key_destroyed_at.is_none())
            .map(|erasure| erasure.ordinal)
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        self.destroy_keys(&open)?;
        let now = self.now();
        Ok(self.data.write("erasure.finish", move |tx| {
            open.iter().try_for_each(|ordinal| erasure::mark_destroyed(tx, *ordinal, now))
        })?)
    }

    /// Makes a restored key store forget everybody who was erased after it was backed up. Part of
    /// every opening, because the process that restored it may have died.
    pub(crate) fn forget_again(&self) -> Result<(), VaultError> {
        let erased: Vec<Ordinal> = self
            .read("erasure.list", erasure::list)?
            .into_iter()
            .map(|erasure| erasure.ordinal)
            .collect();
        let numbers: Vec<i64> = erased.iter().map(|one| i64::from(one.number())).collect();
        let mut is_back = false;
        self.keys.read("key.erased", |tx| {
            key::subject_keys(tx, &numbers, &mut |_, _, _| {
                is_back = true;
                Ok(())
            })
        })?;
        if is_back { self.destroy_keys(&erased) } else { Ok(()) }
    }

    fn destroy_keys(&self, ordinals: &[Ordinal]) -> Result<(), VaultError> {
        let numbers: Vec<i64> =
            ordinals.iter().map(|ordinal| i64::from(ordinal.number())).collect();
        self.keys.write("key.destroy", move |tx| key::destroy_subject_keys(tx, &numbers))?;
        Ok(self.keys.scrub()?)
    }

    /// Whether backups of keys still hold the key of an erased subject.
    pub fn erasure_state(&self, ordinal: Ordinal) -> Result<ErasureState, VaultError> {
        let (ordered, backups) = self.erasure_facts()?;
        let destroyed = ordered
            .iter()
            .find(|erasure| erasure.ordinal == ordinal)
            .and_then(|erasure| erasure.key_destroyed_at)
            .ok_or(VaultError::NoSubject)?;
        Ok(state_of(destroyed, &backups, self.now()))
    }

    /// How many erasures there are, and how many of them are pending.
    pub fn erasures(&self) -> Result<(usize, usize), VaultError> {
        let (ordered, backups) = self.erasure_facts()?;
        let now = self.now();
        let is_pending = |erasure: &&Erasure| {
            erasure
                .key_destroyed_at
                .is_none_or(|destroyed| state_of(destroyed, &backups, now) != ErasureState::Final)
        };
        Ok((ordered.len(), ordered.iter().filter(is_pending).count()))
    }

    /// Whether backups of keys still hold what was destroyed at this time.
    pub(crate) fn destruction_state(&self, destroyed: Instant) -> Result<ErasureState, VaultError> {
        let (_, backups) = self.erasure_facts()?;
        Ok(state_of(destroyed, &backups, self.now()))
    }

    fn erasure_facts(&self) -> Result<(Vec<Erasure>, Vec<KeyBackup>), VaultError> {
        self.read("erasure.state", |tx| Ok((erasure::list(tx)?, erasure::backups(tx)?)))
    }
}

/// Refuses to erase while an import may be bringing new values of the subject, and when one has
/// brought some since they were read: their digests would stay behind.
fn expect_settled(tx: &mut Tx<'_>, ordinal: Ordinal, seen: ImportId) -> Result<(), StoreError> {
    if import::staging(tx)?.is_some() {
        return Err(StoreError::State { what: "an import is running: erase when it has ended" });
    }
    let mut newest = None;
    subject::records_of(tx, &[i64::from(ordinal.number())], &mut |_, record| {
        newest = Some(record.import);
        Ok(())
    })?;
    if newest == Some(seen) {
        return Ok(());
    }
    Err(StoreError::Conflict { what: "the subject's record" })
}

/// The state of a key that was destroyed at `destroyed`, given the backups of keys.
fn state_of(destroyed: Instant, backups: &[KeyBackup], now: Instant) -> ErasureState {
    let holding: Vec<&KeyBackup> = backups
        .iter()
        .filter(|backup| backup.made_at <= destroyed && backup.expires_at > now)
        .collect();
    match holding.iter().map(|backup| backup.expires_at).max() {
        Some(until) => ErasureState::Pending {
            until,
            backups: holding.iter().map(|backup| backup.id).collect(),
        },
        None => ErasureState::Final,
    }
}
