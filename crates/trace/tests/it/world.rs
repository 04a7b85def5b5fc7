//! A bank that does not exist: its people are computed from their numbers, its disclosures from a
//! seed, so that a million subjects cost nothing and every answer can be checked.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use doldam_ground::ids::{DisclosureId, DomainId, Ordinal, ProcessorId};
use doldam_ground::{Instant, Kind, MockClock, mark};
use doldam_trace::house::{
    Answer, DisclosureFacts, Field, House, Marker, ProcessorFacts, Proof, Unmasked,
};
use doldam_trace::rows::MemoryRows;
use doldam_trace::{Trace, TraceError, trace};
use roaring::RoaringBitmap;

/// Steele, Lea and Flood's SplitMix64: enough to scatter test data.
#[derive(Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below as u64).unwrap()
    }

    pub(crate) fn person(&mut self, below: usize) -> u32 {
        u32::try_from(self.below(below)).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    pub(crate) fn some<T: Clone>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut list = list.to_vec();
        self.shuffle(&mut list);
        list.truncate(count);
        list
    }
}

const PHONES: u64 = 100_000_000;
/// Without a common factor with 10^8, and its inverse modulo 10^8.
const SPREAD: u64 = 48_271_003;

fn spread_back(number: u64) -> u64 {
    // The inverse by Euler's theorem: phi(10^8) = 4 * 10^7.
    let mut result = 1_u64;
    let (mut base, mut exponent) = (SPREAD % PHONES, 40_000_000 - 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PHONES;
        }
        base = base * base % PHONES;
        exponent /= 2;
    }
    number * result % PHONES
}

pub(crate) fn ci(person: u32) -> String {
    let mut bytes = [0; 64];
    bytes[..4].copy_from_slice(&person.to_be_bytes());
    let mut dice = Dice(u64::from(person) ^ 0xC1);
    for chunk in bytes[4..].chunks_mut(8) {
        chunk.copy_from_slice(&dice.next().to_be_bytes()[..chunk.len()]);
    }
    BASE64.encode(&bytes)
}

pub(crate) fn nickname(person: u32) -> String {
    format!("고래{person:08}")
}

pub(crate) fn phone(person: u32) -> String {
    format!("010{:08}", u64::from(person) * SPREAD % PHONES)
}

pub(crate) fn value(kind: Kind, person: u32) -> String {
    match kind {
        Kind::CI => ci(person),
        Kind::PHONE => phone(person),
        Kind::NICKNAME => nickname(person),
        _ => panic!("no such column in this world"),
    }
}

/// The person whose value this is, in this world or among its strangers.
fn person_of(kind: Kind, value: &str) -> Option<u32> {
    let person = match kind {
        Kind::CI => {
            let bytes = BASE64.decode(value.as_bytes()).ok()?;
            u32::from_be_bytes(*bytes.first_chunk()?)
        }
        Kind::PHONE => {
            let digits = value.strip_prefix("010")?;
            u32::try_from(spread_back(digits.parse().ok()?)).ok()?
        }
        Kind::NICKNAME => value.strip_prefix("고래")?.parse().ok()?,
        _ => return None,
    };
    (self::value(kind, person) == value).then_some(person)
}

/// A pseudonym in the shape of a CI.
pub(crate) fn pseudonym(domain: DomainId, bound: Option<DisclosureId>, person: u32) -> String {
    let mut bytes = [0x5A; 64];
    bytes[..4].copy_from_slice(&person.to_be_bytes());
    bytes[4..8].copy_from_slice(&domain.number().to_be_bytes());
    bytes[8..12].copy_from_slice(&bound.map_or(0, DisclosureId::number).to_be_bytes());
    let mark = mark::mark_of(&bytes[..60]);
    bytes[60..].copy_from_slice(&mark);
    BASE64.encode(&bytes)
}

/// A pseudonym in the shape of a phone number: any such number reads as somebody.
pub(crate) fn phone_pseudonym(domain: DomainId, person: u32) -> String {
    let shift = u64::from(domain.number()) * 7_654_321;
    format!("019{:08}", (u64::from(person) * SPREAD + shift) % PHONES)
}

fn read_phone_pseudonym(domain: DomainId, text: &str) -> Option<u32> {
    let digits: u64 = text.strip_prefix("019")?.parse().ok()?;
    let shift = u64::from(domain.number()) * 7_654_321 % PHONES;
    u32::try_from(spread_back((digits + PHONES - shift) % PHONES)).ok()
}

