//! The data of earlier steps: this program must open what they wrote, and answer as they did.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::ids::{IncidentId, StaffId};
use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock};
use doldam_response::docket::{self, Clocks};
use doldam_response::{incident, notice, posting, timeline};
use doldam_store::access::passkey;
use doldam_store::incident::draft::DraftState;
use doldam_synthetic::Seed;
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Place, Vault};

use crate::world::actor;

/// Some days after the folder was made.
const LATER: &str = "2026-11-26T09:00:00+09:00";
/// Largest size of a frozen folder, in bytes: it stays in the repository for ever.
const FROZEN_BYTES_MAX: u64 = 1_000_000;
const SUBJECTS: u64 = 120;
/// How many of them were in the leaked file.
const HIT: u64 = 21;
const NOTICE: &str = "kr-pipa-notice-2026";
const REPORT: &str = "kr-pipa-report-2026";

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frozen/step-3")
}

/// Copies a folder, because opening a vault writes to it; gives how many bytes there are.
fn copy(from: &Path, to: &Path) -> u64 {
    fs::create_dir_all(to).unwrap();
    let entries = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).unwrap() }
        })
        .sum()
}

fn open(root: &Path) -> Vault {
    let place = Place {
        folder: root.join("var"),
        postgres: None,
        anchor: root.join("anchor.jsonl"),
        language: Language::Ko,
        clock: Arc::new(MockClock::new(Instant::parse(LATER, "UTC").unwrap())),
        entropy: Box::new(Seed::new(77).entropy()),
    };
    let passphrase = fs::read_to_string(root.join("var/demo.passphrase")).unwrap();
    Vault::open(place, &Passphrase::new(passphrase.trim())).unwrap()
}

#[test]
fn the_incident_of_step_3_is_opened() {
    let root = tempfile::tempdir().unwrap();
    let bytes = copy(&frozen(), root.path());
    assert!(bytes > 0 && bytes < FROZEN_BYTES_MAX, "{bytes} bytes");
    let vault = open(root.path());
    let report = vault.audit_verify(Some(&root.path().join("anchor.jsonl"))).unwrap();
    assert!(report.rows > 40 && report.checkpoints > 1 && report.faults.is_empty(), "{report:?}");
    assert_eq!(vault.subject_count().unwrap(), SUBJECTS);
    assert_eq!(vault.staff().unwrap().len(), 3);
    let keys = vault.data().read("passkey.list", |tx| passkey::list(tx, StaffId::new(1)));
    assert_eq!(keys.unwrap().len(), 1);

    let all = incident::list(&vault).unwrap();
    let id = all[0].id;
    assert_eq!((all.len(), all[0].closed_at), (1, None));
    clocks(&vault, id);
    let drafts = notice::drafts(&vault, id).unwrap();
    assert_eq!((drafts.len(), drafts[0].state), (1, DraftState::Approved));
    assert_eq!(notice::approvals(&vault, id, 1).unwrap().len(), 2);
    let postings = posting::list(&vault, id).unwrap();
    assert!(postings.len() == 1 && postings[0].posting.end.is_none());
    assert!(timeline::read(&vault, id, 0).unwrap().len() > 8);
    one_person(&vault, id);
}

/// Each person's clock and the one of the report, which waits.
fn clocks(vault: &Vault, id: IncidentId) {
    let all = docket::read(vault, id).unwrap();
    let of = |duty: &str| all.iter().find(|one| one.duty.rule.id == duty).unwrap();
    let Clocks::Each(people) = &of(NOTICE).clocks else {
        panic!("the law counts persons for a notice")
    };
    assert_eq!((people.total(), people.waiting), (HIT, 0), "{people:?}");
    let waits = of(REPORT).waits.as_ref().unwrap();
    assert_eq!(waits.reason, "disaster_or_unavoidable");
}

/// One of the people who were hit can still be read.
fn one_person(vault: &Vault, id: IncidentId) {
    let hit = vault.data().read("test.exposures", |tx| doldam_store::incident::exposures(tx, id));
    let (ordinal, _) = hit.unwrap()[0];
    let shown = vault.reveal(ordinal, &[Kind::CI], &actor(), "integration test").unwrap();
    assert_eq!(shown.attributes.get(Kind::CI).unwrap().expose().len(), 88);
}
