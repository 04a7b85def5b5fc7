//! Evidence, its custody, and the runs of the tracer over it.

use doldam_ground::ids::{EvidenceId, TraceId};

use super::{World, on_both};
use crate::StoreError;
use crate::evidence::{self, Evidence, TraceRow};

on_both!(
    evidence_is_found_by_number_and_contents,
    the_same_contents_are_taken_in_once,
    custody_is_a_chain_of_its_own,
    runs_count_their_versions,
    a_run_comes_back_as_it_was_written,
    runs_are_listed_newest_first,
);

fn example(world: &World, number: u32) -> Evidence {
    Evidence {
        id: EvidenceId::new(number),
        sha256: [u8::try_from(number).unwrap(); 32],
        bytes: u64::from(number) << 40,
        sealed_key: vec![1, 2, 3],
        received_at: world.now(),
    }
}

fn insert(world: &World, row: Evidence) -> Result<(), StoreError> {
    world.store.write("evidence.insert", move |tx| evidence::insert(tx, &row))
}

fn evidence_is_found_by_number_and_contents(world: &World) {
    assert_eq!(world.read(evidence::next_id).number(), 1);
    insert(world, example(world, 1)).unwrap();
    insert(world, example(world, 2)).unwrap();
    assert_eq!(world.read(evidence::next_id).number(), 3);
    let by_number = world.read(|tx| evidence::find(tx, EvidenceId::new(2))).unwrap();
    let by_hash = world.read(|tx| evidence::find_by_hash(tx, &[2; 32])).unwrap();
    for found in [by_number, by_hash] {
        assert_eq!((found.id.number(), found.sha256, found.bytes), (2, [2; 32], 2 << 40));
        assert_eq!((found.sealed_key, found.received_at), (vec![1, 2, 3], world.now()));
    }
    assert!(world.read(|tx| evidence::find(tx, EvidenceId::new(3))).is_none());
    assert!(world.read(|tx| evidence::find_by_hash(tx, &[3; 32])).is_none());
}

fn the_same_contents_are_taken_in_once(world: &World) {
    insert(world, example(world, 1)).unwrap();
    let taken = Err(StoreError::Constraint { transaction: "evidence.insert" });
    assert_eq!(insert(world, Evidence { id: EvidenceId::new(2), ..example(world, 1) }), taken);
    assert_eq!(insert(world, Evidence { sha256: [9; 32], ..example(world, 1) }), taken);
}

fn custody_is_a_chain_of_its_own(world: &World) {
    let (first, second) = (EvidenceId::new(1), EvidenceId::new(2));
    // A clock may be set back; the order of the chain is that of the acts.
    for (id, actor, act, days) in [
        (first, "홍길동", "received", 2),
        (second, "kim", "received", 1),
        (first, "kim", "traced", 0),
    ] {
        let at = world.now().plus_days(days);
        world.write(move |tx| evidence::custody_insert(tx, id, actor, act, at));
    }
    let chain = world.read(|tx| evidence::custody(tx, first));
    let acts: Vec<_> = chain.iter().map(|act| (act.actor.as_str(), act.act.as_str())).collect();
    assert_eq!(acts, [("홍길동", "received"), ("kim", "traced")]);
    assert_eq!((chain[0].at, chain[1].at), (world.now().plus_days(2), world.now()));
    assert_eq!(world.read(|tx| evidence::custody(tx, second)).len(), 1);
    assert!(world.read(|tx| evidence::custody(tx, EvidenceId::new(3))).is_empty());
}

fn run(world: &World, evidence: u32) -> TraceRow {
    let (evidence, traced_at) = (EvidenceId::new(evidence), world.now());
    world.write(move |tx| {
        let (id, version) = evidence::trace_next(tx, evidence)?;
        let row = TraceRow {
            id,
            evidence,
            version,
            traced_at,
            subject_count: 5,
            members: vec![id.number().to_le_bytes()[0]; 100_000],
            root: vec![1; 32],
            signature: vec![2; 64],
            report: r#"{"schema":1}"#.to_owned(),
        };
        evidence::trace_insert(tx, &row)?;
        Ok(row)
    })
}

fn runs_count_their_versions(world: &World) {
    let runs = [run(world, 1), run(world, 1), run(world, 2), run(world, 1)];
    let numbers = runs.map(|row| (row.id.number(), row.evidence.number(), row.version));
    assert_eq!(numbers, [(1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 1, 3)]);
    let again = TraceRow { id: TraceId::new(9), ..run(world, 2) };
    let taken = world.store.write("trace.insert", move |tx| evidence::trace_insert(tx, &again));
    assert_eq!(taken, Err(StoreError::Constraint { transaction: "trace.insert" }));
}

fn a_run_comes_back_as_it_was_written(world: &World) {
    let written = run(world, 7);
    let found = world.read(|tx| evidence::trace_find(tx, written.id)).unwrap();
    assert_eq!((found.id, found.evidence), (written.id, written.evidence));
    assert_eq!((found.version, found.traced_at), (1, world.now()));
    assert!(found.subject_count == 5 && found.members == written.members);
    assert_eq!((found.root, found.signature), (written.root, written.signature));
    assert_eq!(found.report, written.report);
    assert!(world.read(|tx| evidence::trace_find(tx, TraceId::new(2))).is_none());
}

fn runs_are_listed_newest_first(world: &World) {
    insert(world, example(world, 1)).unwrap();
    insert(world, example(world, 2)).unwrap();
    for evidence in [1, 2, 1] {
        run(world, evidence);
    }
    let page = |before, limit| {
        let heads = world.read(|tx| evidence::traces(tx, before, limit));
        heads.iter().map(|head| head.id.number()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 9), [3, 2, 1]);
    assert_eq!((page(None, 2), page(Some(2), 2)), (vec![3, 2], vec![1]));
    let newest = world.read(|tx| evidence::traces(tx, None, 1)).remove(0);
    assert_eq!((newest.evidence.number(), newest.version, newest.subject_count), (1, 2, 5));
    assert_eq!((newest.sha256, newest.bytes, newest.traced_at), ([1; 32], 1 << 40, world.now()));
    assert_eq!(newest.report, r#"{"schema":1}"#);
}
