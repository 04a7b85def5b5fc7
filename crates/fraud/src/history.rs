//! A company's past, taken in before the first live event.
//!
//! A window of 30 days knows nobody for 30 days, and a rule that has never seen a customer stops
//! everybody. So a history goes through the same engine into the same log: each event is judged at
//! its own time, each label is told when it became known, and lists with an end date and back-tests
//! see both where they happened. For that a history must come before what is newer than it. What
//! stands in the log already is left alone, so that a load that was cut short is simply repeated.

use std::collections::{HashMap, HashSet};

use doldam_ground::Instant;
use doldam_store::fraud::log::Batch;

use crate::dataset::Transactions;
use crate::engine::Engine;
use crate::error::FraudError;
use crate::event::{Event, EventId, is_currency};
use crate::journal::{self, Entry, Journal, Label, event_digest, write_event};
use crate::replay::{self, Fetch};
use crate::schema::Schema;
use crate::setup::{Parts, Setup};
use crate::value::Value;

/// Entries that share one commit.
const GROUP: usize = 8_192;
const DAY_US: i64 = 86_400_000_000;

/// One thing of the past.
pub struct Past {
    /// When it was known, and from when on it counts.
    pub at: Instant,
    /// What it was.
    pub what: PastEntry,
}

/// What happened, or what became known of it.
pub enum PastEntry {
    /// An event.
    Event(Event),
    /// What became known of an earlier one.
    Label(Label),
}

/// What became of a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Events that were taken in.
    pub events: u64,
    /// Labels that were taken in.
    pub labels: u64,
    /// Events and labels that stood in the log already.
    pub known: u64,
}

impl Loaded {
    /// How many entries of the history are done.
    pub const fn done(&self) -> u64 {
        self.events + self.labels + self.known
    }
}

/// The transactions of a file as a history: payments in `currency`, and for each fraud a label by
/// `by`, known `delay_days` after it but not later than `now`.
///
/// Errors: the schema has no fields for a payment, or the currency does not exist.
pub fn of_transactions<'a>(
    transactions: &'a Transactions,
    schema: &Schema,
    currency: &str,
    delay_days: u32,
    by: &'a str,
    now: Instant,
) -> Result<impl Iterator<Item = Past> + use<'a>, FraudError> {
    let event = transactions.events(schema)?;
    let place = schema.place("currency").ok_or(FraudError::History {
        why: "the schema in force has no field currency; payments need one",
    })?;
    if !is_currency(currency) {
        return Err(FraudError::History { why: "there is no such currency; name one of ISO 4217" });
    }
    let currency: Box<str> = currency.into();
    let delay_us = i64::from(delay_days) * DAY_US;
    let time = move |row: usize| transactions.times()[row].micros();
    let due = move |row: usize| time(row).saturating_add(delay_us);
    let (mut row, mut labelled) = (0, 0);
    Ok(std::iter::from_fn(move || {
        while labelled < row && (row == transactions.len() || due(labelled) <= time(row)) {
            labelled += 1;
            if transactions.frauds()[labelled - 1] {
                let known = Instant::from_micros(due(labelled - 1)).min(now);
                let event = transactions.ids()[labelled - 1].clone();
                let label = Label { event, fraud: true, known, by: by.to_owned() };
                return Some(Past { at: known, what: PastEntry::Label(label) });
            }
        }
        if row == transactions.len() {
            return None;
        }
        let mut past = event(row);
        past.values[place] = Value::Text(currency.clone());
        row += 1;
        Some(Past { at: past.time, what: PastEntry::Event(past) })
    }))
}

/// An engine at the end of the log, to load a history with. An empty log begins with `first`, which
/// `keep` keeps before the log names it.
///
/// Errors: the log cannot be read or written, or names what is not kept; `first` does not compile.
pub fn engine(
    journal: &dyn Journal,
    fetch: &mut Fetch<'_>,
    first: Parts,
    keep: &mut dyn FnMut(&Parts) -> Result<(), FraudError>,
    now: Instant,
) -> Result<Engine, FraudError> {
    if let Some(engine) = replay::advance_to_end(journal, None, fetch)? {
        return Ok(engine);
    }
    let setup = Setup::compile(first)?;
    keep(&setup.parts)?;
    let entry = Entry::Setup(Box::new(setup.parts.names("shipped", "")));
    let batch = Batch {
        entries: vec![i64::from(entry.number())],
        events: vec![None],
        payloads: vec![None],
        times_us: vec![now.micros()],
        bodies: vec![entry.write()],
        ..Batch::default()
    };
    journal.append(0, batch)?;
    replay::change_setup(journal, None, setup, 1)
}

