//! The file as every suspect sees it: lines of rows that look alike, with their densities.
//!
//! A density says how likely a suspect would have produced a row, as a multiple of drawing a
//! subject of ours blindly. Ten million rows come down to a few hundred lines, because only three
//! things matter: which suspects held the row, what is in it, and how far it stands from the row
//! before it.

use std::collections::HashMap;

use doldam_ground::Kind;

use super::mixture::Table;
use super::order::{ABSENT, CODES, FRESH, Order, codes};
use super::persons::{Class, Persons};
use super::suspect::{Fit, Suspect, fit};
use crate::TraceError;
use crate::facts::{Facts, float};
use crate::house::House;
use crate::match_ladder::Trail;
use crate::matching::Matched;

/// Density of what a suspect cannot have produced: small enough that one such row outweighs any
/// number of columns, large enough that one fault in our records does not acquit.
pub(super) const IMPOSSIBLE: f64 = 1e-9;
/// How often a row of a file that is none of ours is one of our people all the same: another
/// company has customers in common with us.
const COMMON_CUSTOMERS: f64 = 0.03;
/// The same when the row is known by nickname only, which people share without knowing each other.
const COMMON_NICKNAMES: f64 = 0.05;
/// How often somebody has by chance the nickname of a planted person and nothing else of theirs.
const COMMON_PLANTED_NICKNAMES: f64 = 1e-4;
/// How often a stranger whom a hand-over held turns up in a file that has nothing to do with it.
const COMMON_STRANGERS: f64 = 0.003;
/// What it costs in all, in natural logarithms, if every row holds a kind that the suspect never
/// got. One column may have been joined in from elsewhere; that happens to a file, not to a row.
const MISSING_KIND_NATS: f64 = 60.0;
/// The most that a missing kind costs one row.
const MISSING_KIND_ROW_NATS: f64 = 9.0;
/// Most lines; beyond them the order of the rest is let go.
const LINES_MAX: usize = 16_384;
/// Bits of a code.
const CODE_BITS: usize = 5;

/// The lines of a file and what was found about its order.
pub(crate) struct Evidence {
    pub(crate) table: Table,
    /// For each suspect, if the file keeps its order: how many rows follow the one before.
    pub(crate) in_order: Vec<Option<u64>>,
}

/// Draws up the lines. The first source of the table is "elsewhere", then come the suspects.
pub(crate) fn draw_up(
    persons: &Persons,
    suspects: &[Suspect],
    facts: &Facts,
    matched: &Matched,
    house: &dyn House,
) -> Result<Evidence, TraceError> {
    let mut keys = vec![0_u128; persons.list.len()];
    let mut orders = Vec::with_capacity(suspects.len());
    let mut in_order = Vec::with_capacity(suspects.len());
    for (slot, suspect) in suspects.iter().enumerate() {
        let view = View::of(*suspect, persons, facts, house)?;
        for (key, code) in keys.iter_mut().zip(&view.codes) {
            *key |= u128::from(*code) << (slot * CODE_BITS);
        }
        in_order.push(view.order.as_ref().map(|_| view.following));
        orders.push(view.order);
    }
    let judge = Judge::new(persons, suspects, facts, matched, orders);
    Ok(Evidence { table: judge.table(&keys), in_order })
}

/// The file as one suspect sees it.
struct View {
    codes: Vec<u8>,
    order: Option<Order>,
    following: u64,
}