/// A disclosure with the order of its file.
#[derive(Clone)]
pub(crate) struct Disclosure {
    pub(crate) id: DisclosureId,
    pub(crate) processor: ProcessorId,
    pub(crate) rows: Vec<u32>,
    pub(crate) fields: Vec<Field>,
    pub(crate) domains: Vec<DomainId>,
}

#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) subjects: u32,
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) domains: BTreeMap<DomainId, ProcessorId>,
    pub(crate) erased: RoaringBitmap,
    /// Strangers of recorded hand-overs.
    pub(crate) strangers: BTreeMap<u32, DisclosureId>,
    /// Planted people are strangers with these numbers; their ordinals follow the base.
    pub(crate) canaries: BTreeMap<u32, DisclosureId>,
}

/// Numbers from here on are nobody's in any world.
pub(crate) const STRANGERS: u32 = 50_000_000;

pub(crate) const RAW: [Kind; 3] = [Kind::CI, Kind::NICKNAME, Kind::PHONE];

impl World {
    pub(crate) fn new(subjects: u32) -> Self {
        Self { subjects, ..Self::default() }
    }

    /// Gives `rows` to a processor, all fields in clear, in an order of its own.
    pub(crate) fn give(&mut self, processor: u32, rows: &[u32]) -> usize {
        let id = u32::try_from(self.disclosures.len()).unwrap() + 1;
        let mut rows = rows.to_vec();
        Dice(u64::from(id) << 32).shuffle(&mut rows);
        self.disclosures.push(Disclosure {
            id: DisclosureId::new(id),
            processor: ProcessorId::new(processor),
            rows,
            fields: RAW.map(|kind| Field { kind, raw: true }).to_vec(),
            domains: Vec::new(),
        });
        self.disclosures.len() - 1
    }

    fn ordinal_of(&self, person: u32) -> Option<Ordinal> {
        if person < self.subjects {
            return Some(Ordinal::new(person));
        }
        let canary = self.canaries.contains_key(&person);
        canary.then(|| Ordinal::new(Ordinal::CANARY_BASE + person - STRANGERS))
    }

    pub(crate) fn trace_table(&self, columns: &[&str], rows: &[Vec<String>]) -> Trace {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let clock = MockClock::new(Instant::from_micros(0));
        trace(&|| Ok(Box::new(MemoryRows::new(&columns, rows))), self, &clock).unwrap()
    }

    /// Traces a file that holds these people in these columns.
    pub(crate) fn trace_people(&self, kinds: &[Kind], people: &[u32]) -> Trace {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.id()).collect();
        let row = |person: &u32| kinds.iter().map(|kind| value(*kind, *person)).collect();
        let rows: Vec<Vec<String>> = people.iter().map(row).collect();
        self.trace_table(&names, &rows)
    }
}

impl House for World {
    fn kinds(&self) -> Result<Vec<Kind>, TraceError> {
        Ok(RAW.to_vec())
    }

