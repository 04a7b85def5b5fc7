//! Pseudonyms that a processor shows us: whose they are, and what they are in a newer epoch.
//!
//! A processor may come back with a pseudonym: to have a text sent, or to exchange it after its
//! domain was renewed. What it learns must be nothing that it was not given. So only the keyed
//! check of a domain of that very processor makes a pseudonym *theirs*; what another processor was
//! given, what nobody was given and whoever was erased all read alike. Canaries stay hidden: they
//! are exchanged like anybody.
//!
//! Digit pseudonyms (nickname, phone, account, card) are refused here: one of them proves nothing,
//! and a guess could name somebody whom the processor never had.

use std::collections::{BTreeMap, BTreeSet};

use doldam_ground::ids::{DisclosureId, DomainId, Handle, Ordinal, ProcessorId};
use doldam_ground::limits::REMAP_MAX;
use doldam_ground::{Kind, Pii};
use doldam_store::processor::{self, Domain};
use doldam_store::{StoreError, audit};

use crate::domain::{ACTIVE, DESTROYED, SUSPENDED};
use crate::error::VaultError;
use crate::pseudonym::{Member, Whose, space_of};
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault};

/// What a pseudonym is, seen from the processor that shows it. It has no `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It stands for a subject, and the processor was given it.
    Theirs(Ordinal),
    /// It stands for a canary that was planted with the processor.
    Canary(Ordinal, DisclosureId),
    /// It is of another processor's domain: how did this one come by it?
    Foreign(DomainId),
    /// It is of the processor's own domain, but that is suspended.
    Suspended(DomainId),
    /// It is nobody's: never given, or erased since.
    Nobody,
}

/// Pseudonyms of a newer epoch. It has no `Debug`.
pub struct Remapped {
    /// The domain of the newer epoch.
    pub domain: Domain,
    /// For each pseudonym that was shown the one of the newer epoch; `None` for what is not theirs.
    pub pseudonyms: Vec<Option<Pii<String>>>,
}

/// A pseudonym that opened in a domain that may be used here.
#[derive(Clone, Copy)]
struct Opened {
    domain: DomainId,
    bound: Option<DisclosureId>,
    handle: Handle,
}

impl Vault {
    /// Which domain's pseudonyms were ever exchanged (second) for which newer one's (first).
    pub fn remaps(&self) -> Result<Vec<(DomainId, DomainId)>, VaultError> {
        self.read("domain.remaps", processor::remaps)
    }

    /// What each of these texts is, seen from a processor. Sealed pseudonyms only: a nickname alone
    /// proves nothing and is [`Shown::Nobody`].
    pub fn shown_by(
        &self,
        processor: ProcessorId,
        texts: &[&str],
    ) -> Result<Vec<Shown>, VaultError> {
        let domains: BTreeMap<DomainId, Domain> =
            self.domains()?.into_iter().map(|domain| (domain.id, domain)).collect();
        let found = self.recogniser()?.recognise(texts);
        let handles: Vec<Option<Handle>> = found
            .iter()
            .map(|found| match found.map(|found| found.whose) {
                Some(Whose::Handle(handle)) => Some(handle),
                _ => None,
            })
            .collect();
        // The same questions are asked whatever the answer will be.
        let asked: Vec<Handle> =
            handles.iter().map(|handle| handle.unwrap_or(Handle::new(0))).collect();
        let ordinals = self.ordinals_of(&asked)?;
        let canaries = self.canaries()?;
        let shown = found.iter().zip(handles).zip(ordinals).map(|((found, handle), ordinal)| {
            let (Some(found), Some(handle)) = (found, handle) else { return Shown::Nobody };
            match domains.get(&found.domain) {
                Some(domain) if domain.processor != processor => Shown::Foreign(domain.id),
                Some(domain) if domain.state != ACTIVE => Shown::Suspended(domain.id),
                Some(_) => match (canaries.get(&handle), ordinal) {
                    (Some((canary, disclosure)), _) => Shown::Canary(*canary, *disclosure),
                    (None, Some(ordinal)) => Shown::Theirs(ordinal),
                    (None, None) => Shown::Nobody,
                },
                None => Shown::Nobody,
            }
        });
        Ok(shown.collect())
    }

    /// Exchanges pseudonyms of (processor, purpose, kind) for those of the newest epoch. A bound
    /// pseudonym stays bound to its disclosure, so that two deliveries join no better than before.
    /// The row of the access log, which says how many, is durable before the answer.
    ///
    /// Refused when the newest epoch does not work. Pseudonyms of an older epoch that is suspended
    /// are not exchanged.
    pub fn remap(
        &self,
        processor: ProcessorId,
        purpose: &str,
        kind: Kind,
        texts: &[&str],
        actor: &Actor,
    ) -> Result<Remapped, VaultError> {
        require_purpose(purpose)?;
        if texts.len() > REMAP_MAX {
            let limit = REMAP_MAX as u64;
            return Err(VaultError::Limit { what: "the number of pseudonyms", limit });
        }
        if space_of(kind).is_some() {
            return Err(VaultError::Kind {
                kind: kind.id().to_owned(),
                what: "exchanged: one such pseudonym proves nothing; exchange the ci beside it",
            });
        }
        let epochs: Vec<Domain> = self
            .domains()?
            .into_iter()
            .filter(|held| {
                held.processor == processor && held.purpose == purpose && held.kind == kind
            })
            .collect();
        let newest = newest(&epochs)?;
        let opened = self.open_in(&epochs, texts)?;
        let handles: Vec<Handle> = opened.iter().flatten().map(|opened| opened.handle).collect();
        let known = self.known(&handles)?;
        let theirs: Vec<Option<Opened>> = opened
            .into_iter()
            .map(|opened| opened.filter(|opened| known.contains(&opened.handle)))
            .collect();
        let pseudonyms = self.issue_anew(newest, &theirs)?;
        // The answer stays answerable although the process dies before it is given.
        let shown: Vec<Option<&str>> =
            pseudonyms.iter().map(|one| one.as_ref().map(|text| text.expose().as_str())).collect();
        let shown = serde_json::to_string(&shown).expect("texts serialise");
        self.shown_once(&Pii::new(shown));
        self.note_remap(newest, &theirs, actor, purpose)?;
        Ok(Remapped { domain: newest.clone(), pseudonyms })
    }

