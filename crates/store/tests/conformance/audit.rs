//! The access log: whatever is done to it by hand is found.

use super::{World, on_both};
use crate::audit::{self, Break, Entry, Head, Verdict, Wanted};
use crate::{StoreError, Tx};

on_both!(
    rows_come_back,
    a_changed_column_is_found,
    a_removed_row_is_found,
    a_cut_or_lengthened_chain_is_found,
    a_rewritten_chain_is_found_by_a_checkpoint,
    writers_make_one_chain,
    what_is_wanted_is_found_newest_first,
);

fn entry(world: &World, number: u32) -> Entry {
    Entry {
        at: world.now(),
        actor: "hong".to_owned(),
        origin: "local".to_owned(),
        action: "subject.reveal",
        object: format!("D-{number}"),
        purpose: "계약 이행".to_owned(),
        subject_count: number,
        sealed_subjects: number.is_multiple_of(2).then(|| vec![7; 5]),
    }
}

fn append(world: &World, rows: u32) -> Head {
    let mut head = Head::EMPTY;
    for number in 1..=rows {
        let entry = entry(world, number);
        head = world.store.write("test.append", move |tx| audit::append(tx, &entry)).unwrap();
    }
    head
}

fn verify(world: &World, from: Option<Head>) -> Verdict {
    world.store.read("test.verify", |tx| audit::verify(tx, from)).unwrap()
}

/// What `verify` says after `change`, which is then undone.
fn verdict_after(world: &World, change: &str) -> Verdict {
    let change = change.to_owned();
    let (sender, verdicts) = std::sync::mpsc::channel();
    let undone: Result<(), _> = world.store.write("test.tamper", move |tx| {
        for statement in change.split(';') {
            crate::migrate::apply(tx, statement)?;
        }
        sender.send(audit::verify(tx, None)).expect("the test listens");
        Err(StoreError::NotFound { what: "wish to keep this" })
    });
    assert!(undone.is_err());
    verdicts.recv().unwrap_or_else(|_| panic!("{undone:?}")).unwrap()
}

fn rows_come_back(world: &World) {
    assert_eq!(verify(world, None), Verdict::Intact { rows: 0, head: Head::EMPTY });
    let head = append(world, 5);
    assert_eq!(head.seq, 5);
    assert_eq!(verify(world, None), Verdict::Intact { rows: 5, head });
    let rows = world.store.read("test.rows", |tx| audit::rows(tx, 1, 2)).unwrap();
    let seqs: Vec<u64> = rows.iter().map(|row| row.seq).collect();
    assert_eq!(seqs, [2, 3]);
    assert_eq!(rows[0].purpose, "계약 이행");
    assert_eq!(rows[0].sealed_subjects, Some(vec![7; 5]));
    assert_eq!(rows[1].sealed_subjects, None);
    assert_eq!(rows[1].previous, rows[0].hash);
    let hash = |seq| world.store.read("test.hash", |tx| audit::hash_at(tx, seq)).unwrap();
    assert_eq!(hash(5), Some(head.hash));
    assert_eq!(hash(6), None);
    let from = Head { seq: 3, hash: rows[1].hash };
    assert_eq!(verify(world, Some(from)), Verdict::Intact { rows: 2, head });
}

fn a_changed_column_is_found(world: &World) {
    append(world, 4);
    for seq in 1..=4 {
        for change in [
            "at_us = at_us + 1",
            "actor = actor || ' '",
            "origin = 'x'",
            "action = 'subject.erase'",
            "object = ''",
            "purpose = 'x'",
            "subject_count = subject_count + 1",
            "subjects = X'00'",
            "subjects = X''",
            "actor = purpose, purpose = actor",
        ] {
            let sql = format!("UPDATE audit SET {change} WHERE seq = {seq}");
            let found = Verdict::Broken { seq, why: Break::Content };
            assert_eq!(verdict_after(world, &sql), found, "{sql}");
        }
        let other = "11".repeat(32);
        for (column, why) in [("previous", Break::Link), ("hash", Break::Content)] {
            let sql = format!("UPDATE audit SET {column} = X'{other}' WHERE seq = {seq}");
            assert_eq!(verdict_after(world, &sql), Verdict::Broken { seq, why }, "{sql}");
        }
    }
    let sql = "UPDATE audit SET subjects = NULL WHERE seq = 2";
    assert_eq!(verdict_after(world, sql), Verdict::Broken { seq: 2, why: Break::Content });
}

fn a_removed_row_is_found(world: &World) {
    append(world, 4);
    for seq in 1..=3 {
        let gone = Verdict::Broken { seq, why: Break::Gap };
        assert_eq!(verdict_after(world, &format!("DELETE FROM audit WHERE seq = {seq}")), gone);
        let moved = format!("UPDATE audit SET seq = 100 WHERE seq = {seq}");
        assert_eq!(verdict_after(world, &moved), gone);
    }
    let closed = "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                  UPDATE audit SET seq = 3 WHERE seq = 4";
    assert_eq!(verdict_after(world, closed), Verdict::Broken { seq: 2, why: Break::Link });
    let swapped =
        "UPDATE audit SET seq = 100 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                   UPDATE audit SET seq = 3 WHERE seq = 100";
    assert_eq!(verdict_after(world, swapped), Verdict::Broken { seq: 2, why: Break::Link });
}

