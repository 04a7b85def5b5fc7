//! Staff, and the consent of a second person.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, ProcessorId, StaffId};

use super::{World, on_both};
use crate::access::staff_access::{self, StaffAccess};
use crate::{StoreError, staff};

on_both!(
    people_are_found_by_their_name,
    a_name_is_taken_once,
    people_added_at_once_get_numbers_of_their_own,
    nobody_agrees_with_themselves,
    a_consent_is_given_once,
    a_consent_is_used_once_and_for_its_act_only,
    a_request_expires,
    a_consent_is_not_used_when_the_act_fails,
    accounts_tell_who_may_still_come_in,
);

const ACT: &str = "disclose.raw";
const HASH: [u8; 32] = [7; 32];

fn add(world: &World, name: &'static str) -> Result<StaffId, StoreError> {
    let now = world.now();
    world
        .store
        .write("staff.add", move |tx| staff::insert(tx, name, "approver", "$argon2id$…", now))
}

/// A request of the first member of staff that holds for 10 microseconds.
fn request(world: &World) -> ApprovalId {
    let now = world.now();
    let expires_at = Instant::from_micros(now.micros() + 10);
    world.write(move |tx| {
        staff::approval_insert(tx, ACT, &HASH, "원본 제공 D-1", StaffId::new(1), now, expires_at)
    })
}

fn agree(world: &World, id: ApprovalId, by: u32) -> bool {
    let now = world.now();
    world.write(move |tx| staff::approval_agree(tx, id, StaffId::new(by), now))
}

fn spend(world: &World, id: ApprovalId, act: &'static str, hash: [u8; 32]) -> bool {
    let now = world.now();
    world.write(move |tx| staff::approval_use(tx, id, act, &hash, now))
}

fn open(world: &World) -> Vec<ApprovalId> {
    let now = world.now();
    world.read(|tx| staff::approvals_open(tx, now)).iter().map(|request| request.id).collect()
}

fn people_are_found_by_their_name(world: &World) {
    let id = add(world, "홍길동").unwrap();
    add(world, "kim").unwrap();
    let found = world.read(|tx| staff::find_by_name(tx, "홍길동")).unwrap();
    assert_eq!((found.id, found.name.as_str(), found.role.as_str()), (id, "홍길동", "approver"));
    assert_eq!((found.secret_hash.as_str(), found.disabled), ("$argon2id$…", false));
    assert!(world.read(|tx| staff::find_by_name(tx, "Kim")).is_none(), "names are exact");
    world.run("UPDATE staff SET disabled_at_us = 5 WHERE name = 'kim'");
    assert!(world.read(|tx| staff::find_by_name(tx, "kim")).unwrap().disabled);
    let all = world.read(staff::list);
    let names: Vec<_> = all.iter().map(|(id, name, _)| (id.number(), name.as_str())).collect();
    assert_eq!(names, [(1, "홍길동"), (2, "kim")]);
}

fn a_name_is_taken_once(world: &World) {
    add(world, "kim").unwrap();
    assert_eq!(add(world, "kim"), Err(StoreError::Constraint { transaction: "staff.add" }));
    assert_eq!(world.read(staff::list).len(), 1);
}

fn people_added_at_once_get_numbers_of_their_own(world: &World) {
    let names = ["a", "b", "c", "d"];
    let now = world.now();
    let threads = names.map(|name| {
        let store = world.store.clone();
        std::thread::spawn(move || {
            store.write("staff.add", move |tx| staff::insert(tx, name, "auditor", "", now))
        })
    });
    let mut ids: Vec<u32> =
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap().number()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3, 4]);
}

fn nobody_agrees_with_themselves(world: &World) {
    let id = request(world);
    assert!(!agree(world, id, 1));
    assert_eq!(open(world), [id]);
    assert!(!spend(world, id, ACT, HASH), "and without a consent it is not to be used");
    assert!(agree(world, id, 2));
    assert_eq!(open(world), []);
}

fn a_consent_is_given_once(world: &World) {
    let id = request(world);
    assert!(agree(world, id, 2));
    assert!(!agree(world, id, 3));
    let found = world.read(|tx| staff::approval_find(tx, id)).unwrap();
    assert_eq!((found.id, found.act.as_str(), found.act_hash), (id, ACT, HASH));
    assert_eq!((found.requested_by.number(), found.approved_by), (1, Some(StaffId::new(2))));
    assert_eq!((found.summary.as_str(), found.used_at), ("원본 제공 D-1", None));
    assert_eq!(found.expires_at.micros(), world.now().micros() + 10);
    let unknown = ApprovalId::new(9);
    assert!(world.read(|tx| staff::approval_find(tx, unknown)).is_none());
    assert!(!agree(world, unknown, 2) && !spend(world, unknown, ACT, HASH));
}

fn a_consent_is_used_once_and_for_its_act_only(world: &World) {
    let id = request(world);
    let other = request(world);
    assert_eq!(open(world), [id, other]);
    assert!(agree(world, id, 2));
    assert!(!spend(world, id, "domain.destroy", HASH));
    assert!(!spend(world, id, ACT, [8; 32]));
    assert!(!spend(world, other, ACT, HASH), "the consent was to the other request");
    assert!(spend(world, id, ACT, HASH));
    assert!(!spend(world, id, ACT, HASH));
    let found = world.read(|tx| staff::approval_find(tx, id)).unwrap();
    assert_eq!(found.used_at, Some(world.now()));
}

fn a_request_expires(world: &World) {
    let (late, agreed) = (request(world), request(world));
    assert!(agree(world, agreed, 2));
    world.clock.advance_us(9);
    assert_eq!(open(world), [late]);
    world.clock.advance_us(1);
    assert_eq!(open(world), []);
    assert!(!agree(world, late, 2), "too late to agree");
    assert!(!spend(world, agreed, ACT, HASH), "too late to use");
}

fn a_consent_is_not_used_when_the_act_fails(world: &World) {
    let id = request(world);
    assert!(agree(world, id, 2));
    let now = world.now();
    let failed: Result<(), _> = world.store.write("test.act", move |tx| {
        assert!(staff::approval_use(tx, id, ACT, &HASH, now)?);
        Err(StoreError::NotFound { what: "file" })
    });
    assert!(failed.is_err());
    assert!(spend(world, id, ACT, HASH));
}

fn accounts_tell_who_may_still_come_in(world: &World) {
    let (plain, inspector) = (add(world, "kim").unwrap(), add(world, "lee").unwrap());
    let access = StaffAccess {
        one_time_until: Some(world.now().plus_days(1)),
        scope: Some(ProcessorId::new(3)),
        expires_at: Some(world.now().plus_days(9)),
    };
    world.write(move |tx| staff_access::put(tx, inspector, &access));
    world.run("UPDATE staff SET disabled_at_us = 5 WHERE name = 'kim'");
    let all = world.read(staff::accounts);
    assert_eq!((all[0].id, all[0].access), (plain, StaffAccess::default()));
    assert_eq!((all[0].disabled_at, all[1].disabled_at), (Some(Instant::from_micros(5)), None));
    assert_eq!((all[1].id, all[1].access, all[1].created_at), (inspector, access, world.now()));
    assert_eq!((all[1].name.as_str(), all[1].role.as_str()), ("lee", "approver"));
}
