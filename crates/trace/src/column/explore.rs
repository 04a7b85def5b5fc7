//! Asking a sample of each column under the kinds that it could be.

use std::collections::{BTreeMap, HashSet};

use doldam_ground::Kind;
use doldam_ground::ids::DomainId;
use doldam_ground::kind::PseudonymShape;

use super::shape::{admit, admit_pseudonym, is_strict};
use super::{Column, Found, Reading, Sample, Typed, each_found};
use crate::TraceError;
use crate::facts::{Facts, float};
use crate::house::{Answer, House, Proof, Unmasked};
use crate::lookup::Texts;
use crate::match_ladder::{identifies, rank};

/// Most texts of a column that are asked for under its likeliest kind.
const ASKED_MAX: usize = 512;
/// Most texts that are asked for under each other kind, once one kind has been borne out.
const ASKED_MORE_MAX: usize = 96;
/// How strongly a sample must speak against chance, in natural logarithms (12: one in 160,000).
const BORNE_OUT_NATS: f64 = 12.0;

/// Types every column of the sample.
pub(crate) fn type_columns(
    sample: &Sample,
    house: &dyn House,
    facts: &Facts,
) -> Result<Vec<Column>, TraceError> {
    let mut columns = Vec::with_capacity(sample.columns.len());
    for (place, name) in sample.columns.iter().enumerate() {
        let header = sample.has_header.then(|| Kind::from_header(name)).flatten();
        let texts: Vec<&str> = sample
            .rows
            .iter()
            .filter_map(|row| row.get(place))
            .map(String::as_str)
            .filter(|text| !text.trim().is_empty())
            .collect();
        let mut explorer = Explorer {
            house,
            facts,
            header,
            texts_total: texts.len(),
            unexplained: texts,
            kept: Vec::new(),
        };
        columns.push(explorer.explore()?);
    }
    Ok(columns)
}

struct Explorer<'run> {
    house: &'run dyn House,
    facts: &'run Facts,
    header: Option<Kind>,
    texts_total: usize,
    unexplained: Vec<&'run str>,
    kept: Vec<Typed>,
}

