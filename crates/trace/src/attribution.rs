//! Whose copy a leaked file is.
//!
//! Everybody who ever held the rows is a suspect, our own register first of all. Keyed pseudonyms
//! and planted people decide; where there are none, four weaker things are weighed together: who
//! held these people and few others, what was in the rows, in which order they stand, and which
//! strangers stand among them. The weighing is a mixture model (in the spirit of Papadimitriou and
//! Garcia-Molina, "Data Leakage Detection", IEEE TKDE 2011, whose guilt probabilities assume
//! independent guesses instead): a file may come from several sources, rows may be strangers', and
//! a source that nothing needs is not in the answer.
//!
//! What it cannot tell: a copy that was made at home of exactly the people whom one processor got
//! looks like that processor's, unless pseudonyms, canaries or the order of the rows speak; and so
//! do two copies of the same rows, which come out with equal scores. The result is a lead. A person
//! decides.

mod evidence;
mod mixture;
mod order;
mod persons;
mod reason;
mod search;
mod suspect;
mod verdict;

use doldam_ground::ids::{DisclosureId, ProcessorId};
use serde::Serialize;

use crate::TraceError;
use crate::facts::{Facts, float};
use crate::house::House;
use crate::matching::Matched;
use evidence::draw_up;
use persons::Persons;
pub use reason::Reason;
pub(crate) use reason::sentence;
use search::search;
use suspect::{Suspect, accesses, shortlist};

/// What a source costs, in natural logarithms, before the number of suspects is counted in: about
/// one in twenty.
const SOURCE_NATS: f64 = 3.0;
/// What it costs if the file lacks a column that the source had.
const DROPPED_COLUMN_NATS: f64 = 1.0;
/// The most that lacking columns cost.
const DROPPED_COLUMNS_NATS_MAX: f64 = 3.0;

/// Where the file comes from, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing known, or no more than chance.
    Nobody,
    /// Our own copy explains it best.
    Ours,
    /// One processor's copy explains it best.
    Processor,
    /// Several sources are needed, or several explain it equally well.
    Several,
}

/// What one disclosure explains.
#[derive(Clone, Debug)]
pub struct DisclosureScore {
    /// The disclosure.
    pub id: DisclosureId,
    /// Who received it.
    pub processor: ProcessorId,
    /// The probability that the file holds rows of this copy, 0 to 1, given the records.
    pub score: f64,
    /// Rows of the file that it explains.
    pub rows: u64,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
}

/// Our own copy or a processor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Our own register.
    Ours,
    /// An outside party.
    Processor(ProcessorId),
}

/// What one holder's copies explain.
#[derive(Clone, Debug)]
pub struct HolderScore {
    /// Who.
    pub holder: Holder,
    /// The probability that the file holds rows of this holder's copies, 0 to 1.
    pub score: f64,
    /// Rows of the file that they explain.
    pub rows: u64,
    /// Their part of the rows that are known, 0 to 1.
    pub share: f64,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
}

/// The origin of a file.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// In one word.
    pub verdict: Verdict,
    /// The holders, most rows first; ours is always among them.
    pub holders: Vec<HolderScore>,
    /// The disclosures that are in question, most rows first.
    pub disclosures: Vec<DisclosureScore>,
    /// Why this verdict.
    pub reasons: Vec<Reason>,
}

/// Weighs the origins of a judged file.
pub(crate) fn attribute(
    matched: &Matched,
    facts: &Facts,
    house: &dyn House,
) -> Result<Attribution, TraceError> {
    let persons = Persons::gather(matched);
    if persons.total() == 0 {
        return Ok(verdict::nobody(Reason::NothingKnown));
    }
    let mut suspects = vec![Suspect::Ours];
    suspects.extend(accesses(matched).into_iter().map(Suspect::Access));
    let listed = shortlist(&persons, facts, matched);
    suspects.extend(listed.into_iter().map(Suspect::Disclosure));
    suspects.truncate(suspect::SHORTLIST_MAX + 1);
    let evidence = draw_up(&persons, &suspects, facts, matched, house)?;
    let costs = costs(&persons, &suspects, facts, matched);
    let models = search(&evidence.table, &costs);
    let weighed = verdict::weigh(&models, &evidence, &suspects, facts);
    Ok(verdict::pronounce(&weighed, &persons, facts, matched))
}

/// What each source of the table costs: more the more suspects there are, and more if columns that
/// it had are lacking in the file.
fn costs(persons: &Persons, suspects: &[Suspect], facts: &Facts, matched: &Matched) -> Vec<f64> {
    let base = SOURCE_NATS + float(facts.disclosures.len() as u64 + 1).ln();
    let total = persons.total();
    let held = (0..matched.kinds.len()).filter(|bit| {
        let with = persons.classes.iter().filter(|class| class.kinds & 1 << bit != 0);
        with.map(persons::Class::persons).sum::<u64>() * 20 > total
    });
    let held: Vec<_> = held.map(|bit| matched.kinds[bit]).collect();
    let pseudonyms = persons
        .classes
        .iter()
        .any(|class| suspect::domain_of(&matched.trails[usize::from(class.trail)]).is_some());
    let dropped = |suspect: &Suspect| match suspect {
        Suspect::Ours => facts.kinds.iter().filter(|kind| !held.contains(kind)).count(),
        Suspect::Access(_) => 0,
        Suspect::Disclosure(place) => {
            let fields = &facts.disclosures[*place].fields;
            let lacks_pseudonyms = !pseudonyms && fields.iter().any(|field| !field.raw);
            let raw = fields.iter().filter(|field| field.raw && !held.contains(&field.kind));
            raw.count() + usize::from(lacks_pseudonyms)
        }
    };
    let cost = |suspect: &Suspect| {
        let columns = float(dropped(suspect) as u64) * DROPPED_COLUMN_NATS;
        base + columns.min(DROPPED_COLUMNS_NATS_MAX)
    };
    std::iter::once(0.0).chain(suspects.iter().map(cost)).collect()
}