impl View {
    fn of(
        suspect: Suspect,
        persons: &Persons,
        facts: &Facts,
        house: &dyn House,
    ) -> Result<Self, TraceError> {
        let (places, size) = match suspect {
            Suspect::Access(_) => return Ok(Self::without_order(vec![FRESH; persons.list.len()])),
            // Our own exports come in the order of enrolment, which is that of the ordinals.
            Suspect::Ours => {
                let place = |ordinal: u32| (!is_canary(ordinal)).then_some(ordinal);
                let places = persons.list.iter().map(|person| place(person.ordinal)).collect();
                (places, facts.subject_total)
            }
            Suspect::Disclosure(place) => {
                let disclosure = &facts.disclosures[place];
                let order = house.row_order(disclosure.id)?;
                if order.is_empty() {
                    let members = &disclosure.members;
                    let code = |ordinal| if members.contains(ordinal) { FRESH } else { ABSENT };
                    let codes = persons.list.iter().map(|person| code(person.ordinal)).collect();
                    return Ok(Self::without_order(codes));
                }
                let places = persons.places_in(order.iter().map(|ordinal| ordinal.number()));
                (places, disclosure.members.len())
            }
        };
        let (codes, histogram) = codes(&places);
        match Order::fit(&histogram, float(size.max(1))) {
            Some(order) => {
                let following = histogram[usize::from(FRESH) + 1..].iter().sum();
                Ok(Self { codes, order: Some(order), following })
            }
            None => Ok(Self::without_order(codes)),
        }
    }

    fn without_order(mut codes: Vec<u8>) -> Self {
        for code in &mut codes {
            *code = (*code).min(FRESH);
        }
        Self { codes, order: None, following: 0 }
    }
}

const fn is_canary(ordinal: u32) -> bool {
    doldam_ground::ids::Ordinal::new(ordinal).is_canary()
}

/// Gives densities.
struct Judge<'run> {
    persons: &'run Persons,
    suspects: &'run [Suspect],
    facts: &'run Facts,
    matched: &'run Matched,
    orders: Vec<Option<Order>>,
    fits: Vec<Vec<Fit>>,
    nickname: u32,
    missing_factor: f64,
}

impl<'run> Judge<'run> {
    fn new(
        persons: &'run Persons,
        suspects: &'run [Suspect],
        facts: &'run Facts,
        matched: &'run Matched,
        orders: Vec<Option<Order>>,
    ) -> Self {
        let fit_of = |class: &Class| {
            let fit_to = |suspect: &Suspect| match suspect {
                Suspect::Disclosure(place) => fit(class, &facts.disclosures[*place], matched),
                Suspect::Ours if matched.trails[usize::from(class.trail)] == Trail::None => {
                    Fit::Missing(0)
                }
                Suspect::Ours => Fit::Impossible,
                Suspect::Access(processor) => match matched.trails[usize::from(class.trail)] {
                    Trail::Pseudonym { processor: of, disclosure: None, .. }
                        if of == *processor =>
                    {
                        Fit::Missing(class.kinds.count_ones())
                    }
                    _ => Fit::Impossible,
                },
            };
            suspects.iter().map(fit_to).collect()
        };
        let nickname = matched.kinds.iter().position(|kind| *kind == Kind::NICKNAME);
        let rows = float(persons.total().max(1));
        Self {
            persons,
            suspects,
            facts,
            matched,
            orders,
            fits: persons.classes.iter().map(fit_of).collect(),
            nickname: nickname.map_or(0, |bit| 1 << bit),
            missing_factor: (-(MISSING_KIND_NATS / rows).min(MISSING_KIND_ROW_NATS)).exp(),
        }
    }

