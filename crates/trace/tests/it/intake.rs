//! Files that turn up at once: each becomes one piece of evidence, each run one version of its list.

use std::collections::BTreeSet;
use std::sync::Arc;

use doldam_ground::locale::Language;
use doldam_ground::{Instant, MockClock};
use doldam_scanner::read::table::TableOptions;
use doldam_synthetic::Seed;
use doldam_trace::intake::{open_evidence, take_in, trace_evidence};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Vault};
use tempfile::TempDir;

use crate::postgres::TestDatabase;

const PURPOSE: &str = "integration test";
const HANDS: usize = 6;

fn actor() -> Actor {
    Actor { name: "minji".to_owned(), origin: "local".to_owned() }
}

fn leak(number: usize) -> String {
    format!("email\nnobody-{number}@example.com\nsomebody-{number}@example.com\n")
}

/// Every hand takes in a file of its own and one that all of them found, and traces both.
fn many_hands_at_once(postgres: Option<String>) {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(MockClock::new(Instant::from_micros(1_795_000_000_000_000)));
    let place = Place {
        folder: folder.path().join("var"),
        postgres,
        anchor: folder.path().join("anchor.jsonl"),
        language: Language::Ko,
        clock: clock.clone(),
        entropy: Box::new(Seed::new(5).entropy()),
    };
    let vault = Vault::create(place, &Passphrase::new("correct horse battery")).unwrap();
    let work = |number: usize| {
        [number, HANDS].map(|number| {
            let text = leak(number);
            let held = take_in(&vault, &mut text.as_bytes(), &actor(), PURPOSE).unwrap();
            let mut kept = String::new();
            let mut reader = open_evidence(&vault, &held).unwrap();
            std::io::Read::read_to_string(&mut reader, &mut kept).unwrap();
            assert_eq!(kept, text, "what was kept is what was found");
            let options = TableOptions::default();
            let clock = clock.as_ref();
            let run = trace_evidence(&vault, &held, &options, &actor(), PURPOSE, clock).unwrap();
            (held.id.number(), run.id.number(), run.version)
        })
    };
    let runs: Vec<_> = std::thread::scope(|scope| {
        let work = &work;
        let hands: Vec<_> = (0..HANDS).map(|hand| scope.spawn(move || work(hand))).collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    let numbers = |most: usize| (1..=u32::try_from(most).unwrap()).collect::<BTreeSet<_>>();
    let evidence: BTreeSet<u32> = runs.iter().map(|run| run.0).collect();
    assert_eq!(evidence, numbers(HANDS + 1), "the file that all found was taken in once");
    let ids: BTreeSet<u32> = runs.iter().map(|run| run.1).collect();
    assert_eq!(ids, numbers(2 * HANDS));
    let lists: BTreeSet<(u32, u32)> = runs.iter().map(|run| (run.0, run.2)).collect();
    assert_eq!(lists.len(), 2 * HANDS, "no version of a list was given twice");
    let left = std::fs::read_dir(folder.path().join("var/evidence")).unwrap().count();
    assert_eq!(left, HANDS + 1, "no half file is left");
}

#[test]
fn many_hands_take_in_and_trace_at_once_on_sqlite() {
    many_hands_at_once(None);
}

#[test]
fn many_hands_take_in_and_trace_at_once_on_postgres() {
    let database = TestDatabase::create();
    many_hands_at_once(Some(database.address()));
}
