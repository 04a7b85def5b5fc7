//! From values, handles and ordinals to subjects, in bulk.

use std::collections::HashMap;

use doldam_ground::ids::{DisclosureId, Handle, ImportId, Ordinal};
use doldam_ground::{Kind, Pii};
use doldam_store::subject::{self, Digests, Record};
use doldam_store::{disclosure, key};

use crate::error::VaultError;
use crate::record::{Attributes, record_context, subject_key_context};
use crate::seal::SecretKey;
use crate::vault::Vault;

/// A subject whose record was opened. It has no `Debug`.
pub(crate) struct Unsealed {
    pub(crate) ordinal: Ordinal,
    pub(crate) import: ImportId,
    pub(crate) key: SecretKey,
    pub(crate) attributes: Attributes,
    pub(crate) language: String,
}

impl Vault {
    /// Which subjects hold each normalised value of a kind: an empty list for nobody.
    pub fn holders(&self, kind: Kind, values: &[&str]) -> Result<Vec<Vec<Ordinal>>, VaultError> {
        let mut found = vec![Vec::new(); values.len()];
        if kind == Kind::RRN {
            let index = self.keyring.resident_index();
            let digests: Vec<_> = values.iter().map(|value| index.digest(kind, value)).collect();
            self.read("subject.find", |tx| {
                found.iter_mut().for_each(Vec::clear);
                subject::find_by_resident_digests(tx, &digests, &mut |place, ordinal| {
                    found[place].push(ordinal);
                    Ok(())
                })
            })?;
        } else {
            let digests = self.digests(kind, values);
            self.read("subject.find", |tx| {
                found.iter_mut().for_each(Vec::clear);
                subject::find_by_digests(tx, &digests, &mut |place, ordinal| {
                    found[place].push(ordinal);
                    Ok(())
                })
            })?;
        }
        Ok(found)
    }

    /// The digests of normalised values of one kind.
    pub(crate) fn digests(&self, kind: Kind, values: &[&str]) -> Digests {
        let index = self.keyring.index();
        let mut digests = Digests::default();
        for value in values {
            digests.push(kind, index.digest(kind, value));
        }
        digests
    }

    /// The kinds of which any subject holds a value.
    pub fn kinds_held(&self) -> Result<Vec<Kind>, VaultError> {
        self.read("subject.kinds", |tx| {
            let mut held = Vec::new();
            for kind in Kind::all() {
                if subject::holds_kind(tx, kind)? {
                    held.push(kind);
                }
            }
            Ok(held)
        })
    }

    /// In which disclosures each normalised value was planted (with its canary) or seen in a row
    /// that is none of our subjects.
    pub fn markers(
        &self,
        kind: Kind,
        values: &[&str],
    ) -> Result<Vec<Vec<(DisclosureId, Option<Ordinal>)>>, VaultError> {
        let mut found = vec![Vec::new(); values.len()];
        if !self.read("disclosure.has_markers", disclosure::has_markers)? {
            return Ok(found);
        }
        let digests = self.digests(kind, values);
        self.read("disclosure.find_markers", |tx| {
            found.iter_mut().for_each(Vec::clear);
            disclosure::find_markers(tx, &digests, &mut |place, disclosure, canary| {
                found[place].push((disclosure, canary));
                Ok(())
            })
        })?;
        Ok(found)
    }

    /// The ordinal and the disclosure of every canary, by handle.
    pub fn canaries(&self) -> Result<HashMap<Handle, (Ordinal, DisclosureId)>, VaultError> {
        let canaries = self.read("disclosure.canaries", disclosure::canaries)?;
        Ok(canaries
            .into_iter()
            .map(|(ordinal, handle, disclosure)| (handle, (ordinal, disclosure)))
            .collect())
    }

    /// Which of these subjects are enrolled and not erased.
    pub fn living_among(&self, ordinals: &[Ordinal]) -> Result<Vec<bool>, VaultError> {
        Ok(self.handles_of(ordinals)?.iter().map(Option::is_some).collect())
    }

    /// The ordinal behind each handle; `None` for erased and unknown ones.
    pub fn ordinals_of(&self, handles: &[Handle]) -> Result<Vec<Option<Ordinal>>, VaultError> {
        let bits: Vec<i64> = handles.iter().map(|handle| handle.bits().cast_signed()).collect();
        let mut found = vec![None; handles.len()];
        self.read("subject.find_handles", |tx| {
            subject::find_by_handles(tx, &bits, &mut |place, ordinal| {
                found[place] = Some(ordinal);
                Ok(())
            })
        })?;
        Ok(found)
    }

