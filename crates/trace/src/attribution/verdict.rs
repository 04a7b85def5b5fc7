//! From weighed models to scores, reasons and one word.

use std::collections::BTreeMap;

use doldam_ground::ids::{DisclosureId, ProcessorId};

use super::evidence::{Evidence, IMPOSSIBLE};
use super::persons::{Class, Persons};
use super::reason::{never_contained, tie};
use super::search::{ELSEWHERE, Model};
use super::suspect::{Suspect, domain_of, raw_bits};
use super::{Attribution, DisclosureScore, Holder, HolderScore, Reason, Verdict};
use crate::facts::{Facts, float};
use crate::match_ladder::Trail;
use crate::matching::Matched;

/// Disclosures below this score are not told.
const SCORE_SHOWN_MIN: f64 = 0.01;
/// From this score on a source counts as found.
const SCORE_FOUND: f64 = 0.5;
/// Scores that differ by less are equal.
const TIE: f64 = 0.02;

/// What the models say of one suspect, taken together.
#[derive(Clone, Copy)]
pub(crate) struct Weighed {
    suspect: Suspect,
    score: f64,
    rows: f64,
    in_order: Option<u64>,
}

/// What the models say of all suspects, taken together.
pub(crate) struct WeighedAll {
    suspects: Vec<Weighed>,
    nobody: f64,
    /// For each holder, the belief in models in which it takes part.
    holders: BTreeMap<Option<ProcessorId>, f64>,
}

/// Averages the models by their weight.
pub(crate) fn weigh(
    models: &[Model],
    evidence: &Evidence,
    suspects: &[Suspect],
    facts: &Facts,
) -> WeighedAll {
    let mut out = WeighedAll {
        suspects: suspects
            .iter()
            .zip(&evidence.in_order)
            .map(|(suspect, in_order)| Weighed {
                suspect: *suspect,
                score: 0.0,
                rows: 0.0,
                in_order: *in_order,
            })
            .collect(),
        nobody: 0.0,
        holders: BTreeMap::new(),
    };
    for model in models {
        let explained = evidence.table.explained(&model.members, &model.fit, IMPOSSIBLE);
        let mut holders = Vec::new();
        for (member, rows) in model.members.iter().zip(explained) {
            if *member == ELSEWHERE {
                continue;
            }
            let weighed = &mut out.suspects[member - 1];
            weighed.score += model.weight;
            weighed.rows += model.weight * rows;
            holders.push(holder_of(weighed.suspect, facts));
        }
        out.nobody += if holders.is_empty() { model.weight } else { 0.0 };
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            *out.holders.entry(holder).or_default() += model.weight;
        }
    }
    out
}

/// Who holds the copy: `None` is us.
fn holder_of(suspect: Suspect, facts: &Facts) -> Option<ProcessorId> {
    match suspect {
        Suspect::Ours => None,
        Suspect::Disclosure(place) => Some(facts.disclosures[place].processor),
        Suspect::Access(processor) => Some(processor),
    }
}

/// The answer when nobody can be named.
pub(crate) fn nobody(reason: Reason) -> Attribution {
    Attribution {
        verdict: Verdict::Nobody,
        holders: vec![HolderScore {
            holder: Holder::Ours,
            score: 0.0,
            rows: 0,
            share: 0.0,
            reasons: vec![reason.clone()],
        }],
        disclosures: Vec::new(),
        reasons: vec![reason],
    }
}

