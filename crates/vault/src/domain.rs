//! Pseudonym domains: opened when first needed, suspended to contain, destroyed by two people.
//!
//! A domain's key derives from a root and a stored salt. *Suspending* wraps the salt under the
//! forensics key: nothing new is issued, but a sighting years later can still be traced.
//! *Destroying* deletes the salt; it needs a second person and is refused while a hold is on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use doldam_ground::Kind;
use doldam_ground::ids::{ApprovalId, DisclosureId, DomainId, ProcessorId};
use doldam_store::audit::Entry;
use doldam_store::key::{self, DomainSalt};
use doldam_store::processor::{self, Domain, Processor};
use doldam_store::{StoreError, audit, disclosure, subject};
use zeroize::Zeroizing;

use crate::approval::{Act, StaffMember};
use crate::disclosure::Field;
use crate::erase::ErasureState;
use crate::error::VaultError;
use crate::keyring::draw_salt;
use crate::pseudonym::{DomainKey, Recogniser};
use crate::reveal::require_purpose;
use crate::seal::{SecretKey, context};
use crate::vault::{Actor, Vault};

const WORKING: &str = "working";
const FORENSICS: &str = "forensics";
pub(crate) const ACTIVE: &str = "active";
pub(crate) const SUSPENDED: &str = "suspended";
pub(crate) const DESTROYED: &str = "destroyed";

impl Vault {
    /// The processor of this name, registered now if it is new. The answer says whether it was.
    pub fn processor(
        &self,
        name: &str,
        relation: &str,
        actor: &Actor,
    ) -> Result<(Processor, bool), VaultError> {
        let held = self.read("processor.find", |tx| processor::find_by_name(tx, name))?;
        if let Some(held) = held {
            return Ok((held, false));
        }
        if let Ok(id) = name.parse::<ProcessorId>() {
            let held = self.processors()?.into_iter().find(|held| held.id == id);
            return held.map(|held| (held, false)).ok_or(VaultError::Invalid(
                "there is no processor of that number; give its name to register it",
            ));
        }
        if !matches!(relation, "outsourcing" | "provision") {
            return Err(VaultError::Invalid("a relation is outsourcing or provision"));
        }
        let (owned, kept, now) = (name.to_owned(), relation.to_owned(), self.now());
        let mut entry = self.entry(actor, "processor.register", String::new(), "", None);
        self.data
            .write("processor.register", move |tx| {
                // Somebody else may have registered the name since it was looked for.
                if let Some(held) = processor::find_by_name(tx, &owned)? {
                    return Ok((held, false));
                }
                let id = processor::insert(tx, &owned, &kept, now)?;
                entry.object = id.to_string();
                audit::append(tx, &entry)?;
                let (name, relation) = (owned.clone(), kept.clone());
                Ok((Processor { id, name, relation }, true))
            })
            .map_err(VaultError::from)
    }

    /// All processors.
    pub fn processors(&self) -> Result<Vec<Processor>, VaultError> {
        self.read("processor.list", processor::list)
    }

    /// All domains, destroyed ones included.
    pub fn domains(&self) -> Result<Vec<Domain>, VaultError> {
        self.read("domain.list", processor::domains)
    }

    /// The newest working domain of (processor, purpose, kind), opened if there is none.
    pub(crate) fn domain_for(
        &self,
        processor: ProcessorId,
        purpose: &str,
        kind: Kind,
    ) -> Result<Domain, VaultError> {
        let _one_at_a_time = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = self
            .domains()?
            .into_iter()
            .filter(|domain| {
                domain.processor == processor && domain.purpose == purpose && domain.kind == kind
            })
            .max_by_key(|domain| domain.epoch);
        match newest {
            Some(domain) if domain.state == ACTIVE => Ok(domain),
            Some(domain) if domain.state == SUSPENDED => {
                Err(VaultError::DomainClosed { domain: domain.id, state: SUSPENDED })
            }
            _ => self.open_domain(processor, purpose, kind, None),
        }
    }

    /// Opens the next epoch of a domain: from now on the processor is given other pseudonyms of the
    /// same people. Those of the old epoch stay traceable, and may be exchanged
    /// ([`Vault::remap`]).
    ///
    /// Refused unless the domain is the newest of its kind and works.
    pub fn domain_renew(
        &self,
        domain: DomainId,
        actor: &Actor,
        purpose: &str,
    ) -> Result<Domain, VaultError> {
        require_purpose(purpose)?;
        let _one_at_a_time = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.domains()?;
        let held = all.iter().find(|held| held.id == domain);
        let held = held.ok_or(StoreError::NotFound { what: "domain of that number" })?;
        if held.state != ACTIVE {
            let state = if held.state == SUSPENDED { SUSPENDED } else { DESTROYED };
            return Err(VaultError::DomainClosed { domain, state });
        }
        if all.iter().any(|other| is_later(other, held)) {
            return Err(VaultError::Invalid(
                "the domain has a newer epoch already; renew that one",
            ));
        }
        let entry = self.entry(actor, "domain.renew", domain.to_string(), purpose, None);
        self.open_domain(held.processor, &held.purpose, held.kind, Some(entry))
    }

