//! Imports: invisible, then visible at once, or gone without a trace.

use doldam_ground::Kind;
use doldam_ground::ids::ImportId;

use super::people::{
    Brought, VALUES, abandon, begin, enrol, flip, newcomer, sealed, stage, sweep, view,
};
use super::{World, on_both};
use crate::{StoreError, import, subject};

on_both!(
    nothing_of_a_staging_import_is_seen,
    an_abandoned_import_leaves_nothing,
    a_replaced_value_counts_until_its_successor_is_live,
    a_sweep_changes_no_answer,
    a_value_that_comes_back_is_brought_back,
    a_value_that_was_replaced_before_stays_replaced,
    a_value_retired_and_brought_by_one_import_stays,
    one_import_stages_at_a_time,
    only_one_of_many_begins_at_once,
    states_only_go_forward,
    the_register_of_imports_is_complete,
);

const OLD: (Kind, &str) = VALUES[2];
const NEW: (Kind, &str) = VALUES[3];
const NAME: (Kind, &str) = VALUES[5];

/// Two people; the second has a resident number.
fn first(world: &World) -> ImportId {
    let mut second = newcomer(1, &[VALUES[1], NAME]);
    second.resident = Some("rrn-a");
    enrol(world, &[newcomer(0, &[VALUES[0], OLD, NAME]), second])
}

/// Changes the first person's mail address and language and the second's resident number, and
/// brings a third person with a kind of value that nobody had.
fn changes() -> [Brought; 3] {
    let change = Brought {
        language: "en",
        gained: vec![NEW],
        lost: vec![OLD],
        ordinal: 0,
        ..Brought::default()
    };
    let resident = Brought {
        ordinal: 1,
        language: "ko",
        resident: Some("rrn-b"),
        gained: vec![VALUES[1]],
        ..Brought::default()
    };
    [change, resident, newcomer(2, &[VALUES[4], NAME])]
}

fn nothing_of_a_staging_import_is_seen(world: &World) {
    let empty = view(world);
    assert_eq!((empty.count, empty.kinds.len()), (0, 0));
    let import = begin(world).unwrap();
    let mut person = newcomer(0, &[VALUES[0], OLD]);
    person.resident = Some("rrn-a");
    stage(world, import, &[person]);
    assert_eq!(view(world), empty);
    flip(world, import).unwrap();
    let live = view(world);
    assert_eq!((live.count, live.everybody.as_slice()), (1, [0].as_slice()));
    assert_eq!(live.kinds, [Kind::CI, Kind::EMAIL, Kind::RRN]);
    assert_eq!(live.holders, [(0, 0), (2, 0)]);
    assert_eq!(live.residents, [(0, import, b"rrn-a".to_vec())]);
    // The same of an import that changes what is there.
    let import = begin(world).unwrap();
    stage(world, import, &changes());
    assert_eq!(view(world), live);
}

fn an_abandoned_import_leaves_nothing(world: &World) {
    first(world);
    let before = view(world);
    let import = begin(world).unwrap();
    stage(world, import, &changes());
    abandon(world, import).unwrap();
    assert_eq!(view(world), before);
    for sql in [
        "SELECT COUNT(*) FROM subject WHERE import_id = 2",
        "SELECT COUNT(*) FROM subject_handle WHERE import_id = 2",
        "SELECT COUNT(*) FROM subject_record WHERE import_id = 2",
        "SELECT COUNT(*) FROM resident_number WHERE import_id = 2",
        "SELECT COUNT(*) FROM blind_index WHERE import_id = 2 OR retired_by IS NOT NULL",
    ] {
        assert_eq!(world.number(sql), 0, "{sql}");
    }
    assert_eq!(abandon(world, import), Ok(()), "safe to repeat");
    let ends = "SELECT ended_at_us FROM import WHERE id = 2";
    let ended_at = world.number(ends);
    world.clock.advance_us(1);
    abandon(world, import).unwrap();
    assert_eq!(world.number(ends), ended_at, "it ended once");
    // The ordinals of those whom nobody ever saw are given to the next.
    assert_eq!(world.read(subject::ordinal_end), 2);
    enrol(world, &changes());
    assert_eq!(view(world).everybody, [0, 1, 2]);
}

