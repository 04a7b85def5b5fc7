//! Looking at one person: found, named, shown under masks, and told in the log.

use doldam_ground::Kind;
use doldam_ground::ids::{Ordinal, StaffId};
use doldam_vault::disclosure::Order;
use doldam_vault::{ErasureState, Vault, VaultError};

use crate::world::{PURPOSE, World, actor, on_both};

on_both!(a_person_is_found_by_any_value_and_the_log_has_it_first);
on_both!(the_log_says_who_looked);
on_both!(holdings_are_the_disclosures_that_a_person_is_in);
on_both!(nobody_is_erased_whom_a_hold_keeps);

#[test]
fn a_reference_works_for_its_bearer_and_for_half_a_day() {
    let world = World::sqlite();
    let vault = world.create();
    let (ours, other) = (StaffId::new(1), StaffId::new(2));
    let people: Vec<Ordinal> = (0..40).map(Ordinal::new).collect();
    let made = vault.references(&people, ours);
    assert_eq!(made, vault.references(&people, ours));
    for (reference, ordinal) in made.iter().zip(&people) {
        assert_eq!(reference.len(), 32);
        assert_eq!(vault.referred(reference, ours), Some(*ordinal));
        assert_eq!(vault.referred(reference, other), None);
    }
    for wrong in ["", "0", "A", &"A".repeat(32), &"가".repeat(8), &made[0][1..]] {
        assert_eq!(vault.referred(wrong, ours), None);
    }
    world.clock.advance_days(1);
    assert_eq!(vault.referred(&made[0], ours), None);
}

/// Actions and counts of the newest rows of the log, oldest first.
fn newest(vault: &Vault, count: usize) -> Vec<(String, u32)> {
    let rows = vault.data().read("test.log", |tx| doldam_store::audit::rows(tx, 0, 1_000)).unwrap();
    let all = rows.into_iter().map(|row| (row.action, row.subject_count)).collect::<Vec<_>>();
    all[all.len() - count..].to_vec()
}

fn a_person_is_found_by_any_value_and_the_log_has_it_first(world: &World) {
    let vault = world.enrolled(20);
    let (person, whose) = (world.people.person(7), world.ordinal(&vault, 7));
    for (kind, value) in
        [(Kind::CI, &person.ci), (Kind::PHONE, &person.phone), (Kind::EMAIL, &person.email)]
    {
        let found = vault.find_subjects(kind, value, &actor(), PURPOSE).unwrap();
        assert_eq!(found, [whose], "{kind}");
        assert_eq!(newest(&vault, 1), [("subject.find".to_owned(), 1)]);
    }
    let stranger = world.strangers.person(1);
    assert_eq!(vault.find_subjects(Kind::CI, &stranger.ci, &actor(), PURPOSE).unwrap(), []);
    assert_eq!(newest(&vault, 1), [("subject.find".to_owned(), 0)]);
    let part = person.phone.expose()[..6].to_owned().into();
    let refused = vault.find_subjects(Kind::PHONE, &part, &actor(), PURPOSE).unwrap_err();
    assert!(matches!(refused, VaultError::Invalid(_)), "{refused}");
    assert!(vault.find_subjects(Kind::CI, &person.ci, &actor(), "why").is_err());
    let held = vault.look(whose, &actor(), PURPOSE).unwrap();
    assert_eq!(newest(&vault, 1), [("subject.look".to_owned(), 1)]);
    assert!(held.values.iter().any(|(kind, _)| *kind == Kind::PHONE));
    assert!(held.values.iter().all(|(_, masked)| masked.chars().count() <= 6), "{held:?}");
}

fn the_log_says_who_looked(world: &World) {
    let vault = world.enrolled(20);
    let (one, other) = (world.ordinal(&vault, 3), world.ordinal(&vault, 4));
    vault.reveal(one, &[Kind::PHONE], &actor(), PURPOSE).unwrap();
    for _ in 0..60 {
        vault.reveal(other, &[Kind::EMAIL], &actor(), PURPOSE).unwrap();
    }
    let looks = vault.looks(one, None, 100, &actor(), PURPOSE).unwrap();
    let actions: Vec<_> = looks.rows.iter().map(|row| row.action.as_str()).collect();
    // This very question, the reveal behind all those of somebody else, the enrolment.
    assert_eq!(actions[..2], ["subject.look", "subject.reveal"]);
    assert_eq!((looks.rows[1].object.as_str(), looks.next), ("phone", None));
    let first = vault.looks(one, None, 1, &actor(), PURPOSE).unwrap();
    assert_eq!(first.rows[0].action, "subject.look");
    let rest = vault.looks(one, first.next, 1, &actor(), PURPOSE).unwrap();
    assert_eq!(rest.rows[0].seq, looks.rows[0].seq);
}

fn order(processor: &str) -> Order {
    Order {
        processor: processor.to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: "NFT platform".to_owned(),
        fields: vec![Kind::CI],
        raw: false,
        bound: true,
        canaries: Some(1),
        return_by: None,
        requester: None,
        approval: None,
    }
}

fn holdings_are_the_disclosures_that_a_person_is_in(world: &World) {
    let vault = world.enrolled(20);
    let (one, other) = (world.ordinal(&vault, 3), world.ordinal(&vault, 4));
    vault.disclose(&order("Builder"), &[one, other], &actor()).unwrap();
    vault.disclose(&order("Printer"), &[other], &actor()).unwrap();
    let ids = |whose| -> Vec<u32> {
        let given = vault.holdings(whose, &actor(), PURPOSE).unwrap();
        given.iter().map(|one| one.row.id.number()).collect()
    };
    assert_eq!((ids(one), ids(other)), (vec![1], vec![1, 2]));
    assert!(ids(world.ordinal(&vault, 5)).is_empty());
}

fn nobody_is_erased_whom_a_hold_keeps(world: &World) {
    let vault = world.enrolled(20);
    let (one, other) = (world.ordinal(&vault, 3), world.ordinal(&vault, 4));
    vault.disclose(&order("Builder"), &[one], &actor()).unwrap();
    let domain = vault.domains().unwrap()[0].id;
    vault.domain_hold(domain, &actor(), "a court case").unwrap();
    let refused = vault.erase(one, &actor(), PURPOSE).unwrap_err();
    assert_eq!(refused.code(), "vault.held");
    assert_eq!(vault.erase(other, &actor(), PURPOSE).unwrap(), ErasureState::Final);
    vault.domain_release(domain, &actor(), PURPOSE).unwrap();
    assert_eq!(vault.erase(one, &actor(), PURPOSE).unwrap(), ErasureState::Final);
}
