//! kill -9 in the middle of sending: nobody is texted twice, nobody is forgotten.
//!
//! The test starts itself again as a child that sends; the gateway and its account live in the
//! parent, which kills the child when a number of messages has come, and then sends the rest
//! itself. The gateway misbehaves all the while.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use doldam_store::{Location, notice};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::faults::{TEXT, faults_of, faults_of_all, file_in, kill_after, send};
use crate::postgres::TestDatabase;
use crate::world::{DISPATCH, People, audit, gateway, open_at, plan, run, standings};

const FILE: &str = "DOLDAM_TEST_NOTIFY_FILE";
const DATABASE: &str = "DOLDAM_TEST_NOTIFY_DATABASE";
const ADDRESS: &str = "DOLDAM_TEST_NOTIFY_ADDRESS";
const CHILD: &str = "kill::the_child_sends";
/// The people of the story that this product is about.
const PEOPLE: u32 = 17_551;
/// The child is killed once so many messages have come.
const KILLS: [u64; 5] = [900, 4_321, 8_000, 12_345, 16_000];
const SEEDS: u64 = 20;
const PEOPLE_OF_A_SEED: u32 = 2_000;

fn start_child(location: &Location, address: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("the test has a file"));
    match location {
        Location::Sqlite(file) => command.env(FILE, file),
        Location::Postgres(database) => command.env(DATABASE, database),
    };
    command
        .args(["--exact", CHILD, "--nocapture"])
        .env(ADDRESS, address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can start itself")
}

/// No test by itself: what the tests below start as a process of its own.
#[test]
#[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
fn the_child_sends() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let location = match std::env::var(FILE) {
        Ok(file) => Location::Sqlite(Path::new(&file).to_owned()),
        Err(_) => Location::Postgres(std::env::var(DATABASE).unwrap()),
    };
    send(&location, &address);
}

#[test]
fn through_any_fault_nobody_is_texted_twice_and_nobody_is_forgotten() {
    let found = faults_of_all(0..SEEDS, PEOPLE_OF_A_SEED, start_child, |_| ());
    assert_eq!(found, [""; 0]);
}

#[test]
fn with_the_ledger_in_postgresql_it_is_the_same() {
    for seed in [1, 4] {
        let database = TestDatabase::create();
        let location = Location::Postgres(database.address());
        assert_eq!(faults_of(seed, PEOPLE_OF_A_SEED, &location, start_child), [""; 0]);
    }
}

#[test]
fn a_killed_sender_texts_nobody_twice_and_forgets_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let location = file_in(folder.path());
    assert_eq!(plan(&open_at(&location), PEOPLE), DISPATCH);
    let smsc = Smsc::start(Seed::new(17_551), Faults::all()).unwrap();
    let address = smsc.address().to_string();
    let mut left = Vec::new();
    for messages in KILLS {
        assert!(kill_after(&smsc, start_child(&location, &address), messages));
        let store = open_at(&location);
        let counts = store.read("test.counts", |tx| notice::counts(tx, DISPATCH)).unwrap();
        left.push(counts.intent);
    }
    let store = open_at(&location);
    let mut gateway = gateway(&address);
    gateway.receipt_wait_us = 400_000;
    let summary = run(&store, DISPATCH, &People::with(TEXT), &gateway).unwrap();
    // A kill between two windows leaves none; five of them do not all fall there.
    assert!(left.iter().sum::<u64>() > 0, "no kill left an intent");
    assert!(left.iter().all(|intents| *intents <= gateway.window as u64), "{left:?}");
    assert_eq!(left.last(), Some(&summary.doubted_before));
    let log = smsc.log();
    assert_eq!(audit(&standings(&store), &log, PEOPLE), [""; 0]);
    let breaks = log.disconnects + KILLS.len() as u64;
    let most = gateway.window as u64 * breaks + log.answers_lost;
    assert!(summary.counts.in_doubt <= most, "{summary:?}");
    let doubts =
        store.read("test.doubts", |tx| notice::in_doubt(tx, DISPATCH, None, PEOPLE)).unwrap();
    assert_eq!(doubts.len() as u64, summary.counts.in_doubt);
    assert_eq!(summary.counts.all(), u64::from(PEOPLE));
}
