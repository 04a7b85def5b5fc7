//! The thread behind the desk.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use doldam_ground::Instant;
use doldam_store::fraud::alert::Conflict;
use doldam_store::fraud::log::Batch;

use super::{
    AGE_US_MAX, AHEAD_US_MAX, Answer, Decided, Furnishing, Message, Reply, SNAPSHOT_ENTRIES,
};
use crate::case;
use crate::engine::Engine;
use crate::error::FraudError;
use crate::event::{Event, EventFault};
use crate::journal::{Entry, Label, Record, event_digest, write_event};
use crate::list::Change;
use crate::replay;
use crate::setup::{Parts, Setup};

/// Most events that share one commit.
const GROUP_EVENTS_MAX: usize = 4_096;
/// Set-ups that are kept for the names in old answers.
const SETUPS_KEPT: usize = 8;

pub(super) struct Worker {
    furnishing: Furnishing,
    first: Parts,
    messages: Receiver<Message>,
    /// `None` after the log refused: it is made anew before the next event.
    engine: Option<Engine>,
    setups: Vec<(u64, Arc<Setup>)>,
    snapshot_at: u64,
}

/// A request whose answers wait for the commit.
struct Waiting {
    answers: Vec<Answer>,
    reply: Reply<Vec<Answer>>,
    events: Vec<Event>,
}

impl Worker {
    pub(super) fn open(
        furnishing: Furnishing,
        first: Parts,
        messages: Receiver<Message>,
    ) -> Result<Self, FraudError> {
        let mut worker =
            Self { furnishing, first, messages, engine: None, setups: Vec::new(), snapshot_at: 0 };
        worker.recover()?;
        Ok(worker)
    }

    /// Serves until the desk is dropped, then leaves a snapshot.
    pub(super) fn serve(&mut self) {
        while let Ok(message) = self.messages.recv() {
            let mut next = Some(message);
            while let Some(message) = next.take() {
                next = match message {
                    Message::Judge(events, reply) => self.group(events, reply),
                    other => {
                        self.single(other);
                        None
                    }
                };
            }
            self.snapshot_when_due();
        }
        // A snapshot that fails costs the next start some time and nothing else.
        drop(self.snapshot());
    }

    /// Makes the engine from the snapshot and the log.
    fn recover(&mut self) -> Result<(), FraudError> {
        let Furnishing { journal, fetch, snapshot, .. } = &mut self.furnishing;
        let journal = Arc::clone(journal);
        let restored = snapshot.as_deref().and_then(|path| {
            replay::restore(path, &mut |place| {
                let mut found = None;
                journal.read(place.saturating_sub(1), 1, &mut |row| found = Some(row))?;
                let row = found.ok_or(FraudError::Snapshot { why: "the log is shorter" })?;
                match Record::read(row)?.entry {
                    Entry::Setup(names) => replay::compile(&names, fetch),
                    _ => Err(FraudError::Snapshot { why: "no set-up stands there" }),
                }
            })
        });
        let last = journal.last()?;
        let restored = restored.filter(|engine| engine.last() <= last);
        self.snapshot_at = restored.as_ref().map_or(0, Engine::last);
        self.engine = replay::advance_to_end(journal.as_ref(), restored, fetch)?;
        if let Some(engine) = &self.engine {
            let (place, setup) = (engine.setup_at(), Arc::clone(engine.setup()));
            self.remember(place, setup);
            return Ok(());
        }
        let first = Setup::compile(self.first.clone())?;
        self.force(None, first, "shipped", "").map(drop)
    }

    fn engine(&mut self) -> Result<&mut Engine, FraudError> {
        if self.engine.is_none() {
            self.recover()?;
        }
        self.engine.as_mut().ok_or(FraudError::Stopped)
    }

    fn single(&mut self, message: Message) {
        match message {
            Message::Label(both, reply) => reply(self.label(&both.0, both.1)),
            Message::Change(change, reply) => reply(self.change(&change)),
            Message::PutInForce(both, reply) => {
                let (parts, by, why) = *both;
                reply(self.put_in_force(parts, &by, &why));
            }
            Message::Look(look) => {
                if let Ok(engine) = self.engine() {
                    look(engine);
                }
            }
            Message::Snapshot(reply) => reply(self.snapshot()),
            Message::Judge(events, reply) => drop(self.group(events, reply)),
        }
    }

