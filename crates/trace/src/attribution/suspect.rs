//! Who could have had the file, and which of them deserve a closer look.

use doldam_ground::Kind;
use doldam_ground::ids::{DomainId, ProcessorId};
use roaring::RoaringBitmap;

use super::persons::{Class, Persons};
use crate::facts::{Facts, float};
use crate::house::DisclosureFacts;
use crate::match_ladder::Trail;
use crate::matching::Matched;

/// Most disclosures that are weighed against each other row by row.
pub(crate) const SHORTLIST_MAX: usize = 24;
/// How many of them are taken by each of the two ways of looking.
const TAKEN_EACH_WAY: usize = 12;

/// A possible source of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspect {
    /// Our own register or a copy of it.
    Ours,
    /// A disclosure: its place in the facts.
    Disclosure(usize),
    /// A processor's running access, where pseudonyms go out without a disclosure.
    Access(ProcessorId),
}

/// Whether a disclosure can have produced rows of this class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It never held such rows: it gave pseudonyms of other keys, or no value that they hold.
    Impossible,
    /// It held such rows, but not this many of the kinds in them.
    Missing(u32),
}

/// Judges a class of rows against a disclosure by what it contained.
pub(crate) fn fit(class: &Class, disclosure: &DisclosureFacts, matched: &Matched) -> Fit {
    let trail = &matched.trails[usize::from(class.trail)];
    let possible = match trail {
        Trail::None => true,
        Trail::Pseudonym { disclosure: Some(bound), .. } | Trail::Planted(bound) => {
            *bound == disclosure.id
        }
        Trail::Pseudonym { domain, .. } => disclosure.domains.contains(domain),
        Trail::Strange(holders) => holders.binary_search(&disclosure.id).is_ok(),
    };
    let given = raw_bits(disclosure, &matched.kinds);
    // Without a pseudonym, only a value that it got can have linked a row to its person.
    let unlinked = *trail == Trail::None && class.kinds & given == 0;
    if !possible || unlinked {
        return Fit::Impossible;
    }
    Fit::Missing((class.kinds & !given).count_ones())
}

/// The bits of the kinds that a disclosure contained in clear.
pub(crate) fn raw_bits(disclosure: &DisclosureFacts, kinds: &[Kind]) -> u32 {
    kinds
        .iter()
        .enumerate()
        .filter(|(_, kind)| has_raw(disclosure, **kind))
        .fold(0, |bits, (bit, _)| bits | 1 << bit)
}

fn has_raw(disclosure: &DisclosureFacts, kind: Kind) -> bool {
    disclosure.fields.iter().any(|field| field.raw && field.kind == kind)
}

/// The disclosures worth weighing: those that hold most of the file in the smallest set, those in
/// which it gathers more than chance, and all that a pseudonym or a canary points at.
pub(crate) fn shortlist(persons: &Persons, facts: &Facts, matched: &Matched) -> Vec<usize> {
    let total = float(persons.total());
    let subjects = float(facts.subject_total.max(1));
    let mut alone = Vec::new();
    let mut gathered = Vec::new();
    let mut pointed = Vec::new();
    for (place, disclosure) in facts.disclosures.iter().enumerate() {
        let known = float(members_of(persons, disclosure, matched));
        let pointing = pointers(persons, disclosure, matched);
        if known == 0.0 && pointing == 0.0 {
            continue;
        }
        let density = (subjects / float(disclosure.members.len().max(1))).max(1.0);
        alone.push((known * density.ln() - (total - known) * 7.0, place));
        gathered.push((known * (density * known / total).max(1.0).ln(), place));
        pointed.push((pointing, place));
    }
    pointed.retain(|(count, _)| *count > 0.0);
    let mut list: Vec<usize> = Vec::new();
    for (mut ranked, most) in
        [(pointed, SHORTLIST_MAX), (alone, TAKEN_EACH_WAY), (gathered, TAKEN_EACH_WAY)]
    {
        ranked.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        list.extend(ranked.into_iter().take(most).map(|(_, place)| place));
    }
    let mut seen = RoaringBitmap::new();
    list.retain(|place| u32::try_from(*place).is_ok_and(|place| seen.insert(place)));
    list.truncate(SHORTLIST_MAX);
    list
}

/// How many persons of the file the disclosure held in a form in which the file holds them.
fn members_of(persons: &Persons, disclosure: &DisclosureFacts, matched: &Matched) -> u64 {
    let possible =
        persons.classes.iter().filter(|class| fit(class, disclosure, matched) != Fit::Impossible);
    possible
        .map(|class| class.nameless + disclosure.members.intersection_len(&class.ordinals))
        .sum()
}

/// Rows that name this disclosure and hardly any other.
fn pointers(persons: &Persons, disclosure: &DisclosureFacts, matched: &Matched) -> f64 {
    let points = |class: &&Class| match &matched.trails[usize::from(class.trail)] {
        Trail::Pseudonym { disclosure: Some(bound), .. } | Trail::Planted(bound) => {
            *bound == disclosure.id
        }
        Trail::Strange(holders) => holders.binary_search(&disclosure.id).is_ok(),
        _ => false,
    };
    float(persons.classes.iter().filter(points).map(Class::persons).sum())
}

/// The processors whose domain-wide pseudonyms stand in the file.
pub(crate) fn accesses(matched: &Matched) -> Vec<ProcessorId> {
    let mut processors: Vec<ProcessorId> = matched
        .trails
        .iter()
        .filter_map(|trail| match trail {
            Trail::Pseudonym { processor, disclosure: None, .. } => Some(*processor),
            _ => None,
        })
        .collect();
    processors.sort_unstable();
    processors.dedup();
    processors
}

/// The domain of a class's pseudonyms, with the room of the cipher when it proves nothing singly.
pub(crate) fn domain_of(trail: &Trail) -> Option<(DomainId, Option<u64>)> {
    match trail {
        Trail::Pseudonym { domain, space, .. } => Some((*domain, *space)),
        _ => None,
    }
}
