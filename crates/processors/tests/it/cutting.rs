//! The switch: what runs stops, nothing works any more, and the proof says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use doldam_ground::ids::ProcessorId;
use doldam_processors::ProcessorsError;
use doldam_store::access::cut;
use doldam_vault::VaultError;
use doldam_vault::keyring::signature_holds;

use crate::world::{World, actor, caller, disclose, key};

#[test]
fn a_cut_ends_everything_of_one_processor_and_nothing_of_another() {
    let world = World::new();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    let other = disclose(&vault, "Other").unwrap();
    let (builder, bystander) = (file.processor.id, other.processor.id);
    let (first, second) = (key(&desk, builder), key(&desk, builder));
    let theirs = key(&desk, bystander);
    let called = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&called);
    let pass = desk
        .running()
        .enter(builder, first.id, move || flag.store(true, Ordering::SeqCst))
        .unwrap();
    let proof = desk.cut(builder, &actor(), "a leaked file").unwrap();
    assert!(pass.is_stopped() && called.load(Ordering::SeqCst));
    let parts: Vec<_> = proof.parts.iter().map(|part| (part.credential, part.revoked)).collect();
    let expected = [
        ("requests in progress", 1),
        ("API keys", 2),
        ("pseudonym domains", 2),
        ("messages that wait", 0),
    ];
    assert_eq!(parts, expected);
    assert!(caller(&desk, &first.secret).is_none() && caller(&desk, &second.secret).is_none());
    assert!(caller(&desk, &theirs.secret).is_some());
    assert!(matches!(disclose(&vault, "Builder"), Err(VaultError::DomainClosed { .. })));
    assert!(disclose(&vault, "Other").is_ok());
    let held = desk.cuts(builder).unwrap().remove(0);
    let text = held.proof.unwrap();
    assert!(signature_holds(&vault.verifying_key(), text.as_bytes(), &held.signature.unwrap()));
    assert!(text.contains("\"pseudonym domains\""));
    assert!(vault.audit_verify(None).unwrap().faults.is_empty());
}

#[test]
fn a_cut_of_nobody_is_refused() {
    let world = World::new();
    let vault = world.create(1);
    let cut = world.desk(&vault).cut(ProcessorId::new(9), &actor(), "a leaked file");
    assert!(matches!(cut, Err(ProcessorsError::NoProcessor(_))));
}

#[test]
fn an_order_whose_process_died_is_finished_before_anybody_is_let_in() {
    let world = World::new();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let file = disclose(&vault, "Builder").unwrap();
    let builder = file.processor.id;
    let issued = key(&desk, builder);
    // The order is durable, and nothing of it was carried out.
    let now = vault.now();
    vault
        .data()
        .write("test.order", move |tx| cut::insert(tx, builder, "a leaked file", "minji", now))
        .unwrap();
    assert!(caller(&desk, &issued.secret).is_some());
    drop((desk, vault));
    let vault = world.open().unwrap();
    let desk = world.desk(&vault);
    assert!(caller(&desk, &issued.secret).is_none());
    assert!(desk.cuts(builder).unwrap()[0].proved_at.is_some());
    assert!(vault.domains().unwrap().iter().all(|domain| domain.state == "suspended"));
}
