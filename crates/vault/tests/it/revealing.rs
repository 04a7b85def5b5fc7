//! Revealing: first the log row, then the value; no row, no value.

use doldam_ground::Kind;
use doldam_ground::ids::Ordinal;
use doldam_store::audit::{self, AuditRow};
use doldam_vault::Vault;
use doldam_vault::disclosure::Filter;
use roaring::RoaringBitmap;
use rusqlite::Connection;

use crate::world::{PURPOSE, World, actor, code, data_file, on_both, order, source};

fn newest(vault: &Vault) -> AuditRow {
    let rows = vault.data().read("test.audit", |tx| audit::rows(tx, 0, 100_000)).unwrap();
    rows.into_iter().next_back().unwrap()
}

fn the_log_says_whose_by_whom_and_why(world: &World) {
    let vault = world.enrolled(10);
    let (person, ordinal) = (world.people.person(6), world.ordinal(&vault, 6));
    let asked = [Kind::NAME, Kind::RRN];
    let shown = vault.reveal(ordinal, &asked, &actor(), "the customer called").unwrap();
    assert_eq!(shown.attributes.iter().count(), 2);
    assert_eq!(shown.attributes.get(Kind::NAME).unwrap().expose(), person.name.expose());
    assert_eq!(shown.attributes.get(Kind::RRN).unwrap().expose(), person.rrn.expose());
    let row = newest(&vault);
    assert_eq!((row.action.as_str(), row.object.as_str()), ("subject.reveal", "name,rrn"));
    assert_eq!((row.actor.as_str(), row.origin.as_str()), ("minji", "local"));
    assert_eq!((row.purpose.as_str(), row.subject_count), ("the customer called", 1));
    let sealed = row.sealed_subjects.unwrap();
    assert_eq!(vault.audit_members(&sealed).unwrap(), RoaringBitmap::from_iter([ordinal.number()]));
    // Without a name of kinds everything but the resident number is shown.
    let all = vault.reveal(ordinal, &[], &actor(), PURPOSE).unwrap();
    assert!(all.attributes.get(Kind::CI).is_some() && all.attributes.get(Kind::RRN).is_none());
}
on_both!(the_log_says_whose_by_whom_and_why);

fn a_purpose_is_required(world: &World) {
    let vault = world.enrolled(2);
    let (ordinal, before) = (world.ordinal(&vault, 0), newest(&vault).seq);
    for purpose in ["", "test", "      "] {
        assert_eq!(code(vault.reveal(ordinal, &[], &actor(), purpose)), "vault.invalid");
        assert_eq!(code(vault.erase(ordinal, &actor(), purpose)), "vault.invalid");
    }
    assert_eq!(newest(&vault).seq, before);
}
on_both!(a_purpose_is_required);

/// When the answer is there, another process that opens a copy of the files as they are at that
/// moment sees the row.
#[test]
fn the_row_is_in_the_files_when_the_answer_is_given() {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    let copy = world.beside("copy");
    std::fs::create_dir(&copy).unwrap();
    for round in 0..5 {
        let purpose = format!("round number {round}");
        vault.reveal(world.ordinal(&vault, 1), &[Kind::NAME], &actor(), &purpose).unwrap();
        for name in ["doldam.db", "doldam.db-wal"] {
            std::fs::copy(world.data().join("data").join(name), copy.join(name)).unwrap();
        }
        let connection = Connection::open(copy.join("doldam.db")).unwrap();
        let sql = "SELECT count(*) FROM audit WHERE purpose = ?1";
        let found: i64 = connection.query_row(sql, [&purpose], |row| row.get(0)).unwrap();
        assert_eq!(found, 1, "{purpose}");
    }
}

