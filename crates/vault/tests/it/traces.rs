//! No raw value anywhere: after the whole line of work every file is searched for every value.

use std::path::PathBuf;

use doldam_ground::{Kind, Pii};
use doldam_vault::VaultError;
use doldam_vault::disclosure::{Filter, Order, PastOrder, PastRow};

use crate::search::Needles;
use crate::world::{
    PURPOSE, World, actor, import, on_both, order, pseudonymous_kinds, replace, source, values,
};

const PEOPLE: u32 = 400;
/// Every second person is searched for.
const SEARCHED: usize = 200;

/// Every value of every kind of the people who are searched for, in all dresses.
fn needles(world: &World) -> Needles {
    let mut needles = Needles::default();
    let mut kinds = std::collections::BTreeSet::new();
    for index in (0..PEOPLE).step_by(2) {
        for (kind, value) in values(&world.people.person(index)) {
            kinds.insert(kind);
            needles.push_value(kind.id(), value.expose());
            let normal = kind.normalise(value.expose()).unwrap();
            if normal.expose() != value.expose() {
                needles.push_value(&format!("normalised {kind}"), normal.expose());
            }
        }
    }
    assert_eq!(kinds.len(), 12, "every kind of synthetic people is searched for");
    needles
}

/// Import, import again, disclose, record, reveal, erase, suspend, rotate, back up.
fn work(world: &World) {
    let mut vault = world.enrolled(PEOPLE);
    let changed = (0..40).map(|index| {
        let mut row = world.row(index);
        replace(&mut row, Kind::PHONE, world.strangers.person(index).phone.expose());
        row
    });
    import(&vault, source(), changed);
    let mut given_up = vault.enrol(source()).unwrap();
    (0..50).for_each(|index| drop(given_up.push(world.row(index)).unwrap()));
    drop(given_up);
    let all = vault.select(Filter::All).unwrap();
    for bound in [true, false] {
        let order = Order { bound, ..order("P-alpha", &pseudonymous_kinds()) };
        let drop_file = vault.disclose(&order, &all, &actor()).unwrap();
        vault.disclosure_given(drop_file.id).unwrap();
    }
    let past = PastOrder {
        processor: "P-old".to_owned(),
        relation: "provision".to_owned(),
        purpose: "a campaign of the past".to_owned(),
        given_at: vault.now(),
        return_by: None,
        sha256: [1; 32],
        bytes: 1,
    };
    let rows =
        (0..PEOPLE).map(|index| Ok::<_, VaultError>(PastRow(values(&world.people.person(index)))));
    vault.record_past(&past, rows, &actor()).unwrap();
    for index in 0..10 {
        let ordinal = world.ordinal(&vault, index);
        vault.reveal(ordinal, &[], &actor(), PURPOSE).unwrap();
        vault.reveal(ordinal, &[Kind::RRN], &actor(), PURPOSE).unwrap();
    }
    vault.backup(&world.beside("backup-1"), &actor()).unwrap();
    vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    vault.erase(world.ordinal(&vault, 8), &actor(), PURPOSE).unwrap();
    let domain = vault.domains().unwrap()[0].id;
    vault.domain_suspend(domain, &actor(), PURPOSE).unwrap();
    vault.key_rotate(&crate::world::passphrase(), &actor()).unwrap();
    vault.backup(&world.beside("backup-2"), &actor()).unwrap();
    vault.checkpoint().unwrap();
    search(world);
    drop(vault);
}

fn places(world: &World) -> Vec<PathBuf> {
    ["var", "backup-1", "backup-2", "keys", "anchor.jsonl"].map(|name| world.beside(name)).into()
}

fn search(world: &World) {
    let needles = needles(world);
    assert!(needles.len() > SEARCHED * 12 * 10);
    let searcher = needles.searcher();
    assert_eq!(searcher.search_files(&places(world)), []);
    // The same search finds every dress of every value in a planted file.
    assert_eq!(searcher.search(&needles.control()).len(), needles.len());
    let control = world.data().join("evidence/control");
    std::fs::write(&control, needles.control()).unwrap();
    let hits = searcher.search_files(&places(world));
    assert_eq!(hits.len(), needles.len());
    assert!(hits.iter().all(|hit| hit.file == control));
    std::fs::remove_file(&control).unwrap();
}

fn no_raw_value_is_in_any_file(world: &World) {
    work(world);
    // Once more when everything is closed and the logs are folded in.
    search(world);
}
on_both!(no_raw_value_is_in_any_file);

/// Errors and debug texts say nothing of whom they are about.
#[test]
fn errors_hold_no_value() {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    let person = world.people.person(1);
    let mut needles = Needles::default();
    for (kind, value) in values(&person) {
        needles.push_value(kind.id(), value.expose());
    }
    let mut shown = String::new();
    let mut enrolment = vault.enrol(source()).unwrap();
    for line in 1..3 {
        let mut row = world.row(1);
        row.line = line;
        shown.push_str(&format!("{:?}", enrolment.push(row).unwrap()));
    }
    let mut wrong = world.row(2);
    replace(&mut wrong, Kind::CI, person.name.expose());
    shown.push_str(&format!("{:?}", enrolment.push(wrong).unwrap()));
    drop(enrolment);
    let gone = world.ordinal(&vault, 1);
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    for (kind, value) in values(&person) {
        let value: Pii<String> = value;
        if let Err(error) = vault.subject_by_value(kind, &value) {
            shown.push_str(&format!("{error} {error:?} {value:?}"));
        }
    }
    shown.push_str(&format!("{gone:?} {person:?}"));
    assert!(shown.contains("no subject") && shown.contains("Repeated"));
    assert_eq!(needles.searcher().search(shown.as_bytes()), Vec::<&str>::new());
}
