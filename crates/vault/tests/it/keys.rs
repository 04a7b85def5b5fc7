//! Keys: rotated, backed up in three shares, restored with any two of them.

use doldam_ground::Kind;
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::keyring::{KeyringFile, Passphrase};
use doldam_vault::{KeyBackup, MissingKeys, Vault};

use crate::world::{
    PURPOSE, World, actor, code, column_of, import, key_file, keyring, on_both, order, passphrase,
    shares, source, views, wrapped_key,
};

fn generations(world: &World) -> Vec<u32> {
    let connection = key_file(&world.data());
    let sql = "SELECT DISTINCT generation FROM subject_key ORDER BY generation";
    let mut statement = connection.prepare(sql).unwrap();
    let found = statement.query_map([], |row| row.get(0)).unwrap();
    found.map(|generation| generation.unwrap()).collect()
}

/// Everybody's name can still be read.
fn everybody_is_readable(world: &World, vault: &Vault, count: u32) {
    for index in 0..count {
        let ordinal = world.ordinal(vault, index);
        let shown = vault.reveal(ordinal, &[Kind::NAME], &actor(), PURPOSE).unwrap();
        let name = shown.attributes.get(Kind::NAME).unwrap();
        assert_eq!(name.expose(), world.people.person(index).name.expose(), "{index}");
    }
}

fn known(vault: &Vault, texts: &[String]) -> usize {
    vault.recogniser().unwrap().recognise(&views(texts)).into_iter().flatten().count()
}

fn rotation_keeps_people_and_pseudonyms(world: &World) {
    let mut vault = world.enrolled(40);
    let selected = vault.select(Filter::All).unwrap();
    let order = Order { canaries: Some(0), bound: false, ..order("P-alpha", &[Kind::CI]) };
    let before = column_of(&vault.disclose(&order, &selected, &actor()).unwrap(), 0);
    let other = Passphrase::for_new_keyring("another passphrase altogether").unwrap();
    let (_, old) = wrapped_key(&world.data(), selected[0]).unwrap();
    assert_eq!(vault.key_rotate(&other, &actor()).unwrap(), 2);
    assert_eq!(generations(world), [2]);
    assert_ne!(wrapped_key(&world.data(), selected[0]).unwrap().1, old);
    everybody_is_readable(world, &vault, 40);
    assert_eq!(known(&vault, &before), 40);
    import(&vault, source(), std::iter::once(world.row(40)));
    drop(vault);

    assert_eq!(code(Vault::open(world.place(), &passphrase())), "vault.wrong_passphrase");
    let vault = Vault::open(world.place(), &other).unwrap();
    everybody_is_readable(world, &vault, 41);
    assert_eq!(known(&vault, &before), 40);
    // The domain's key does not change with the root.
    let mut after = column_of(&vault.disclose(&order, &selected, &actor()).unwrap(), 0);
    let mut before = before;
    after.sort();
    before.sort();
    assert_eq!(after, before);
}
on_both!(rotation_keeps_people_and_pseudonyms);

/// The keyring has the new root, and the process died before the keys were wrapped anew.
#[test]
fn an_interrupted_rotation_is_finished_when_the_vault_is_opened() {
    let world = World::sqlite();
    drop(world.enrolled(20));
    let mut entropy = doldam_synthetic::Seed::new(99).entropy();
    let rotated = keyring(&world.data()).rotated(&mut entropy);
    let file = KeyringFile::of(&world.data().join("keys"));
    file.write(&rotated, &passphrase(), &mut entropy).unwrap();
    assert_eq!(generations(&world), [1]);
    let vault = world.open();
    assert_eq!(generations(&world), [2]);
    everybody_is_readable(&world, &vault, 20);
}

/// A keyring that cannot be written leaves the old root in use: nothing is wrapped under a root
/// that no file holds.
#[test]
fn a_rotation_that_fails_changes_nothing() {
    let world = World::sqlite();
    let mut vault = world.enrolled(5);
    let in_the_way = world.data().join("keys/keyring.json.new");
    std::fs::create_dir(&in_the_way).unwrap();
    assert_eq!(code(vault.key_rotate(&passphrase(), &actor())), "vault.file");
    import(&vault, source(), std::iter::once(world.row(5)));
    drop(vault);
    std::fs::remove_dir(&in_the_way).unwrap();
    let vault = world.open();
    assert_eq!(generations(&world), [1]);
    everybody_is_readable(&world, &vault, 6);
}

