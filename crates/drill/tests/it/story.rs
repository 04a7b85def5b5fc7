//! The story, and that it touches nothing real.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_drill::{Drill, DrillError, Outcome, Trouble};
use doldam_ground::ids::{IncidentId, Ordinal};
use doldam_ground::{Clock, Instant};
use doldam_store::dispatch::{self, NewDispatch};
use doldam_store::{Location, Schema, Store, notice};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::postgres::TestDatabase;

/// A wall clock that starts at one moment in every run, and durations that are real: a socket waits
/// for nobody's mock.
struct StoryClock(std::time::Instant);

#[expect(clippy::disallowed_methods, reason = "time-outs of a real socket need the real time")]
fn story_clock() -> Arc<dyn Clock> {
    Arc::new(StoryClock(std::time::Instant::now()))
}

impl Clock for StoryClock {
    fn now(&self) -> Instant {
        let start = Instant::parse("2026-11-23T09:00:00+09:00", "UTC").expect("it is a time");
        Instant::from_micros(start.micros() + i64::try_from(self.elapsed_us()).expect("small"))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).expect("the test is short")
    }
}

fn drill(subjects: u32, seed: u64, trouble: Trouble) -> Result<Outcome, DrillError> {
    Drill { subjects, seed, trouble, clock: story_clock(), postgres: None }.run()
}

#[test]
fn the_story_ends_with_everybody_told_once() {
    let outcome = drill(2_000, 17_551, Trouble::None).unwrap();
    assert_eq!(outcome.affected, 2_000);
    let notices = outcome.notices;
    assert_eq!((notices.planned, notices.delivered, notices.duplicate), (2_000, 2_000, 0));
    assert_eq!((notices.accepted, notices.failed, notices.in_doubt), (0, 0, 0));
    assert_eq!(outcome.clocks, 4);
    let document = outcome.to_json();
    assert_eq!((&document["schema"], &document["affected"]), (&1.into(), &2_000.into()));
    let names: Vec<&str> =
        document["steps"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names.join(" "), ORDER);
    // What a person still has to find out for the regulator is said, not hidden.
    assert_eq!(outcome.report_unknown, 0);
}

const ORDER: &str = "house staff enrol disclose fraud leak scan trace incident contain watch \
                     canary clocks notice gateway send receipts resolve report evidence close verify";

#[test]
fn the_story_is_the_same_on_postgres() {
    let database = TestDatabase::create();
    let (seed, trouble, clock) = (17_551, Trouble::None, story_clock());
    let postgres = Some(database.address());
    let notices = Drill { subjects: 1_500, seed, trouble, clock, postgres }.run().unwrap().notices;
    assert_eq!((notices.planned, notices.delivered, notices.duplicate), (1_500, 1_500, 0));
}

#[test]
fn in_trouble_nobody_is_told_twice_and_nobody_is_forgotten() {
    for seed in 1..=3 {
        let notices = drill(1_500, seed, Trouble::Some).unwrap().notices;
        let parts = notices.accepted + notices.delivered + notices.failed + notices.in_doubt;
        assert_eq!((notices.planned, parts, notices.duplicate), (1_500, 1_500, 0), "seed {seed}");
        assert!(notices.delivered > 1_400 && notices.delivered < 1_500, "seed {seed}: {notices:?}");
    }
}

#[test]
fn a_drill_of_nobody_is_refused() {
    for subjects in [0, 99, 1_000_001] {
        let refused = drill(subjects, 1, Trouble::None).unwrap_err();
        assert_eq!(refused.code(), "drill.subjects");
    }
}

/// Every file below a folder, with its contents.
fn tree(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            tree(&path, files);
        } else {
            files.insert(path.clone(), std::fs::read(&path).expect("it can be read"));
        }
    }
}

/// A real installation beside the drill: a gateway that listens, and a dispatch that waits to be
/// sent through it.
#[test]
fn a_rehearsal_touches_nothing_real() {
    let live = Smsc::start(Seed::new(9), Faults::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("data.db"));
    let store = Store::open(&location, Schema::Data, story_clock()).unwrap();
    let approved = NewDispatch {
        incident: IncidentId::new(1),
        stage: "first".to_owned(),
        channel: "sms".to_owned(),
        gateway: live.address().to_string(),
        template: "leak_confirmed".to_owned(),
        template_version: 1,
        template_digest: [0; 32],
    };
    let people: Vec<Ordinal> = (0..100).map(Ordinal::new).collect();
    let planned = store.write("test.plan", move |tx| {
        let id = dispatch::create(tx, &approved, Instant::from_micros(0))?;
        notice::plan(tx, id, &people)?;
        Ok(id)
    });
    let dispatch = planned.unwrap();
    let mut before = BTreeMap::new();
    tree(folder.path(), &mut before);
    let outcome = drill(500, 4, Trouble::None).unwrap();
    assert_eq!(outcome.notices.delivered, 500);
    // Not one PDU, not even a sign-in; not one byte.
    let log = live.log();
    assert_eq!((log.binds, log.messages, log.texted.len()), (0, 0, 0));
    let mut after = BTreeMap::new();
    tree(folder.path(), &mut after);
    assert!(before == after);
    let counts = store.read("test.counts", |tx| notice::counts(tx, dispatch)).unwrap();
    assert_eq!((counts.planned, counts.all()), (100, 100));
}
