//! One chunk of rows: who is known, who is new, and what of them is to be written.

use std::collections::{HashMap, HashSet, hash_map};

use doldam_ground::ids::{Handle, Ordinal};
use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii, entropy};
use doldam_store::subject::{self, Digests};

use super::staging::{Batch, Entry};
use super::{Enrolment, Refusal, Refused, digests_of};
use crate::error::VaultError;
use crate::index::Digest;
use crate::record::{Attributes, record_context, resident_context, subject_key_context};
use crate::seal::SecretKey;

/// A row that was admitted.
pub(super) struct Candidate {
    pub(super) line: u64,
    pub(super) attributes: Attributes,
    pub(super) digests: Vec<(Kind, Digest)>,
    pub(super) resident: Option<(Digest, Pii<String>)>,
    pub(super) language: Language,
}

impl Enrolment<'_> {
    /// Parts rows about known people from rows about new ones.
    #[expect(clippy::type_complexity, reason = "two lists that are taken apart at once")]
    pub(super) fn recognise(
        &mut self,
        waiting: Vec<Candidate>,
        refused: &mut Vec<Refused>,
    ) -> Result<(Vec<(Ordinal, Candidate)>, Vec<Candidate>), VaultError> {
        let mut questions = Digests::default();
        let mut rows = Vec::new();
        for (place, candidate) in waiting.iter().enumerate() {
            for kind in &self.source.identify_by {
                if let Some((_, digest)) = candidate.digests.iter().find(|(held, _)| held == kind) {
                    questions.push(*kind, *digest);
                    rows.push((place, *kind));
                }
            }
        }
        let mut holders: Vec<Result<Option<(Ordinal, Kind)>, Kind>> = vec![Ok(None); waiting.len()];
        let mut answers: Vec<Vec<Ordinal>> = vec![Vec::new(); questions.len()];
        self.vault.read("subject.recognise", |tx| {
            answers.iter_mut().for_each(Vec::clear);
            subject::find_by_digests(tx, &questions, &mut |place, ordinal| {
                answers[place].push(ordinal);
                Ok(())
            })
        })?;
        for ((place, kind), answer) in rows.into_iter().zip(answers) {
            holders[place] = match (holders[place], answer.as_slice()) {
                (Ok(None), [one]) => Ok(Some((*one, kind))),
                (Ok(None), [_, _, ..]) => Err(kind),
                (Ok(Some((before, _))), [_, ..]) if !answer.contains(&before) => Err(kind),
                (before, _) => before,
            };
        }
        let (mut known, mut new) = (Vec::new(), Vec::new());
        for (candidate, holder) in waiting.into_iter().zip(holders) {
            let line = candidate.line;
            match holder.map_err(|kind| Refusal::Conflict { kind }) {
                Ok(None) => new.push(candidate),
                Ok(Some((ordinal, kind))) => match self.first_about(ordinal, kind, line) {
                    Ok(()) => known.push((ordinal, candidate)),
                    Err(why) => refused.push(Refused { line, why }),
                },
                Err(why) => refused.push(Refused { line, why }),
            }
        }
        Ok((known, new))
    }

    /// Refuses a row about a known person whom an earlier row named by another value.
    fn first_about(&mut self, ordinal: Ordinal, kind: Kind, line: u64) -> Result<(), Refusal> {
        match self.met.entry(ordinal.number()) {
            hash_map::Entry::Occupied(met) => Err(Refusal::Repeated { kind, line: *met.get() }),
            hash_map::Entry::Vacant(place) => {
                place.insert(line);
                Ok(())
            }
        }
    }

    /// Which of these rows bring the resident number that their person has already.
    fn held_residents(&self, known: &[(Ordinal, Candidate)]) -> Result<HashSet<u32>, VaultError> {
        let (mut whose, mut digests) = (Vec::new(), Vec::new());
        for (ordinal, candidate) in known {
            if let Some((digest, _)) = &candidate.resident {
                whose.push(*ordinal);
                digests.push(*digest);
            }
        }
        let mut held = HashSet::new();
        self.vault.read("subject.held_residents", |tx| {
            subject::find_by_resident_digests(tx, &digests, &mut |place, ordinal| {
                if whose[place] == ordinal {
                    held.insert(ordinal.number());
                }
                Ok(())
            })
        })?;
        Ok(held)
    }

    /// Seals new people under keys of their own.
    pub(super) fn enlist(
        &mut self,
        new: Vec<Candidate>,
        batch: &mut Batch,
    ) -> Result<(), VaultError> {
        let generation = self.vault.keyring.generation();
        let wrap = self.vault.keyring.subject_wrap(generation)?;
        for candidate in new {
            let ordinal = self.draw_ordinal()?;
            let number = i64::from(ordinal.number());
            let mut source = self.vault.entropy();
            let handle = Handle::new(entropy::number(&mut **source)).bits().cast_signed();
            let key = SecretKey::draw(&mut **source);
            let wrapped = wrap.seal(&mut **source, &subject_key_context(ordinal), key.expose());
            let sealed = key.seal(
                &mut **source,
                &record_context(ordinal, self.import),
                &candidate.attributes.to_bytes(),
            );
            drop(source);
            batch.keys.ordinals.push(number);
            batch.keys.wrapped.push(wrapped);
            batch.ordinals.push(number);
            batch.handles.push(handle);
            batch.push_record(number, candidate.language, sealed);
            self.handles.push((handle, number));
            self.index_values(ordinal, candidate.digests.iter().copied());
            self.seal_resident(ordinal, candidate.resident, batch);
            self.enrolled.new += 1;
        }
        Ok(())
    }

    /// Brings known people up to date: what a row lacks stays, what it changes is replaced.
    pub(super) fn update(
        &mut self,
        known: Vec<(Ordinal, Candidate)>,
        batch: &mut Batch,
    ) -> Result<(), VaultError> {
        let ordinals: Vec<Ordinal> = known.iter().map(|(ordinal, _)| *ordinal).collect();
        let mut held: HashMap<u32, (SecretKey, Attributes, String)> = self
            .vault
            .unseal(&ordinals)?
            .into_iter()
            .map(|unsealed| {
                let number = unsealed.ordinal.number();
                (number, (unsealed.key, unsealed.attributes, unsealed.language))
            })
            .collect();
        let held_residents = self.held_residents(&known)?;
        for (ordinal, mut candidate) in known {
            let Some((key, mut attributes, language)) = held.remove(&ordinal.number()) else {
                return Err(VaultError::Damaged { what: "record of a known subject" });
            };
            let before = digests_of(&self.index, &attributes);
            if held_residents.contains(&ordinal.number()) {
                candidate.resident = None;
            }
            let resident_changed = candidate.resident.is_some();
            self.seal_resident(ordinal, candidate.resident, batch);
            let changed = attributes.merge(&candidate.attributes);
            if !changed && language == candidate.language.code() {
                self.enrolled.updated += u64::from(resident_changed);
                self.enrolled.unchanged += u64::from(!resident_changed);
                continue;
            }
            let after = digests_of(&self.index, &attributes);
            self.replace_values(ordinal, &before, &after, batch);
            let context = record_context(ordinal, self.import);
            let sealed = key.seal(&mut **self.vault.entropy(), &context, &attributes.to_bytes());
            batch.push_record(i64::from(ordinal.number()), candidate.language, sealed);
            self.replaced = true;
            self.enrolled.updated += 1;
        }
        Ok(())
    }

    /// Retires digests that are gone and keeps back those that came.
    fn replace_values(
        &mut self,
        ordinal: Ordinal,
        before: &Digests,
        after: &Digests,
        batch: &mut Batch,
    ) {
        let pairs = |digests: &Digests| {
            digests.kinds.iter().copied().zip(digests.digests.iter().copied()).collect::<Vec<_>>()
        };
        let (before, after) = (pairs(before), pairs(after));
        for (kind, digest) in before.iter().filter(|pair| !after.contains(pair)) {
            batch.retired.kinds.push(*kind);
            batch.retired.digests.push(*digest);
            batch.retired_ordinals.push(i64::from(ordinal.number()));
        }
        for (kind, digest) in after.iter().filter(|pair| !before.contains(pair)) {
            let kind = u8::try_from(*kind).expect("kinds are numbered with eight bits");
            self.entries.push(Entry { kind, digest: *digest, ordinal: ordinal.number() });
        }
    }

    fn index_values(&mut self, ordinal: Ordinal, digests: impl Iterator<Item = (Kind, Digest)>) {
        self.entries.extend(digests.map(|(kind, digest)| Entry {
            kind: kind.number(),
            digest,
            ordinal: ordinal.number(),
        }));
    }

    /// A resident number goes into its own table, under its own key.
    fn seal_resident(
        &mut self,
        ordinal: Ordinal,
        resident: Option<(Digest, Pii<String>)>,
        batch: &mut Batch,
    ) {
        let Some((digest, value)) = resident else { return };
        let sealed = self.vault.keyring.resident().seal(
            &mut **self.vault.entropy(),
            &resident_context(ordinal, self.import),
            value.expose().as_bytes(),
        );
        batch.resident_ordinals.push(i64::from(ordinal.number()));
        batch.resident_digests.push(digest);
        batch.resident_sealed.push(sealed);
        self.replaced |= self.known_before;
    }
}