impl Explorer<'_> {
    fn explore(&mut self) -> Result<Column, TraceError> {
        let pseudonyms = !self.facts.processors.is_empty();
        if pseudonyms {
            for shape in [Some(Kind::CI), Some(Kind::DI), Some(Kind::EMAIL), None] {
                self.try_pseudonym(shape)?;
            }
        }
        for kind in self.kinds() {
            self.try_value(kind)?;
        }
        if pseudonyms && !self.unexplained.is_empty() {
            for kind in statistical_shapes() {
                self.try_pseudonym(Some(kind))?;
            }
            self.read_strays_as_pseudonyms();
        }
        if self.kept.is_empty() {
            self.try_free_text()?;
        }
        self.kept.sort_by_key(|typed| std::cmp::Reverse(typed.hits));
        Ok(Column { readings: std::mem::take(&mut self.kept) })
    }

    /// The kinds to try: what the header says, then down the ladder, then what names nobody.
    fn kinds(&self) -> Vec<Kind> {
        let mut kinds = self.facts.kinds.clone();
        let place = |kind: &Kind| (Some(*kind) != self.header, rank(*kind).unwrap_or(u8::MAX));
        kinds.sort_by_key(place);
        kinds
    }

    fn asked_max(&self) -> usize {
        let borne_out = self.kept.iter().any(|typed| typed.hits > 0);
        if borne_out { ASKED_MORE_MAX } else { ASKED_MAX }
    }

    fn try_value(&mut self, kind: Kind) -> Result<(), TraceError> {
        let mut texts = Texts::default();
        let mut strict = 0;
        let most = self.asked_max();
        for (place, raw) in self.unexplained.iter().enumerate() {
            let Some(value) = admit(kind, raw) else { continue };
            strict += usize::from(is_strict(kind, &value));
            if texts.len() < most {
                texts.push(number(place), &value);
            }
        }
        let answers = texts.whose(self.house, kind)?;
        let known = |answer: &Answer| *answer != Answer::Nobody;
        let hits = answers.iter().filter(|answer| known(answer)).count();
        let trial = Trial {
            kind,
            asked: texts.len(),
            hits,
            mostly_strict: strict > 0 && strict * 2 >= self.texts_total,
        };
        if !self.is_kept(&trial) {
            return Ok(());
        }
        let explained = places(&texts, &answers, known);
        self.keep(Reading::Value(kind), &trial, &explained);
        Ok(())
    }

    fn is_kept(&self, trial: &Trial) -> bool {
        let by_header = Some(trial.kind) == self.header;
        let half = trial.hits > 0 && trial.hits * 2 >= trial.asked;
        if !identifies(trial.kind) {
            let taken = self.kept.iter().any(|typed| typed.hits > 0);
            return half && (by_header || !taken);
        }
        if trial.hits == 0 {
            return trial.mostly_strict || by_header && trial.asked * 2 >= self.texts_total;
        }
        let sure = by_header || trial.mostly_strict || matches!(trial.kind, Kind::CI | Kind::DI);
        sure || half || trial.hits >= 2 && trial.hits * 50 >= trial.asked
    }

    fn try_pseudonym(&mut self, shape: Option<Kind>) -> Result<(), TraceError> {
        let mut texts = Texts::default();
        let mut firsts = Vec::new();
        let mut seen = HashSet::new();
        for (place, raw) in self.unexplained.iter().enumerate() {
            if let Some(text) = admit_pseudonym(shape, raw) {
                texts.push(number(place), &text);
                firsts.push(seen.insert(text));
            }
            if texts.len() == ASKED_MAX {
                break;
            }
        }
        let answers = texts.unmask(self.house, shape)?;
        // One text that stands a hundred times is no stronger evidence than once.
        let different = answers.iter().zip(firsts).filter(|(_, first)| *first);
        let borne_out = borne_out(different.map(|(answer, _)| answer.as_slice()), self.facts);
        let known = |readings: &Vec<Unmasked>| {
            readings.iter().any(|reading| match reading.proof {
                Proof::Keyed => true,
                Proof::Statistical { .. } => borne_out.contains(&reading.domain),
            })
        };
        let hits = answers.iter().filter(|readings| known(readings)).count();
        if hits == 0 {
            return Ok(());
        }
        let trial = Trial { kind: Kind::PSEUDONYM, asked: texts.len(), hits, mostly_strict: true };
        let explained = places(&texts, &answers, known);
        let reading = Reading::Pseudonym { shape, borne_out: borne_out.clone() };
        self.keep(reading, &trial, &explained);
        Ok(())
    }

    /// Keeps a column as free text if the scanner finds anything in it that could be asked for.
    fn try_free_text(&mut self) -> Result<(), TraceError> {
        let mut by_kind: BTreeMap<Kind, Texts> = BTreeMap::new();
        let mut found = 0;
        for (place, text) in self.unexplained.iter().take(ASKED_MAX).enumerate() {
            each_found(text, |value| {
                found += 1;
                if let Found::Value(kind, value) = value {
                    by_kind.entry(kind).or_default().push(number(place), &value);
                }
            });
        }
        let mut hits = 0;
        for (kind, texts) in by_kind {
            if self.facts.kinds.contains(&kind) {
                let answers = texts.whose(self.house, kind)?;
                hits += answers.iter().filter(|answer| **answer != Answer::Nobody).count();
            }
        }
        if found > 0 {
            self.kept.push(Typed {
                reading: Reading::FreeText,
                asked: found,
                hits,
                by_header: false,
            });
        }
        Ok(())
    }

    /// A column of CIs may hold a few of our pseudonyms that no sample met.
    fn read_strays_as_pseudonyms(&mut self) {
        for kind in [Kind::CI, Kind::DI] {
            let reading = Reading::Pseudonym { shape: Some(kind), borne_out: Vec::new() };
            let has = |wanted: &Reading| self.kept.iter().any(|typed| typed.reading == *wanted);
            if has(&Reading::Value(kind)) && !has(&reading) {
                self.kept.push(Typed { reading, asked: 0, hits: 0, by_header: false });
            }
        }
    }

    fn keep(&mut self, reading: Reading, trial: &Trial, explained: &[usize]) {
        self.kept.push(Typed {
            reading,
            asked: trial.asked,
            hits: trial.hits,
            by_header: Some(trial.kind) == self.header,
        });
        let mut explained = explained.iter().peekable();
        let mut place = 0;
        self.unexplained.retain(|_| {
            let drop = explained.next_if_eq(&&place).is_some();
            place += 1;
            !drop
        });
    }
}

