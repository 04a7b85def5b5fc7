//! Sessions, keys, deliveries, cuts and answers.

use std::sync::Arc;

use doldam_ground::Instant;
use doldam_ground::ids::{ApiKeyId, DeliveryId, DisclosureId, ProcessorId, StaffId};

use super::{World, on_both};
use crate::StoreError;
use crate::access::answer::{self, Request};
use crate::access::delivery::{self, Delivery};
use crate::access::rider::{self, Rider};
use crate::access::staff_access::{self, StaffAccess};
use crate::access::{api_key, cut, session};
use crate::staff;

on_both!(
    a_session_works_until_it_ends_is_revoked_or_its_owner_is_disabled,
    how_staff_come_in_is_kept_and_a_chosen_secret_ends_the_one_time_one,
    failures_are_counted_by_name_and_forgiven,
    a_key_is_found_by_its_digest_until_it_is_revoked,
    all_keys_of_one_processor_are_revoked_and_of_no_other,
    a_delivery_is_published_once_and_its_fetches_are_noted,
    a_cut_is_unproved_until_it_has_its_proof,
    a_repeated_request_meets_the_earlier_one,
    a_request_notes_its_transactions_in_their_own_commit,
);

const DIGEST: [u8; 32] = [3; 32];
const P1: ProcessorId = ProcessorId::new(1);
const P2: ProcessorId = ProcessorId::new(2);

fn after(world: &World, micros: i64) -> Instant {
    Instant::from_micros(world.now().micros() + micros)
}

fn add_staff(world: &World) -> StaffId {
    let now = world.now();
    world.write(move |tx| staff::insert(tx, "kim", "engineer", "old", now))
}

fn a_session_works_until_it_ends_is_revoked_or_its_owner_is_disabled(world: &World) {
    let (id, now, end) = (add_staff(world), world.now(), after(world, 10));
    let open = |digest: [u8; 32]| world.write(move |tx| session::insert(tx, &digest, id, now, end));
    let find = |digest: [u8; 32], at| world.read(|tx| session::find(tx, &digest, at));
    open(DIGEST);
    open([4; 32]);
    let found = find(DIGEST, now).unwrap();
    assert_eq!((found.staff, found.name.as_str(), found.role.as_str()), (id, "kim", "engineer"));
    assert!(find([9; 32], now).is_none());
    assert!(find(DIGEST, end).is_none(), "the last moment is not in it");
    world.write(move |tx| session::touch(tx, &DIGEST, Instant::from_micros(now.micros() + 5)));
    assert_eq!(find(DIGEST, now).unwrap().used_at, after(world, 5));
    assert!(world.write(move |tx| session::revoke(tx, &DIGEST, now)));
    assert!(!world.write(move |tx| session::revoke(tx, &DIGEST, now)));
    assert!(find(DIGEST, now).is_none() && find([4; 32], now).is_some());
    assert!(world.write(move |tx| staff_access::disable(tx, id, now)));
    assert!(!world.write(move |tx| staff_access::disable(tx, id, now)));
    assert!(find([4; 32], now).is_none());
    open([5; 32]);
    assert_eq!(world.write(move |tx| session::revoke_all(tx, id, Some(&[5; 32]), now)), 1);
    assert_eq!(world.write(move |tx| session::revoke_all(tx, id, None, now)), 1);
    assert_eq!(world.write(move |tx| session::sweep(tx, end)), 0);
    let later = after(world, 11);
    assert_eq!(world.write(move |tx| session::sweep(tx, later)), 3);
}

fn how_staff_come_in_is_kept_and_a_chosen_secret_ends_the_one_time_one(world: &World) {
    let id = add_staff(world);
    assert_eq!(world.read(|tx| staff_access::get(tx, id)), StaffAccess::default());
    let access = StaffAccess {
        one_time_until: Some(after(world, 9)),
        scope: Some(P2),
        expires_at: Some(after(world, 99)),
    };
    world.write(move |tx| staff_access::put(tx, id, &access));
    world.write(move |tx| staff_access::put(tx, id, &access));
    assert_eq!(world.read(|tx| staff_access::get(tx, id)), access);
    world.write(move |tx| staff_access::set_secret(tx, id, "new"));
    let chosen = StaffAccess { one_time_until: None, ..access };
    assert_eq!(world.read(|tx| staff_access::get(tx, id)), chosen);
    assert_eq!(world.read(|tx| staff::find_by_name(tx, "kim")).unwrap().secret_hash, "new");
}

