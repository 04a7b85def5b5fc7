//! Enrolment: who becomes a subject, what a second import changes, and that nothing shows early.

use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};
use doldam_synthetic::Column;
use doldam_vault::{Refusal, Refused};

use crate::world::{
    PURPOSE, World, actor, code, data_file, full_row, import, key_count, on_both, replace, row_of,
    source,
};

const COUNT: u32 = 2_000;

/// The first hundred bring another telephone, the next hundred another resident number, the next
/// hundred come as they were, and fifty are new.
fn a_second_import_updates(world: &World) {
    let vault = world.enrolled(COUNT);
    assert_eq!(vault.subject_count().unwrap(), u64::from(COUNT));
    let rows = (0..300).chain(COUNT..COUNT + 50).map(|index| {
        let mut row = world.row(index);
        if index < 100 {
            replace(&mut row, Kind::PHONE, world.strangers.person(index).phone.expose());
        } else if index < 200 {
            replace(&mut row, Kind::RRN, world.strangers.person(index).rrn.expose());
        }
        row
    });
    let (enrolled, refused) = import(&vault, source(), rows);
    assert_eq!((enrolled.new, enrolled.updated, enrolled.unchanged), (50, 200, 100));
    assert_eq!((enrolled.refused, refused.len()), (0, 0));
    assert_eq!(vault.subject_count().unwrap(), u64::from(COUNT) + 50);

    for index in (0..COUNT + 50).step_by(37) {
        let person = world.people.person(index);
        let ordinal = world.ordinal(&vault, index);
        let phone = vault.subject_by_value(Kind::PHONE, &person.phone);
        let resident = vault.subject_by_value(Kind::RRN, &person.rrn);
        if index < 100 {
            assert_eq!(code(phone), "vault.no_subject");
            let new = vault.subject_by_value(Kind::PHONE, &world.strangers.person(index).phone);
            assert_eq!(new.unwrap(), ordinal);
        } else {
            assert_eq!(phone.unwrap(), ordinal);
        }
        if (100..200).contains(&index) {
            assert_eq!(code(resident), "vault.no_subject");
            let new = vault.subject_by_value(Kind::RRN, &world.strangers.person(index).rrn);
            assert_eq!(new.unwrap(), ordinal);
        } else {
            assert_eq!(resident.unwrap(), ordinal);
        }
        for column in [Column::Di, Column::Email, Column::Account, Column::Card, Column::Nickname] {
            let value = Pii::new(person.expose(column).to_owned());
            let kind = column.kind().unwrap();
            assert_eq!(vault.subject_by_value(kind, &value).unwrap(), ordinal, "{kind}");
        }
    }
    values_keep_their_first_import(world, &vault, enrolled.import);
}
on_both!(a_second_import_updates);

/// Decree 13(2): from whom a CI was first received is not overwritten.
fn values_keep_their_first_import(
    world: &World,
    vault: &doldam_vault::Vault,
    second: doldam_ground::ids::ImportId,
) {
    let asked = [Kind::CI, Kind::PHONE, Kind::RRN];
    for (index, changed) in [(5, Kind::PHONE), (150, Kind::RRN), (250, Kind::NAME)] {
        let ordinal = world.ordinal(vault, index);
        let shown = vault.reveal(ordinal, &asked, &actor(), PURPOSE).unwrap();
        assert_eq!(shown.received.len(), 3);
        for ((kind, _), import) in shown.attributes.iter().zip(&shown.received) {
            let import = import.unwrap();
            assert_eq!(import == second, kind == changed, "{index} {kind}");
        }
    }
}

/// A value that comes back after it was replaced is found again.
fn a_value_that_comes_back_is_found(world: &World) {
    let vault = world.enrolled(3);
    let person = world.people.person(1);
    for phone in [world.strangers.person(1).phone, person.phone.duplicate()] {
        let mut row = world.row(1);
        replace(&mut row, Kind::PHONE, phone.expose());
        let (enrolled, _) = import(&vault, source(), std::iter::once(row));
        assert_eq!(enrolled.updated, 1);
        assert_eq!(vault.subject_by_value(Kind::PHONE, &phone).unwrap(), world.ordinal(&vault, 1));
    }
}
on_both!(a_value_that_comes_back_is_found);