/// Data and keys are restored into an empty folder on SQLite, whatever kept the facts before.
fn a_restored_vault_gives_the_same_answers(world: &World) {
    let mut vault = world.enrolled(60);
    let selected = vault.select(Filter::All).unwrap();
    let drop_file = vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    let texts = column_of(&drop_file, 0);
    vault.key_rotate(&passphrase(), &actor()).unwrap();
    let keys = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    let gone = world.ordinal(&vault, 59);
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    vault.backup(&world.beside("backup"), &actor()).unwrap();
    vault.checkpoint().unwrap();
    let answer = vault.recogniser().unwrap().recognise(&views(&texts));
    let report = vault.audit_verify(Some(&world.beside("anchor.jsonl"))).unwrap();
    assert_eq!((report.checkpoints, report.faults.len()), (1, 0));

    for (place, pair) in [[0, 1], [0, 2], [2, 1]].iter().enumerate() {
        let folder = world.beside(&format!("restored-{place}"));
        let restored = restore(world, &folder, &keys, pair).unwrap();
        assert_eq!(restored.subject_count().unwrap(), 59);
        assert_eq!(restored.recogniser().unwrap().recognise(&views(&texts)), answer);
        assert_eq!(restored.verifying_key(), vault.verifying_key());
        assert!(wrapped_key(&folder, gone).is_none(), "an erased key came back");
        assert_eq!(restored.audit_verify(Some(&world.beside("anchor.jsonl"))).unwrap(), report);
        everybody_is_readable(world, &restored, 59);
        let again = Vault::create(world.place_of(&folder), &passphrase());
        assert_eq!(code(again), "store.locked");
        drop(restored);
        assert_eq!(code(restore(world, &folder, &keys, pair)), "vault.invalid");
    }
    let folder = world.beside("never");
    for few in [&[0][..], &[1, 1]] {
        assert_eq!(code(restore(world, &folder, &keys, few)), "vault.shares");
    }
    assert!(!folder.exists());
}
on_both!(a_restored_vault_gives_the_same_answers);

/// The backup of keys is older than the data: whoever came in between is said to be unreadable.
fn keys_that_are_older_than_the_data_are_said_to_miss(world: &World) {
    let vault = world.enrolled(40);
    assert_eq!(vault.missing_keys().unwrap(), MissingKeys::default());
    let keys = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    import(&vault, source(), (40..47).map(|index| world.row(index)));
    let selected = vault.select(Filter::All).unwrap();
    vault.disclose(&order("P-alpha", &[Kind::CI]), &selected, &actor()).unwrap();
    vault.erase(world.ordinal(&vault, 3), &actor(), PURPOSE).unwrap();
    vault.erase(world.ordinal(&vault, 45), &actor(), PURPOSE).unwrap();
    assert_eq!(vault.missing_keys().unwrap(), MissingKeys::default(), "erased is not missing");
    vault.backup(&world.beside("backup"), &actor()).unwrap();
    let restored = restore(world, &world.beside("restored"), &keys, &[0, 1]).unwrap();
    let domains = vault.domains().unwrap().iter().map(|domain| domain.id).collect();
    assert_eq!(restored.missing_keys().unwrap(), MissingKeys { subjects: 6, domains });
}
on_both!(keys_that_are_older_than_the_data_are_said_to_miss);

