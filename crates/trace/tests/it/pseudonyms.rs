//! Files of pseudonyms: the keyed check decides, and single format-preserving values prove nothing.

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, ProcessorId};
use doldam_trace::attribution::Verdict;
use doldam_trace::house::Field;

use crate::world::{Dice, STRANGERS, World, nickname, phone, phone_pseudonym, pseudonym, sample};

const DOMAIN: DomainId = DomainId::new(31);
const OTHER_DOMAIN: DomainId = DomainId::new(32);

/// The same people went to two processors, each under pseudonyms of its own, and raw to a third.
fn world() -> World {
    let mut world = World::new(100_000);
    world.domains.insert(DOMAIN, ProcessorId::new(1));
    world.domains.insert(OTHER_DOMAIN, ProcessorId::new(2));
    let rows = sample(100_000, 5_000, 1);
    for (processor, domain) in [(1, DOMAIN), (2, OTHER_DOMAIN)] {
        let place = world.give(processor, &rows);
        world.disclosures[place].domains = vec![domain];
        world.disclosures[place].fields =
            vec![Field { kind: Kind::CI, raw: false }, Field { kind: Kind::PHONE, raw: false }];
    }
    world.give(3, &rows);
    world
}

fn column(texts: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    texts.map(|text| vec![text]).collect()
}

#[test]
fn a_bound_pseudonym_names_its_disclosure_from_few_rows() {
    let world = world();
    let id = world.disclosures[1].id;
    let people = &world.disclosures[1].rows[..3];
    let rows = column(people.iter().map(|person| pseudonym(OTHER_DOMAIN, Some(id), *person)));
    let trace = world.trace_table(&["ci"], &rows);
    assert_eq!(trace.report.subjects.exact, 3);
    assert_eq!(trace.report.disclosures[0].id, "D-2");
    assert_eq!(trace.report.processors[0].id, "P-2");
    assert_eq!(trace.report.attribution.verdict, Verdict::Processor);
    assert!(trace.report.disclosures[0].score > 0.99);
}

#[test]
fn domain_wide_pseudonyms_exclude_everybody_else() {
    let world = world();
    let people = Dice(4).some(&world.disclosures[0].rows, 600);
    let rows = column(people.iter().map(|person| pseudonym(DOMAIN, None, *person)));
    let report = world.trace_table(&["whatever"], &rows).report;
    assert_eq!((report.subjects.exact, report.unknown_rows), (600, 0));
    assert_eq!(report.disclosures[0].id, "D-1");
    assert_eq!(report.disclosures.len(), 1, "others never held this key's pseudonyms");
    assert_eq!(report.processors[0].id, "P-1");
    assert_eq!(report.processors.last().unwrap().id, "ours");
    assert_eq!(report.processors.last().unwrap().rows, 0);
}

#[test]
fn a_mark_that_was_changed_hides_nothing() {
    let world = world();
    let people = Dice(4).some(&world.disclosures[0].rows, 600);
    let hidden = |person: &u32| {
        let text = pseudonym(DOMAIN, None, *person);
        // 60 bytes are 80 characters; the rest is the mark.
        vec![format!("{}AAAAAA==", &text[..80]), nickname(*person)]
    };
    let rows: Vec<Vec<String>> = people.iter().map(hidden).collect();
    let report = world.trace_table(&["ci", "nickname"], &rows).report;
    assert_eq!((report.subjects.exact, report.unknown_rows), (600, 0));
    assert_eq!(report.disclosures[0].id, "D-1");
}

#[test]
fn pseudonyms_that_went_through_an_interface_name_the_processor() {
    let mut world = world();
    world.disclosures.clear();
    let rows = column((0..50).map(|person| pseudonym(DOMAIN, None, person * 7)));
    let report = world.trace_table(&["user"], &rows).report;
    assert_eq!(report.processors[0].id, "P-1");
    assert_eq!(report.processors[0].rows, 50);
    assert!(report.disclosures.is_empty());
    assert_eq!(report.attribution.verdict, Verdict::Processor);
}