    /// What opens under the working keys of these domains.
    fn open_in(
        &self,
        epochs: &[Domain],
        texts: &[&str],
    ) -> Result<Vec<Option<Opened>>, VaultError> {
        let working: BTreeSet<DomainId> =
            epochs.iter().filter(|held| held.state == ACTIVE).map(|held| held.id).collect();
        let found = self.recogniser_of(Some(&working))?.recognise(texts);
        let opened = found.into_iter().map(|found| match found {
            Some(found) => match found.whose {
                Whose::Handle(handle) => {
                    Some(Opened { domain: found.domain, bound: found.disclosure, handle })
                }
                Whose::Ordinal(_) => None,
            },
            None => None,
        });
        Ok(opened.collect())
    }

    /// Which of these handles belong to somebody who is enrolled, or to a canary.
    fn known(&self, handles: &[Handle]) -> Result<BTreeSet<Handle>, VaultError> {
        let canaries = self.canaries()?;
        let ordinals = self.ordinals_of(handles)?;
        let is_known = |(handle, ordinal): (&Handle, Option<Ordinal>)| {
            (ordinal.is_some() || canaries.contains_key(handle)).then_some(*handle)
        };
        Ok(handles.iter().zip(ordinals).filter_map(is_known).collect())
    }

    /// The pseudonyms of the newer epoch, each under the binding that it had.
    fn issue_anew(
        &self,
        newest: &Domain,
        theirs: &[Option<Opened>],
    ) -> Result<Vec<Option<Pii<String>>>, VaultError> {
        let closed = VaultError::DomainClosed { domain: newest.id, state: DESTROYED };
        let key = self.domain_key(newest)?.ok_or(closed)?;
        let mut by_binding: BTreeMap<Option<DisclosureId>, Vec<(usize, Member)>> = BTreeMap::new();
        for (place, opened) in theirs.iter().enumerate() {
            if let Some(opened) = opened {
                // A sealed pseudonym is made of the handle alone.
                let member = Member { handle: opened.handle, ordinal: Ordinal::new(0) };
                by_binding.entry(opened.bound).or_default().push((place, member));
            }
        }
        let mut made: Vec<Option<Pii<String>>> = theirs.iter().map(|_| None).collect();
        for (bound, members) in by_binding {
            let (places, members): (Vec<usize>, Vec<Member>) = members.into_iter().unzip();
            let issued = key.issue(bound, &members, self.language())?;
            for (place, pseudonym) in places.into_iter().zip(issued) {
                made[place] = Some(Pii::new(pseudonym));
            }
        }
        Ok(made)
    }

    /// The row of the access log: who, how many, from and to which epoch; not which.
    fn note_remap(
        &self,
        newest: &Domain,
        theirs: &[Option<Opened>],
        actor: &Actor,
        purpose: &str,
    ) -> Result<(), VaultError> {
        let count = theirs.iter().flatten().count();
        let older: BTreeSet<DomainId> = theirs
            .iter()
            .flatten()
            .map(|opened| opened.domain)
            .filter(|domain| *domain != newest.id)
            .collect();
        let older: Vec<DomainId> = older.into_iter().collect();
        let object = format!("{} {count}/{}", newest.id, theirs.len());
        let entry = self.entry(actor, "pseudonym.remap", object, purpose, None);
        let (domain, now) = (newest.id, self.now());
        Ok(self.data.write("pseudonym.remap", move |tx| {
            let works = processor::domains(tx)?
                .iter()
                .any(|held| held.id == domain && held.state == ACTIVE);
            if !works {
                return Err(StoreError::State { what: "the domain was closed meanwhile" });
            }
            processor::remap_note(tx, domain, &older, now)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }
}

/// The newest of some epochs, if it works.
fn newest(epochs: &[Domain]) -> Result<&Domain, VaultError> {
    let newest = epochs.iter().max_by_key(|held| held.epoch);
    let newest = newest.ok_or(VaultError::Invalid(
        "nothing of this kind was given for this purpose: check both words",
    ))?;
    if newest.state == ACTIVE {
        return Ok(newest);
    }
    let state = if newest.state == SUSPENDED { SUSPENDED } else { DESTROYED };
    Err(VaultError::DomainClosed { domain: newest.id, state })
}
