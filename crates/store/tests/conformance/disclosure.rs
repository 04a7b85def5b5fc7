//! Disclosures, canaries and markers.

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, Handle, Ordinal, ProcessorId};

use super::people::{digest, digests};
use super::{World, on_both};
use crate::StoreError;
use crate::disclosure::{self, Canaries, Disclosure};

on_both!(
    a_disclosure_comes_back_as_it_was_written,
    a_number_is_given_once,
    a_disclosure_is_given_once,
    canaries_stand_apart_from_people,
    markers_name_their_disclosure,
    a_value_may_give_several_disclosures_away,
);

fn example(world: &World, number: u32) -> Disclosure {
    Disclosure {
        id: DisclosureId::new(number),
        processor: ProcessorId::new(3),
        purpose: "NFT 사전등록".to_owned(),
        fields: r#"[{"kind":"ci"}]"#.to_owned(),
        origin: "issued".to_owned(),
        state: "prepared".to_owned(),
        given_at: world.now(),
        return_by: number.is_multiple_of(2).then(|| world.now().plus_days(30)),
        subject_count: 17_551,
        canary_count: 3,
        stray_count: 1,
        members: vec![0, 1, 255],
        row_order: (0..=255).cycle().take(3 << 16).collect(),
        manifest: "{}".to_owned(),
        signature: vec![9; 64],
    }
}

fn insert(world: &World, row: Disclosure) -> Result<(), StoreError> {
    world.store.write("disclosure.insert", move |tx| disclosure::insert(tx, &row))
}

fn a_disclosure_comes_back_as_it_was_written(world: &World) {
    for number in [2, 1] {
        insert(world, example(world, number)).unwrap();
    }
    let rows = world.read(disclosure::list);
    assert_eq!(rows.iter().map(|row| row.id.number()).collect::<Vec<_>>(), [1, 2]);
    let summaries = world.read(disclosure::summaries);
    assert_eq!(summaries.len(), 2);
    assert!(world.read(|tx| disclosure::find(tx, DisclosureId::new(3))).is_none());
    for (row, summary) in rows.into_iter().zip(summaries) {
        let found = world.read(|tx| disclosure::find(tx, row.id)).unwrap();
        assert!(found.members == row.members && found.manifest == row.manifest);
        assert_eq!(summary, row.summary());
        let written = example(world, row.id.number());
        assert_eq!((row.processor, &row.purpose), (written.processor, &written.purpose));
        assert_eq!((&row.fields, &row.origin), (&written.fields, &written.origin));
        assert_eq!((&row.state, row.given_at), (&written.state, written.given_at));
        assert_eq!(row.return_by, written.return_by);
        let counts = (row.subject_count, row.canary_count, row.stray_count);
        assert_eq!(counts, (17_551, 3, 1));
        assert!(row.members == written.members && row.row_order == written.row_order);
        assert_eq!((&row.manifest, &row.signature), (&written.manifest, &written.signature));
    }
}

fn a_number_is_given_once(world: &World) {
    assert_eq!(world.read(disclosure::next_id).number(), 1);
    insert(world, example(world, 1)).unwrap();
    assert_eq!(world.read(disclosure::next_id).number(), 2);
    let taken = insert(world, example(world, 1));
    assert_eq!(taken, Err(StoreError::Constraint { transaction: "disclosure.insert" }));
}

fn a_disclosure_is_given_once(world: &World) {
    insert(world, example(world, 1)).unwrap();
    insert(world, example(world, 2)).unwrap();
    let given_at = |days: i64| {
        let now = world.now().plus_days(days);
        world.write(move |tx| disclosure::mark_given(tx, DisclosureId::new(1), now));
        let first = world.read(disclosure::list).remove(0);
        (first.state, first.given_at)
    };
    assert_eq!(given_at(1), ("given".to_owned(), world.now().plus_days(1)));
    assert_eq!(given_at(2), ("given".to_owned(), world.now().plus_days(1)), "safe to repeat");
    assert_eq!(world.read(disclosure::list)[1].state, "prepared", "the other one stays");
}

