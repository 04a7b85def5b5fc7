//! A house to test in: a clock that stands, a log in memory that can refuse and be tampered with.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use doldam_fraud::desk::{Desk, FailPolicy, Furnishing};
use doldam_fraud::journal::Journal;
use doldam_fraud::replay::{self, Fetch, Proof};
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::setup::Parts;
use doldam_fraud::{Event, FraudError, Schema};
use doldam_ground::{Clock, Instant, MockClock};
use doldam_store::fraud::log::{Batch, Entry};
use tempfile::TempDir;

/// When the first event of [`House::any`] happened.
const START_US: i64 = 1_795_000_000_000_000;

#[derive(Default)]
struct Kept {
    rows: Vec<Entry>,
    refuses: bool,
}

/// A log in memory.
#[derive(Default)]
pub(super) struct Memory {
    kept: Mutex<Kept>,
}

impl Memory {
    pub(super) fn refuse(&self, refuses: bool) {
        self.kept.lock().unwrap().refuses = refuses;
    }

    pub(super) fn rows(&self) -> usize {
        self.kept.lock().unwrap().rows.len()
    }

    /// Flips the last bit of the score of an event's decision.
    pub(super) fn tamper(&self, sequence: u64) {
        let mut kept = self.kept.lock().unwrap();
        let row = kept.rows.iter_mut().find(|row| row.sequence == sequence).unwrap();
        let place = row.body.len() - 6;
        row.body[place] ^= 1;
    }
}

impl Journal for Memory {
    fn last(&self) -> Result<u64, FraudError> {
        Ok(self.kept.lock().unwrap().rows.len() as u64)
    }

    fn append(&self, after: u64, batch: Batch) -> Result<(), FraudError> {
        let mut kept = self.kept.lock().unwrap();
        if kept.refuses || after != kept.rows.len() as u64 {
            return Err(FraudError::Journal { why: "refused by the test" });
        }
        for (place, body) in batch.bodies.into_iter().enumerate() {
            let payload = batch.payloads[place].clone();
            let event = batch.events[place].clone();
            let sequence = kept.rows.len() as u64 + 1;
            kept.rows.push(Entry {
                sequence,
                entry: u8::try_from(batch.entries[place]).unwrap(),
                event: event.map(|id| (id, payload.unwrap().try_into().unwrap())),
                at: Instant::from_micros(batch.times_us[place]),
                body,
            });
        }
        Ok(())
    }

    fn read(&self, after: u64, limit: u32, visit: &mut dyn FnMut(Entry)) -> Result<(), FraudError> {
        let kept = self.kept.lock().unwrap();
        let rows = kept.rows.iter().filter(|row| row.sequence > after).take(limit as usize);
        rows.cloned().for_each(visit);
        Ok(())
    }

    fn find(&self, events: &[String]) -> Result<Vec<(usize, Entry)>, FraudError> {
        let kept = self.kept.lock().unwrap();
        let named = |name: &String| {
            let is = |row: &&Entry| row.event.as_ref().is_some_and(|(id, _)| id == name);
            kept.rows.iter().find(is).cloned()
        };
        Ok(events
            .iter()
            .enumerate()
            .filter_map(|(place, name)| Some((place, named(name)?)))
            .collect())
    }
}

type Artifacts = Arc<Mutex<HashMap<[u8; 32], Vec<u8>>>>;

pub(super) struct House {
    pub(super) clock: Arc<MockClock>,
    pub(super) journal: Arc<Memory>,
    pub(super) schema: Schema,
    artifacts: Artifacts,
    folder: TempDir,
    open: Mutex<Option<(usize, Arc<Desk>)>>,
}

impl House {
    pub(super) fn new() -> Self {
        Self {
            // Half a day after the first of the events that `any` makes.
            clock: Arc::new(MockClock::new(Instant::from_micros(START_US + 43_200_000_000))),
            journal: Arc::default(),
            schema: Schema::parse(SHIPPED).unwrap(),
            artifacts: Arc::default(),
            folder: tempfile::tempdir().unwrap(),
            open: Mutex::new(None),
        }
    }

    pub(super) fn snapshot(&self) -> PathBuf {
        self.folder.path().join("engine.snapshot")
    }

    pub(super) fn fetch(&self) -> Box<Fetch<'static>> {
        let artifacts = Arc::clone(&self.artifacts);
        Box::new(move |version| Ok(artifacts.lock().unwrap().get(version).cloned()))
    }

    pub(super) fn desk(&self) -> Desk {
        let artifacts = Arc::clone(&self.artifacts);
        let policy = FailPolicy { amount: self.schema.place("amount"), ..FailPolicy::default() };
        let furnishing = Furnishing {
            journal: Arc::clone(&self.journal) as Arc<dyn Journal>,
            fetch: self.fetch(),
            keep: Box::new(move |parts, _| {
                for (part, body) in parts.bodies() {
                    artifacts.lock().unwrap().insert(part.version(body), body.to_vec());
                }
                Ok(())
            }),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            policy,
            snapshot: Some(self.snapshot()),
        };
        Desk::open(furnishing, Parts::shipped()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The desk of a round: a new round closes the desk of the one before and opens another.
    pub(super) fn desk_of_round(&self, round: usize) -> Arc<Desk> {
        let mut open = self.open.lock().unwrap();
        if open.as_ref().is_none_or(|(of, _)| *of != round) {
            drop(open.take());
            *open = Some((round, Arc::new(self.desk())));
        }
        Arc::clone(&open.as_ref().unwrap().1)
    }

    pub(super) fn close(&self) {
        drop(self.open.lock().unwrap().take());
    }

    pub(super) fn prove(&self) -> Proof {
        replay::prove(self.journal.as_ref(), &mut *self.fetch())
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn read(&self, text: &str) -> Event {
        Event::from_json(&self.schema, text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
    }

    pub(super) fn payment(&self, id: &str, account: &str, amount: i64) -> Event {
        let time = self.clock.now().to_rfc3339();
        self.read(&format!(
            r#"{{"id":"{id}","kind":"payment","time":"{time}","account":"{account}","payee":"p","amount":{amount},"currency":"KRW","channel":"app","new_device":true}}"#
        ))
    }

    /// An event that depends on its number only: of all kinds, of few keys, some late.
    pub(super) fn any(&self, number: usize) -> Event {
        let mixed = number.wrapping_mul(2_654_435_761) >> 3;
        let time = Instant::from_micros(
            START_US + number.cast_signed() as i64 * 36_000_000
                - (mixed % 5).cast_signed() as i64 * 7_000_000,
        )
        .to_rfc3339();
        let (account, payee, device) = (mixed % 7, mixed / 7 % 5, mixed / 35 % 4);
        let kind = ["payment", "payment", "payment", "credit", "log_in", "limit_change"][mixed % 6];
        let amount = 1_000 + (mixed % 977) * 4_321;
        let money = match kind {
            "payment" => format!(r#","amount":{amount},"currency":"KRW","payee":"p-{payee}""#),
            "credit" => format!(r#","amount":{amount},"currency":"KRW","payer":"p-{payee}""#),
            "limit_change" => r#","change":"limit_raised""#.to_owned(),
            _ => r#","success":true"#.to_owned(),
        };
        self.read(&format!(
            r#"{{"id":"e-{number}","kind":"{kind}","time":"{time}","account":"a-{account}","device":"d-{device}","channel":"app"{money}}}"#
        ))
    }
}