fn a_cut_or_lengthened_chain_is_found(world: &World) {
    let end = Verdict::Broken { seq: 4, why: Break::End };
    append(world, 4);
    assert_eq!(verdict_after(world, "DELETE FROM audit WHERE seq = 4"), end);
    let back = "UPDATE audit_head SET seq = 3,
                hash = (SELECT hash FROM audit WHERE seq = 3)";
    assert_eq!(verdict_after(world, back), end);
    let zeros = "00".repeat(32);
    let reset = format!("UPDATE audit_head SET seq = 0, hash = X'{zeros}'");
    assert_eq!(verdict_after(world, &reset), Verdict::Broken { seq: 1, why: Break::End });
    let all = "DELETE FROM audit";
    assert_eq!(verdict_after(world, all), Verdict::Broken { seq: 1, why: Break::End });
}

fn a_rewritten_chain_is_found_by_a_checkpoint(world: &World) {
    let kept = append(world, 3);
    assert_eq!(verify(world, Some(kept)), Verdict::Intact { rows: 0, head: kept });
    world
        .store
        .write("test.rewrite", |tx: &mut Tx<'_>| {
            crate::migrate::apply(tx, "DELETE FROM audit; UPDATE audit_head SET seq = 0")?;
            tx.execute("UPDATE audit_head SET hash = ?1", &[(&[0; 32]).into()])
        })
        .unwrap();
    let lost = Verdict::Broken { seq: 3, why: Break::Checkpoint };
    assert_eq!(verify(world, Some(kept)), lost, "rolled back to nothing");
    world.clock.advance_us(1);
    let head = append(world, 5);
    assert_eq!(verify(world, None), Verdict::Intact { rows: 5, head }, "consistent by itself");
    assert_eq!(verify(world, Some(kept)), lost, "rewritten");
}

fn writers_make_one_chain(world: &World) {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (store, entries) = (
                world.store.clone(),
                (1..=25).map(|number| entry(world, number)).collect::<Vec<_>>(),
            );
            std::thread::spawn(move || {
                for entry in entries {
                    store.write("test.append", move |tx| audit::append(tx, &entry)).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let head = world.store.read("test.head", audit::head).unwrap();
    assert_eq!(head.seq, 100);
    assert_eq!(verify(world, None), Verdict::Intact { rows: 100, head });
}

fn what_is_wanted_is_found_newest_first(world: &World) {
    let names = ["subject.reveal", "subjects.x", "subject.erase", "disclosure.issue"];
    for (number, action) in (1..).zip(names) {
        let days = i64::from(number);
        let entry = Entry {
            at: world.now().plus_days(days),
            actor: if number < 3 { "hong" } else { "홍길동" }.to_owned(),
            action,
            ..entry(world, number)
        };
        world.store.write("test.append", move |tx| audit::append(tx, &entry)).unwrap();
    }
    let search = |wanted: &Wanted, before, limit| {
        let found = world.read(|tx| audit::search(tx, wanted, before, limit));
        (found.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), found.before)
    };
    let all = Wanted::default();
    assert_eq!(search(&all, None, 9), (vec![4, 3, 2, 1], None));
    assert_eq!(search(&all, None, 2), (vec![4, 3], Some(3)));
    assert_eq!(search(&all, Some(3), 2), (vec![2, 1], None));
    assert_eq!(search(&all, Some(1), 2), (vec![], None));
    let wanted = |text: &str| Wanted { action: Some(text.to_owned()), ..Wanted::default() };
    assert_eq!(search(&wanted("subject."), None, 9).0, [3, 1]);
    assert_eq!(search(&wanted("subject.reveal"), None, 9).0, [1]);
    assert_eq!(search(&wanted("subject"), None, 9).0, [0; 0]);
    let wanted = Wanted { actor: Some("홍길동".to_owned()), ..Wanted::default() };
    assert_eq!(search(&wanted, None, 1), (vec![4], Some(4)));
    let wanted = Wanted { object: Some("D-2".to_owned()), ..Wanted::default() };
    assert_eq!(search(&wanted, None, 9).0, [2]);
    for (object, found) in [("D", &[] as &[u64]), ("d-2", &[]), ("D-2 %", &[]), ("%", &[])] {
        let wanted = Wanted { object: Some(object.to_owned()), ..Wanted::default() };
        assert_eq!(search(&wanted, None, 9).0, *found, "{object}");
    }
    let day = |days| Some(world.now().plus_days(days));
    let wanted = Wanted { from: day(2), until: day(4), ..Wanted::default() };
    assert_eq!(search(&wanted, None, 9).0, [3, 2]);
}