/// A sweep that a dead process had claimed is still leased when its subject's old value returns.
#[test]
fn a_value_that_comes_back_before_the_sweep_is_found() {
    let world = World::sqlite();
    let vault = world.enrolled(2);
    let mut row = world.row(1);
    replace(&mut row, Kind::PHONE, world.strangers.person(1).phone.expose());
    // The sweep finds no row to claim while the intruder holds the job back.
    world.meddle(
        "CREATE TRIGGER hold AFTER INSERT ON job
         BEGIN UPDATE job SET state = 'running', lease_until_us = 9e18; END",
        "",
    );
    import(&vault, source(), std::iter::once(row));
    assert_eq!(world.count("SELECT count(*) FROM blind_index WHERE retired_by > 0"), 1);
    world.meddle("DROP TRIGGER hold", "");
    import(&vault, source(), std::iter::once(world.row(1)));
    let phone = world.people.person(1).phone;
    assert_eq!(vault.subject_by_value(Kind::PHONE, &phone).unwrap(), world.ordinal(&vault, 1));
}

fn rows_that_are_no_good_are_told_by_line(world: &World) {
    let vault = world.enrolled(20);
    let (first, second) = (world.people.person(0), world.people.person(1));
    let new = world.people.person(30);
    let conflict = row_of(
        3,
        &[(Kind::CI, first.ci.expose()), (Kind::CUSTOMER_ID, second.customer_id.expose())],
    );
    let rows = vec![
        full_row(1, &new),
        full_row(2, &new),
        conflict,
        row_of(4, &[]),
        row_of(5, &[(Kind::PHONE, "010-1234-5678")]),
        row_of(6, &[(Kind::CI, "no such thing")]),
        row_of(7, &[(Kind::CI, world.people.person(7).ci.expose())]),
        // The same person as in line 7, named by another value.
        row_of(8, &[(Kind::CUSTOMER_ID, world.people.person(7).customer_id.expose())]),
    ];
    let (enrolled, mut refused) = import(&vault, source(), rows.into_iter());
    refused.sort_by_key(|refused| refused.line);
    let expected = [
        (2, Refusal::Repeated { kind: Kind::CI, line: 1 }),
        (3, Refusal::Conflict { kind: Kind::CUSTOMER_ID }),
        (4, Refusal::Empty),
        (5, Refusal::Anonymous { kind: Kind::CI }),
        (6, Refusal::Shape { kind: Kind::CI }),
        (8, Refusal::Repeated { kind: Kind::CUSTOMER_ID, line: 7 }),
    ];
    assert_eq!(refused, expected.map(|(line, why)| Refused { line, why }));
    assert_eq!((enrolled.new, enrolled.updated, enrolled.unchanged), (1, 0, 1));
    assert_eq!(enrolled.refused, 6);
}
on_both!(rows_that_are_no_good_are_told_by_line);

/// Whoever is recognised by a telephone must be the only one who has it.
#[test]
fn a_value_of_several_people_recognises_nobody() {
    let world = World::sqlite();
    let vault = world.enrolled(2);
    let phone = "010-1234-5678";
    let rows = (0..2).map(|index| {
        let ci = world.people.person(index).ci;
        row_of(u64::from(index), &[(Kind::CI, ci.expose()), (Kind::PHONE, phone)])
    });
    import(&vault, source(), rows);
    let source = doldam_vault::Source { identify_by: vec![Kind::PHONE], ..source() };
    let row = row_of(1, &[(Kind::PHONE, phone), (Kind::NAME, "새 이름")]);
    let (_, refused) = import(&vault, source, std::iter::once(row));
    assert_eq!(refused, [Refused { line: 1, why: Refusal::Conflict { kind: Kind::PHONE } }]);
    assert_eq!(
        code(vault.subject_by_value(Kind::NAME, &"새 이름".to_owned().into())),
        "vault.no_subject"
    );
}

#[test]
fn a_resident_number_needs_a_legal_basis() {
    let world = World::sqlite();
    let vault = world.create();
    let source = doldam_vault::Source { legal_basis: None, ..source() };
    let (_, refused) = import(&vault, source, std::iter::once(world.row(0)));
    assert_eq!(refused, [Refused { line: 1, why: Refusal::NoLegalBasis }]);
    assert_eq!(vault.subject_count().unwrap(), 0);
}