/// Both backups are older than an erasure: only the anchor file knows of it.
fn a_tombstone_outlives_every_backup(world: &World) {
    let vault = world.enrolled(40);
    let keys = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    vault.backup(&world.beside("backup"), &actor()).unwrap();
    let gone = world.ordinal(&vault, 7);
    vault.erase(gone, &actor(), PURPOSE).unwrap();
    vault.checkpoint().unwrap();
    let anchor = world.beside("anchor.jsonl");
    let kept = world.beside("kept.jsonl");
    std::fs::copy(&anchor, &kept).unwrap();
    vault.checkpoint().unwrap();
    let lines = |path| std::fs::read_to_string(path).unwrap();
    assert_eq!(lines(&anchor).matches("forgotten").count(), 1, "a tombstone is set once");
    let report = vault.audit_verify(Some(&anchor)).unwrap();
    assert_eq!((report.checkpoints, report.faults.len()), (2, 0));
    let forged = lines(&kept).replace("forgotten\":\"", "forgotten\":\"0");
    std::fs::write(&anchor, &forged).unwrap();
    assert_eq!(vault.audit_verify(Some(&anchor)).unwrap().faults.len(), 1);

    let folder = world.beside("restored");
    let restored = restore(world, &folder, &keys, &[0, 1]).unwrap();
    assert_eq!(restored.subject_count().unwrap(), 40, "the backups bring everybody back");
    assert_eq!(restored.heed_tombstones(&anchor, &actor()).unwrap(), 0, "a forged one is nothing");
    assert_eq!(restored.heed_tombstones(&kept, &actor()).unwrap(), 1);
    assert_eq!(restored.heed_tombstones(&kept, &actor()).unwrap(), 0);
    assert_eq!(restored.subject_count().unwrap(), 39);
    assert_eq!(code(restored.reveal(gone, &[], &actor(), PURPOSE)), "vault.no_subject");
    assert!(wrapped_key(&folder, gone).is_none());
}
on_both!(a_tombstone_outlives_every_backup);

fn restore(
    world: &World,
    folder: &std::path::Path,
    keys: &KeyBackup,
    pair: &[usize],
) -> Result<Vault, doldam_vault::VaultError> {
    let (backup, shares) = (world.beside("backup"), shares(keys, pair));
    Vault::restore(world.place_of(folder), &backup, &keys.file, &shares, &passphrase())
}

#[test]
fn shares_of_another_backup_and_changed_backups_are_refused() {
    let world = World::sqlite();
    let vault = world.enrolled(3);
    let first = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    let second = vault.key_backup(&world.beside("keys"), None, &actor()).unwrap();
    vault.backup(&world.beside("backup"), &actor()).unwrap();
    assert_eq!(code(vault.backup(&world.beside("backup"), &actor())), "vault.invalid");
    let folder = world.beside("restored");
    let mixed = KeyBackup { shares: second.shares.clone(), ..first };
    assert_eq!(code(restore(&world, &folder, &mixed, &[0, 1])), "vault.shares");
    let mut bytes = std::fs::read(&second.file).unwrap();
    assert_eq!(KeyBackup::check(&bytes, &shares(&second, &[2, 0])).unwrap(), 1);
    assert_eq!(code(KeyBackup::check(&bytes, &shares(&second, &[0]))), "vault.shares");
    bytes[100] ^= 1;
    std::fs::write(&second.file, &bytes).unwrap();
    assert_eq!(code(restore(&world, &folder, &second, &[0, 1])), "vault.shares");
    assert_eq!(code(KeyBackup::check(&bytes, &shares(&second, &[0, 1]))), "vault.shares");
    bytes[100] ^= 1;
    std::fs::write(&second.file, &bytes).unwrap();
    let database = world.beside("backup/doldam.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&database, &bytes).unwrap();
    assert_eq!(code(restore(&world, &folder, &second, &[0, 1])), "vault.invalid");
    assert!(!folder.exists());
}

#[test]
fn one_process_holds_the_folder_and_the_keyring_is_needed() {
    let world = World::sqlite();
    let vault = world.enrolled(1);
    assert_eq!(code(Vault::open(world.place(), &passphrase())), "store.locked");
    drop(vault);
    let wrong = Passphrase::new("not the passphrase at all");
    assert_eq!(code(Vault::open(world.place(), &wrong)), "vault.wrong_passphrase");
    std::fs::remove_file(world.data().join("keys/keyring.json")).unwrap();
    assert_eq!(code(Vault::open(world.place(), &passphrase())), "vault.keyring_missing");
    let elsewhere = world.place_of(&world.beside("nowhere"));
    assert_eq!(code(Vault::open(elsewhere, &passphrase())), "vault.invalid");
}