fn a_replaced_value_counts_until_its_successor_is_live(world: &World) {
    let before = first(world);
    let import = begin(world).unwrap();
    stage(world, import, &changes());
    let staging = view(world);
    assert!(staging.holders.contains(&(2, 0)) && !staging.holders.contains(&(3, 0)));
    assert_eq!(staging.resident_holders, [(0, 1)]);
    flip(world, import).unwrap();
    let live = view(world);
    assert_eq!(live.holders, [(0, 0), (1, 1), (3, 0), (4, 2), (5, 0), (5, 1), (5, 2)]);
    assert_eq!(
        (live.korean.as_slice(), live.english.as_slice()),
        ([1, 2].as_slice(), [0].as_slice())
    );
    assert_eq!(live.resident_holders, [(1, 1)]);
    assert_eq!(live.residents, [(1, import, b"rrn-b".to_vec())]);
    let records: Vec<_> =
        live.records.iter().map(|(place, import, ..)| (*place, *import)).collect();
    assert_eq!(records, [(0, import), (1, import), (2, import)]);
    assert_eq!(live.records[0].3, sealed(import, 0));
    let expected = [(0, 0, before), (3, 0, import), (5, 0, before), (1, 1, before), (5, 1, before)];
    assert_eq!(live.provenance[..5], expected, "a value keeps the import that brought it first");
}

fn a_sweep_changes_no_answer(world: &World) {
    first(world);
    let import = begin(world).unwrap();
    stage(world, import, &changes());
    let refused = sweep(world, import);
    assert!(matches!(refused, Err(StoreError::State { .. })), "{refused:?}");
    assert!(view(world).holders.contains(&(2, 0)), "an early sweep takes nothing away");
    flip(world, import).unwrap();
    let before = view(world);
    for _ in 0..2 {
        sweep(world, import).unwrap();
        assert_eq!(view(world), before);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM blind_index WHERE retired_by IS NOT NULL"), 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM subject_record"), 3);
    assert_eq!(world.number("SELECT COUNT(*) FROM resident_number"), 1);
}

fn exchange(gained: (Kind, &'static str), lost: (Kind, &'static str)) -> [Brought; 1] {
    [Brought { language: "ko", gained: vec![gained], lost: vec![lost], ..Brought::default() }]
}

fn a_value_that_comes_back_is_brought_back(world: &World) {
    first(world);
    let second = enrol(world, &exchange(NEW, OLD));
    // Nobody has swept when the next import takes the change back.
    let third = begin(world).unwrap();
    let before = view(world);
    stage(world, third, &exchange(OLD, NEW));
    assert_eq!(view(world), before);
    flip(world, third).unwrap();
    let after = view(world);
    assert!(after.holders.contains(&(2, 0)) && !after.holders.contains(&(3, 0)));
    assert!(after.provenance.contains(&(2, 0, third)));
    sweep(world, second).unwrap();
    sweep(world, third).unwrap();
    assert_eq!(view(world), after);
}

fn a_value_that_was_replaced_before_stays_replaced(world: &World) {
    first(world);
    enrol(world, &exchange(NEW, OLD));
    let before = view(world);
    let third = begin(world).unwrap();
    stage(world, third, &exchange(VALUES[4], OLD));
    abandon(world, third).unwrap();
    assert_eq!(view(world), before, "retired again by an import that was given up");
    let fourth = begin(world).unwrap();
    stage(world, fourth, &exchange(OLD, NEW));
    abandon(world, fourth).unwrap();
    assert_eq!(view(world), before, "brought back by an import that was given up");
}