    /// Judges a request and those that wait behind it, in one commit. Gives the first message that is
    /// no event, which must come after.
    fn group(&mut self, events: Vec<Event>, reply: Reply<Vec<Answer>>) -> Option<Message> {
        let mut requests = vec![(events, reply)];
        let mut count = requests[0].0.len();
        let mut after = None;
        while count < GROUP_EVENTS_MAX {
            match self.messages.try_recv() {
                Ok(Message::Judge(events, reply)) => {
                    count += events.len();
                    requests.push((events, reply));
                }
                Ok(other) => {
                    after = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        let mut waiting: Vec<Waiting> = requests
            .into_iter()
            .map(|(events, reply)| Waiting { answers: Vec::new(), reply, events })
            .collect();
        if let Err(cause) = self.judge_all(&mut waiting) {
            // The engine may have run ahead of the log; only the log counts.
            self.engine = None;
            for one in &mut waiting {
                one.answers = one
                    .events
                    .iter()
                    .map(|event| self.furnishing.policy.fallback(event, cause.code()))
                    .collect();
            }
        }
        for one in waiting {
            (one.reply)(one.answers);
        }
        after
    }

    fn judge_all(&mut self, waiting: &mut [Waiting]) -> Result<(), FraudError> {
        self.engine()?;
        let mut known = self.known(waiting)?;
        let mut batch = Batch::default();
        let after = self.engine()?.last();
        for one in waiting.iter_mut() {
            for event in &one.events {
                let now = self.furnishing.clock.now();
                one.answers.push(self.judge_one(now, event, &mut known, &mut batch)?);
            }
        }
        if batch.bodies.is_empty() && batch.conflicts.is_empty() {
            return Ok(());
        }
        self.furnishing.journal.append(after, batch)
    }

    /// What the log knows of the events of these requests, by their names.
    fn known(&self, waiting: &[Waiting]) -> Result<HashMap<Box<str>, Known>, FraudError> {
        let names: Vec<String> = waiting
            .iter()
            .flat_map(|one| &one.events)
            .map(|event| event.id.as_str().to_owned())
            .collect();
        let mut known = HashMap::with_capacity(names.len());
        for (place, row) in self.furnishing.journal.find(&names)? {
            let record = Record::read(row)?;
            if let Entry::Event(both) = record.entry {
                let payload = record.payload.unwrap_or_default();
                let (event, decision) = *both;
                let decided = Decided {
                    sequence: record.sequence,
                    setup: self.setup_at(decision.setup),
                    decision,
                    again: true,
                };
                let known_now = Known { payload, whence: Whence::Log(event), decided };
                known.insert(names[place].as_str().into(), known_now);
            }
        }
        Ok(known)
    }

    fn judge_one(
        &mut self,
        now: Instant,
        event: &Event,
        known: &mut HashMap<Box<str>, Known>,
        batch: &mut Batch,
    ) -> Result<Answer, FraudError> {
        let payload = event_digest(event);
        if let Some(before) = known.get(event.id.as_str()) {
            if before.payload == payload {
                return Ok(Answer::Decided(Box::new(before.decided.clone())));
            }
            let sequence = before.decided.sequence;
            let conflict = self.conflict(now, before, batch)?;
            batch.conflicts.push(conflict);
            return Ok(Answer::Conflict { sequence });
        }
        if let Err(fault) = check_time(now, event) {
            return Ok(Answer::Refused(fault));
        }
        let engine = self.engine.as_mut().ok_or(FraudError::Stopped)?;
        let decision = engine.judge(now, event)?;
        batch.entries.push(1);
        batch.events.push(Some(event.id.as_str().to_owned()));
        batch.payloads.push(Some(payload.to_vec()));
        batch.times_us.push(now.micros());
        batch.bodies.push(write_event(event, &decision));
        let schema = &engine.setup().schema;
        batch.alerts.extend(case::alert(schema, event, &decision, engine.last(), now));
        let setup = Some(Arc::clone(engine.setup()));
        let decided = Decided { sequence: engine.last(), decision, setup, again: false };
        let again = Decided { again: true, ..decided.clone() };
        let whence = Whence::Batch(batch.bodies.len() - 1);
        let known_now = Known { payload, whence, decided: again };
        known.insert(event.id.as_str().into(), known_now);
        Ok(Answer::Decided(Box::new(decided)))
    }

    /// That the name of an older event came with other content.
    fn conflict(
        &self,
        now: Instant,
        before: &Known,
        batch: &Batch,
    ) -> Result<Conflict, FraudError> {
        let schema = &self.engine.as_ref().ok_or(FraudError::Stopped)?.setup().schema;
        let (decision, sequence) = (&before.decided.decision, before.decided.sequence);
        Ok(match &before.whence {
            Whence::Log(older) => case::conflict(schema, older, decision, sequence, now),
            Whence::Batch(place) => match Entry::read(1, &batch.bodies[*place])? {
                Entry::Event(both) => case::conflict(schema, &both.0, decision, sequence, now),
                _ => return Err(FraudError::Journal { why: "no event stands there" }),
            },
        })
    }

    fn label(
        &mut self,
        label: &Label,
        alert: Option<u64>,
    ) -> Result<crate::state::Labelled, FraudError> {
        let after = self.engine()?.last();
        let mut batch = self.batch_of(&Entry::Label(label.clone()));
        batch.labelled.extend(alert);
        self.furnishing.journal.append(after, batch)?;
        let labelled = self.engine()?.label(label);
        if labelled.is_err() {
            self.engine = None;
        }
        labelled
    }

    fn change(&mut self, change: &Change) -> Result<u64, FraudError> {
        let engine = self.engine()?;
        if change.list >= engine.lists().lists() {
            return Err(FraudError::UnknownList);
        }
        let after = engine.last();
        self.append(after, &Entry::List(change.clone()))?;
        let engine = self.engine()?;
        engine.change(change);
        Ok(engine.last())
    }

    fn put_in_force(&mut self, parts: Parts, by: &str, why: &str) -> Result<u64, FraudError> {
        // A set-up that does not compile leaves everything as it is.
        let setup = Setup::compile(parts)?;
        self.engine()?;
        let engine = self.engine.take();
        self.force(engine, setup, by, why)
    }

    /// Keeps, logs and takes up a set-up. After an error the engine is gone and is made anew.
    fn force(
        &mut self,
        engine: Option<Engine>,
        setup: Arc<Setup>,
        by: &str,
        why: &str,
    ) -> Result<u64, FraudError> {
        (self.furnishing.keep)(&setup.parts, by)?;
        let after = engine.as_ref().map_or(0, Engine::last);
        self.append(after, &Entry::Setup(Box::new(setup.parts.names(by, why))))?;
        let place = after + 1;
        let journal = Arc::clone(&self.furnishing.journal);
        let changed = replay::change_setup(journal.as_ref(), engine, Arc::clone(&setup), place)?;
        self.engine = Some(changed);
        self.remember(place, setup);
        Ok(place)
    }

    /// Appends one entry that is no event. An engine that stands must follow at once.
    fn append(&mut self, after: u64, entry: &Entry) -> Result<(), FraudError> {
        let batch = self.batch_of(entry);
        self.furnishing.journal.append(after, batch)
    }

    fn batch_of(&self, entry: &Entry) -> Batch {
        Batch {
            entries: vec![i64::from(entry.number())],
            events: vec![None],
            payloads: vec![None],
            times_us: vec![self.furnishing.clock.now().micros()],
            bodies: vec![entry.write()],
            ..Batch::default()
        }
    }

    fn remember(&mut self, place: u64, setup: Arc<Setup>) {
        self.setups.push((place, setup));
        if self.setups.len() > SETUPS_KEPT {
            self.setups.remove(0);
        }
    }

    fn setup_at(&self, place: u64) -> Option<Arc<Setup>> {
        self.setups.iter().rev().find(|(at, _)| *at == place).map(|(_, setup)| Arc::clone(setup))
    }

    fn snapshot_when_due(&mut self) {
        let last = self.engine.as_ref().map_or(0, Engine::last);
        if last >= self.snapshot_at + SNAPSHOT_ENTRIES {
            // Tried again after as many entries, not after each.
            self.snapshot_at = last;
            drop(self.snapshot());
        }
    }

    fn snapshot(&mut self) -> Result<(), FraudError> {
        let Some(path) = self.furnishing.snapshot.clone() else { return Ok(()) };
        let Some(engine) = &self.engine else { return Ok(()) };
        replay::keep(engine, &path)?;
        self.snapshot_at = engine.last();
        Ok(())
    }
}

/// What is known of an event that was decided before.
struct Known {
    payload: [u8; 32],
    whence: Whence,
    decided: Decided,
}

/// Where the older event is.
enum Whence {
    /// It stands in the log.
    Log(Event),
    /// It waits in the same batch, at this place.
    Batch(usize),
}

fn check_time(now: Instant, event: &Event) -> Result<(), EventFault> {
    let ahead = event.time.micros().saturating_sub(now.micros());
    if ahead > AHEAD_US_MAX {
        return Err(EventFault::Time("more than five minutes ahead of our clock"));
    }
    if ahead < -AGE_US_MAX {
        return Err(EventFault::Time("more than 90 days ago"));
    }
    Ok(())
}
