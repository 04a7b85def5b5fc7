//! Orders to forget, and the backups that must expire first.

use doldam_ground::ids::{Handle, Ordinal};

use super::{World, on_both};
use crate::erasure;

on_both!(
    the_first_order_counts,
    a_destruction_is_noted_once,
    orders_are_listed_by_their_time,
    backups_of_keys_are_counted,
);

const LAST: u32 = Ordinal::CANARY_BASE - 1;

fn order(world: &World, ordinal: u32, handle: u64, reason: &'static str) {
    let (now, handle) = (world.now(), Handle::new(handle));
    world.write(move |tx| erasure::insert(tx, Ordinal::new(ordinal), handle, reason, now));
}

fn destroyed(world: &World, ordinal: u32) {
    let now = world.now();
    world.write(move |tx| erasure::mark_destroyed(tx, Ordinal::new(ordinal), now));
}

fn the_first_order_counts(world: &World) {
    let first_at = world.now();
    order(world, LAST, u64::MAX, "동의 철회");
    world.clock.advance_us(1);
    order(world, LAST, 1, "another");
    let all = world.read(erasure::list);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].ordinal, all[0].handle), (Ordinal::new(LAST), Handle::new(u64::MAX)));
    assert_eq!((all[0].requested_at, all[0].key_destroyed_at), (first_at, None));
    assert_eq!(world.number("SELECT COUNT(*) FROM erasure WHERE reason = '동의 철회'"), 1);
}

fn a_destruction_is_noted_once(world: &World) {
    order(world, 4, 4, "");
    order(world, 5, 5, "");
    let first_at = world.now();
    destroyed(world, 4);
    world.clock.advance_us(1);
    destroyed(world, 4);
    destroyed(world, 99);
    let times: Vec<_> = world.read(erasure::list).iter().map(|one| one.key_destroyed_at).collect();
    assert_eq!(times, [Some(first_at), None]);
}

fn orders_are_listed_by_their_time(world: &World) {
    for ordinal in [9, 3] {
        order(world, ordinal, 1, "");
        world.clock.advance_us(1);
    }
    order(world, 8, 1, "");
    order(world, 2, 1, "");
    let ordinals: Vec<_> =
        world.read(erasure::list).iter().map(|one| one.ordinal.number()).collect();
    assert_eq!(ordinals, [9, 3, 2, 8]);
}

fn backups_of_keys_are_counted(world: &World) {
    assert!(world.read(erasure::backups).is_empty());
    let made_at = world.now();
    for days in [90, 1] {
        let expires_at = made_at.plus_days(days);
        world.write(move |tx| erasure::backup_insert(tx, made_at, expires_at, &[3; 32]));
    }
    let all = world.read(erasure::backups);
    let rows: Vec<_> =
        all.iter().map(|one| (one.id.number(), one.made_at, one.expires_at)).collect();
    assert_eq!(rows, [(1, made_at, made_at.plus_days(90)), (2, made_at, made_at.plus_days(1))]);
}
