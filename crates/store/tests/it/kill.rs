//! kill -9 at any moment: what was acknowledged is there, and nothing is half there.
//!
//! The test starts itself again as a child that locks a folder, appends to the access log and puts
//! a job down in each transaction, and prints the number of each append that was acknowledged. The
//! parent kills it, opens the folder (the lock of the dead is free) and compares.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use doldam_ground::{Clock, Instant, MockClock};
use doldam_store::audit::{self, Entry, Verdict};
use doldam_store::{FolderLock, Location, Schema, Store, StoreError, job};

const FOLDER: &str = "DOLDAM_TEST_KILL_FOLDER";
const NAME: &str = "kill::what_was_acknowledged_survives";
const KILLS: u32 = 40;
const WRITERS: u32 = 3;

fn open(folder: &Path) -> Result<(FolderLock, Store), StoreError> {
    let lock = FolderLock::take(folder)?;
    let clock: Arc<dyn Clock> = Arc::new(MockClock::new(Instant::from_micros(1)));
    let location = Location::Sqlite(folder.join("data.db"));
    Ok((lock, Store::open(&location, Schema::Data, clock)?))
}

/// The child: writes until it is killed.
fn write_forever(folder: &Path) {
    let (_lock, store) = open(folder).expect("the folder is free");
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.clone();
            std::thread::spawn(move || {
                for number in 0.. {
                    let head = store
                        .write("test.act", move |tx| act(tx, writer, number))
                        .expect("the store works");
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nACK {}", head.seq).expect("the parent listens");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("the child is killed before it ends");
    }
}

/// One act: a row of the access log and a job, or neither.
fn act(tx: &mut doldam_store::Tx<'_>, writer: u32, number: u32) -> Result<audit::Head, StoreError> {
    let now = Instant::from_micros(i64::from(number));
    let entry = Entry {
        at: now,
        actor: format!("writer {writer}"),
        origin: "local".to_owned(),
        action: "test.act",
        object: String::new(),
        purpose: "padding".repeat(100),
        subject_count: number,
        sealed_subjects: None,
    };
    let head = audit::append(tx, &entry)?;
    job::enqueue(tx, "test.act", &serde_json::json!({ "seq": head.seq }), now)?;
    Ok(head)
}

/// Starts the child, kills it after `acks` acknowledgements, gives the last number it printed.
fn run_and_kill(folder: &Path, acks: u32) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("the test has a file"))
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can start itself");
    let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let mut last = 0;
    let mut seen = 0;
    for line in lines {
        let Ok(line) = line else { break };
        let Some(number) = line.strip_prefix("ACK ").and_then(|text| text.parse::<u64>().ok())
        else {
            continue;
        };
        last = last.max(number);
        seen += 1;
        if seen == acks {
            child.kill().expect("a child can be killed");
        }
    }
    child.wait().expect("the child ends");
    assert!(seen >= acks, "the child ended by itself after {seen} acknowledgements");
    last
}

#[test]
fn what_was_acknowledged_survives() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child where to write")]
    if let Ok(folder) = std::env::var(FOLDER) {
        return write_forever(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    for kill in 0..KILLS {
        let acknowledged = run_and_kill(folder.path(), 1 + (kill * 7) % 60);
        let (_lock, store) = open(folder.path()).unwrap();
        let (verdict, jobs) = store
            .read("test.check", |tx| Ok((audit::verify(tx, None)?, job::unfinished(tx)?.len())))
            .unwrap();
        let Verdict::Intact { head, .. } = verdict else { panic!("kill {kill}: {verdict:?}") };
        assert!(head.seq >= acknowledged, "kill {kill}: {acknowledged} acknowledged, {head:?}");
        assert_eq!(u64::try_from(jobs).unwrap(), head.seq, "kill {kill}: an act is half there");
        store.integrity_check().unwrap();
    }
}
