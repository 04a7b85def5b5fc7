//! A file is sealed, published, fetched by its processor only, and not for ever.

use doldam_ground::ids::DeliveryId;
use doldam_processors::{Caller, Processors, ProcessorsError, Scope};
use sha2::{Digest as _, Sha256};

use crate::world::{World, actor, caller, deliver, key, spoil};

fn read_all(desk: &Processors, id: DeliveryId, caller: &Caller) -> Vec<u8> {
    let mut fetching = desk.fetch(id, caller, &actor()).unwrap();
    let mut all = Vec::new();
    loop {
        let bytes = fetching.next_bytes(1_000).unwrap();
        if bytes.is_empty() {
            break;
        }
        all.extend(bytes);
    }
    desk.fetch_ended(fetching.number, true).unwrap();
    all
}

#[test]
fn a_delivery_gives_the_very_bytes_and_its_fetch_is_in_the_log_first() {
    let world = World::new();
    let vault = world.create(300);
    let desk = world.desk(&vault);
    let (file, held) = deliver(&vault, &desk, "Builder");
    let caller = caller(&desk, &key(&desk, file.processor.id).secret).unwrap();
    let early = desk.fetch(held.id, &caller, &actor());
    assert!(matches!(early, Err(ProcessorsError::NoDelivery(_))), "nobody published it");
    desk.publish(file.id, 7, &actor()).unwrap();
    let before = vault.audit_verify(None).unwrap().rows;
    let fetching = desk.fetch(held.id, &caller, &actor()).unwrap();
    assert_eq!(vault.audit_verify(None).unwrap().rows, before + 1, "before any byte");
    let row = vault
        .data()
        .read("test.audit", |tx| doldam_store::audit::rows(tx, before, 1))
        .unwrap()
        .remove(0);
    assert_eq!((row.action.as_str(), row.subject_count), ("delivery.fetch", 300));
    desk.fetch_ended(fetching.number, false).unwrap();
    assert_eq!(read_all(&desk, held.id, &caller), file.csv);
    assert_eq!(held.sha256[..], Sha256::digest(&file.csv)[..]);
    let fetches = desk.deliveries(None, 0, 10).unwrap().remove(0).fetches;
    let outcomes: Vec<_> = fetches.iter().map(|fetch| fetch.outcome.as_deref()).collect();
    assert_eq!(outcomes, [Some("aborted"), Some("whole")]);
    assert_eq!(vault.disclosures().unwrap()[0].row.state, "given");
}

#[test]
fn a_delivery_can_be_fetched_from_a_restored_backup() {
    let world = World::new();
    let vault = world.create(30);
    let desk = world.desk(&vault);
    let (file, held) = deliver(&vault, &desk, "Builder");
    desk.publish(file.id, 7, &actor()).unwrap();
    let secret = key(&desk, file.processor.id).secret;
    let restored = world.restored(&vault);
    let desk = world.desk(&restored);
    let caller = caller(&desk, &secret).unwrap();
    assert_eq!(read_all(&desk, held.id, &caller), file.csv);
    // A sealed file that was changed in the backup is not restored at all.
    spoil(&world.folder.path().join("backup/deliveries").join(held.id.to_string()));
    assert!(world.restore_again().is_err());
}

#[test]
fn a_delivery_is_not_there_for_others_and_not_after_its_term() {
    let world = World::new();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let (file, held) = deliver(&vault, &desk, "Builder");
    desk.publish(file.id, 7, &actor()).unwrap();
    let other = desk.register("Other", "provision", &actor()).unwrap();
    let stranger = caller(&desk, &key(&desk, other.id).secret).unwrap();
    assert!(matches!(
        desk.fetch(held.id, &stranger, &actor()),
        Err(ProcessorsError::NoDelivery(_))
    ));
    assert!(desk.deliveries(Some(other.id), 0, 10).unwrap().is_empty());
    assert_eq!(desk.deliveries(Some(file.processor.id), 0, 10).unwrap().len(), 1);
    let own = caller(&desk, &key(&desk, file.processor.id).secret).unwrap();
    world.clock.advance_days(7);
    assert!(matches!(
        desk.fetch(held.id, &own, &actor()),
        Err(ProcessorsError::NotAvailable { .. })
    ));
}

#[test]
fn a_sealed_file_holds_no_row_in_the_clear_and_a_changed_one_does_not_open() {
    let world = World::new();
    let vault = world.create(20);
    let desk = world.desk(&vault);
    let (file, held) = deliver(&vault, &desk, "Builder");
    desk.publish(file.id, 7, &actor()).unwrap();
    let path = vault.folder().join("deliveries").join(held.id.to_string());
    let line = file.csv.split(|byte| *byte == b'\n').nth(3).unwrap();
    let holds = |bytes: &[u8]| bytes.windows(line.len()).any(|window| window == line);
    assert!(holds(&file.csv) && !holds(&std::fs::read(&path).unwrap()));
    spoil(&path);
    let own = caller(&desk, &key(&desk, file.processor.id).secret).unwrap();
    assert!(desk.fetch(held.id, &own, &actor()).unwrap().next_bytes(10).is_err());
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(desk.fetch(held.id, &own, &actor()), Err(ProcessorsError::NotKept(_))));
}

#[test]
fn a_key_is_shown_once_ends_and_is_refused_without_a_use() {
    let world = World::new();
    let vault = world.create(5);
    let desk = world.desk(&vault);
    let builder = desk.register("Builder", "outsourcing", &actor()).unwrap();
    assert!(desk.register("Builder", "outsourcing", &actor()).is_err());
    assert!(desk.keys().issue(builder.id, &[], 30, &actor()).is_err());
    assert!(desk.keys().issue(builder.id, &[Scope::SandboxRead], 0, &actor()).is_err());
    let issued = key(&desk, builder.id);
    let other = key(&desk, builder.id);
    assert_ne!(issued.secret.expose(), other.secret.expose());
    assert_eq!(caller(&desk, &issued.secret).unwrap().scopes, [Scope::DeliveriesRead]);
    assert!(caller(&desk, &"doldam_wrong".to_owned().into()).is_none());
    desk.keys().revoke(issued.id, &actor(), "lost").unwrap();
    assert!(caller(&desk, &issued.secret).is_none() && caller(&desk, &other.secret).is_some());
    assert!(matches!(
        desk.keys().revoke(issued.id, &actor(), "lost"),
        Err(ProcessorsError::NoKey(_))
    ));
    world.clock.advance_days(30);
    assert!(caller(&desk, &other.secret).is_none());
}