fn failures_are_counted_by_name_and_forgiven(world: &World) {
    let (now, until) = (world.now(), after(world, 50));
    let fail = |name: [u8; 32]| world.write(move |tx| staff_access::failed(tx, &name, now));
    assert!(world.read(|tx| staff_access::failures(tx, &DIGEST)).is_none());
    assert_eq!((fail(DIGEST), fail(DIGEST), fail([4; 32])), (1, 2, 1));
    world.write(move |tx| staff_access::lock(tx, &DIGEST, until));
    let held = world.read(|tx| staff_access::failures(tx, &DIGEST)).unwrap();
    assert_eq!((held.count, held.locked_until), (2, until));
    let later = after(world, 20);
    assert_eq!(world.write(move |tx| staff_access::sweep(tx, later)), 1, "a lock is kept");
    world.write(move |tx| staff_access::forgive(tx, &DIGEST));
    assert_eq!(fail(DIGEST), 1);
}

fn add_key(world: &World, processor: ProcessorId, digest: [u8; 32]) -> ApiKeyId {
    let (now, end) = (world.now(), after(world, 10));
    world.write(move |tx| api_key::insert(tx, processor, "deliveries:read", &digest, now, end))
}

fn a_key_is_found_by_its_digest_until_it_is_revoked(world: &World) {
    let (id, now) = (add_key(world, P1, DIGEST), world.now());
    let find = |at| world.read(|tx| api_key::find(tx, &DIGEST, at));
    let found = find(now).unwrap();
    assert_eq!((found.id, found.processor), (id, P1));
    assert_eq!((found.scopes.as_str(), found.used_at), ("deliveries:read", None));
    assert!(find(after(world, 10)).is_none());
    world.write(move |tx| api_key::touch(tx, id, now));
    assert_eq!(find(now).unwrap().used_at, Some(now));
    assert_eq!(world.write(move |tx| api_key::revoke(tx, id, now)), Some(P1));
    assert_eq!(world.write(move |tx| api_key::revoke(tx, id, now)), None);
    assert!(find(now).is_none());
    assert_eq!(world.read(|tx| api_key::list(tx, P1))[0].revoked_at, Some(now));
    let twice =
        world.store.write("key.add", move |tx| api_key::insert(tx, P1, "", &DIGEST, now, now));
    assert_eq!(twice, Err(StoreError::Constraint { transaction: "key.add" }));
}

fn all_keys_of_one_processor_are_revoked_and_of_no_other(world: &World) {
    let now = world.now();
    add_key(world, P1, [1; 32]);
    add_key(world, P1, [2; 32]);
    add_key(world, P2, [3; 32]);
    assert_eq!(world.write(move |tx| api_key::revoke_all(tx, P1, now)), 2);
    assert_eq!(world.write(move |tx| api_key::revoke_all(tx, P1, now)), 0);
    assert!(world.read(|tx| api_key::find(tx, &[1; 32], now)).is_none());
    assert!(world.read(|tx| api_key::find(tx, &[3; 32], now)).is_some());
}

fn sealed(world: &World, id: u32, processor: ProcessorId) -> Delivery {
    Delivery {
        id: DeliveryId::new(id),
        disclosure: DisclosureId::new(id + 10),
        processor,
        sha256: DIGEST,
        bytes: 7,
        sealed_key: vec![1, 2],
        created_at: world.now(),
        published_at: None,
        available_until: None,
    }
}

fn a_delivery_is_published_once_and_its_fetches_are_noted(world: &World) {
    assert_eq!(world.read(delivery::next_id), DeliveryId::new(1));
    for row in [sealed(world, 1, P1), sealed(world, 2, P2), sealed(world, 3, P1)] {
        world.write(move |tx| delivery::insert(tx, &row));
    }
    let (id, now, until) = (DeliveryId::new(1), world.now(), after(world, 5));
    assert!(world.write(move |tx| delivery::publish(tx, id, now, until)));
    assert!(!world.write(move |tx| delivery::publish(tx, DeliveryId::new(9), now, until)));
    let later = after(world, 3);
    assert!(world.write(move |tx| delivery::publish(tx, id, later, later)));
    let held = world.read(|tx| delivery::find(tx, id)).unwrap();
    assert_eq!((held.published_at, held.available_until), (Some(now), Some(later)));
    assert_eq!((held.bytes, held.sha256, held.sealed_key), (7, DIGEST, vec![1, 2]));
    let by = world.read(|tx| delivery::find_by_disclosure(tx, DisclosureId::new(12))).unwrap();
    assert_eq!((by.id, by.published_at), (DeliveryId::new(2), None));
    let numbers = |rows: Vec<Delivery>| rows.iter().map(|row| row.id.number()).collect::<Vec<_>>();
    assert_eq!(numbers(world.read(|tx| delivery::list(tx, 0, 2))), [1, 2]);
    assert_eq!(numbers(world.read(|tx| delivery::list(tx, 2, 9))), [3]);
    assert_eq!(numbers(world.read(|tx| delivery::list_of(tx, P1, 0, 9))), [1, 3]);
    assert_eq!(numbers(world.read(|tx| delivery::list_of(tx, P1, 1, 9))), [3]);
    let key = ApiKeyId::new(4);
    let first = world.write(move |tx| delivery::fetch_started(tx, id, key, now));
    let second = world.write(move |tx| delivery::fetch_started(tx, id, key, now));
    world.write(move |tx| delivery::fetch_ended(tx, second, "whole", later));
    let fetches = world.read(|tx| delivery::fetches(tx, id));
    assert_ne!(first, second);
    assert_eq!((fetches[0].outcome.as_deref(), fetches[0].ended_at), (None, None));
    assert_eq!((fetches[1].outcome.as_deref(), fetches[1].ended_at), (Some("whole"), Some(later)));
}

