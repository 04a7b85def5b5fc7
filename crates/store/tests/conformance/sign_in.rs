//! Passkeys, attempts to sign in, and links to the company's identity provider.

use doldam_ground::ids::StaffId;

use super::{World, on_both};
use crate::access::passkey::{self, NewPasskey};
use crate::access::{attempt, sso, staff_access};
use crate::{StoreError, staff};

on_both!(
    an_attempt_is_there_once_for_its_act_and_its_time,
    a_passkey_is_found_until_it_is_revoked_or_its_owner_is_disabled,
    a_person_of_the_provider_is_one_person_here,
);

const DIGEST: [u8; 32] = [7; 32];
const OTHER: [u8; 32] = [8; 32];

fn person(world: &World, name: &'static str) -> StaffId {
    let now = world.now();
    world.write(move |tx| staff::insert(tx, name, "analyst", "none", now))
}

fn an_attempt_is_there_once_for_its_act_and_its_time(world: &World) {
    let (now, end) = (world.now(), world.now().plus_days(1));
    let begin = |digest: [u8; 32], most| {
        world.write(move |tx| attempt::begin(tx, &digest, "sso", b"sealed", end, most))
    };
    let take = |act: &'static str, at| world.write(move |tx| attempt::take(tx, &DIGEST, act, at));
    assert!(begin(DIGEST, 2));
    assert!(begin(DIGEST, 2), "the same browser begins again");
    assert_eq!(world.read(|tx| attempt::find(tx, &DIGEST, "sso", now)), Some(b"sealed".to_vec()));
    assert_eq!(take("passkey.add", now), None);
    assert_eq!(take("sso", end), None);
    assert_eq!(take("sso", now), Some(b"sealed".to_vec()));
    assert_eq!(take("sso", now), None);
    assert!(begin(DIGEST, 1) && !begin(OTHER, 1), "as many as are allowed");
    assert_eq!(world.write(move |tx| attempt::sweep(tx, now)), 0);
    assert_eq!(world.write(move |tx| attempt::sweep(tx, end)), 1);
}

fn a_passkey_is_found_until_it_is_revoked_or_its_owner_is_disabled(world: &World) {
    let (minji, now) = (person(world, "minji"), world.now());
    let new = |digest| NewPasskey {
        staff: minji,
        name: "blue key".to_owned(),
        credential_digest: digest,
        credential: "first".to_owned(),
        is_backed_up: false,
    };
    let add =
        |new: NewPasskey| world.store.write("test.add", move |tx| passkey::insert(tx, &new, now));
    let find = |digest| world.read(|tx| passkey::find(tx, &digest));
    let (first, second) = (add(new(DIGEST)).unwrap(), add(new(OTHER)).unwrap());
    assert_eq!((first.to_string(), second.to_string()), ("F-1".to_owned(), "F-2".to_owned()));
    assert_eq!(add(new(DIGEST)), Err(StoreError::Constraint { transaction: "test.add" }));
    let before = find(DIGEST).unwrap();
    assert_eq!((before.staff, before.name.as_str(), before.used_at), (minji, "blue key", None));
    let used = |before: passkey::Passkey, text: &'static str| {
        world.write(move |tx| passkey::used(tx, &before, text, true, now))
    };
    assert!(used(before.clone(), "second"));
    assert!(!used(before, "third"), "somebody else was faster");
    let after = find(DIGEST).unwrap();
    assert_eq!((after.credential.as_str(), after.used_at), ("second", Some(now)));
    assert!(after.is_backed_up);
    assert_eq!(world.write(move |tx| passkey::revoke(tx, first, now)), Some(minji));
    assert_eq!(world.write(move |tx| passkey::revoke(tx, first, now)), None);
    assert!(find(DIGEST).is_none() && !used(after, "fourth"));
    assert_eq!(world.read(|tx| passkey::list(tx, minji)).len(), 2);
    assert_eq!(world.read(|tx| passkey::get(tx, first)).unwrap().revoked_at, Some(now));
    assert!(find(OTHER).is_some());
    world.write(move |tx| staff_access::disable(tx, minji, now));
    assert!(find(OTHER).is_none());
}

fn a_person_of_the_provider_is_one_person_here(world: &World) {
    let (minji, jisu, now) = (person(world, "minji"), person(world, "jisu"), world.now());
    let link = |staff, digest: [u8; 32]| {
        world.store.write("test.link", move |tx| sso::link(tx, staff, &digest, "officer", now))
    };
    let find = |digest| world.read(|tx| sso::find(tx, &digest));
    link(minji, DIGEST).unwrap();
    assert_eq!(find(DIGEST), Some(minji));
    assert_eq!(link(jisu, DIGEST), Err(StoreError::Constraint { transaction: "test.link" }));
    assert!(world.write(move |tx| sso::used(tx, minji, &DIGEST, now)));
    assert!(!world.write(move |tx| sso::used(tx, jisu, &DIGEST, now)));
    assert_eq!(world.read(|tx| sso::of_staff(tx, minji)).unwrap().used_at, Some(now));
    link(minji, OTHER).unwrap();
    assert_eq!((find(DIGEST), find(OTHER)), (None, Some(minji)));
    assert_eq!(world.read(|tx| sso::of_staff(tx, minji)).unwrap().used_at, None);
    link(jisu, DIGEST).unwrap();
    world.write(move |tx| staff_access::disable(tx, jisu, now));
    assert_eq!(find(DIGEST), None);
    assert!(world.write(move |tx| sso::unlink(tx, minji)));
    assert!(!world.write(move |tx| sso::unlink(tx, minji)));
}
