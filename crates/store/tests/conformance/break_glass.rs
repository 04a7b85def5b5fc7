//! Consents that one officer carried alone.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, IncidentId, StaffId};

use super::{World, on_both};
use crate::break_glass::{self, Agreed, BreakGlass};
use crate::{StoreError, staff};

on_both!(
    each_act_has_one_at_most,
    they_are_counted_from_a_moment_on,
    only_whoever_asked_breaks_the_glass,
);

fn glass(world: &World, agreed: Agreed) -> BreakGlass {
    BreakGlass {
        agreed,
        digest: [7; 32],
        staff: StaffId::new(1),
        reason: "둘째 사람이 없음".to_owned(),
        broken_at: world.now(),
    }
}

fn insert(world: &World, glass: &BreakGlass) -> Result<(), StoreError> {
    let glass = glass.clone();
    world.store.write("test.glass", move |tx| break_glass::insert(tx, &glass))
}

fn each_act_has_one_at_most(world: &World) {
    let acts = [
        Agreed::Request(ApprovalId::new(1)),
        Agreed::Notice(IncidentId::new(1), 1),
        Agreed::Notice(IncidentId::new(1), 2),
        Agreed::Notice(IncidentId::new(2), 1),
    ];
    for agreed in acts {
        assert_eq!(world.read(|tx| break_glass::find(tx, agreed)), None);
        let held = glass(world, agreed);
        insert(world, &held).unwrap();
        assert_eq!(world.read(|tx| break_glass::find(tx, agreed)), Some(held.clone()));
        let again = BreakGlass { reason: "again".to_owned(), ..held };
        assert!(matches!(insert(world, &again), Err(StoreError::State { .. })));
    }
    let listed = world.read(|tx| break_glass::list(tx, 3));
    let listed: Vec<Agreed> = listed.iter().map(|glass| glass.agreed).collect();
    assert_eq!(listed, [acts[3], acts[2], acts[1]]);
}

fn they_are_counted_from_a_moment_on(world: &World) {
    let start = world.now();
    for number in 1..=3 {
        insert(world, &glass(world, Agreed::Request(ApprovalId::new(number)))).unwrap();
        world.clock.advance_us(10);
    }
    let since = |after_us: i64| {
        let since = Instant::from_micros(start.micros() + after_us);
        world.read(|tx| break_glass::count_since(tx, since))
    };
    assert_eq!([since(0), since(1), since(20), since(21)], [3, 2, 1, 0]);
}

fn only_whoever_asked_breaks_the_glass(world: &World) {
    let now = world.now();
    let expires_at = Instant::from_micros(now.micros() + 10);
    let by = StaffId::new;
    let (open, late) = world.write(move |tx| {
        let mut file =
            || staff::approval_insert(tx, "disclose.raw", &[7; 32], "raw", by(1), now, expires_at);
        Ok((file()?, file()?))
    });
    let break_for =
        |id, staff, at| world.write(move |tx| staff::approval_break(tx, id, by(staff), at));
    assert!(!break_for(open, 2, now), "a second person simply agrees");
    assert!(break_for(open, 1, now));
    assert!(!break_for(open, 1, now), "once");
    assert!(!break_for(late, 1, expires_at), "too late");
    let held = world.read(|tx| staff::approval_find(tx, open)).unwrap();
    assert_eq!((held.approved_by, held.requested_at), (Some(by(1)), now));
}