/// Turns belief into an answer.
pub(crate) fn pronounce(
    weighed: &WeighedAll,
    persons: &Persons,
    facts: &Facts,
    matched: &Matched,
) -> Attribution {
    let known: u64 = persons.classes.iter().map(|class| class.rows).sum();
    if weighed.nobody >= SCORE_FOUND {
        return nobody(Reason::Coincidence { known, of: matched.counts.rows });
    }
    let file = File { persons, facts, matched, known };
    let mut disclosures: Vec<DisclosureScore> = weighed
        .suspects
        .iter()
        .filter(|suspect| suspect.score >= SCORE_SHOWN_MIN)
        .filter_map(|suspect| file.disclosure(suspect))
        .collect();
    disclosures.sort_by(|left, right| {
        (right.rows.cmp(&left.rows))
            .then(right.score.total_cmp(&left.score))
            .then(left.id.cmp(&right.id))
    });
    name_ties(&mut disclosures);
    let holders = file.holders(weighed, &disclosures);
    let verdict = verdict(&holders);
    let reasons = holders.first().map(|best| best.reasons.clone()).unwrap_or_default();
    Attribution { verdict, holders, disclosures, reasons }
}

fn verdict(holders: &[HolderScore]) -> Verdict {
    let found: Vec<Holder> = holders
        .iter()
        .filter(|holder| holder.score >= SCORE_FOUND)
        .map(|holder| holder.holder)
        .collect();
    match found.as_slice() {
        [Holder::Ours] => Verdict::Ours,
        [Holder::Processor(_)] => Verdict::Processor,
        _ => Verdict::Several,
    }
}

/// Says of disclosures with equal scores below certainty that they cannot be told apart.
fn name_ties(disclosures: &mut [DisclosureScore]) {
    let scores: Vec<(DisclosureId, f64)> =
        disclosures.iter().map(|disclosure| (disclosure.id, disclosure.score)).collect();
    for disclosure in disclosures {
        let equal = |(id, score): &&(DisclosureId, f64)| {
            *id != disclosure.id && (score - disclosure.score).abs() < TIE
        };
        let rivals: Vec<DisclosureId> = scores.iter().filter(equal).map(|(id, _)| *id).collect();
        let unsure = (0.05..0.9).contains(&disclosure.score);
        if unsure && !rivals.is_empty() {
            disclosure.reasons.insert(0, tie(rivals.into_iter()));
        }
    }
}

/// The judged file, for counting what speaks for whom.
struct File<'run> {
    persons: &'run Persons,
    facts: &'run Facts,
    matched: &'run Matched,
    known: u64,
}

