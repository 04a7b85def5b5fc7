//! The access log: what an intruder changes in it shows, inside the folder or by the anchor.

use std::fs;
use std::path::PathBuf;

use doldam_vault::Vault;
use doldam_vault::checkpoint::{AuditFault, AuditReport};
use rusqlite::Connection;

use crate::world::{PURPOSE, World, actor, data_file};

const ROWS: u64 = 12;

/// A closed vault with some rows in its log and a checkpoint after each.
fn logged() -> World {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    while vault.checkpoint().unwrap().seq < ROWS {
        let ordinal = world.ordinal(&vault, 1);
        vault.reveal(ordinal, &[], &actor(), PURPOSE).unwrap();
    }
    world
}

fn anchor(world: &World) -> PathBuf {
    world.beside("anchor.jsonl")
}

fn verify(world: &World) -> AuditReport {
    world.open().audit_verify(Some(&anchor(world))).unwrap()
}

/// The row of the first fault, and whether it is one of the chain itself.
fn first_fault(report: &AuditReport) -> Option<(u64, bool)> {
    report.faults.first().map(|fault| match fault {
        AuditFault::Chain { row, .. } => (*row, true),
        AuditFault::Rewritten { row, .. } | AuditFault::RolledBack { row, .. } => (*row, false),
        other => panic!("{other}"),
    })
}

#[test]
fn a_whole_log_is_whole() {
    let world = logged();
    let report = verify(&world);
    assert_eq!(report, AuditReport { rows: ROWS, checkpoints: 12, faults: Vec::new() });
    assert_eq!(world.open().audit_verify(None).unwrap().checkpoints, 0);
}

#[test]
fn a_changed_column_is_found() {
    let changes = [
        "at_us = at_us + 1",
        "actor = 'somebody else'",
        "origin = '10.0.0.1'",
        "action = 'subject.count'",
        "object = 'nothing'",
        "purpose = 'a better purpose'",
        "subject_count = 0",
        "subjects = NULL",
        "subjects = substr(subjects, 2)",
        "previous = zeroblob(32)",
        "hash = zeroblob(32)",
    ];
    let world = logged();
    let database = world.data().join("data/doldam.db");
    let intact = fs::read(&database).unwrap();
    for change in changes {
        fs::write(&database, &intact).unwrap();
        let sql = format!("UPDATE audit SET {change} WHERE seq = 7");
        assert_eq!(data_file(&world.data()).execute(&sql, []).unwrap(), 1);
        assert_eq!(first_fault(&verify(&world)), Some((7, true)), "{change}");
    }
    fs::write(&database, &intact).unwrap();
    assert_eq!(verify(&world).faults, []);
}

#[test]
fn a_removed_row_is_found() {
    let world = logged();
    data_file(&world.data()).execute("DELETE FROM audit WHERE seq = 5", []).unwrap();
    assert_eq!(first_fault(&verify(&world)), Some((5, true)));
}

/// The intruder cuts the last rows and sets the head back: the chain holds, the anchor tells.
#[test]
fn a_cut_end_is_found_by_the_anchor() {
    let world = logged();
    let connection = data_file(&world.data());
    connection
        .execute_batch(
            "DELETE FROM audit WHERE seq > 9;
             UPDATE audit_head SET seq = 9, hash = (SELECT hash FROM audit WHERE seq = 9);",
        )
        .unwrap();
    drop(connection);
    assert_eq!(world.open().audit_verify(None).unwrap().faults, []);
    let report = verify(&world);
    assert_eq!((report.rows, report.faults.len()), (9, 3));
    assert!(matches!(report.faults[0], AuditFault::RolledBack { row: 10, .. }));
}

/// An old copy of the database put back, and used on: the rows that follow are other rows.
#[test]
fn an_old_copy_put_back_is_found_by_the_anchor() {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    vault.backup(&world.beside("old"), &actor()).unwrap();
    drop(vault);
    let act = |vault: &Vault| {
        vault.reveal(world.ordinal(vault, 1), &[], &actor(), PURPOSE).unwrap();
        vault.checkpoint().unwrap()
    };
    let vault = world.open();
    let head = (0..3).map(|_| act(&vault)).last().unwrap();
    drop(vault);
    fs::copy(world.beside("old/doldam.db"), world.data().join("data/doldam.db")).unwrap();
    let report = verify(&world);
    assert!(matches!(report.faults[0], AuditFault::RolledBack { .. }), "{:?}", report.faults);

    // As many acts again, so that no row is missing by its number.
    world.clock.advance_us(5);
    let vault = world.open();
    while act(&vault).seq < head.seq {}
    let report = vault.audit_verify(Some(&anchor(&world))).unwrap();
    assert_eq!(vault.audit_verify(None).unwrap().faults, []);
    assert_eq!(report.faults.len(), 3);
    assert!(matches!(report.faults[0], AuditFault::Rewritten { .. }), "{:?}", report.faults);
}

/// Whoever rewrites the chain as a whole cannot sign what the anchor should say.
#[test]
fn a_forged_checkpoint_is_found() {
    let world = logged();
    let text = fs::read_to_string(anchor(&world)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[2] = lines[2].replace("\"seq\":", "\"seq\":1");
    lines.push("not a checkpoint".to_owned());
    fs::write(anchor(&world), lines.join("\n")).unwrap();
    let faults = verify(&world).faults;
    assert_eq!(faults, [AuditFault::Forged { line: 3 }, AuditFault::Forged { line: 13 }]);
}

/// Lines of another installation may stand in the same file.
#[test]
fn checkpoints_of_others_are_passed_over() {
    let world = logged();
    let other =
        Vault::create(world.place_of(&world.beside("other")), &crate::world::passphrase()).unwrap();
    other.log(&actor(), "test.act", String::new(), PURPOSE, None).unwrap();
    other.checkpoint().unwrap();
    assert_eq!(other.audit_verify(Some(&anchor(&world))).unwrap().checkpoints, 1);
    assert_eq!(verify(&world), AuditReport { rows: ROWS, checkpoints: 12, faults: Vec::new() });
}

/// A database that does not belong to this vault's keys is not taken for its own.
#[test]
fn the_log_of_a_database_put_in_place_of_ours_is_found() {
    let world = logged();
    let connection = Connection::open(world.data().join("data/doldam.db")).unwrap();
    connection
        .execute_batch(
            "DELETE FROM audit;
             UPDATE audit_head SET seq = 0, hash = zeroblob(32);",
        )
        .unwrap();
    drop(connection);
    let report = verify(&world);
    assert_eq!((report.rows, report.faults.len()), (0, 12));
}
