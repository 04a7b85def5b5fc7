//! kill -9 in the middle of sending: nobody is texted twice, nobody is forgotten.
//!
//! The test starts itself again as a child that sends; the gateway and its account live in the
//! parent, which kills the child when a number of messages has come, five times, and then sends the
//! rest itself. The gateway misbehaves all the while.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use doldam_ground::ids::DispatchId;
use doldam_store::notice;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::world::{People, audit, gateway, open, plan, run, standings};

const FOLDER: &str = "DOLDAM_TEST_NOTIFY_FOLDER";
const ADDRESS: &str = "DOLDAM_TEST_NOTIFY_ADDRESS";
const NAME: &str = "kill::a_killed_sender_texts_nobody_twice_and_forgets_nobody";
const TEXT: &str = "[돌담은행] 개인정보 유출 안내";
/// The people of the story that this product is about.
const PEOPLE: u32 = 17_551;
/// The child is killed once so many messages have come.
const KILLS: [u64; 5] = [900, 4_321, 8_000, 12_345, 16_000];
const DISPATCH: DispatchId = DispatchId::new(1);

fn send(folder: &Path, address: &str) {
    let store = open(folder);
    let _ = run(&store, DISPATCH, &People::with(TEXT), &gateway(address));
}

fn start_child(folder: &Path, address: &str) -> Child {
    Command::new(std::env::current_exe().expect("the test has a file"))
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .env(ADDRESS, address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can start itself")
}

fn kill_after(smsc: &Smsc, mut child: Child, messages: u64) {
    while smsc.messages() < messages {
        let ended = child.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "the child ended by itself at {}", smsc.messages());
        std::thread::park_timeout(Duration::from_millis(1));
    }
    child.kill().expect("a child can be killed");
    child.wait().expect("the child ends");
}

#[test]
fn a_killed_sender_texts_nobody_twice_and_forgets_nobody() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
    if let (Ok(folder), Ok(address)) = (std::env::var(FOLDER), std::env::var(ADDRESS)) {
        return send(Path::new(&folder), &address);
    }
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert_eq!(plan(&store, PEOPLE), DISPATCH);
    drop(store);
    let smsc = Smsc::start(Seed::new(17_551), Faults::all()).unwrap();
    let address = smsc.address().to_string();
    let mut left = Vec::new();
    for messages in KILLS {
        kill_after(&smsc, start_child(folder.path(), &address), messages);
        let store = open(folder.path());
        let counts = store.read("test.counts", |tx| notice::counts(tx, DISPATCH)).unwrap();
        left.push(counts.intent);
    }
    let store = open(folder.path());
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
