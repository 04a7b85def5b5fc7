//! A small register for the tests of subjects, and everything that a reader can see of it.

use doldam_ground::Kind;
use doldam_ground::ids::{Handle, ImportId, Ordinal};

use super::World;
use crate::subject::{self, Digests, Records};
use crate::{StoreError, import};

/// People 0 to 5 may be in the register.
pub(super) const PEOPLE: i64 = 6;
/// Values that somebody may have.
pub(super) const VALUES: [(Kind, &str); 6] = [
    (Kind::CI, "ci-a"),
    (Kind::CI, "ci-b"),
    (Kind::EMAIL, "old@example.com"),
    (Kind::EMAIL, "new@example.com"),
    (Kind::PHONE, "01000000001"),
    (Kind::NAME, "the same name"),
];
/// Resident numbers that somebody may have.
pub(super) const RESIDENTS: [&str; 2] = ["rrn-a", "rrn-b"];

/// Stands in for a keyed hash.
pub(super) fn digest(value: &str) -> [u8; 16] {
    let mut digest = [0; 16];
    digest.iter_mut().zip(value.bytes()).for_each(|(to, from)| *to = from);
    digest
}

pub(super) fn digests(values: &[(Kind, &str)]) -> Digests {
    let mut found = Digests::default();
    for (kind, value) in values {
        found.push(*kind, digest(value));
    }
    found
}

/// Handles use all 64 bits: those of odd people are negative in the store.
pub(super) fn handle(ordinal: i64) -> i64 {
    ordinal + if ordinal % 2 == 1 { i64::MIN } else { 1 << 40 }
}