    /// The handle of each ordinal; `None` for erased and unknown ones.
    pub(crate) fn handles_of(
        &self,
        ordinals: &[Ordinal],
    ) -> Result<Vec<Option<Handle>>, VaultError> {
        let numbers = numbers(ordinals);
        let mut found = vec![None; ordinals.len()];
        self.read("subject.handles", |tx| {
            subject::handles_of(tx, &numbers, &mut |place, handle| {
                found[place] = Some(handle);
                Ok(())
            })
        })?;
        Ok(found)
    }

    /// Opens the newest records of subjects; erased and unknown ones are left out.
    pub(crate) fn unseal(&self, ordinals: &[Ordinal]) -> Result<Vec<Unsealed>, VaultError> {
        let numbers = numbers(ordinals);
        let mut records: Vec<Option<Record>> = ordinals.iter().map(|_| None).collect();
        self.read("subject.records", |tx| {
            subject::records_of(tx, &numbers, &mut |place, record| {
                records[place] = Some(record);
                Ok(())
            })
        })?;
        let keys = self.subject_keys(ordinals)?;
        let mut opened = Vec::with_capacity(ordinals.len());
        for ((ordinal, record), key) in ordinals.iter().zip(records).zip(keys) {
            if let (Some(record), Some(key)) = (record, key) {
                opened.push(open(*ordinal, record, key)?);
            }
        }
        Ok(opened)
    }

    /// Unwraps the data keys of subjects; `None` where the key was destroyed.
    fn subject_keys(&self, ordinals: &[Ordinal]) -> Result<Vec<Option<SecretKey>>, VaultError> {
        let numbers = numbers(ordinals);
        let mut wrapped: Vec<Option<(u32, Vec<u8>)>> = vec![None; ordinals.len()];
        self.keys.read("key.subjects", |tx| {
            key::subject_keys(tx, &numbers, &mut |place, generation, bytes| {
                wrapped[place] = Some((generation, bytes.to_vec()));
                Ok(())
            })
        })?;
        let mut wraps = Vec::new();
        for generation in 1..=self.keyring.generation() {
            wraps.push(self.keyring.subject_wrap(generation)?);
        }
        let unwrap = |ordinal: &Ordinal, generation: u32, bytes: &[u8]| {
            let wrap = wraps.get((generation as usize).wrapping_sub(1));
            let wrap = wrap.ok_or(VaultError::Damaged { what: "subject key" })?;
            let key = wrap.open(&subject_key_context(*ordinal), bytes, "subject key")?;
            SecretKey::from_slice(key.expose())
        };
        ordinals
            .iter()
            .zip(wrapped)
            .map(|(ordinal, wrapped)| {
                wrapped.map(|(generation, bytes)| unwrap(ordinal, generation, &bytes)).transpose()
            })
            .collect()
    }

    /// From which import a subject's value was first received (Network Act Decree 13(2)). Resident
    /// numbers stand elsewhere: [`Vault::reveal`] tells theirs.
    pub fn provenance(
        &self,
        ordinal: Ordinal,
        kind: Kind,
        value: &Pii<String>,
    ) -> Result<Option<ImportId>, VaultError> {
        let Some(normal) = kind.normalise(value.expose()) else { return Ok(None) };
        let digests = self.digests(kind, &[normal.expose()]);
        let whose = numbers(&[ordinal]);
        let found =
            self.read("subject.provenance", |tx| subject::provenance(tx, &digests, &whose))?;
        Ok(found.into_iter().flatten().next())
    }

    /// How many subjects are enrolled.
    pub fn subject_count(&self) -> Result<u64, VaultError> {
        self.read("subject.count", subject::count)
    }
}

fn open(ordinal: Ordinal, record: Record, key: SecretKey) -> Result<Unsealed, VaultError> {
    let context = record_context(ordinal, record.import);
    let plain = key.open(&context, &record.sealed, "record")?;
    let attributes = Attributes::from_bytes(plain.expose())?;
    let (import, language) = (record.import, record.language);
    Ok(Unsealed { ordinal, import, key, attributes, language })
}

fn numbers(ordinals: &[Ordinal]) -> Vec<i64> {
    ordinals.iter().map(|ordinal| i64::from(ordinal.number())).collect()
}
