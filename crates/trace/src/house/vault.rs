//! The vault as a house: the tracer's questions put to the blind index, the domain keys and the
//! ledger of disclosures.

use std::collections::HashMap;

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, Handle, Ordinal, ProcessorId};
use doldam_vault::disclosure::order_from_bytes;
use doldam_vault::pseudonym::{Recogniser, Whose, space_of};
use doldam_vault::{Vault, VaultError};

use super::{Answer, DisclosureFacts, Field, House, Marker, ProcessorFacts, Proof, Unmasked};
use crate::TraceError;

/// An open vault, its domain keys set up and its disclosures at hand.
pub struct VaultHouse<'vault> {
    vault: &'vault Vault,
    recogniser: Recogniser,
    domains: HashMap<DomainId, (ProcessorId, Kind)>,
    canaries: HashMap<Handle, (Ordinal, DisclosureId)>,
    disclosures: Vec<doldam_vault::disclosure::DisclosureFacts>,
    /// Which domain's pseudonyms were ever exchanged (second) for which newer one's (first).
    remaps: Vec<(DomainId, DomainId)>,
}

impl<'vault> VaultHouse<'vault> {
    /// Sets the keys up. The house answers as of now: a disclosure made later is not a suspect.
    pub fn new(vault: &'vault Vault) -> Result<Self, VaultError> {
        let domains = vault.domains()?;
        Ok(Self {
            vault,
            recogniser: vault.recogniser()?,
            domains: domains
                .into_iter()
                .map(|domain| (domain.id, (domain.processor, domain.kind)))
                .collect(),
            canaries: vault.canaries()?,
            disclosures: vault.disclosures()?,
            remaps: vault.remaps()?,
        })
    }

    /// The domains whose pseudonyms a delivery can have become: its own, and the newer epochs for
    /// which they were exchanged, one after the other.
    fn domains_of(&self, given: impl Iterator<Item = DomainId>) -> Vec<DomainId> {
        let mut domains: Vec<DomainId> = given.collect();
        for (newer, older) in &self.remaps {
            if domains.contains(older) && !domains.contains(newer) {
                domains.push(*newer);
            }
        }
        domains
    }

    /// Who is behind each reading: the living subject, the canary, or nobody any more.
    fn people(&self, whose: &[Whose]) -> Result<Vec<Option<Ordinal>>, VaultError> {
        let mut people = vec![None; whose.len()];
        let (mut handles, mut by_handle) = (Vec::new(), Vec::new());
        let (mut ordinals, mut by_ordinal) = (Vec::new(), Vec::new());
        for (place, whose) in whose.iter().enumerate() {
            match whose {
                Whose::Handle(handle) => {
                    people[place] = self.canaries.get(handle).map(|(ordinal, _)| *ordinal);
                    if people[place].is_none() {
                        handles.push(*handle);
                        by_handle.push(place);
                    }
                }
                Whose::Ordinal(ordinal) if ordinal.is_canary() => people[place] = Some(*ordinal),
                Whose::Ordinal(ordinal) => {
                    ordinals.push(*ordinal);
                    by_ordinal.push(place);
                }
            }
        }
        for (place, found) in by_handle.into_iter().zip(self.vault.ordinals_of(&handles)?) {
            people[place] = found;
        }
        let living = self.vault.living_among(&ordinals)?;
        for ((place, ordinal), living) in by_ordinal.into_iter().zip(ordinals).zip(living) {
            people[place] = living.then_some(ordinal);
        }
        Ok(people)
    }
}

impl House for VaultHouse<'_> {
    fn kinds(&self) -> Result<Vec<Kind>, TraceError> {
        let mut kinds = self.vault.kinds_held()?;
        // A raw canary or a strange row can be met under a kind that no living subject holds.
        for field in self.disclosures.iter().flat_map(|disclosure| &disclosure.fields) {
            if field.raw && !kinds.contains(&field.kind) {
                kinds.push(field.kind);
            }
        }
        Ok(kinds)
    }

    fn whose(&self, kind: Kind, values: &[&str]) -> Result<Vec<Answer>, TraceError> {
        let holders = self.vault.holders(kind, values)?;
        Ok(holders
            .into_iter()
            .map(|holders| match holders.as_slice() {
                [] => Answer::Nobody,
                [one] => Answer::One(*one),
                many => Answer::Many(u32::try_from(many.len()).unwrap_or(u32::MAX)),
            })
            .collect())
    }

    fn unmask(
        &self,
        _shape: Option<Kind>,
        texts: &[&str],
    ) -> Result<Vec<Vec<Unmasked>>, TraceError> {
        let recognised = self.recogniser.recognise(texts);
        let whose: Vec<Whose> = recognised.iter().flatten().map(|found| found.whose).collect();
        let mut people = self.people(&whose)?.into_iter();
        recognised
            .into_iter()
            .map(|found| {
                let Some(found) = found else { return Ok(Vec::new()) };
                let ordinal = people.next().flatten();
                let domain = self.domains.get(&found.domain);
                let (processor, kind) = domain.ok_or(TraceError::House { code: "vault.domain" })?;
                let proof = match (found.whose, space_of(*kind)) {
                    (Whose::Ordinal(_), Some(space)) => Proof::Statistical { space },
                    _ => Proof::Keyed,
                };
                Ok(vec![Unmasked {
                    ordinal,
                    domain: found.domain,
                    processor: *processor,
                    disclosure: found.disclosure,
                    proof,
                }])
            })
            .collect()
    }

    fn markers(&self, kind: Kind, values: &[&str]) -> Result<Vec<Vec<Marker>>, TraceError> {
        let found = self.vault.markers(kind, values)?;
        Ok(found
            .into_iter()
            .map(|markers| {
                markers
                    .into_iter()
                    .map(|(disclosure, canary)| Marker { disclosure, canary })
                    .collect()
            })
            .collect())
    }

    fn disclosures(&self) -> Result<Vec<DisclosureFacts>, TraceError> {
        Ok(self
            .disclosures
            .iter()
            .map(|held| DisclosureFacts {
                id: held.row.id,
                processor: held.row.processor,
                fields: held
                    .fields
                    .iter()
                    .map(|field| Field { kind: field.kind, raw: field.raw })
                    .collect(),
                members: held.members.clone(),
                domains: self.domains_of(held.fields.iter().filter_map(|field| field.domain)),
                given_at: held.row.given_at,
            })
            .collect())
    }

    fn row_order(&self, disclosure: DisclosureId) -> Result<Vec<Ordinal>, TraceError> {
        let held = self.disclosures.iter().find(|held| held.row.id == disclosure);
        Ok(held.map(|held| order_from_bytes(&held.row.row_order)).unwrap_or_default())
    }

    fn processors(&self) -> Result<Vec<ProcessorFacts>, TraceError> {
        let processors = self.vault.processors()?;
        Ok(processors
            .into_iter()
            .map(|processor| ProcessorFacts { id: processor.id, name: processor.name })
            .collect())
    }

    fn subject_total(&self) -> Result<u64, TraceError> {
        Ok(self.vault.subject_count()?)
    }
}
