//! Erasure: no byte of the key is left anywhere, and nothing brings it back.

use doldam_ground::Kind;
use doldam_ground::ids::Ordinal;
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::keyring::{KeyringFile, Share};
use doldam_vault::pseudonym::Whose;
use doldam_vault::{ErasureState, Vault};

use crate::search::Needles;
use crate::world::{
    PURPOSE, World, actor, code, column_of, import, key_count, on_both, order, passphrase, replace,
    shares, source, unwrapped_key, values, views, wrapped_key,
};

/// Needles for a subject's key: as it is stored and as it is used.
fn key_needles(world: &World, whose: &str, ordinal: Ordinal) -> Needles {
    let mut needles = Needles::default();
    let (_, wrapped) = wrapped_key(&world.data(), ordinal).unwrap();
    // The ciphertext alone, too: a copy without its nonce would be a copy.
    needles.push(&format!("{whose}, ciphertext"), wrapped[12..].to_vec());
    needles.push(&format!("{whose}, wrapped"), wrapped);
    needles.push(&format!("{whose}, unwrapped"), unwrapped_key(&world.data(), ordinal));
    needles
}

fn no_byte_of_the_key_is_left(world: &World) {
    // Enough people for several pages, and changes that move rows about.
    let vault = world.enrolled(1_500);
    let (gone, stays) = (world.ordinal(&vault, 700), world.ordinal(&vault, 701));
    vault.backup(&world.beside("backup-before"), &actor()).unwrap();
    let old_keys = vault.key_backup(&world.beside("keys-before"), Some(30), &actor()).unwrap();
    let gone_needles = key_needles(world, "erased", gone);
    let stays_needles = key_needles(world, "living", stays);
    let everywhere = || {
        ["var", "backup-before", "backup-after", "keys-before", "anchor.jsonl"]
            .map(|name| world.beside(name))
            .into_iter()
            .filter(|path| path.exists())
            .collect::<Vec<_>>()
    };
    // Before: both keys stand in keys.db or its log, wrapped, and nowhere unwrapped.
    for needles in [&gone_needles, &stays_needles] {
        let hits = needles.searcher().search_files(&everywhere());
        assert!(!hits.is_empty() && hits.iter().all(|hit| !hit.label.contains("unwrapped")));
        assert!(hits.iter().all(|hit| hit.file.starts_with(world.data().join("keys"))));
    }
    vault.checkpoint().unwrap();
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    vault.backup(&world.beside("backup-after"), &actor()).unwrap();
    let check = || {
        assert_eq!(gone_needles.searcher().search_files(&everywhere()), []);
        let hits = stays_needles.searcher().search_files(&everywhere());
        let labels: Vec<&str> = hits.iter().map(|hit| hit.label.as_str()).collect();
        assert_eq!(labels, ["living, ciphertext", "living, wrapped"]);
        assert_eq!(hits[0].file, world.data().join("keys/keys.db"));
    };
    check();
    // The search is able to find what it did not find.
    let control = world.data().join("control");
    std::fs::write(&control, gone_needles.control()).unwrap();
    assert_eq!(gone_needles.searcher().search_files(&everywhere()).len(), 3);
    std::fs::remove_file(&control).unwrap();
    drop(vault);
    check();
    an_old_key_backup_does_not_bring_it_back(world, &old_keys, gone);
    check();
}
on_both!(no_byte_of_the_key_is_left);

/// Lost keys are restored from a backup that was made before the erasure.
fn an_old_key_backup_does_not_bring_it_back(
    world: &World,
    old_keys: &doldam_vault::KeyBackup,
    gone: Ordinal,
) {
    std::fs::remove_dir_all(world.data().join("keys")).unwrap();
    let shares = shares(old_keys, &[0, 2]);
    let vault = Vault::key_restore(world.place(), &old_keys.file, &shares, &passphrase()).unwrap();
    assert!(wrapped_key(&world.data(), gone).is_none());
    assert_eq!(key_count(&world.data()), 1_499);
    assert_eq!(code(vault.reveal(gone, &[], &actor(), PURPOSE)), "vault.no_subject");
    let living = world.ordinal(&vault, 701);
    assert!(vault.reveal(living, &[], &actor(), PURPOSE).is_ok());
}

/// A restore that dies after the keyring is written and before the erased are forgotten again.
#[test]
fn a_key_store_that_was_put_back_by_hand_forgets_when_it_is_opened() {
    let world = World::sqlite();
    let vault = world.enrolled(5);
    let gone = world.ordinal(&vault, 2);
    drop(vault);
    let keys = world.data().join("keys/keys.db");
    let old = std::fs::read(&keys).unwrap();
    world.open().erase(gone, &actor(), PURPOSE).unwrap();
    std::fs::write(&keys, old).unwrap();
    assert_eq!(key_count(&world.data()), 5);
    drop(world.open());
    assert_eq!(key_count(&world.data()), 4);
    assert!(wrapped_key(&world.data(), gone).is_none());
}