    fn whose(&self, kind: Kind, values: &[&str]) -> Result<Vec<Answer>, TraceError> {
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "sorted, no duplicates");
        let answer = |value: &&str| match person_of(kind, value) {
            Some(person) if person < self.subjects => Answer::One(Ordinal::new(person)),
            _ => Answer::Nobody,
        };
        Ok(values.iter().map(answer).collect())
    }

    fn unmask(
        &self,
        shape: Option<Kind>,
        texts: &[&str],
    ) -> Result<Vec<Vec<Unmasked>>, TraceError> {
        let read = |domain: DomainId, bound: u32, person: u32, proof: Proof| Unmasked {
            ordinal: self.ordinal_of(person).filter(|_| !self.erased.contains(person)),
            domain,
            processor: self.domains[&domain],
            disclosure: (bound > 0).then(|| DisclosureId::new(bound)),
            proof,
        };
        let keyed = |text: &str| {
            let bytes = BASE64.decode(text.as_bytes()).ok()?;
            bytes[12..60].iter().all(|byte| *byte == 0x5A).then_some(())?;
            let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
            let domain = DomainId::new(number(4));
            let known = self.domains.contains_key(&domain);
            known.then(|| read(domain, number(8), number(0), Proof::Keyed))
        };
        let statistical = |text: &str| {
            let readings = self.domains.keys().filter_map(|domain| {
                let person = read_phone_pseudonym(*domain, text)?;
                let proof = Proof::Statistical { space: PHONES };
                (person < self.subjects).then(|| read(*domain, 0, person, proof))
            });
            readings.collect()
        };
        let answer = |text: &&str| match shape {
            Some(Kind::CI) => keyed(text).into_iter().collect(),
            Some(Kind::PHONE) => statistical(text),
            _ => Vec::new(),
        };
        Ok(texts.iter().map(answer).collect())
    }

    fn markers(&self, kind: Kind, values: &[&str]) -> Result<Vec<Vec<Marker>>, TraceError> {
        let answer = |value: &&str| {
            let Some(person) = person_of(kind, value) else { return Vec::new() };
            let strange = self
                .strangers
                .get(&person)
                .map(|disclosure| Marker { disclosure: *disclosure, canary: None });
            let canary = self.canaries.get(&person).map(|disclosure| Marker {
                disclosure: *disclosure,
                canary: self.ordinal_of(person),
            });
            strange.into_iter().chain(canary).collect()
        };
        Ok(values.iter().map(answer).collect())
    }

    fn disclosures(&self) -> Result<Vec<DisclosureFacts>, TraceError> {
        let facts = |disclosure: &Disclosure| DisclosureFacts {
            id: disclosure.id,
            processor: disclosure.processor,
            fields: disclosure.fields.clone(),
            members: disclosure
                .rows
                .iter()
                .filter_map(|person| self.ordinal_of(*person))
                .map(Ordinal::number)
                .collect(),
            domains: disclosure.domains.clone(),
            given_at: Instant::from_micros(0),
        };
        Ok(self.disclosures.iter().map(facts).collect())
    }

    fn row_order(&self, disclosure: DisclosureId) -> Result<Vec<Ordinal>, TraceError> {
        let found = self.disclosures.iter().find(|given| given.id == disclosure);
        let rows = &found.expect("only known disclosures are asked for").rows;
        Ok(rows.iter().filter_map(|person| self.ordinal_of(*person)).collect())
    }

    fn processors(&self) -> Result<Vec<ProcessorFacts>, TraceError> {
        let facts = |id| ProcessorFacts { id: ProcessorId::new(id), name: format!("Firm {id}") };
        Ok((1..=4).map(facts).collect())
    }

    fn subject_total(&self) -> Result<u64, TraceError> {
        Ok(u64::from(self.subjects))
    }
}

/// People `0..subjects`, `count` of them, drawn with `seed`.
pub(crate) fn sample(subjects: u32, count: usize, seed: u64) -> Vec<u32> {
    let people: Vec<u32> = (0..subjects).collect();
    Dice(seed).some(&people, count)
}

/// Replaces one in a hundred.
pub(crate) fn churn(rows: &[u32], subjects: u32, seed: u64) -> Vec<u32> {
    let mut dice = Dice(seed);
    let members: RoaringBitmap = rows.iter().copied().collect();
    let before = rows.len();
    let mut rows = rows.to_vec();
    dice.shuffle(&mut rows);
    rows.truncate(rows.len() - rows.len() / 100);
    let mut fresh = sample(subjects, rows.len() / 50, seed ^ 1);
    fresh.retain(|person| !members.contains(*person));
    rows.extend(fresh.into_iter().take(before / 100));
    rows
}

/// Four processors and twelve overlapping disclosures: monthly re-deliveries with one in a hundred
/// exchanged, nested subsets, independent samples, one that is nearly everybody.
pub(crate) fn twelve() -> World {
    let subjects = 100_000;
    let mut world = World::new(subjects);
    let mut month = sample(subjects, 17_551, 1);
    for seed in 2..6 {
        world.give(1, &month);
        month = churn(&month, subjects, seed);
    }
    let most: Vec<u32> = Dice(7).some(&world.disclosures[0].rows, 12_000);
    let fewer: Vec<u32> = Dice(8).some(&most, 8_000);
    world.give(2, &most);
    world.give(3, &fewer);
    let wide = sample(subjects, 50_000, 9);
    world.give(4, &wide);
    world.give(3, &Dice(10).some(&wide, 40_000));
    world.give(2, &sample(subjects, 20_000, 11));
    world.give(3, &sample(subjects, 30_000, 12));
    world.give(4, &sample(subjects, 5_000, 13));
    world.give(2, &sample(subjects, 80_000, 14));
    world
}
