//! Break-glass: what one officer of a small team may carry alone, how rarely, and who sees it.

use doldam_ground::Kind;
use doldam_ground::ids::{ApprovalId, Ordinal};
use doldam_ground::limits::{BREAK_GLASS_ACTS_MAX, BREAK_GLASS_WAIT_MINUTES};
use doldam_store::audit;
use doldam_store::break_glass::Agreed;
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::{BREAK_GLASS, StaffMember, Vault, VaultError};

use crate::world::{PURPOSE, World, actor, code, on_both, order, staff};

const REASON: &str = "the approver cannot be reached and the deadline is tonight";

fn wait(world: &World) {
    world.clock.advance_us(u32::try_from(BREAK_GLASS_WAIT_MINUTES * 60_000_000).unwrap());
}

fn raw(asks: StaffMember, approval: Option<ApprovalId>) -> Order {
    Order { raw: true, requester: Some(asks), approval, ..order("P-alpha", &[Kind::CI]) }
}

fn ask(vault: &Vault, asks: StaffMember, selected: &[Ordinal]) -> ApprovalId {
    match vault.disclose(&raw(asks, None), selected, &actor()) {
        Err(VaultError::ApprovalNeeded { approval }) => approval,
        _ => panic!("it should have asked for a second person"),
    }
}

/// The rows of the access log about this action: object and purpose.
fn logged(vault: &Vault, action: &str) -> Vec<(String, String)> {
    let rows = vault.data().read("test.audit", |tx| audit::rows(tx, 0, 100_000)).unwrap();
    let ours = rows.into_iter().filter(|row| row.action == action);
    ours.map(|row| (row.object, row.purpose)).collect()
}

fn a_small_team_breaks_the_glass_slowly_and_seen(world: &World) {
    let vault = world.enrolled(10);
    let (officer, hana) =
        (staff(&vault, "minji", "privacy-officer"), staff(&vault, "hana", "engineer"));
    let selected = vault.select(Filter::All).unwrap();
    let id = ask(&vault, officer, &selected);
    let break_it = |id, by, why| vault.break_glass(id, by, why, &actor());

    wait(world);
    assert_eq!(code(break_it(id, officer, REASON)), "vault.break_glass", "off by default");
    assert_eq!(code(vault.set_small_team(true, hana, PURPOSE, &actor())), "vault.break_glass");
    assert_eq!(code(vault.small_team_at_first(&actor())), "vault.invalid", "there is staff");
    assert_eq!(vault.small_team().unwrap(), None);
    vault.set_small_team(true, officer, "three people work here", &actor()).unwrap();
    // Whoever declares it to break the glass at once waits like everybody.
    assert_eq!(code(break_it(id, officer, REASON)), "vault.break_glass_early");
    wait(world);
    vault.set_small_team(true, officer, "said again: it counts from the first", &actor()).unwrap();
    assert_eq!(code(break_it(id, officer, "urgent")), "vault.break_glass", "no reason");
    let hers = ask(&vault, hana, &selected);
    wait(world);
    assert_eq!(code(break_it(hers, hana, REASON)), "vault.break_glass", "no officer");
    let second = break_it(hers, officer, REASON);
    assert_eq!(code(second), "vault.approval_refused", "a second person simply agrees");
    assert!(vault.broken_glass().unwrap().is_empty() && logged(&vault, BREAK_GLASS).is_empty());

    break_it(id, officer, REASON).unwrap();
    assert_eq!(code(break_it(id, officer, REASON)), "vault.approval_refused");
    let broken = vault.broken_glass().unwrap();
    assert_eq!((broken.len(), broken[0].agreed), (1, Agreed::Request(id)));
    assert_eq!((broken[0].staff, broken[0].reason.as_str()), (officer.id(), REASON));
    assert_eq!(logged(&vault, BREAK_GLASS), [(id.to_string(), REASON.to_owned())]);
    // It is for that act, once; and the act's own row says how it was agreed to.
    let others = vault.disclose(&raw(officer, Some(id)), &selected[1..], &actor());
    assert_eq!(code(others), "vault.approval_refused");
    let drop = vault.disclose(&raw(officer, Some(id)), &selected, &actor()).unwrap();
    let again = vault.disclose(&raw(officer, Some(id)), &selected, &actor());
    assert_eq!(code(again), "vault.approval_refused");
    let issued = logged(&vault, "disclosure.issue_raw");
    let why = format!("{} ({id}: by break-glass)", raw(officer, None).purpose);
    assert_eq!(issued, [(drop.id.to_string(), why)]);
}
on_both!(a_small_team_breaks_the_glass_slowly_and_seen);

fn the_glass_is_broken_a_few_times_a_month(world: &World) {
    let vault = world.create();
    vault.small_team_at_first(&actor()).unwrap();
    let vault = {
        drop(vault);
        world.open()
    };
    let officer = staff(&vault, "minji", "privacy-officer");
    crate::world::import(&vault, crate::world::source(), (0..5).map(|index| world.row(index)));
    let selected = vault.select(Filter::All).unwrap();
    let ids: Vec<_> = (0..=BREAK_GLASS_ACTS_MAX).map(|_| ask(&vault, officer, &selected)).collect();
    let (last, few) = ids.split_last().unwrap();
    assert_eq!(
        code(vault.break_glass(*last, officer, REASON, &actor())),
        "vault.break_glass_early"
    );
    wait(world);
    for id in few {
        vault.break_glass(*id, officer, REASON, &actor()).unwrap();
    }
    assert_eq!(code(vault.break_glass(*last, officer, REASON, &actor())), "vault.break_glass");
    let expected = usize::try_from(BREAK_GLASS_ACTS_MAX).unwrap();
    assert_eq!(logged(&vault, BREAK_GLASS).len(), expected);
    // A month later it can be had again, as long as the team is small.
    world.clock.advance_days(31);
    let id = ask(&vault, officer, &selected);
    wait(world);
    vault.set_small_team(false, officer, "a fourth colleague has come", &actor()).unwrap();
    assert_eq!(code(vault.break_glass(id, officer, REASON, &actor())), "vault.break_glass");
    vault.set_small_team(true, officer, "the colleague has left", &actor()).unwrap();
    wait(world);
    vault.break_glass(id, officer, REASON, &actor()).unwrap();
}
on_both!(the_glass_is_broken_a_few_times_a_month);

fn the_glass_is_broken_once_by_many_hands(world: &World) {
    let vault = world.enrolled(5);
    let officer = staff(&vault, "minji", "privacy-officer");
    vault.set_small_team(true, officer, PURPOSE, &actor()).unwrap();
    let selected = vault.select(Filter::All).unwrap();
    let ids: Vec<_> = (0..=BREAK_GLASS_ACTS_MAX).map(|_| ask(&vault, officer, &selected)).collect();
    wait(world);
    let vault = &vault;
    let broken: usize = std::thread::scope(|scope| {
        let hands: Vec<_> = ids
            .iter()
            .chain(&ids)
            .map(|id| scope.spawn(|| vault.break_glass(*id, officer, REASON, &actor()).is_ok()))
            .collect();
        hands.into_iter().map(|hand| usize::from(hand.join().unwrap())).sum()
    });
    assert_eq!(broken, usize::try_from(BREAK_GLASS_ACTS_MAX).unwrap());
    assert_eq!(vault.broken_glass().unwrap().len(), broken);
}
on_both!(the_glass_is_broken_once_by_many_hands);
