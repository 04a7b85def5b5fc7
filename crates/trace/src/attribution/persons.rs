//! The different people of a file, in the order in which they first appear.
//!
//! A row that stands ten times is one piece of evidence, not ten; but the same person with another
//! disclosure's pseudonym is another one. Rows that look alike to every source (same kinds in
//! clear, same trail) form a class.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use crate::matching::{Matched, NOBODY};

/// One person of the file.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) ordinal: u32,
    /// Place in [`Persons::classes`].
    pub(crate) class: u32,
    /// Rows of the file that are this person's.
    pub(crate) rows: u32,
}

/// People whose rows hold the same kinds and left the same trail.
#[derive(Default)]
pub(crate) struct Class {
    pub(crate) kinds: u32,
    pub(crate) trail: u16,
    pub(crate) ordinals: RoaringBitmap,
    /// Rows without an ordinal: erased people, strangers seen before.
    pub(crate) nameless: u64,
    pub(crate) rows: u64,
}

impl Class {
    pub(crate) fn persons(&self) -> u64 {
        self.nameless + self.ordinals.len()
    }
}

/// The different people of a file.
#[derive(Default)]
pub(crate) struct Persons {
    /// In the order of the file; rows without an ordinal are only counted in their class.
    pub(crate) list: Vec<Person>,
    pub(crate) classes: Vec<Class>,
    places: HashMap<u32, u32, std::hash::BuildHasherDefault<Scatter>>,
}

/// Spreads dense ordinals by one multiplication; they are no one's choice, so nothing stronger is
/// needed.
#[derive(Default)]
pub(crate) struct Scatter(u64);

impl std::hash::Hasher for Scatter {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(20);
    }
}

impl Persons {
    /// Gathers the people of a judged file.
    pub(crate) fn gather(matched: &Matched) -> Self {
        let mut out = Self::default();
        let mut classes: HashMap<(u32, u16), u32> = HashMap::new();
        let mut with_other_trail: HashMap<(u32, u16), u32> = HashMap::new();
        out.places.reserve(usize::try_from(matched.subjects.len()).unwrap_or(0));
        for row in &matched.rows {
            let class = *classes.entry((row.kinds, row.trail)).or_insert_with(|| {
                out.classes.push(Class { kinds: row.kinds, trail: row.trail, ..Class::default() });
                small(out.classes.len() - 1)
            });
            out.classes[class as usize].rows += 1;
            if row.ordinal == NOBODY {
                out.classes[class as usize].nameless += 1;
                continue;
            }
            let next = small(out.list.len());
            let mut place = *out.places.entry(row.ordinal).or_insert(next);
            if place != next && out.trail_of(place) != row.trail {
                place = *with_other_trail.entry((row.ordinal, row.trail)).or_insert(next);
            }
            if place == next {
                out.list.push(Person { ordinal: row.ordinal, class, rows: 0 });
                out.classes[class as usize].ordinals.insert(row.ordinal);
            }
            out.list[place as usize].rows += 1;
        }
        out
    }

    fn trail_of(&self, place: u32) -> u16 {
        self.classes[self.list[place as usize].class as usize].trail
    }

    /// How many pieces of evidence there are.
    pub(crate) fn total(&self) -> u64 {
        self.classes.iter().map(Class::persons).sum()
    }

    /// Where each person of the file stands in `order`, which may hold many others.
    pub(crate) fn places_in(&self, order: impl Iterator<Item = u32>) -> Vec<Option<u32>> {
        let mut found = vec![None; self.list.len()];
        for (position, ordinal) in order.enumerate() {
            if let Some(place) = self.places.get(&ordinal) {
                found[*place as usize] = u32::try_from(position).ok();
            }
        }
        found
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).expect("a file has fewer rows than 2^32")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::match_ladder::Trail;
    use crate::matching::{Counts, Row};

    #[test]
    fn repeats_are_one_person_and_another_trail_is_another() {
        let row = |ordinal, trail| Row { ordinal, kinds: 1, trail };
        let rows = vec![row(5, 0), row(5, 0), row(9, 0), row(5, 1), row(5, 1), row(NOBODY, 1)];
        let persons = Persons::gather(&Matched {
            rows,
            trails: vec![Trail::None, Trail::None],
            kinds: Vec::new(),
            exact: RoaringBitmap::new(),
            subjects: RoaringBitmap::new(),
            canaries: std::collections::BTreeMap::new(),
            counts: Counts::default(),
        });
        let list: Vec<_> =
            persons.list.iter().map(|person| (person.ordinal, person.rows)).collect();
        assert_eq!(list, [(5, 2), (9, 1), (5, 2)]);
        assert_eq!(persons.total(), 4);
        assert_eq!(persons.places_in([1, 9, 5].into_iter()), [Some(2), Some(1), None]);
    }
}
