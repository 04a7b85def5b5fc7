//! Subjects: found by what they have, forgotten when they are erased.

use doldam_ground::Kind;
use doldam_ground::ids::{Handle, ImportId, Ordinal};

use super::people::{
    Brought, PEOPLE, VALUES, begin, digest, digests, enrol, flip, handle, newcomer, stage, view,
};
use super::{World, on_both};
use crate::subject::{self, Records};
use crate::{StoreError, erasure};

on_both!(
    one_value_may_have_several_holders,
    questions_keep_their_place,
    the_newest_live_record_counts,
    a_person_comes_once,
    an_erased_person_is_found_by_nothing,
    ordinals_are_never_given_twice,
    people_are_selected_by_their_newest_language,
    empty_questions_and_batches_do_nothing,
);

fn one_value_may_have_several_holders(world: &World) {
    let people: Vec<_> = (0..PEOPLE).map(|ordinal| newcomer(ordinal, &[VALUES[5]])).collect();
    let import = enrol(world, &people);
    let view = view(world);
    let holders: Vec<_> = (0..u32::try_from(PEOPLE).unwrap()).map(|one| (5, one)).collect();
    assert_eq!(view.holders, holders);
    let handles: Vec<_> =
        (0..PEOPLE).map(|one| (usize::try_from(one).unwrap(), handle(one))).collect();
    assert_eq!(view.handles, handles, "all 64 bits come back");
    assert_eq!(view.by_handle.len(), handles.len());
    let provenance: Vec<_> = (0..PEOPLE).map(|one| (5, one, import)).collect();
    assert_eq!(view.provenance, provenance);
}

fn questions_keep_their_place(world: &World) {
    enrol(world, &[newcomer(0, &[VALUES[0]]), newcomer(1, &[VALUES[1]])]);
    let asked =
        [(Kind::CI, "ci-b"), (Kind::CI, "nobody"), (Kind::DI, "ci-b"), VALUES[0], VALUES[1]];
    let mut found = Vec::new();
    world.read(|tx| {
        subject::find_by_digests(tx, &digests(&asked), &mut |place, ordinal| {
            found.push((place, ordinal.number()));
            Ok(())
        })
    });
    found.sort_unstable();
    assert_eq!(found, [(0, 1), (3, 0), (4, 1)], "kinds are apart, repeated questions are answered");
    let mut found = Vec::new();
    world.read(|tx| {
        subject::handles_of(tx, &[1, 77, 0, 1], &mut |place, handle| {
            found.push((place, handle));
            Ok(())
        })
    });
    found.sort_unstable();
    let of = |ordinal| Handle::new(handle(ordinal).cast_unsigned());
    assert_eq!(found, [(0, of(1)), (2, of(0)), (3, of(1))]);
    let stopped = world.store.read("test.stop", |tx| {
        subject::find_by_digests(tx, &digests(&asked), &mut |_, _| {
            Err(StoreError::NotFound { what: "patience" })
        })
    });
    assert_eq!(stopped, Err(StoreError::NotFound { what: "patience" }), "a visitor may stop");
}

fn the_newest_live_record_counts(world: &World) {
    enrol(world, &[newcomer(0, &[VALUES[0]])]);
    let update = Brought { language: "en", ..Brought::default() };
    let second = enrol(world, std::slice::from_ref(&update));
    stage(world, begin(world).unwrap(), &[update]);
    let records = view(world).records;
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].1, records[0].2.as_str()), (second, "en"));
}

fn a_person_comes_once(world: &World) {
    enrol(world, &[newcomer(0, &[VALUES[0]])]);
    let import = begin(world).unwrap();
    let taken = Err(StoreError::Constraint { transaction: "test.taken" });
    let write = |ordinal: i64, handle: i64| {
        world.store.write("test.taken", move |tx| {
            subject::insert(tx, import, &[ordinal], &[handle])?;
            subject::insert_handles(tx, import, &[handle], &[ordinal])
        })
    };
    assert_eq!(write(0, 1), taken, "the ordinal is given");
    assert_eq!(write(1, handle(0)), taken, "the handle is given");
    assert_eq!(write(1, 1), Ok(()));
    let twice = world.store.write("test.taken", move |tx| {
        let records = Records {
            ordinals: vec![1, 1],
            languages: vec!["ko".to_owned(); 2],
            sealed: vec![vec![1]; 2],
        };
        subject::insert_records(tx, import, &records)
    });
    assert_eq!(twice, taken, "one import brings one record of a person");
}

fn erase(world: &World, ordinal: u32, values: &'static [(Kind, &'static str)]) {
    let (now, handle) = (world.now(), Handle::new(handle(i64::from(ordinal)).cast_unsigned()));
    world.write(move |tx| {
        let ordinal = Ordinal::new(ordinal);
        erasure::insert(tx, ordinal, handle, "a request", now)?;
        subject::erase(tx, ordinal, &digests(values))
    });
}

