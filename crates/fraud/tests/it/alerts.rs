//! Alerts and temporary measures over the store: as many as the log says, once each, also when the
//! process is killed; and what people find comes back to the log once.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Desk, FailPolicy, Furnishing};
use doldam_fraud::journal::{self, Entry, StoreJournal};
use doldam_fraud::measure::{self as rules, Act};
use doldam_fraud::setup::Parts;
use doldam_fraud::{Event, Schema, case};
use doldam_ground::{Clock, Instant, MockClock};
use doldam_store::fraud::alert::{self, Closing, Wanted};
use doldam_store::fraud::{artifact, measure};
use doldam_store::{Location, Store, Tx};

const FOLDER: &str = "DOLDAM_TEST_ALERTS_FOLDER";
const NAME: &str = "alerts::a_kill_leaves_an_alert_for_each_decision_in_the_log";
const KILLS: usize = 20;
const START_US: i64 = 1_795_000_000_000_000;
const ACTIONS: [&str; 5] = ["case", "step_up", "delay", "hold", "block"];

/// Rules by which the amount says what is done: 1,000 a case, 2,000 a step-up, and so on.
fn parts() -> Parts {
    let mut rules = "name = \"by_amount\"\n".to_owned();
    for (place, action) in ACTIONS.iter().enumerate() {
        let least = (place + 1) * 1_000;
        rules += &format!(
            "[[rule]]\nname = \"{action}\"\nwhen = \"amount >= {least}\"\nscore = 10\n\
             action = \"{action}\"\nreason.ko = \"금액\"\nreason.en = \"amount\"\n"
        );
    }
    Parts { rules, ..Parts::shipped() }
}

struct Room {
    store: Arc<Store>,
    clock: Arc<MockClock>,
    schema: Schema,
}

impl Room {
    fn open(folder: &Path) -> Self {
        let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
        let location = Location::Sqlite(folder.join("data.db"));
        let store = Store::open(&location, doldam_store::Schema::Data, clock.clone()).unwrap();
        let schema = Schema::parse(&parts().schema).unwrap();
        Self { store: Arc::new(store), clock, schema }
    }