    /// Salt first: a salt without its domain is overwritten by the next one, a domain without its
    /// salt would issue nothing.
    fn open_domain(
        &self,
        processor: ProcessorId,
        purpose: &str,
        kind: Kind,
        entry: Option<Entry>,
    ) -> Result<Domain, VaultError> {
        let next = self.domains()?.iter().map(|domain| domain.id.number()).max().unwrap_or(0) + 1;
        let id = DomainId::new(next);
        let salt = draw_salt(&mut **self.entropy());
        self.put_salt(id, self.keyring.generation(), WORKING, &salt)?;
        let (purpose, now) = (purpose.to_owned(), self.now());
        let entry = entry.map(|mut entry| {
            entry.object = format!("{id} {}", entry.object);
            entry
        });
        let name = if entry.is_some() { "domain.renew" } else { "domain.open" };
        self.data
            .write(name, move |tx| {
                let domain = processor::domain_insert(tx, processor, &purpose, kind, now)?;
                if domain.id != id {
                    return Err(StoreError::Conflict {
                        what: "another process opened a domain meanwhile; try again",
                    });
                }
                if let Some(entry) = &entry {
                    audit::append(tx, entry)?;
                }
                Ok(domain)
            })
            .map_err(VaultError::from)
    }

    fn put_salt(
        &self,
        domain: DomainId,
        generation: u32,
        custody: &'static str,
        salt: &[u8; 32],
    ) -> Result<(), VaultError> {
        let wrap = self.custody_key(custody, generation)?;
        let wrapped = wrap.seal(&mut **self.entropy(), &salt_context(domain, custody), salt);
        let salt = DomainSalt { generation, custody: custody.to_owned(), wrapped };
        Ok(self.keys.write("key.put_salt", move |tx| key::put_domain_salt(tx, domain, &salt))?)
    }

    fn custody_key(&self, custody: &str, generation: u32) -> Result<SecretKey, VaultError> {
        if custody == FORENSICS {
            Ok(self.keyring.forensics().clone())
        } else {
            self.keyring.salt_wrap(generation)
        }
    }

    /// The salt of a domain and its generation; `None` once it is destroyed.
    fn salt(&self, domain: DomainId) -> Result<Option<(u32, Zeroizing<[u8; 32]>)>, VaultError> {
        let Some(held) = self.keys.read("key.salt", |tx| key::domain_salt(tx, domain))? else {
            return Ok(None);
        };
        let custody = if held.custody == FORENSICS { FORENSICS } else { WORKING };
        let wrap = self.custody_key(custody, held.generation)?;
        let salt = wrap.open(&salt_context(domain, custody), &held.wrapped, "domain salt")?;
        let salt: [u8; 32] = salt
            .expose()
            .as_slice()
            .try_into()
            .map_err(|_| VaultError::Damaged { what: "domain salt" })?;
        Ok(Some((held.generation, Zeroizing::new(salt))))
    }

    /// The key of a domain; `None` once it is destroyed.
    pub(crate) fn domain_key(&self, domain: &Domain) -> Result<Option<DomainKey>, VaultError> {
        let Some((generation, salt)) = self.salt(domain.id)? else { return Ok(None) };
        let key = self.keyring.domain_key(generation, domain.id, domain.kind, &salt)?;
        Ok(Some(DomainKey::new(domain.id, domain.kind, &key)))
    }

    /// Every key that is left, with the disclosures made from it, ready to be tried on what was
    /// found.
    pub fn recogniser(&self) -> Result<Recogniser, VaultError> {
        self.recogniser_of(None)
    }

    /// The same of some domains only; of all when `only` is `None`.
    pub(crate) fn recogniser_of(
        &self,
        only: Option<&BTreeSet<DomainId>>,
    ) -> Result<Recogniser, VaultError> {
        let mut made: BTreeMap<DomainId, BTreeSet<DisclosureId>> = BTreeMap::new();
        for (disclosure, fields) in self.read("disclosure.fields", disclosure::fields)? {
            for field in Field::parse_list(&fields)? {
                if let Some(domain) = field.domain.filter(|_| field.bound) {
                    made.entry(domain).or_default().insert(disclosure);
                }
            }
        }
        // What was exchanged for a newer epoch is bound to the same disclosures there.
        for (newer, older) in self.remaps()? {
            let bound = made.get(&older).cloned().unwrap_or_default();
            made.entry(newer).or_default().extend(bound);
        }
        let mut keys = Vec::new();
        let wanted = |domain: &Domain| only.is_none_or(|only| only.contains(&domain.id));
        for domain in self.domains()?.into_iter().filter(wanted) {
            if let Some(key) = self.domain_key(&domain)? {
                let bound = made.remove(&domain.id).unwrap_or_default();
                keys.push((key, bound.into_iter().collect()));
            }
        }
        let (subjects, canaries) = self.read("subject.ends", |tx| {
            let base = doldam_ground::ids::Ordinal::CANARY_BASE;
            Ok((subject::ordinal_end(tx)?, disclosure::canary_end(tx)? - base))
        })?;
        Ok(Recogniser::new(keys, u64::from(subjects), u64::from(canaries)))
    }