#[test]
fn a_raw_file_excludes_those_who_got_pseudonyms() {
    let world = world();
    let people = Dice(4).some(&world.disclosures[0].rows, 600);
    let report = world.trace_people(&[Kind::CI, Kind::NICKNAME], &people).report;
    assert_eq!(report.disclosures[0].id, "D-3");
    assert!(report.disclosures[0].score > 0.99);
}

#[test]
fn erased_people_are_no_subjects_but_their_pseudonyms_still_name_the_source() {
    let mut world = world();
    let people = Dice(4).some(&world.disclosures[0].rows, 100);
    world.erased = people[..40].iter().copied().collect();
    let rows = column(people.iter().map(|person| pseudonym(DOMAIN, None, *person)));
    let report = world.trace_table(&["ci"], &rows).report;
    assert_eq!((report.subjects.exact, report.erased_rows, report.unknown_rows), (60, 40, 0));
    assert_eq!(report.processors[0].id, "P-1");
    assert_eq!(report.processors[0].rows, 100);
}

#[test]
fn a_file_of_phone_pseudonyms_is_read_as_a_whole() {
    let world = world();
    let people = Dice(4).some(&world.disclosures[1].rows, 400);
    let rows = column(people.iter().map(|person| phone_pseudonym(OTHER_DOMAIN, *person)));
    let report = world.trace_table(&["phone"], &rows).report;
    assert_eq!((report.subjects.exact, report.subjects.total), (0, 400));
    assert_eq!(report.disclosures[0].id, "D-2");
    assert!(report.disclosures[0].score > 0.99);
}

#[test]
fn strangers_phones_that_read_as_pseudonyms_are_nobodys() {
    let world = world();
    let mut dice = Dice(9);
    let rows = column((0..2_000).map(|_| format!("019{:08}", dice.below(100_000_000))));
    let report = world.trace_table(&["phone"], &rows).report;
    assert_eq!((report.subjects.total, report.unknown_rows), (0, 2_000));
    assert_eq!(report.attribution.verdict, Verdict::Nobody);
}

#[test]
fn one_lucky_phone_repeated_a_thousand_times_proves_nothing() {
    let world = world();
    let rows = column((0..1_000).map(|_| phone_pseudonym(DOMAIN, world.disclosures[0].rows[0])));
    let report = world.trace_table(&["phone"], &rows).report;
    assert_eq!((report.subjects.total, report.unknown_rows), (0, 1_000));
}

#[test]
fn a_few_pseudonyms_deep_in_a_raw_file_are_not_passed_over() {
    let world = world();
    let mut rows: Vec<Vec<String>> =
        (0..20_000).map(|person| vec![crate::world::ci(person)]).collect();
    let id = DisclosureId::new(1);
    rows[13_001] = vec![pseudonym(DOMAIN, Some(id), 99_000)];
    rows[13_003] = vec![pseudonym(DOMAIN, Some(id), 99_001)];
    let report = world.trace_table(&["ci"], &rows).report;
    assert_eq!((report.subjects.exact, report.unknown_rows), (20_000, 0));
    assert!(report.disclosures.iter().any(|disclosure| disclosure.id == "D-1"));
}

#[test]
fn values_of_two_people_in_a_row_are_a_conflict_and_the_ci_is_believed() {
    let world = world();
    let rows: Vec<Vec<String>> = (0..200)
        .map(|person| vec![phone(person + 1_000), crate::world::ci(person), nickname(person)])
        .collect();
    let trace = world.trace_table(&["phone", "ci", "nickname"], &rows);
    assert_eq!(trace.report.conflicts, 200);
    assert_eq!(trace.exact.iter().collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
    let stranger = vec![vec![phone(5), crate::world::ci(STRANGERS), nickname(5)]];
    let doubted = world.trace_table(&["phone", "ci", "nickname"], &stranger);
    assert_eq!((doubted.report.subjects.exact, doubted.report.subjects.total), (0, 1));
}