fn a_value_retired_and_brought_by_one_import_stays(world: &World) {
    let import = first(world);
    let before = view(world);
    let second = begin(world).unwrap();
    stage(world, second, &exchange(OLD, OLD));
    assert_eq!(view(world).holders, before.holders, "while it stages");
    flip(world, second).unwrap();
    sweep(world, second).unwrap();
    assert_eq!(view(world).holders, before.holders, "when it is live");
    assert!(view(world).provenance.contains(&(2, 0, import)));
}

fn one_import_stages_at_a_time(world: &World) {
    let import = begin(world).unwrap();
    assert_eq!(world.read(import::staging), Some(import));
    let refused = begin(world);
    assert!(matches!(refused, Err(StoreError::State { .. })), "{refused:?}");
    let by_hand = world.store.write("test.by_hand", |tx| {
        tx.execute("UPDATE import SET id = 9 WHERE id = 1", &[])?;
        tx.execute(
            "INSERT INTO import (id, state, source, received_at_us, started_at_us, rows_good,
               rows_bad) VALUES (1, 'staging', '', 0, 0, 0, 0)",
            &[],
        )
    });
    assert_eq!(by_hand, Err(StoreError::Constraint { transaction: "test.by_hand" }));
    flip(world, import).unwrap();
    assert_eq!(world.read(import::staging), None);
    let second = begin(world).unwrap();
    abandon(world, second).unwrap();
    assert_eq!(world.read(import::staging), None);
    assert!(begin(world).unwrap() > second, "numbers of abandoned imports are not given again");
}

fn only_one_of_many_begins_at_once(world: &World) {
    let now = world.now();
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let store = world.store.clone();
            std::thread::spawn(move || {
                store.write("import.begin", move |tx| {
                    let origin = import::Origin { source: "", received_at: now, legal_basis: None };
                    import::begin(tx, &origin, now)
                })
            })
        })
        .collect();
    let ends: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1, "{ends:?}");
    assert_eq!(world.number("SELECT COUNT(*) FROM import"), 1);
}

fn states_only_go_forward(world: &World) {
    let import = first(world);
    let before = view(world);
    assert!(matches!(abandon(world, import), Err(StoreError::State { .. })));
    assert!(matches!(flip(world, import), Err(StoreError::State { .. })));
    assert_eq!(view(world), before, "a live import cannot be given up");
    let second = begin(world).unwrap();
    abandon(world, second).unwrap();
    assert!(matches!(flip(world, second), Err(StoreError::State { .. })));
    assert!(matches!(sweep(world, second), Err(StoreError::State { .. })));
    let unknown = ImportId::new(99);
    assert_eq!(abandon(world, unknown), Err(StoreError::NotFound { what: "import" }));
    assert_eq!(sweep(world, unknown), Err(StoreError::NotFound { what: "import" }));
    assert!(matches!(flip(world, unknown), Err(StoreError::State { .. })));
}

fn the_register_of_imports_is_complete(world: &World) {
    let received_at = world.now().plus_days(-30);
    let now = world.now();
    let import = world.write(move |tx| {
        let legal_basis = Some("전자금융거래법 제21조");
        import::begin(tx, &import::Origin { source: "지점", received_at, legal_basis }, now)
    });
    flip(world, import).unwrap();
    let second = begin(world).unwrap();
    abandon(world, second).unwrap();
    begin(world).unwrap();
    let rows = world.read(import::list);
    let states: Vec<_> = rows.iter().map(|row| (row.id.number(), row.state.as_str())).collect();
    assert_eq!(states, [(1, "live"), (2, "abandoned"), (3, "staging")]);
    assert_eq!((rows[0].source.as_str(), rows[0].received_at), ("지점", received_at));
    assert_eq!((rows[0].rows_good, rows[0].rows_bad), (3, 1));
    assert_eq!((rows[1].rows_good, rows[1].rows_bad), (0, 0));
    let basis =
        "SELECT COUNT(*) FROM import WHERE legal_basis = '전자금융거래법 제21조' AND id = 1";
    assert_eq!(world.number(basis), 1);
}