fn a_cut_is_unproved_until_it_has_its_proof(world: &World) {
    let now = world.now();
    let id = world.write(move |tx| cut::insert(tx, P1, "a leaked file", "kim", now));
    assert_eq!(world.read(cut::unproved)[0].id, id);
    world.write(move |tx| cut::prove(tx, id, "{}", &[9], now));
    assert!(world.read(cut::unproved).is_empty());
    let held = world.read(|tx| cut::list(tx, P1)).remove(0);
    assert_eq!((held.proof.as_deref(), held.signature), (Some("{}"), Some(vec![9])));
    assert!(world.read(|tx| cut::list(tx, P2)).is_empty());
}

const REQUEST: Request<'static> = Request { actor: "S-1", route: "POST /staff", key: "k" };

fn a_repeated_request_meets_the_earlier_one(world: &World) {
    let now = world.now();
    assert!(world.read(|tx| answer::find(tx, &REQUEST)).is_none());
    world.write(move |tx| answer::keep(tx, &REQUEST, &DIGEST, b"box", now));
    world.write(move |tx| answer::keep(tx, &REQUEST, &[9; 32], b"other", now));
    let held = world.read(|tx| answer::find(tx, &REQUEST)).unwrap();
    assert_eq!((held.body_digest, held.sealed.as_deref()), (DIGEST, Some(&b"box"[..])));
    let other = Request { actor: "S-2", ..REQUEST };
    assert!(world.read(|tx| answer::find(tx, &other)).is_none());
    assert_eq!(world.write(move |tx| answer::sweep(tx, now)), 0);
    let later = after(world, 1);
    assert_eq!(world.write(move |tx| answer::sweep(tx, later)), 1);
}

/// A transaction in the name of the request.
fn ridden<T: Send + 'static>(
    world: &World,
    name: &'static str,
    run: impl FnMut(&mut crate::Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let rider = Rider::new(&world.store, &REQUEST, DIGEST, world.now());
    rider::ride(Some(Arc::new(rider)), || {
        rider::keep_secret(|| name.as_bytes().to_vec());
        world.store.write(name, run)
    })
}

fn a_request_notes_its_transactions_in_their_own_commit(world: &World) {
    let now = world.now();
    let ordered = move |tx: &mut crate::Tx<'_>| cut::insert(tx, P1, "a leaked file", "kim", now);
    let id = ridden(world, "access.cut", ordered).unwrap();
    ridden(world, "test.look", |_| Ok(())).unwrap();
    let failed = ridden(world, "test.fail", |_| -> Result<(), _> { Err(StoreError::Busy) });
    assert_eq!(failed, Err(StoreError::Busy));
    let held = world.read(|tx| answer::find(tx, &REQUEST)).unwrap();
    assert_eq!((held.body_digest, held.sealed), (DIGEST, None));
    assert_eq!(held.secret.as_deref(), Some(&b"test.look"[..]), "the newest");
    let number = Some(u64::from(id.number()));
    let names: Vec<_> =
        held.effects.iter().map(|effect| (effect.transaction.as_str(), effect.number)).collect();
    assert_eq!(names, [("access.cut", number), ("test.look", None)]);
    world.write(move |tx| answer::keep(tx, &REQUEST, &DIGEST, b"box", now));
    assert_eq!(world.number("SELECT COUNT(*) FROM answer_effect"), 0);
    // Without a request nothing is noted.
    world.write(move |tx| cut::insert(tx, P1, "a leaked file", "kim", now));
    assert_eq!(world.number("SELECT COUNT(*) FROM answer_effect"), 0);
}
