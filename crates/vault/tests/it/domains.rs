//! Domains: suspended to contain, resumed, destroyed by two people and never under a hold.

use doldam_ground::Kind;
use doldam_ground::ids::DomainId;
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::{ErasureState, Vault, VaultError};

use crate::world::{
    PURPOSE, World, actor, code, column_of, key_file, on_both, order, staff, views,
};

fn known(vault: &Vault, texts: &[String]) -> usize {
    vault.recogniser().unwrap().recognise(&views(texts)).into_iter().flatten().count()
}

fn states(vault: &Vault) -> Vec<(u32, String)> {
    vault.domains().unwrap().into_iter().map(|domain| (domain.epoch, domain.state)).collect()
}

fn suspending_stops_issuing_and_not_tracing(world: &World) {
    let vault = world.enrolled(20);
    let selected = vault.select(Filter::All).unwrap();
    let order = Order { canaries: Some(0), bound: false, ..order("P-alpha", &[Kind::CI]) };
    let before = column_of(&vault.disclose(&order, &selected, &actor()).unwrap(), 0);
    let domain = vault.domains().unwrap()[0].id;

    vault.domain_suspend(domain, &actor(), PURPOSE).unwrap();
    assert_eq!(code(vault.disclose(&order, &selected, &actor())), "vault.domain_closed");
    assert_eq!(known(&vault, &before), 20);
    // Another purpose is another domain, and works.
    let other = Order { purpose: "another purpose".to_owned(), ..order };
    vault.disclose(&other, &selected, &actor()).unwrap();
    let order = Order { purpose: "NFT platform development".to_owned(), ..other };

    // It stays suspended when the vault is opened again.
    drop(vault);
    let vault = world.open();
    assert_eq!(code(vault.disclose(&order, &selected, &actor())), "vault.domain_closed");
    assert_eq!(known(&vault, &before), 20);

    vault.domain_resume(domain, &actor(), PURPOSE).unwrap();
    let mut after = column_of(&vault.disclose(&order, &selected, &actor()).unwrap(), 0);
    let mut before = before;
    after.sort();
    before.sort();
    assert_eq!(after, before);
}
on_both!(suspending_stops_issuing_and_not_tracing);

/// The order to suspend is durable, then the process dies before the salt is wrapped anew.
#[test]
fn an_interrupted_suspension_is_finished_when_the_vault_is_opened() {
    let world = World::sqlite();
    let vault = world.enrolled(5);
    let selected = vault.select(Filter::All).unwrap();
    let file = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    drop(vault);
    let custody = || -> String {
        let sql = "SELECT custody FROM domain_salt";
        key_file(&world.data()).query_row(sql, [], |row| row.get(0)).unwrap()
    };
    for (state, expected) in [("suspended", "forensics"), ("active", "working")] {
        world.meddle(&format!("UPDATE domain SET state = '{state}'"), "");
        assert_ne!(custody(), expected);
        let vault = world.open();
        assert_eq!(custody(), expected);
        assert_eq!(known(&vault, &column_of(&file, 0)), 8);
    }
}

fn destroying_needs_two_people_and_no_hold(world: &World) {
    let vault = world.enrolled(20);
    let (asks, agrees) =
        (staff(&vault, "minji", "privacy-officer"), staff(&vault, "bora", "approver"));
    let selected = vault.select(Filter::All).unwrap();
    let fields = [Kind::CI, Kind::NAME];
    let order = Order { canaries: Some(0), ..order("P-alpha", &fields) };
    let drop = vault.disclose(&order, &selected, &actor()).unwrap();
    let (cis, names) = (column_of(&drop, 0), column_of(&drop, 1));
    let ids: Vec<DomainId> = vault.domains().unwrap().iter().map(|domain| domain.id).collect();
    let destroy = |id, approval| vault.domain_destroy(id, &actor(), asks, approval, PURPOSE);

    vault.domain_hold(ids[0], &actor(), "incident 1").unwrap();
    assert_eq!(code(destroy(ids[0], None)), "vault.held");
    vault.domain_release(ids[0], &actor(), PURPOSE).unwrap();
    let Err(VaultError::ApprovalNeeded { approval }) = destroy(ids[0], None) else {
        panic!("one person alone destroyed a key");
    };
    assert_eq!(code(destroy(ids[0], Some(approval))), "vault.approval_pending");
    assert_eq!(code(vault.approve(approval, asks, &actor())), "vault.approval_refused");
    vault.approve(approval, agrees, &actor()).unwrap();
    // A hold that came meanwhile is stronger than the approval.
    vault.domain_hold(ids[0], &actor(), "incident 2").unwrap();
    assert_eq!(code(destroy(ids[0], Some(approval))), "vault.held");
    vault.domain_release(ids[0], &actor(), PURPOSE).unwrap();
    // The approval is for this domain only.
    assert_eq!(code(destroy(ids[1], Some(approval))), "vault.approval_refused");
    assert_eq!((known(&vault, &cis), known(&vault, &names)), (20, 20));

    let other = staff(&vault, "haneul", "privacy-officer");
    let stolen = vault.domain_destroy(ids[0], &actor(), other, Some(approval), PURPOSE);
    assert_eq!(code(stolen), "vault.approval_refused", "only who asked may use it");
    let backup = vault.key_backup(&world.beside("keys"), Some(30), &actor()).unwrap();
    let state = destroy(ids[0], Some(approval)).unwrap();
    let ErasureState::Pending { backups, .. } = state else { panic!("a backup holds the salt") };
    assert_eq!(backups, [backup.id]);
    assert_eq!((known(&vault, &cis), known(&vault, &names)), (0, 20));
    let salts = "SELECT count(*) FROM domain_salt WHERE domain_id = ";
    let count = |id: DomainId| -> i64 {
        let sql = format!("{salts}{}", id.number());
        key_file(&world.data()).query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((count(ids[0]), count(ids[1])), (0, 1));
    assert_eq!(code(vault.domain_resume(ids[0], &actor(), PURPOSE)), "vault.domain_closed");
    // A new order opens the next epoch; old pseudonyms stay unknown.
    let drop = vault.disclose(&order, &selected, &actor()).unwrap();
    assert_eq!(known(&vault, &column_of(&drop, 0)), 20);
    assert_eq!(known(&vault, &cis), 0);
    let expected = [(1, "destroyed"), (1, "active"), (2, "active")];
    assert_eq!(states(&vault), expected.map(|(epoch, state)| (epoch, state.to_owned())));
}
on_both!(destroying_needs_two_people_and_no_hold);