/// What one import brings about one person.
#[derive(Clone, Default)]
pub(super) struct Brought {
    pub(super) ordinal: i64,
    pub(super) is_new: bool,
    pub(super) language: &'static str,
    pub(super) gained: Vec<(Kind, &'static str)>,
    pub(super) lost: Vec<(Kind, &'static str)>,
    pub(super) resident: Option<&'static str>,
}

/// A person who was not there before.
pub(super) fn newcomer(ordinal: i64, gained: &[(Kind, &'static str)]) -> Brought {
    let gained = gained.to_vec();
    Brought { ordinal, is_new: true, language: "ko", gained, ..Brought::default() }
}

/// The sealed record of a person by an import, as the tests write it.
pub(super) fn sealed(import: ImportId, ordinal: i64) -> Vec<u8> {
    format!("record of {ordinal} by {import}").into_bytes()
}

pub(super) fn begin(world: &World) -> Result<ImportId, StoreError> {
    let now = world.now();
    world.store.write("import.begin", move |tx| {
        let origin = import::Origin { source: "a branch", received_at: now, legal_basis: None };
        import::begin(tx, &origin, now)
    })
}

pub(super) fn stage(world: &World, import: ImportId, people: &[Brought]) {
    let people = people.to_vec();
    world.write(move |tx| {
        for person in &people {
            let ordinal = [person.ordinal];
            if person.is_new {
                subject::insert(tx, import, &ordinal, &[handle(person.ordinal)])?;
                subject::insert_handles(tx, import, &[handle(person.ordinal)], &ordinal)?;
            }
            let records = Records {
                ordinals: ordinal.to_vec(),
                languages: vec![person.language.to_owned()],
                sealed: vec![sealed(import, person.ordinal)],
            };
            subject::insert_records(tx, import, &records)?;
            let whose = vec![person.ordinal; person.lost.len()];
            subject::retire_digests(tx, import, &digests(&person.lost), &whose)?;
            let whose = vec![person.ordinal; person.gained.len()];
            subject::insert_digests(tx, import, &digests(&person.gained), &whose)?;
            if let Some(number) = person.resident {
                let sealed = [number.as_bytes().to_vec()];
                subject::insert_resident_numbers(tx, import, &ordinal, &[digest(number)], &sealed)?;
            }
        }
        Ok(())
    });
}

pub(super) fn flip(world: &World, import: ImportId) -> Result<(), StoreError> {
    let now = world.now();
    world.store.write("import.flip", move |tx| import::flip(tx, import, 3, 1, now))
}

pub(super) fn abandon(world: &World, import: ImportId) -> Result<(), StoreError> {
    let now = world.now();
    world.store.write("import.abandon", move |tx| import::abandon(tx, import, now))
}

pub(super) fn sweep(world: &World, import: ImportId) -> Result<(), StoreError> {
    world.store.write("import.sweep", move |tx| import::sweep(tx, import))
}

/// Begins, stages and flips.
pub(super) fn enrol(world: &World, people: &[Brought]) -> ImportId {
    let import = begin(world).unwrap();
    stage(world, import, people);
    flip(world, import).unwrap();
    import
}

/// Everything that the functions which read subjects give away.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) count: u64,
    pub(super) everybody: Vec<u32>,
    pub(super) korean: Vec<u32>,
    pub(super) english: Vec<u32>,
    /// (place in [`VALUES`], holder).
    pub(super) holders: Vec<(usize, u32)>,
    /// (person whose handle was asked for, ordinal).
    pub(super) by_handle: Vec<(usize, u32)>,
    /// (person, handle).
    pub(super) handles: Vec<(usize, i64)>,
    /// (person, import, language, sealed).
    pub(super) records: Vec<(usize, ImportId, String, Vec<u8>)>,
    /// (place in [`RESIDENTS`], holder).
    pub(super) resident_holders: Vec<(usize, u32)>,
    /// (person, import, sealed).
    pub(super) residents: Vec<(i64, ImportId, Vec<u8>)>,
    pub(super) kinds: Vec<Kind>,
    /// (place in [`VALUES`], person, first import).
    pub(super) provenance: Vec<(usize, i64, ImportId)>,
}

pub(super) fn view(world: &World) -> View {
    let ordinals: Vec<i64> = (0..PEOPLE).collect();
    let handles: Vec<i64> = ordinals.iter().map(|ordinal| handle(*ordinal)).collect();
    let numbers = |found: Vec<Ordinal>| found.into_iter().map(Ordinal::number).collect();
    let mut view = View {
        count: world.read(subject::count),
        everybody: numbers(world.read(|tx| subject::select(tx, None))),
        korean: numbers(world.read(|tx| subject::select(tx, Some("ko")))),
        english: numbers(world.read(|tx| subject::select(tx, Some("en")))),
        holders: pairs(world, |tx, visit| subject::find_by_digests(tx, &digests(&VALUES), visit)),
        by_handle: pairs(world, |tx, visit| subject::find_by_handles(tx, &handles, visit)),
        handles: handles_of(world, &ordinals),
        records: records_of(world, &ordinals),
        resident_holders: pairs(world, |tx, visit| {
            subject::find_by_resident_digests(tx, &RESIDENTS.map(digest), visit)
        }),
        residents: Vec::new(),
        kinds: Kind::all().filter(|kind| world.read(|tx| subject::holds_kind(tx, *kind))).collect(),
        provenance: Vec::new(),
    };
    for ordinal in ordinals {
        let number = Ordinal::new(u32::try_from(ordinal).unwrap());
        let resident = world.read(|tx| subject::resident_number(tx, number));
        view.residents.extend(resident.map(|(import, sealed)| (ordinal, import, sealed)));
        let whose = [ordinal; VALUES.len()];
        let imports = world.read(|tx| subject::provenance(tx, &digests(&VALUES), &whose));
        let held = imports.into_iter().enumerate();
        view.provenance.extend(held.filter_map(|(place, import)| Some((place, ordinal, import?))));
    }
    view
}

type Visit<'a> = &'a mut dyn FnMut(usize, Ordinal) -> Result<(), StoreError>;

fn pairs(
    world: &World,
    ask: impl Fn(&mut crate::Tx<'_>, Visit<'_>) -> Result<(), StoreError>,
) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    world.read(|tx| {
        ask(tx, &mut |place, ordinal| {
            found.push((place, ordinal.number()));
            Ok(())
        })
    });
    found.sort_unstable();
    found
}

fn handles_of(world: &World, ordinals: &[i64]) -> Vec<(usize, i64)> {
    let mut found = Vec::new();
    world.read(|tx| {
        subject::handles_of(tx, ordinals, &mut |place, handle: Handle| {
            found.push((place, handle.bits().cast_signed()));
            Ok(())
        })
    });
    found.sort_unstable();
    found
}

fn records_of(world: &World, ordinals: &[i64]) -> Vec<(usize, ImportId, String, Vec<u8>)> {
    let mut found = Vec::new();
    world.read(|tx| {
        subject::records_of(tx, ordinals, &mut |place, record| {
            found.push((place, record.import, record.language, record.sealed));
            Ok(())
        })
    });
    found.sort_unstable();
    found
}