struct Trial {
    kind: Kind,
    asked: usize,
    hits: usize,
    mostly_strict: bool,
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("a sample has a few thousand texts")
}

/// The numbers of the texts whose answer is known, ascending as they were pushed.
fn places<T>(texts: &Texts, answers: &[T], known: impl Fn(&T) -> bool) -> Vec<usize> {
    (0..texts.len())
        .filter(|place| known(&answers[*place]))
        .map(|place| texts.number(place) as usize)
        .collect()
}

/// Kinds whose pseudonyms are format-preserving, so that every text of the shape reads as one.
fn statistical_shapes() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| {
        matches!(
            kind.entry().pseudonym,
            PseudonymShape::Account
                | PseudonymShape::Card
                | PseudonymShape::Nickname
                | PseudonymShape::Phone
        )
    })
}

/// The domains whose statistical readings hit more often than strangers' texts would.
///
/// With `hits` of `texts` read as somebody whose pseudonym was issued, and a chance of `p` for a
/// stranger's text, the probability of as many hits is at most `exp(-texts · KL(hits/texts ‖ p))`
/// (Chernoff's bound); the bar is raised by the number of domains that were tried.
fn borne_out<'answer>(
    answers: impl Iterator<Item = &'answer [Unmasked]>,
    facts: &Facts,
) -> Vec<DomainId> {
    let mut domains: BTreeMap<DomainId, (u64, f64)> = BTreeMap::new();
    let mut texts = 0_u64;
    for reading in answers.inspect(|_| texts += 1).flatten() {
        let Proof::Statistical { space } = reading.proof else { continue };
        let chance = facts.chance(reading.domain, space);
        let entry = domains.entry(reading.domain).or_insert((0, chance));
        entry.0 += u64::from(is_issued(reading, facts));
    }
    let texts = float(texts);
    let bar = BORNE_OUT_NATS + float(domains.len() as u64).max(1.0).ln();
    domains
        .into_iter()
        .filter(|(_, (hits, chance))| surprise(float(*hits), texts, *chance) >= bar)
        .map(|(domain, _)| domain)
        .collect()
}

/// Whether a reading names somebody whose pseudonym of that domain left the house.
pub(crate) fn is_issued(reading: &Unmasked, facts: &Facts) -> bool {
    let Some(ordinal) = reading.ordinal else { return false };
    facts.issued(reading.domain).is_none_or(|issued| issued.contains(ordinal.number()))
}

/// How surprising `hits` of `texts` are at a rate of `chance`, in natural logarithms; 0 when there
/// are not more hits than chance gives.
fn surprise(hits: f64, texts: f64, chance: f64) -> f64 {
    let rate = hits / texts;
    if texts < 1.0 || rate <= chance {
        return 0.0;
    }
    let miss = if rate < 1.0 { (1.0 - rate) * ((1.0 - rate) / (1.0 - chance)).ln() } else { 0.0 };
    texts * (rate * (rate / chance).ln() + miss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_certain_hits_surprise_and_hits_at_the_chance_rate_do_not() {
        assert!(surprise(4.0, 4.0, 0.01) > 12.0);
        assert!(surprise(10.0, 1_000.0, 0.01) < 1e-9);
        assert!(surprise(15.0, 1_000.0, 0.01) < 12.0);
        assert!(surprise(60.0, 1_000.0, 0.01) > 12.0);
        assert!(surprise(50.0, 50.0, 1.0) < 1e-9);
        assert!(surprise(0.0, 0.0, 0.5) < 1e-9);
    }
}