    fn desk(&self) -> Desk {
        let kept = Arc::new(Mutex::new(()));
        let (store, keeper) = (Arc::clone(&self.store), Arc::clone(&self.store));
        let furnishing = Furnishing {
            journal: Arc::new(StoreJournal::new(Arc::clone(&self.store))),
            fetch: Box::new(move |version| {
                let found = store.read("test.fetch", |tx| artifact::find(tx, version))?;
                Ok(found.map(|artifact| artifact.body))
            }),
            keep: Box::new(move |parts, by| {
                let _turn = kept.lock().unwrap();
                for (part, body) in parts.bodies() {
                    let one = artifact::Artifact {
                        version: part.version(body),
                        what: part.name().to_owned(),
                        name: part.name().to_owned(),
                        body: body.to_vec(),
                        made_by: by.to_owned(),
                        made_at: Instant::from_micros(START_US),
                    };
                    keeper.write("test.keep", move |tx| artifact::keep(tx, &one))?;
                }
                Ok(())
            }),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            policy: FailPolicy::default(),
            snapshot: None,
        };
        Desk::open(furnishing, parts()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn payment(&self, id: &str, amount: i64) -> Event {
        let time = self.clock.now().to_rfc3339();
        let text = format!(
            r#"{{"id":"{id}","kind":"payment","time":"{time}","account":"a-{}","payee":"p","amount":{amount},"currency":"KRW","channel":"app"}}"#,
            amount % 3
        );
        Event::from_json(&self.schema, text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// Checks that each decision in the log has its alert and its measure, and that there are no
    /// others. Gives how many events and alerts there are.
    fn check(&self) -> (u64, usize) {
        let journal = StoreJournal::new(Arc::clone(&self.store));
        let (mut events, mut alerts) = (0, 0);
        journal::each(&journal, 0, &mut |record| {
            let Entry::Event(both) = &record.entry else { return Ok(()) };
            events += 1;
            let (place, verdict) = (record.sequence, &both.1.verdict);
            let alert = self.store.read("test.alert", |tx| alert::find(tx, place))?;
            let measure = self.store.read("test.measure", |tx| measure::find(tx, place))?;
            assert_eq!(alert.is_some(), verdict.action != Action::Allow, "at {place}");
            assert_eq!(measure.is_some(), verdict.action > Action::Case, "at {place}");
            if let Some(alert) = alert {
                alerts += 1;
                assert_eq!((&*alert.action, alert.score), (verdict.action.name(), verdict.score));
                assert_eq!((&*alert.event, alert.opened_at), (both.0.id.as_str(), record.at));
                assert_eq!(alert.payee.as_deref(), Some("p"));
            }
            if let Some(measure) = measure {
                assert_eq!((&*measure.kind, &*measure.state), (verdict.action.name(), "placed"));
            }
            Ok(())
        })
        .unwrap();
        let queue = |tx: &mut Tx<'_>| alert::queue(tx, &Wanted::default(), None, 1_000_000);
        assert_eq!(self.store.read("test.queue", queue).unwrap().len(), alerts, "and no others");
        let list = |tx: &mut Tx<'_>| measure::list(tx, "", "", 0, 1_000_000);
        assert!(self.store.read("test.list", list).unwrap().len() <= alerts);
        (events, alerts)
    }

    fn labels(&self) -> Vec<(String, bool, String)> {
        let journal = StoreJournal::new(Arc::clone(&self.store));
        let mut found = Vec::new();
        journal::each(&journal, 0, &mut |record| {
            if let Entry::Label(label) = record.entry {
                found.push((label.event.as_str().to_owned(), label.fraud, label.by));
            }
            Ok(())
        })
        .unwrap();
        found
    }
}

fn sequence(answer: &Answer) -> u64 {
    match answer {
        Answer::Decided(decided) => decided.sequence,
        _ => panic!("it was not decided"),
    }
}

#[test]
fn each_decision_that_is_not_allow_leaves_one_alert_and_each_stop_one_measure() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(folder.path());
    let desk = room.desk();
    let events: Vec<Event> =
        (0..12).map(|place| room.payment(&format!("t-{place}"), place * 500)).collect();
    desk.judge_now(events.clone());
    assert_eq!(room.check(), (12, 10));
    desk.judge_now(events);
    assert_eq!(room.check(), (12, 10), "a repeated event is no other alert");
    // The same names with other content, one of them of an event that was allowed.
    let answers = desk.judge_now(vec![room.payment("t-0", 7), room.payment("t-8", 7)]);
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Conflict { .. })));
    let conflicts = |place| {
        let found = room.store.read("test.alert", |tx| alert::find(tx, place)).unwrap();
        found.map(|alert| (alert.conflicts, alert.action))
    };
    assert_eq!(conflicts(2), Some((1, "allow".to_owned())));
    assert_eq!(conflicts(10), Some((1, "hold".to_owned())));
    let one = room.payment("twice", 4_000);
    let answers = desk.judge_now(vec![one, room.payment("twice", 3)]);
    assert_eq!(conflicts(sequence(&answers[0])), Some((1, "hold".to_owned())));
}

#[test]
fn what_people_find_comes_to_the_log_once() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(folder.path());
    let desk = room.desk();
    let events = (0..3).map(|place| room.payment(&format!("t-{place}"), 4_000)).collect();
    let places: Vec<u64> = desk.judge_now(events).iter().map(sequence).collect();
    for (place, outcome) in places.iter().zip(["fraud", "no_fraud", "unclear"]) {
        let (place, at) = (*place, room.clock.now());
        let closing = Closing {
            outcome: outcome.to_owned(),
            note: "called the customer".to_owned(),
            by: "minji".to_owned(),
            at,
        };
        room.store.write("test.close", move |tx| alert::close(tx, place, &closing)).unwrap();
    }
    drop(desk);
    // The process ended before it told the log; the next one does.
    let desk = room.desk();
    assert_eq!(case::tell_labels(&room.store, &desk), Ok(2));
    assert_eq!(case::tell_labels(&room.store, &desk), Ok(0));
    let by = || "minji".to_owned();
    assert_eq!(room.labels(), [("t-0".to_owned(), true, by()), ("t-1".to_owned(), false, by())]);
}

