//! Processors, their pseudonym domains, and what must not be destroyed.

use doldam_ground::Kind;
use doldam_ground::ids::{DomainId, ProcessorId};

use super::{World, on_both};
use crate::processor::{self, Domain};
use crate::{StoreError, Tx};

on_both!(
    processors_are_found_by_their_name,
    a_name_is_taken_once,
    processors_added_at_once_get_numbers_of_their_own,
    epochs_count_the_keys_of_one_purpose,
    a_domain_is_suspended_resumed_and_destroyed,
    a_hold_stands_until_it_is_lifted,
    an_exchange_of_pseudonyms_is_noted_once,
);

fn add(world: &World, name: &'static str) -> Result<ProcessorId, StoreError> {
    let now = world.now();
    world.store.write("processor.add", move |tx| processor::insert(tx, name, "outsourcing", now))
}

fn open(world: &World, processor: u32, purpose: &'static str, kind: Kind) -> Domain {
    let (now, processor) = (world.now(), ProcessorId::new(processor));
    world.write(move |tx| processor::domain_insert(tx, processor, purpose, kind, now))
}

fn set(world: &World, domain: DomainId, state: &'static str) -> Result<(), StoreError> {
    let now = world.now();
    world.store.write("domain.set", move |tx| processor::domain_set_state(tx, domain, state, now))
}

fn processors_are_found_by_their_name(world: &World) {
    let id = add(world, "㈜개발사").unwrap();
    add(world, "other").unwrap();
    let found = world.read(|tx| processor::find_by_name(tx, "㈜개발사")).unwrap();
    assert_eq!((found.id, found.relation.as_str()), (id, "outsourcing"));
    assert!(world.read(|tx| processor::find_by_name(tx, "nobody")).is_none());
    let names: Vec<_> = world.read(processor::list).into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["㈜개발사", "other"]);
}

fn a_name_is_taken_once(world: &World) {
    add(world, "one").unwrap();
    assert_eq!(add(world, "one"), Err(StoreError::Constraint { transaction: "processor.add" }));
}

fn processors_added_at_once_get_numbers_of_their_own(world: &World) {
    let now = world.now();
    let threads = ["a", "b", "c", "d"].map(|name| {
        let store = world.store.clone();
        std::thread::spawn(move || {
            store.write("processor.add", move |tx| {
                let id = processor::insert(tx, name, "provision", now)?;
                processor::domain_insert(tx, id, "p", Kind::CI, now)
            })
        })
    });
    let mut ids: Vec<(u32, u32)> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap().unwrap())
        .map(|domain| (domain.id.number(), domain.processor.number()))
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [(1, 1), (2, 2), (3, 3), (4, 4)]);
}

fn epochs_count_the_keys_of_one_purpose(world: &World) {
    let epochs = [
        open(world, 1, "a", Kind::CI),
        open(world, 1, "a", Kind::CI),
        open(world, 1, "a", Kind::NICKNAME),
        open(world, 1, "b", Kind::CI),
        open(world, 2, "a", Kind::CI),
        open(world, 1, "a", Kind::CI),
    ]
    .map(|domain| (domain.id.number(), domain.epoch));
    assert_eq!(epochs, [(1, 1), (2, 2), (3, 1), (4, 1), (5, 1), (6, 3)]);
    let all = world.read(processor::domains);
    let third = all.iter().find(|domain| domain.id.number() == 3).unwrap();
    assert_eq!((third.kind, third.purpose.as_str(), third.epoch), (Kind::NICKNAME, "a", 1));
    assert_eq!((third.processor.number(), third.state.as_str()), (1, "active"));
    assert_eq!(all.iter().map(|domain| domain.id.number()).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    world.run("UPDATE domain SET kind = 255 WHERE id = 3");
    let unknown = world.store.read("test.unknown", processor::domains).map(drop);
    assert_eq!(unknown, Err(StoreError::Shape { what: "kind of a domain" }));
}

/// When the domain was suspended and destroyed, in microseconds from the start of the test.
fn times(world: &World, start_us: i64) -> (Option<i64>, Option<i64>) {
    let times = world.read(|tx: &mut Tx<'_>| {
        tx.query_one("SELECT suspended_at_us, destroyed_at_us FROM domain", &[], |row| {
            Ok((row.get_optional_int(0)?, row.get_optional_int(1)?))
        })
    });
    let (suspended, destroyed) = times.unwrap();
    (suspended.map(|at| at - start_us), destroyed.map(|at| at - start_us))
}

fn a_domain_is_suspended_resumed_and_destroyed(world: &World) {
    let id = open(world, 1, "a", Kind::CI).id;
    let start = world.now().micros();
    let state = || world.read(processor::domains)[0].state.clone();
    world.clock.advance_us(1);
    set(world, id, "suspended").unwrap();
    assert_eq!((state().as_str(), times(world, start)), ("suspended", (Some(1), None)));
    world.clock.advance_us(1);
    set(world, id, "active").unwrap();
    assert_eq!((state().as_str(), times(world, start)), ("active", (None, None)));
    set(world, id, "suspended").unwrap();
    world.clock.advance_us(1);
    set(world, id, "destroyed").unwrap();
    assert_eq!((state().as_str(), times(world, start)), ("destroyed", (Some(2), Some(3))));
    let refused = Err(StoreError::NotFound { what: "open domain of that number" });
    world.clock.advance_us(1);
    assert_eq!(set(world, id, "active"), refused, "nothing opens it again");
    assert_eq!(set(world, id, "destroyed"), refused, "it is destroyed once");
    assert_eq!(set(world, DomainId::new(9), "active"), refused);
    assert_eq!(times(world, start), (Some(2), Some(3)));
    assert_eq!(open(world, 1, "a", Kind::CI).epoch, 2, "a destroyed key keeps its epoch");
}

fn a_hold_stands_until_it_is_lifted(world: &World) {
    let (first, second) = (open(world, 1, "a", Kind::CI).id, open(world, 1, "b", Kind::CI).id);
    let held = |domain| world.read(|tx| processor::is_held(tx, domain));
    let now = world.now();
    assert!(!held(first));
    world.write(move |tx| {
        processor::hold_insert(tx, first, "incident 1", now)?;
        processor::hold_insert(tx, first, "claim 2", now)?;
        processor::hold_insert(tx, second, "claim 2", now)
    });
    assert!(held(first) && held(second));
    world.write(move |tx| processor::hold_lift(tx, first, now));
    assert!(!held(first) && held(second), "all holds of one domain, and of no other");
    world.clock.advance_us(5);
    let later = world.now();
    world.write(move |tx| processor::hold_lift(tx, first, later));
    let lifted = "SELECT COUNT(*) FROM legal_hold WHERE lifted_at_us = created_at_us";
    assert_eq!(world.number(lifted), 2, "the first lifting counts");
    world.write(move |tx| processor::hold_insert(tx, first, "an order", later));
    assert!(held(first));
}

fn an_exchange_of_pseudonyms_is_noted_once(world: &World) {
    let now = world.now();
    let [old, older, new] = [2, 1, 3].map(DomainId::new);
    for from in [vec![old], vec![old, older], Vec::new()] {
        world.write(move |tx| processor::remap_note(tx, new, &from, now));
    }
    assert_eq!(world.read(processor::remaps), [(new, older), (new, old)]);
}