    /// Stops a domain: nothing is issued from it any more, what was issued stays traceable.
    pub fn domain_suspend(
        &self,
        domain: DomainId,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(), VaultError> {
        self.move_domain(domain, SUSPENDED, FORENSICS, actor, "domain.suspend", purpose)
    }

    /// Lets a suspended domain work again.
    pub fn domain_resume(
        &self,
        domain: DomainId,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(), VaultError> {
        self.move_domain(domain, ACTIVE, WORKING, actor, "domain.resume", purpose)
    }

    fn move_domain(
        &self,
        domain: DomainId,
        state: &'static str,
        custody: &'static str,
        actor: &Actor,
        action: &'static str,
        purpose: &str,
    ) -> Result<(), VaultError> {
        let (generation, salt) =
            self.salt(domain)?.ok_or(VaultError::DomainClosed { domain, state: DESTROYED })?;
        let (now, entry) =
            (self.now(), self.entry(actor, action, domain.to_string(), purpose, None));
        self.data.write("domain.move", move |tx| {
            processor::domain_set_state(tx, domain, state, now)?;
            audit::append(tx, &entry).map(drop)
        })?;
        self.put_salt(domain, generation, custody, &salt)?;
        Ok(self.keys.scrub()?)
    }

    /// Wraps salts under the key that their domain's state asks for, where a process died between
    /// the one and the other. Safe to repeat.
    pub(crate) fn finish_moves(&self) -> Result<(), VaultError> {
        let mut moved = false;
        for domain in self.domains()? {
            let custody = if domain.state == SUSPENDED { FORENSICS } else { WORKING };
            let id = domain.id;
            let held = self.keys.read("key.salt", |tx| key::domain_salt(tx, id))?;
            if domain.state != DESTROYED
                && held.is_some_and(|held| held.custody != custody)
                && let Some((generation, salt)) = self.salt(id)?
            {
                self.put_salt(id, generation, custody, &salt)?;
                moved = true;
            }
        }
        if moved { Ok(self.keys.scrub()?) } else { Ok(()) }
    }

    /// Puts a legal hold on a domain: its key cannot be destroyed.
    pub fn domain_hold(
        &self,
        domain: DomainId,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), VaultError> {
        let (now, why) = (self.now(), reason.to_owned());
        let entry = self.entry(actor, "domain.hold", domain.to_string(), reason, None);
        Ok(self.data.write("domain.hold", move |tx| {
            processor::hold_insert(tx, domain, &why, now)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// Lifts all holds on a domain.
    pub fn domain_release(
        &self,
        domain: DomainId,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(), VaultError> {
        let now = self.now();
        let entry = self.entry(actor, "domain.release", domain.to_string(), purpose, None);
        Ok(self.data.write("domain.release", move |tx| {
            processor::hold_lift(tx, domain, now)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// Destroys a domain's salt: its pseudonyms can never be traced again, once the backups of keys
    /// that hold the salt have expired, too. Two people must agree.
    pub fn domain_destroy(
        &self,
        domain: DomainId,
        actor: &Actor,
        requester: StaffMember,
        approval: Option<ApprovalId>,
        purpose: &str,
    ) -> Result<ErasureState, VaultError> {
        if self.read("domain.held", |tx| processor::is_held(tx, domain))? {
            return Err(VaultError::Held { domain });
        }
        let act = Act::new("domain.destroy", &[&domain.to_string()]);
        let summary = format!("destroy the key of domain {domain}");
        let used = self.require_approval(&act, &summary, requester, approval)?;
        let now = self.now();
        let why = used.purpose(purpose);
        let entry = self.entry(actor, "domain.destroy", domain.to_string(), &why, None);
        self.data.write("domain.destroy", move |tx| {
            if processor::is_held(tx, domain)? {
                return Err(StoreError::State { what: "a legal hold was put on the domain" });
            }
            used.spend(tx, now)?;
            processor::domain_set_state(tx, domain, DESTROYED, now)?;
            audit::append(tx, &entry).map(drop)
        })?;
        self.finish_destructions()?;
        self.destruction_state(now)
    }

    /// Deletes the salts of domains whose destruction was ordered. Safe to repeat.
    pub(crate) fn finish_destructions(&self) -> Result<(), VaultError> {
        for domain in self.domains()?.iter().filter(|domain| domain.state == DESTROYED) {
            let id = domain.id;
            if self.keys.read("key.salt", |tx| key::domain_salt(tx, id))?.is_some() {
                self.keys.write("key.destroy_salt", move |tx| key::destroy_domain_salt(tx, id))?;
                self.keys.scrub()?;
            }
        }
        Ok(())
    }
}

/// Whether a domain is a later epoch of another.
pub(crate) fn is_later(domain: &Domain, than: &Domain) -> bool {
    domain.processor == than.processor
        && domain.purpose == than.purpose
        && domain.kind == than.kind
        && domain.epoch > than.epoch
}

fn salt_context(domain: DomainId, custody: &'static str) -> Vec<u8> {
    let custody = u64::from(custody == FORENSICS);
    context("domain salt", &[u64::from(domain.number()), custody])
}