/// Judges a history in its order and appends it to the log, in large commits; `told` is called
/// after each with what has been done so far. `engine` stands at the end of the log.
///
/// Errors: an event is older than the newest one of the log and does not stand in it, or stands in
/// it with other content; the log refuses. The engine may have run ahead of the log then and must be
/// made anew.
pub fn load(
    journal: &dyn Journal,
    engine: &mut Engine,
    past: impl Iterator<Item = Past>,
    told: &mut dyn FnMut(&Loaded),
) -> Result<Loaded, FraudError> {
    let mut loading = Loading { labelled: labelled(journal)?, ..Loading::default() };
    let mut past = past.fuse();
    loop {
        let group: Vec<Past> = past.by_ref().take(GROUP).collect();
        if group.is_empty() {
            return Ok(loading.loaded);
        }
        loading.find(journal, &group)?;
        let after = engine.last();
        for one in &group {
            loading.take(engine, one)?;
        }
        let batch = std::mem::take(&mut loading.batch);
        if !batch.bodies.is_empty() {
            journal.append(after, batch)?;
        }
        told(&loading.loaded);
    }
}

#[derive(Default)]
struct Loading {
    loaded: Loaded,
    /// Events of the group that stand in the log, with the digest of what they say.
    known: HashMap<Box<str>, [u8; 32]>,
    labelled: HashSet<EventId>,
    batch: Batch,
}

impl Loading {
    fn find(&mut self, journal: &dyn Journal, group: &[Past]) -> Result<(), FraudError> {
        self.known.clear();
        let names: Vec<String> = group
            .iter()
            .filter_map(|one| match &one.what {
                PastEntry::Event(event) => Some(event.id.as_str().to_owned()),
                PastEntry::Label(_) => None,
            })
            .collect();
        for (_, row) in journal.find(&names)? {
            if let Some((name, payload)) = row.event {
                self.known.insert(name.into(), payload);
            }
        }
        Ok(())
    }

    fn take(&mut self, engine: &mut Engine, one: &Past) -> Result<(), FraudError> {
        match &one.what {
            PastEntry::Event(event) => self.event(engine, one.at, event),
            PastEntry::Label(label) => self.label(engine, one.at, label),
        }
    }

    fn event(&mut self, engine: &mut Engine, at: Instant, event: &Event) -> Result<(), FraudError> {
        let payload = event_digest(event);
        if let Some(before) = self.known.get(event.id.as_str()) {
            if *before != payload {
                let why = "an event of the same name with other content stands in the log";
                return Err(FraudError::History { why });
            }
            self.loaded.known += 1;
            return Ok(());
        }
        if engine.state().newest().is_some_and(|newest| event.time < newest) {
            let why = "it is older than the newest event of the log; load it before newer ones";
            return Err(FraudError::History { why });
        }
        let decision = engine.judge(at, event)?;
        self.known.insert(event.id.as_str().into(), payload);
        self.batch.entries.push(1);
        self.batch.events.push(Some(event.id.as_str().to_owned()));
        self.batch.payloads.push(Some(payload.to_vec()));
        self.batch.times_us.push(at.micros());
        self.batch.bodies.push(write_event(event, &decision));
        self.loaded.events += 1;
        Ok(())
    }

    fn label(&mut self, engine: &mut Engine, at: Instant, label: &Label) -> Result<(), FraudError> {
        if !self.labelled.insert(label.event.clone()) {
            self.loaded.known += 1;
            return Ok(());
        }
        engine.label(label)?;
        let entry = Entry::Label(label.clone());
        self.batch.entries.push(i64::from(entry.number()));
        self.batch.events.push(None);
        self.batch.payloads.push(None);
        self.batch.times_us.push(at.micros());
        self.batch.bodies.push(entry.write());
        self.loaded.labels += 1;
        Ok(())
    }
}

/// Events that have a label.
fn labelled(journal: &dyn Journal) -> Result<HashSet<EventId>, FraudError> {
    let mut labelled = HashSet::new();
    journal::each_label(journal, &mut |label| {
        labelled.insert(label.event);
    })?;
    Ok(labelled)
}