impl File<'_> {
    fn trail(&self, class: &Class) -> &Trail {
        &self.matched.trails[usize::from(class.trail)]
    }

    fn rows_where(&self, holds: impl Fn(&Class) -> bool) -> u64 {
        self.persons.classes.iter().filter(|class| holds(class)).map(|class| class.rows).sum()
    }

    fn disclosure(&self, weighed: &Weighed) -> Option<DisclosureScore> {
        let Suspect::Disclosure(place) = weighed.suspect else { return None };
        let facts = &self.facts.disclosures[place];
        let mut reasons = self.pointers(place);
        let persons = &self.persons.classes;
        let inside = |class: &Class| facts.members.intersection_len(&class.ordinals);
        reasons.push(Reason::members(
            persons.iter().map(inside).sum(),
            self.persons.total(),
            facts.members.len(),
        ));
        if let Some(rows) = weighed.in_order {
            reasons.push(Reason::Order { rows });
        }
        let given = raw_bits(facts, &self.matched.kinds);
        let held = persons.iter().fold(0, |kinds, class| kinds | class.kinds);
        let missing = (0..self.matched.kinds.len()).filter(|bit| held & !given & 1 << bit != 0);
        let missing: Vec<_> = missing.map(|bit| self.matched.kinds[bit]).collect();
        if !missing.is_empty() {
            reasons.push(never_contained(missing.into_iter()));
        }
        Some(DisclosureScore {
            id: facts.id,
            processor: facts.processor,
            score: weighed.score,
            rows: rounded(weighed.rows),
            reasons,
        })
    }

    /// What names a disclosure outright.
    fn pointers(&self, place: usize) -> Vec<Reason> {
        let facts = &self.facts.disclosures[place];
        let mut reasons = Vec::new();
        let bound = self.rows_where(|class| {
            matches!(self.trail(class),
                Trail::Pseudonym { disclosure: Some(bound), .. } if *bound == facts.id)
        });
        if bound > 0 {
            reasons.push(Reason::BoundPseudonyms { rows: bound });
        }
        if let Some(seen) = self.matched.canaries.get(&facts.id) {
            let canaries = seen.ordinals.len() as u64;
            reasons.push(Reason::Canaries { rows: seen.rows, canaries });
        }
        let strange = self.rows_where(|class| {
            matches!(self.trail(class),
                Trail::Strange(holders) if holders.binary_search(&facts.id).is_ok())
        });
        if strange > 0 {
            reasons.push(Reason::SameStrangers { rows: strange });
        }
        let of_domain = self.rows_where(|class| {
            domain_of(self.trail(class)).is_some_and(|(domain, _)| facts.domains.contains(&domain))
        });
        if of_domain > bound {
            reasons.push(Reason::Pseudonyms { rows: of_domain - bound });
        }
        reasons
    }

    /// All holders that explain rows or are in question, and always ourselves.
    fn holders(&self, weighed: &WeighedAll, disclosures: &[DisclosureScore]) -> Vec<HolderScore> {
        let mut rows: BTreeMap<Option<ProcessorId>, f64> = BTreeMap::from([(None, 0.0)]);
        for suspect in &weighed.suspects {
            *rows.entry(holder_of(suspect.suspect, self.facts)).or_default() += suspect.rows;
        }
        let mut holders: Vec<HolderScore> = rows
            .into_iter()
            .map(|(holder, rows)| self.holder(holder, rows, weighed, disclosures))
            .filter(|holder| holder.holder == Holder::Ours || holder.score >= SCORE_SHOWN_MIN)
            .collect();
        holders.sort_by(|left, right| {
            (right.rows.cmp(&left.rows)).then(right.score.total_cmp(&left.score))
        });
        holders
    }

    fn holder(
        &self,
        holder: Option<ProcessorId>,
        rows: f64,
        weighed: &WeighedAll,
        disclosures: &[DisclosureScore],
    ) -> HolderScore {
        let score = weighed.holders.get(&holder).copied().unwrap_or(0.0);
        let rows = rounded(rows);
        let reasons = match holder {
            None => self.reasons_for_us(score),
            Some(processor) => self.reasons_for(processor, rows, disclosures),
        };
        HolderScore {
            holder: holder.map_or(Holder::Ours, Holder::Processor),
            score,
            rows,
            share: (float(rows) / float(self.known.max(1))).min(1.0),
            reasons,
        }
    }

    fn reasons_for_us(&self, score: f64) -> Vec<Reason> {
        let excluded = self.rows_where(|class| *self.trail(class) != Trail::None);
        let reason = if score >= SCORE_FOUND {
            Reason::OwnCopyFits
        } else if excluded > 0 {
            Reason::OwnCopyExcluded
        } else {
            Reason::OwnCopyPossible
        };
        vec![reason]
    }

    fn reasons_for(
        &self,
        processor: ProcessorId,
        rows: u64,
        disclosures: &[DisclosureScore],
    ) -> Vec<Reason> {
        let mut reasons = vec![Reason::Explains { rows }];
        let pseudonyms = self.rows_where(|class| {
            matches!(self.trail(class),
                Trail::Pseudonym { processor: of, .. } if *of == processor)
        });
        if pseudonyms > 0 {
            reasons.push(Reason::Pseudonyms { rows: pseudonyms });
        }
        let best = disclosures.iter().find(|disclosure| disclosure.processor == processor);
        let rest = best.into_iter().flat_map(|disclosure| &disclosure.reasons);
        reasons.extend(rest.filter(|reason| !matches!(reason, Reason::Pseudonyms { .. })).cloned());
        reasons
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of responsibilities lies between 0 and the number of rows"
)]
fn rounded(rows: f64) -> u64 {
    rows.round().max(0.0) as u64
}
