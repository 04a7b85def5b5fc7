//! The data of earlier steps: this program must open what they wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock};
use doldam_synthetic::{People, Seed};
use doldam_vault::disclosure::order_from_bytes;
use doldam_vault::keyring::{Passphrase, Share, signature_holds};
use doldam_vault::{ErasureState, Place, Vault};

use crate::search::files_under;
use crate::world::{PURPOSE, actor, views, wrapped_key};

/// As in `examples/freeze.rs`, which made the folder.
const WORLD: u64 = 1;
const NOW_US: i64 = 1_795_392_000_000_000;
const PASSPHRASE: &str = "frozen vault of synthetic people";
const GONE: u32 = 13;
/// Largest size of a frozen folder, in bytes: it stays in the repository for ever.
const FROZEN_BYTES_MAX: u64 = 500 << 10;

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frozen/step-1")
}

/// A copy of the frozen folder, because opening a vault writes to it.
fn copy() -> tempfile::TempDir {
    let target = tempfile::tempdir().unwrap();
    let mut bytes = 0;
    for file in files_under(&frozen()) {
        let to = target.path().join(file.strip_prefix(frozen()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        bytes += fs::copy(&file, &to).unwrap();
    }
    // Git keeps no empty folders.
    fs::create_dir_all(target.path().join("var/evidence")).unwrap();
    fs::create_dir_all(target.path().join("backup/evidence")).unwrap();
    assert!(bytes > 0 && bytes < FROZEN_BYTES_MAX, "{bytes} bytes");
    target
}

fn place(root: &Path, folder: &str) -> Place {
    let later = Instant::from_micros(NOW_US).plus_days(7);
    Place {
        folder: root.join(folder),
        postgres: None,
        anchor: root.join("anchor.jsonl"),
        language: Language::Ko,
        clock: Arc::new(MockClock::new(later)),
        entropy: Box::new(Seed::new(77).entropy()),
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE)
}

/// Everything that the frozen vault must still say.
fn check(root: &Path, vault: &Vault) {
    let report = vault.audit_verify(Some(&root.join("anchor.jsonl"))).unwrap();
    assert_eq!((report.checkpoints, report.faults.len()), (2, 0));
    assert_eq!(vault.subject_count().unwrap(), 49);
    let facts = vault.disclosures().unwrap();
    assert_eq!(facts.len(), 2);
    for disclosure in &facts {
        let row = &disclosure.row;
        assert!(signature_holds(&vault.verifying_key(), row.manifest.as_bytes(), &row.signature));
    }
    recognise(root, vault);
    reveal(vault);
    assert_eq!(vault.erasures().unwrap(), (1, 1));
    let gone = People::new(&Seed::new(WORLD)).person(GONE);
    assert!(vault.subject_by_value(Kind::CI, &gone.ci).is_err());
    let place = (0..).map(doldam_ground::ids::Ordinal::new).nth(GONE as usize).unwrap();
    assert!(matches!(vault.erasure_state(place), Ok(ErasureState::Pending { .. })));
    assert!(wrapped_key(vault.folder(), place).is_none());
}

/// The committed file: every CI of it is known, row by row.
fn recognise(root: &Path, vault: &Vault) {
    let text = fs::read_to_string(root.join("drop.csv")).unwrap();
    let rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let facts = vault.disclosures().unwrap();
    let order = order_from_bytes(&facts[0].row.row_order);
    assert_eq!((rows.len(), order.len()), (43, 43));
    let recogniser = vault.recogniser().unwrap();
    for column in 1..3 {
        let texts: Vec<String> = rows.iter().map(|row| row[column].clone()).collect();
        for found in recogniser.recognise(&views(&texts)) {
            assert_eq!(found.unwrap().disclosure, Some(facts[0].row.id));
        }
    }
    let nicknames: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
    let found = recogniser.recognise(&views(&nicknames));
    let ordinals = found.into_iter().map(|found| match found.unwrap().whose {
        doldam_vault::pseudonym::Whose::Ordinal(ordinal) => ordinal,
        doldam_vault::pseudonym::Whose::Handle(_) => panic!("a nickname holds an ordinal"),
    });
    assert!(ordinals.eq(order));
}

/// One person, with every kind.
fn reveal(vault: &Vault) {
    let person = People::new(&Seed::new(WORLD)).person(7);
    let ordinal = vault.subject_by_value(Kind::PHONE, &person.phone).unwrap();
    let shown =
        vault.reveal(ordinal, &[Kind::NAME, Kind::CI, Kind::RRN], &actor(), PURPOSE).unwrap();
    let of = |kind| shown.attributes.get(kind).unwrap().expose().clone();
    assert_eq!(&of(Kind::NAME), person.name.expose());
    assert_eq!(&of(Kind::CI), person.ci.expose());
    assert_eq!(&of(Kind::RRN), person.rrn.expose());
}

#[test]
fn the_vault_of_step_1_is_opened() {
    let root = copy();
    let vault = Vault::open(place(root.path(), "var"), &passphrase()).unwrap();
    check(root.path(), &vault);
}

#[test]
fn the_backups_of_step_1_are_restored() {
    let root = copy();
    let keys = root.path().join("keys");
    let shares: Vec<Share> = ["K-1.share-1.txt", "K-1.share-3.txt"]
        .iter()
        .map(|name| Share::parse(&fs::read_to_string(keys.join(name)).unwrap()).unwrap())
        .collect();
    let vault = Vault::restore(
        place(root.path(), "restored"),
        &root.path().join("backup"),
        &keys.join("K-1.keys"),
        &shares,
        &passphrase(),
    )
    .unwrap();
    // The backup was made before its own checkpoint, so the newest row of the log is there.
    check(root.path(), &vault);
}
