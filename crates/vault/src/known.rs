//! Under which names a part of our own house knows people.
//!
//! Fraud detection judges people whom it cannot name. It is given domain-wide pseudonyms like any
//! processor; what is asked here is which of them stand for the people of a leak, and which strings
//! stand for the canaries of a copy. Both leave the vault, so both leave a row of the access log
//! first.

use std::collections::BTreeMap;

use doldam_ground::ids::{DisclosureId, Ordinal, ProcessorId};
use doldam_ground::{Kind, Pii};
use doldam_store::processor::Domain;
use roaring::RoaringBitmap;

use crate::domain::ACTIVE;
use crate::error::VaultError;
use crate::pseudonym::{Member, space_of};
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault};

impl Vault {
    /// The domain-wide pseudonyms under which `party` knows these people for `purpose`: one for each
    /// person and each kind of which it has a working domain. Erased people are left out. The row of
    /// the access log says `why`, and is durable before the answer.
    ///
    /// Refused when the party was never given pseudonyms for this purpose: then it knows nobody.
    pub fn known_as(
        &self,
        party: ProcessorId,
        purpose: &str,
        people: &RoaringBitmap,
        actor: &Actor,
        why: &str,
    ) -> Result<Vec<Pii<String>>, VaultError> {
        require_purpose(why)?;
        let domains = self.newest_working(party, purpose)?;
        if domains.is_empty() {
            return Err(VaultError::Invalid(
                "this party was never given pseudonyms for this purpose: disclose them first, \
                 domain-wide",
            ));
        }
        let ordinals: Vec<Ordinal> = people.iter().map(Ordinal::new).collect();
        let members: Vec<Member> = ordinals
            .iter()
            .zip(self.handles_of(&ordinals)?)
            .filter_map(|(ordinal, handle)| Some(Member { handle: handle?, ordinal: *ordinal }))
            .collect();
        let mut names = Vec::with_capacity(members.len() * domains.len());
        for domain in &domains {
            let key =
                self.domain_key(domain)?.ok_or(VaultError::Damaged { what: "domain salt" })?;
            names.extend(key.issue(None, &members, self.language())?.into_iter().map(Pii::new));
        }
        self.log(actor, "pseudonym.known_as", party.to_string(), why, Some(people))?;
        Ok(names)
    }

    /// What stands in the file of a disclosure for its canaries: their sealed pseudonyms (CI, DI, …).
    /// Nicknames and numbers are left out: one of them could be a customer's, too. Empty for a file
    /// of real values, and once the keys of its domains are destroyed. The row of the access log is
    /// durable before the answer.
    pub fn canary_identities(
        &self,
        disclosure: DisclosureId,
        actor: &Actor,
        why: &str,
    ) -> Result<Vec<Pii<String>>, VaultError> {
        require_purpose(why)?;
        let held = self.disclosure(disclosure)?;
        let held = held.ok_or(VaultError::Invalid("there is no disclosure of that number"))?;
        let mut members: Vec<Member> = self
            .canaries()?
            .into_iter()
            .filter(|(_, (_, planted))| *planted == disclosure)
            .map(|(handle, (ordinal, _))| Member { handle, ordinal })
            .collect();
        members.sort_by_key(|member| member.ordinal);
        let domains = self.domains()?;
        let mut identities = Vec::new();
        for field in held.fields.iter().filter(|field| space_of(field.kind).is_none()) {
            let domain = domains.iter().find(|domain| Some(domain.id) == field.domain);
            let key = domain.map(|domain| self.domain_key(domain)).transpose()?.flatten();
            if let Some(key) = key {
                let bound = field.bound.then_some(disclosure);
                let issued = key.issue(bound, &members, self.language())?;
                identities.extend(issued.into_iter().map(Pii::new));
            }
        }
        self.log(actor, "canary.known_as", disclosure.to_string(), why, None)?;
        Ok(identities)
    }

    /// The newest epoch of each kind of (party, purpose), where it works.
    fn newest_working(&self, party: ProcessorId, purpose: &str) -> Result<Vec<Domain>, VaultError> {
        let mut newest: BTreeMap<Kind, Domain> = BTreeMap::new();
        for domain in self.domains()? {
            let ours = domain.processor == party && domain.purpose == purpose;
            let older = newest.get(&domain.kind).is_some_and(|held| held.epoch > domain.epoch);
            if ours && !older {
                newest.insert(domain.kind, domain);
            }
        }
        Ok(newest.into_values().filter(|domain| domain.state == ACTIVE).collect())
    }
}