/// A log that takes no rows: nothing is shown, given, erased or imported.
fn without_the_log_nothing_is_done(world: &World) {
    let vault = world.enrolled(10);
    let ordinal = world.ordinal(&vault, 1);
    let selected = vault.select(Filter::All).unwrap();
    let ciphers = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    let before = newest(&vault).seq;
    world.meddle(
        "CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END",
        "ALTER TABLE audit ADD CONSTRAINT refuse CHECK (seq < 0) NOT VALID",
    );
    let expected = "store.constraint";
    assert_eq!(code(vault.reveal(ordinal, &[Kind::NAME], &actor(), PURPOSE)), expected);
    let again = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor());
    assert_eq!(code(again), expected);
    assert_eq!(code(vault.erase(ordinal, &actor(), PURPOSE)), expected);
    assert_eq!(
        code(vault.domain_suspend(vault.domains().unwrap()[0].id, &actor(), PURPOSE)),
        expected
    );
    assert_eq!(code(vault.backup(&world.beside("backup"), &actor())), expected);
    assert_eq!(code(vault.key_backup(&world.beside("keys"), None, &actor())), expected);
    let mut enrolment = vault.enrol(source()).unwrap();
    enrolment.push(world.row(10)).unwrap();
    assert_eq!(code(enrolment.finish(&actor(), PURPOSE)), expected);

    world.meddle("DROP TRIGGER refuse", "ALTER TABLE audit DROP CONSTRAINT refuse");
    assert_eq!(newest(&vault).seq, before);
    assert_eq!(vault.subject_count().unwrap(), 10);
    assert_eq!(vault.disclosures().unwrap().len(), 1);
    assert_eq!(vault.disclosures().unwrap()[0].row.id, ciphers.id);
    assert_eq!(vault.domains().unwrap()[0].state, "active");
    assert_eq!(std::fs::read_dir(world.beside("keys")).unwrap().count(), 0);
    assert!(vault.reveal(ordinal, &[Kind::NAME], &actor(), PURPOSE).is_ok());
}
on_both!(without_the_log_nothing_is_done);

/// A log that lost its head takes no rows either.
#[test]
fn a_log_without_its_head_shows_nothing() {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    let ordinal = world.ordinal(&vault, 1);
    data_file(&world.data()).execute_batch("DELETE FROM audit_head").unwrap();
    let refused = code(vault.reveal(ordinal, &[Kind::NAME], &actor(), PURPOSE));
    assert_eq!(refused, "store.not-found");
}

fn many_are_opened_behind_one_row(world: &World) {
    let vault = world.enrolled(40);
    let ordinals: Vec<Ordinal> = (0..40).map(|index| world.ordinal(&vault, index)).collect();
    let members: RoaringBitmap = ordinals[..30].iter().map(|one| one.number()).collect();
    vault.erase(ordinals[7], &actor(), PURPOSE).unwrap();
    let rows = "SELECT count(*) FROM audit";
    let before = world.count(rows);
    let (act, kinds) = ("N-1".to_owned(), [Kind::PHONE]);
    let opened = vault.reveal_many(members.clone(), &kinds, &actor(), act, PURPOSE).unwrap();
    assert_eq!(world.count(rows), before + 1);
    // In any order, with people who are not of the act among them.
    let asked: Vec<Ordinal> = ordinals.iter().rev().copied().collect();
    for (index, found) in (0..40).rev().zip(opened.open(&asked).unwrap()) {
        let Some(found) = found else {
            assert!(index == 7 || index >= 30);
            continue;
        };
        let person = world.people.person(index);
        assert_eq!(found.attributes.get(Kind::PHONE).unwrap().expose(), person.phone.expose());
        assert_eq!(
            (found.attributes.iter().count(), found.language.as_str()),
            (1, person.language.code())
        );
    }
    assert_eq!(world.count(rows), before + 1);
    assert_eq!(
        code(vault.reveal_many(members.clone(), &[Kind::RRN], &actor(), "N-1".to_owned(), PURPOSE)),
        "vault.kind"
    );
    assert_eq!(
        code(vault.reveal_many(members, &kinds, &actor(), "N-1".to_owned(), "x")),
        "vault.invalid"
    );
    assert_eq!(world.count(rows), before + 1);
}
on_both!(many_are_opened_behind_one_row);