fn plant(world: &World, disclosure: u32, ordinals: &[u32]) -> Result<(), StoreError> {
    let canaries = Canaries {
        ordinals: ordinals.iter().map(|ordinal| i64::from(*ordinal)).collect(),
        handles: ordinals.iter().map(|ordinal| -i64::from(*ordinal)).collect(),
        sealed: ordinals.iter().map(|ordinal| ordinal.to_be_bytes().to_vec()).collect(),
    };
    let disclosure = DisclosureId::new(disclosure);
    world
        .store
        .write("canary.plant", move |tx| disclosure::insert_canaries(tx, disclosure, &canaries))
}

fn canaries_stand_apart_from_people(world: &World) {
    let base = Ordinal::CANARY_BASE;
    assert_eq!(world.read(disclosure::canary_end), base);
    plant(world, 1, &[base, base + 1]).unwrap();
    plant(world, 2, &[base + 2]).unwrap();
    plant(world, 2, &[]).unwrap();
    assert_eq!(world.read(disclosure::canary_end), base + 3);
    assert!(plant(world, 3, &[base + 2]).is_err(), "each is planted once");
    let handle = |ordinal: u32| Handle::new((-i64::from(ordinal)).cast_unsigned());
    let expected = [(base, 1), (base + 1, 1), (base + 2, 2)]
        .map(|(one, place)| (Ordinal::new(one), handle(one), DisclosureId::new(place)));
    assert_eq!(world.read(disclosure::canaries), expected);
    plant(world, 9, &[u32::MAX]).unwrap();
    let full = world.store.read("test.full", disclosure::canary_end);
    assert_eq!(full, Err(StoreError::Shape { what: "number of canaries" }));
}

fn mark(world: &World, disclosure: u32, values: &'static [(Kind, &'static str)], canary: bool) {
    let disclosure = DisclosureId::new(disclosure);
    world.write(move |tx| {
        let canary = canary.then_some(i64::from(Ordinal::CANARY_BASE));
        let ordinals = vec![canary; values.len()];
        disclosure::insert_markers(tx, disclosure, &digests(values), &ordinals)
    });
}

fn found(world: &World, values: &[(Kind, &str)]) -> Vec<(usize, u32, Option<u32>)> {
    let mut found = Vec::new();
    world.read(|tx| {
        disclosure::find_markers(tx, &digests(values), &mut |place, disclosure, ordinal| {
            found.push((place, disclosure.number(), ordinal.map(Ordinal::number)));
            Ok(())
        })
    });
    found.sort_unstable();
    found
}

fn markers_name_their_disclosure(world: &World) {
    assert!(!world.read(disclosure::has_markers));
    mark(world, 1, &[], true);
    assert!(!world.read(disclosure::has_markers), "an empty batch marks nothing");
    mark(world, 1, &[(Kind::CI, "canary"), (Kind::EMAIL, "canary@x.invalid")], true);
    mark(world, 2, &[(Kind::CI, "stranger")], false);
    assert!(world.read(disclosure::has_markers));
    let base = Some(Ordinal::CANARY_BASE);
    let asked = [
        (Kind::CI, "stranger"),
        (Kind::DI, "canary"),
        (Kind::CI, "canary"),
        (Kind::CI, "canary@x.invalid"),
    ];
    assert_eq!(found(world, &asked), [(0, 2, None), (2, 1, base)]);
    assert_eq!(found(world, &[]), []);
    assert_ne!(digest("canary"), digest("stranger"));
}

fn a_value_may_give_several_disclosures_away(world: &World) {
    // A strange row repeats within a hand-over and comes in several; the canary came first.
    mark(world, 1, &[(Kind::CI, "both"), (Kind::CI, "both")], true);
    mark(world, 2, &[(Kind::CI, "both")], false);
    mark(world, 1, &[(Kind::CI, "both")], false);
    let expected = [(0, 1, Some(Ordinal::CANARY_BASE)), (0, 2, None)];
    assert_eq!(found(world, &[(Kind::CI, "both")]), expected, "the first marking counts");
}