fn an_erasure_is_pending_while_a_key_backup_holds_the_key(world: &World) {
    let vault = world.enrolled(10);
    let first = vault.key_backup(&world.beside("keys"), Some(30), &actor()).unwrap();
    world.clock.advance_days(10);
    let second = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    world.clock.advance_days(1);
    let made = vault.now();
    let (one, other) = (world.ordinal(&vault, 1), world.ordinal(&vault, 2));
    let ErasureState::Pending { until, backups } = vault.erase(one, &actor(), PURPOSE).unwrap()
    else {
        panic!("two backups hold the key");
    };
    assert_eq!((until, backups), (made.plus_days(89), vec![first.id, second.id]));
    world.clock.advance_days(20);
    // A backup that is made after the erasure does not hold the key.
    vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    let pending = ErasureState::Pending { until, backups: vec![second.id] };
    assert_eq!(vault.erasure_state(one).unwrap(), pending);
    assert_eq!(vault.erasures().unwrap(), (1, 1));
    world.clock.advance_days(69);
    assert_eq!(vault.erasure_state(one).unwrap(), ErasureState::Final);
    assert_eq!(vault.erasures().unwrap(), (1, 0));
    assert!(matches!(vault.erase(other, &actor(), PURPOSE), Ok(ErasureState::Pending { .. })));
    assert_eq!(code(vault.erasure_state(world.ordinal(&vault, 3))), "vault.no_subject");
}
on_both!(an_erasure_is_pending_while_a_key_backup_holds_the_key);

fn whoever_was_erased_is_nobody(world: &World) {
    let vault = world.enrolled(30);
    // Twice imported, so that older records and retired digests were there.
    let mut row = world.row(3);
    replace(&mut row, Kind::PHONE, world.strangers.person(3).phone.expose());
    import(&vault, source(), std::iter::once(row));
    let gone = world.ordinal(&vault, 3);
    let all = vault.select(Filter::All).unwrap();
    let order = Order { canaries: Some(0), ..order("P-alpha", &[Kind::CI, Kind::NAME]) };
    let drop_file = vault.disclose(&order, &all, &actor()).unwrap();
    vault.erase(gone, &actor(), PURPOSE).unwrap();

    let person = world.people.person(3);
    let now_phone = (Kind::PHONE, world.strangers.person(3).phone);
    for (kind, value) in values(&person).into_iter().chain(std::iter::once(now_phone)) {
        let normal = kind.normalise(value.expose()).unwrap();
        let holders = vault.holders(kind, &[normal.expose()]).unwrap().remove(0);
        assert!(!holders.contains(&gone), "{kind}");
    }
    let number = i64::from(gone.number());
    for table in ["subject", "subject_handle", "subject_record", "blind_index", "resident_number"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE ordinal = {number}");
        assert_eq!(world.count(&sql), 0, "{table}");
    }
    assert_eq!(vault.living_among(&[gone]).unwrap(), [false]);
    assert_eq!(code(vault.erase(gone, &actor(), PURPOSE)), "vault.no_subject");
    // The pseudonyms are still ours, and one of them is nobody's.
    for column in 0..2 {
        let texts = column_of(&drop_file, column);
        let found = vault.recogniser().unwrap().recognise(&views(&texts));
        let handles: Vec<_> = found
            .iter()
            .map(|found| match found.unwrap().whose {
                Whose::Handle(handle) => handle,
                Whose::Ordinal(_) => panic!("a sealed pseudonym holds a handle"),
            })
            .collect();
        let ordinals = vault.ordinals_of(&handles).unwrap();
        assert_eq!(ordinals.iter().filter(|ordinal| ordinal.is_none()).count(), 1);
        assert_eq!(ordinals.len(), 30);
    }
    // The same person may come back, as somebody else.
    let (enrolled, _) = import(&vault, source(), std::iter::once(world.row(3)));
    assert_eq!(enrolled.new, 1);
    assert!(world.ordinal(&vault, 3) != gone);
}
on_both!(whoever_was_erased_is_nobody);

/// The order is durable, then the process dies before the key is destroyed.
#[test]
fn an_ordered_erasure_is_finished_when_the_vault_is_opened() {
    let world = World::sqlite();
    let vault = world.enrolled(5);
    let gone = world.ordinal(&vault, 2);
    drop(vault);
    let keys = world.data().join("keys/keys.db");
    let before = std::fs::read(&keys).unwrap();
    world.open().erase(gone, &actor(), PURPOSE).unwrap();
    std::fs::write(&keys, before).unwrap();
    let forget = "UPDATE erasure SET key_destroyed_at_us = NULL";
    world.meddle(forget, forget);
    world.clock.advance_days(3);
    let vault = world.open();
    assert!(wrapped_key(&world.data(), gone).is_none());
    assert_eq!(vault.erasure_state(gone).unwrap(), ErasureState::Final);
    assert_eq!(vault.erasures().unwrap(), (1, 0));
}

/// A kill between the copy of the key store and its sealing leaves a file that the next start
/// removes.
#[test]
fn an_unsealed_copy_of_the_keys_does_not_stay() {
    let world = World::sqlite();
    let vault = world.enrolled(2);
    let backup = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    let names: Vec<_> = std::fs::read_dir(world.beside("keys"))
        .unwrap()
        .map(|one| one.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 1 + backup.shares.len());
    drop(vault);
    for name in ["backup.part", "backup.part.partial"] {
        std::fs::write(world.data().join("keys").join(name), "left behind").unwrap();
    }
    drop(world.open());
    for name in ["backup.part", "backup.part.partial"] {
        assert!(!world.data().join("keys").join(name).exists());
    }
    assert!(KeyringFile::of(&world.data().join("keys")).exists());
    assert!(Share::parse(&std::fs::read_to_string(&backup.shares[0]).unwrap()).is_ok());
}