    fn table(&self, keys: &[u128]) -> Table {
        let mut lines: HashMap<(u32, u128), (u64, u64)> = HashMap::new();
        for (person, key) in self.persons.list.iter().zip(keys) {
            let key = if lines.len() < LINES_MAX { *key } else { fold(*key) };
            let line = lines.entry((person.class, key)).or_default();
            line.0 += 1;
            line.1 += u64::from(person.rows);
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        // A hash map's order changes from run to run, and sums of floats with it.
        lines.sort_unstable_by_key(|(key, _)| *key);
        let mut table = Table::new(self.suspects.len() + 1);
        for ((class, key), (persons, rows)) in lines {
            table.push(float(persons), float(rows), &self.densities(class as usize, Some(key)));
        }
        for (place, class) in self.persons.classes.iter().enumerate() {
            if class.nameless > 0 {
                let count = float(class.nameless);
                table.push(count, count, &self.densities(place, None));
            }
        }
        let strange = self
            .persons
            .classes
            .iter()
            .filter(|class| matches!(self.trail(class), Trail::Strange(_)));
        let strange: u64 = strange.map(|class| class.nameless).sum();
        let unknown = self.matched.counts.unknown.saturating_sub(strange);
        if unknown > 0 {
            let mut densities = vec![0.0; self.suspects.len() + 1];
            densities[0] = 1.0;
            table.push(float(unknown), float(unknown), &densities);
        }
        table
    }

    /// The densities of a line; `key` is `None` for rows without an ordinal.
    fn densities(&self, class: usize, key: Option<u128>) -> Vec<f64> {
        let mut out = vec![self.elsewhere(&self.persons.classes[class])];
        for (slot, suspect) in self.suspects.iter().enumerate() {
            let code = key.map_or(FRESH, |key| code_at(key, slot));
            let Fit::Missing(missing) = self.fits[class][slot] else {
                out.push(IMPOSSIBLE);
                continue;
            };
            let missing = i32::try_from(missing).expect("at most 32 kinds");
            let drawn = self.drawn(*suspect, slot, code, class);
            out.push(drawn * self.missing_factor.powi(missing));
        }
        out
    }

    /// How likely the suspect draws one of its rows, against drawing a subject of ours blindly.
    fn drawn(&self, suspect: Suspect, slot: usize, code: u8, class: usize) -> f64 {
        let subjects = float(self.facts.subject_total.max(1));
        // A plant or a bound pseudonym says by itself that the suspect held the row.
        let named = matches!(
            self.trail(&self.persons.classes[class]),
            Trail::Planted(_) | Trail::Pseudonym { disclosure: Some(_), .. }
        );
        let size = match suspect {
            Suspect::Disclosure(place) => float(self.facts.disclosures[place].members.len().max(1)),
            Suspect::Ours | Suspect::Access(_) => subjects,
        };
        if code == ABSENT && !named {
            return IMPOSSIBLE;
        }
        let factor = self.orders[slot]
            .as_ref()
            .map_or(1.0, |order| order.factors[usize::from(code.max(FRESH)).min(CODES - 1)]);
        (subjects / size * factor).max(IMPOSSIBLE)
    }

    fn elsewhere(&self, class: &Class) -> f64 {
        match self.trail(class) {
            Trail::None if class.kinds == self.nickname => COMMON_NICKNAMES,
            Trail::None => COMMON_CUSTOMERS,
            // A stranger's text reads as this very ordinal once in as many as the cipher has.
            Trail::Pseudonym { space: Some(space), .. } => {
                float(self.facts.subject_total.max(1)) / float((*space).max(1))
            }
            Trail::Planted(_) if class.kinds == self.nickname => COMMON_PLANTED_NICKNAMES,
            Trail::Pseudonym { space: None, .. } | Trail::Planted(_) => IMPOSSIBLE,
            Trail::Strange(_) => COMMON_STRANGERS,
        }
    }

    fn trail(&self, class: &Class) -> &Trail {
        &self.matched.trails[usize::from(class.trail)]
    }
}

fn code_at(key: u128, slot: usize) -> u8 {
    let code = key >> (slot * CODE_BITS) & (CODES as u128 - 1);
    u8::try_from(code).expect("five bits were cut out")
}

/// The key without distances: only which suspects hold the row.
fn fold(key: u128) -> u128 {
    let slots = usize::try_from(u128::BITS).expect("128") / CODE_BITS;
    (0..slots)
        .map(|slot| u128::from(code_at(key, slot).min(FRESH)) << (slot * CODE_BITS))
        .fold(0, |all, code| all | code)
}