#[test]
fn the_clock_carries_out_a_delay_that_was_told_and_a_step_up_that_was_proved() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(folder.path());
    let desk = room.desk();
    let amounts = [2_000, 3_000, 3_000, 4_000];
    let events = amounts
        .iter()
        .enumerate()
        .map(|(place, amount)| room.payment(&format!("t-{place}"), *amount))
        .collect();
    let places: Vec<u64> = desk.judge_now(events).iter().map(sequence).collect();
    let take = |place: u64, act: &Act| {
        let found = room.store.read("test.find", |tx| measure::find(tx, place)).unwrap().unwrap();
        let (step, then) = rules::step(&found, act, "minji", room.clock.now()).unwrap();
        room.store
            .write("test.step", move |tx| measure::add_step(tx, &found, &step, &then))
            .unwrap();
    };
    let told = Act::Notify { how: "sms".to_owned() };
    for place in [places[0], places[1], places[3]] {
        take(place, &told);
    }
    let at = |clock: &MockClock| clock.now();
    assert_eq!(rules::carry_out_due(&room.store, at(&room.clock)), Ok(0));
    take(places[0], &Act::CheckIdentity { how: "one_time_code".to_owned(), passed: true });
    assert_eq!(rules::carry_out_due(&room.store, at(&room.clock)), Ok(1));
    room.clock.advance_days(1);
    assert_eq!(rules::carry_out_due(&room.store, at(&room.clock)), Ok(1));
    let state = |place: u64| {
        let found = room.store.read("test.find", |tx| measure::find(tx, place)).unwrap();
        found.unwrap().state
    };
    let states: Vec<String> = places.iter().map(|place| state(*place)).collect();
    assert_eq!(states, ["carried_out", "carried_out", "placed", "notified"]);
}

/// The child: decides until it is killed.
fn decide_forever(folder: &Path) {
    let room = Room::open(folder);
    let desk = room.desk();
    let first = desk.look(doldam_fraud::engine::Engine::last).unwrap();
    for number in first.. {
        let events = (0..3)
            .map(|part: i64| {
                room.payment(
                    &format!("t-{number}-{part}"),
                    (i64::try_from(number).unwrap() * 3 + part) % 12 * 500,
                )
            })
            .collect();
        let answers = desk.judge_now(events);
        let last = answers.iter().map(sequence).max().unwrap();
        writeln!(std::io::stdout().lock(), "\nACK {last}").expect("the parent listens");
    }
}

#[test]
fn a_kill_leaves_an_alert_for_each_decision_in_the_log() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child where to write")]
    if let Ok(folder) = std::env::var(FOLDER) {
        return decide_forever(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for kill in 0..KILLS {
        let acknowledged = run_and_kill(folder.path(), 1 + kill * 5 % 17);
        let room = Room::open(folder.path());
        let (events, alerts) = room.check();
        assert!(events + 1 >= acknowledged, "kill {kill}: {acknowledged} acknowledged, {events}");
        assert!(events > seen && alerts > 0);
        seen = events;
    }
}

/// Starts the child, kills it after so many answers; gives the last place that it told.
fn run_and_kill(folder: &Path, answers: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("ACK ").and_then(|text| text.parse().ok()));
    let mut last = 0;
    let mut count = 0;
    for place in told {
        (last, count) = (place, count + 1);
        if count == answers {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(count >= answers, "the child ended by itself after {count} answers");
    last
}