fn an_erased_person_is_found_by_nothing(world: &World) {
    let mut person = newcomer(0, &[VALUES[0], VALUES[5]]);
    person.resident = Some("rrn-a");
    enrol(world, &[person, newcomer(1, &[VALUES[1], VALUES[5]])]);
    // An older and a newer record of the same person: both go.
    enrol(world, &[Brought { language: "en", ..Brought::default() }]);
    erase(world, 0, &[VALUES[0], VALUES[5]]);
    let after = view(world);
    assert_eq!((after.count, after.everybody.as_slice()), (1, [1].as_slice()));
    assert_eq!(after.holders, [(1, 1), (5, 1)], "whoever shares a value keeps it");
    assert_eq!(after.by_handle, [(1, 1)]);
    assert_eq!(after.handles.len() + after.records.len(), 2);
    assert_eq!(after.kinds, [Kind::CI, Kind::NAME], "nobody has a resident number any more");
    for sql in [
        "SELECT COUNT(*) FROM subject WHERE ordinal = 0",
        "SELECT COUNT(*) FROM subject_handle WHERE ordinal = 0",
        "SELECT COUNT(*) FROM subject_record WHERE ordinal = 0",
        "SELECT COUNT(*) FROM resident_number WHERE ordinal = 0",
        "SELECT COUNT(*) FROM blind_index WHERE ordinal = 0",
    ] {
        assert_eq!(world.number(sql), 0, "{sql}");
    }
    erase(world, 0, &[VALUES[0]]);
    assert_eq!(view(world), after, "safe to repeat");
}

fn ordinals_are_never_given_twice(world: &World) {
    assert_eq!(world.read(subject::ordinal_end), 0);
    enrol(world, &[newcomer(0, &[]), newcomer(1, &[]), newcomer(2, &[])]);
    assert_eq!(world.read(subject::ordinal_end), 3);
    erase(world, 2, &[]);
    erase(world, 1, &[]);
    assert_eq!(world.read(subject::ordinal_end), 3, "the last ones were erased");
    let import = begin(world).unwrap();
    stage(world, import, &[newcomer(3, &[]), newcomer(4, &[])]);
    assert_eq!(world.read(subject::ordinal_end), 5, "those of a staging import are taken");
    assert_eq!(world.read(|tx| subject::ordinal_end_before(tx, import)), 3);
    flip(world, import).unwrap();
    assert_eq!(world.read(|tx| subject::ordinal_end_before(tx, ImportId::new(9))), 5);
}

fn people_are_selected_by_their_newest_language(world: &World) {
    let mut foreigner = newcomer(1, &[]);
    foreigner.language = "en";
    enrol(world, &[newcomer(2, &[]), foreigner, newcomer(0, &[])]);
    let select = |language| world.read(|tx| subject::select(tx, language));
    assert_eq!(select(None), [0, 1, 2].map(Ordinal::new), "in order");
    assert_eq!(select(Some("ko")), [0, 2].map(Ordinal::new));
    enrol(world, &[Brought { ordinal: 2, language: "en", ..Brought::default() }]);
    assert_eq!(select(Some("ko")), [0].map(Ordinal::new), "though nobody has swept yet");
    assert_eq!(select(Some("en")), [1, 2].map(Ordinal::new));
    assert_eq!(select(Some("fr")), []);
    assert_eq!(world.read(subject::count), 3);
}

fn empty_questions_and_batches_do_nothing(world: &World) {
    let import = begin(world).unwrap();
    world.write(move |tx| {
        subject::insert(tx, import, &[], &[])?;
        subject::insert_handles(tx, import, &[], &[])?;
        subject::insert_records(tx, import, &Records::default())?;
        subject::insert_digests(tx, import, &digests(&[]), &[])?;
        subject::retire_digests(tx, import, &digests(&[]), &[])?;
        subject::insert_resident_numbers(tx, import, &[], &[], &[])
    });
    world.read(|tx| {
        subject::find_by_digests(tx, &digests(&[]), &mut |_, _| unreachable!("an answer"))?;
        subject::find_by_handles(tx, &[], &mut |_, _| unreachable!("an answer"))?;
        subject::handles_of(tx, &[], &mut |_, _| unreachable!("an answer"))?;
        subject::records_of(tx, &[], &mut |_, _| unreachable!("an answer"))?;
        subject::find_by_resident_digests(tx, &[], &mut |_, _| unreachable!("an answer"))?;
        assert_eq!(subject::provenance(tx, &digests(&[]), &[])?, []);
        Ok(())
    });
    assert!(digests(&[]).is_empty() && digests(&VALUES).len() == VALUES.len());
    let ragged = world.store.write("test.ragged", move |tx| {
        subject::insert_digests(tx, import, &digests(&VALUES), &[1])
    });
    assert_eq!(ragged, Err(StoreError::Shape { what: "batch of rows" }));
    assert_eq!(digest("abc")[..4], *b"abc\0", "the tests' own digests differ");
}