fn nothing_is_seen_before_the_end(world: &World) {
    let vault = world.enrolled(10);
    let mut enrolment = vault.enrol(source()).unwrap();
    // More rows than one chunk, so that some are written already.
    for index in 0..9_000 {
        let mut row = world.row(index);
        if index < 10 {
            replace(&mut row, Kind::PHONE, world.strangers.person(index).phone.expose());
        }
        assert!(enrolment.push(row).unwrap().is_empty());
    }
    let (late, changed) = (world.people.person(20), world.people.person(3));
    assert_eq!(code(vault.subject_by_value(Kind::CI, &late.ci)), "vault.no_subject");
    assert!(vault.subject_by_value(Kind::PHONE, &changed.phone).is_ok());
    assert_eq!(vault.subject_count().unwrap(), 10);
    assert_eq!(vault.select("language=en".parse().unwrap()).unwrap().len(), english(world, 10));

    // A second one has to wait, and so has an erasure.
    assert_eq!(code(vault.enrol(source())), "store.state");
    let whose = world.ordinal(&vault, 3);
    assert_eq!(code(vault.erase(whose, &actor(), PURPOSE)), "store.state");

    let (enrolled, _) = enrolment.finish(&actor(), PURPOSE).unwrap();
    assert_eq!((enrolled.new, enrolled.updated), (8_990, 10));
    assert_eq!(code(vault.subject_by_value(Kind::PHONE, &changed.phone)), "vault.no_subject");
    assert!(vault.subject_by_value(Kind::CI, &late.ci).is_ok());
    assert_eq!(vault.select("language=en".parse().unwrap()).unwrap().len(), english(world, 9_000));
    assert!(vault.erase(whose, &actor(), PURPOSE).is_ok());
}
on_both!(nothing_is_seen_before_the_end);

fn english(world: &World, count: u32) -> usize {
    (0..count).filter(|index| world.people.person(*index).language == Language::En).count()
}

fn an_import_that_is_given_up_leaves_nothing(world: &World) {
    let vault = world.enrolled(10);
    let tables = ["subject", "subject_handle", "subject_record", "blind_index", "resident_number"];
    let count = || tables.map(|table| world.count(&format!("SELECT count(*) FROM {table}")));
    let (before, keys_before) = (count(), key_count(&world.data()));
    let mut enrolment = vault.enrol(source()).unwrap();
    for index in 0..9_000 {
        let mut row = world.row(index);
        if index < 10 {
            replace(&mut row, Kind::PHONE, world.strangers.person(index).phone.expose());
        }
        enrolment.push(row).unwrap();
    }
    drop(enrolment);
    assert_eq!(count(), before);
    assert_eq!(key_count(&world.data()), keys_before);
    assert_eq!(world.count("SELECT count(*) FROM blind_index WHERE retired_by > 0"), 0);
    // The next import is not in its way, and gives the ordinals again.
    let (enrolled, _) = import(&vault, source(), (0..12).map(|index| world.row(index)));
    assert_eq!((enrolled.new, enrolled.unchanged), (2, 10));
    let shown = vault.reveal(world.ordinal(&vault, 11), &[Kind::NAME], &actor(), PURPOSE).unwrap();
    assert_eq!(
        shown.attributes.get(Kind::NAME).unwrap().expose(),
        world.people.person(11).name.expose()
    );
}
on_both!(an_import_that_is_given_up_leaves_nothing);

/// `init` that was killed before it wrote the keyring can be repeated; a vault in use cannot be
/// made anew over its data.
#[test]
fn a_vault_is_made_once() {
    let world = World::sqlite();
    drop(world.create());
    let keyring = world.data().join("keys/keyring.json");
    std::fs::remove_file(&keyring).unwrap();
    drop(world.create());
    let vault = world.open();
    import(&vault, source(), std::iter::once(world.row(0)));
    drop(vault);
    let again = doldam_vault::Vault::create(world.place(), &crate::world::passphrase());
    assert_eq!(code(again), "vault.invalid");
    std::fs::remove_file(&keyring).unwrap();
    let again = doldam_vault::Vault::create(world.place(), &crate::world::passphrase());
    assert_eq!(code(again), "store.already-there");
    let people: i64 = data_file(&world.data())
        .query_row("SELECT count(*) FROM subject", [], |row| row.get(0))
        .unwrap();
    assert_eq!(people, 1);
}
