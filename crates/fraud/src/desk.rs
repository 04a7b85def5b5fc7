//! The one place where events are taken in: a queue, one thread, one commit for many.
//!
//! The thread owns the engine, so events have one order without a lock. It takes what waits, judges
//! it, appends it to the log in one commit, and only then answers: an answer means durable. While
//! that commit is flushed the next events gather. When the log cannot be written the engine, which
//! has run ahead of it, is thrown away and made anew from the log.

mod fail;
mod worker;

pub use fail::{FailPolicy, Limit};

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use doldam_ground::Clock;

use crate::decision::{Action, Decision};
use crate::engine::Engine;
use crate::error::FraudError;
use crate::event::{Event, EventFault};
use crate::journal::{Journal, Label};
use crate::list::Change;
use crate::replay::Fetch;
use crate::setup::{Parts, Setup};
use crate::state::Labelled;

/// Most requests that may wait.
pub const QUEUE_MAX: usize = 4_096;
/// Most events of one request.
pub const REQUEST_EVENTS_MAX: usize = 1_000;
/// How far ahead of our clock an event may be, in microseconds: clocks of channels differ.
pub const AHEAD_US_MAX: i64 = 300_000_000;
/// How old an event may be, in microseconds.
pub const AGE_US_MAX: i64 = 90 * 86_400_000_000;
/// After how many entries a snapshot is written.
pub const SNAPSHOT_ENTRIES: u64 = 250_000;

/// What the caller of one event is told.
#[derive(Clone)]
pub enum Answer {
    /// It is decided, and durable.
    Decided(Box<Decided>),
    /// An event of this name with other content stands in the log at this place.
    Conflict {
        /// Its place.
        sequence: u64,
    },
    /// The event cannot be judged.
    Refused(EventFault),
    /// It could not be judged or kept; this is what the policy says to do meanwhile.
    Fallback {
        /// What to do.
        action: Action,
        /// A stable name of the cause.
        cause: &'static str,
    },
}

/// A decision with its place.
#[derive(Clone)]
pub struct Decided {
    /// Place in the log.
    pub sequence: u64,
    /// The decision.
    pub decision: Decision,
    /// What it was made with, for the names of rules and features; `None` for an old decision whose
    /// set-up is not in memory.
    pub setup: Option<Arc<Setup>>,
    /// Whether it had been decided before.
    pub again: bool,
}

/// Gets the answers of one request, in its order.
pub type Reply<T> = Box<dyn FnOnce(T) + Send>;

/// What may be asked of the thread.
pub(crate) enum Message {
    Judge(Vec<Event>, Reply<Vec<Answer>>),
    /// A label, with the place of the alert whose outcome it tells.
    Label(Box<(Label, Option<u64>)>, Reply<Result<Labelled, FraudError>>),
    Change(Change, Reply<Result<u64, FraudError>>),
    PutInForce(Box<(Parts, String, String)>, Reply<Result<u64, FraudError>>),
    Look(Box<dyn FnOnce(&Engine) + Send>),
    Snapshot(Reply<Result<(), FraudError>>),
}

/// What a desk needs.
pub struct Furnishing {
    /// The log.
    pub journal: Arc<dyn Journal>,
    /// Gives an artifact by its version.
    pub fetch: Box<Fetch<'static>>,
    /// Keeps the parts of a set-up before the log names them.
    pub keep: Box<dyn FnMut(&Parts, &str) -> Result<(), FraudError> + Send>,
    /// The time at which events are taken in.
    pub clock: Arc<dyn Clock>,
    /// What to do when an event cannot be judged.
    pub policy: FailPolicy,
    /// Where the snapshot stands; `None`: each start reads the whole log.
    pub snapshot: Option<PathBuf>,
}

/// The desk of an installation; its thread ends when it is dropped.
pub struct Desk {
    queue: Option<SyncSender<Message>>,
    policy: FailPolicy,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Desk {
    /// Brings the engine to the end of the log and starts the thread. An empty log begins with the
    /// parts that `first` gives.
    ///
    /// Errors: the log cannot be read, or names what is not kept.
    pub fn open(furnishing: Furnishing, first: Parts) -> Result<Self, FraudError> {
        let policy = furnishing.policy;
        let (queue, messages) = sync_channel(QUEUE_MAX);
        let mut worker = worker::Worker::open(furnishing, first, messages)?;
        let thread = thread::Builder::new()
            .name("fraud-desk".to_owned())
            .spawn(move || worker.serve())
            .map_err(|_| FraudError::Stopped)?;
        Ok(Self { queue: Some(queue), policy, thread: Mutex::new(Some(thread)) })
    }

    /// Asks for the decisions on at most [`REQUEST_EVENTS_MAX`] events. `reply` is called once, by
    /// another thread, or by this one when the queue is full.
    pub fn judge(&self, events: Vec<Event>, reply: Reply<Vec<Answer>>) {
        let refused = if events.len() > REQUEST_EVENTS_MAX {
            Err(Box::new((Message::Judge(events, reply), "too-many-events")))
        } else {
            self.send(Message::Judge(events, reply))
        };
        if let Err(refused) = refused
            && let (Message::Judge(events, reply), cause) = *refused
        {
            reply(events.iter().map(|event| self.policy.fallback(event, cause)).collect());
        }
    }

    /// The same, waiting.
    pub fn judge_now(&self, events: Vec<Event>) -> Vec<Answer> {
        let (sender, answers) = sync_channel(1);
        self.judge(events, Box::new(move |all| drop(sender.send(all))));
        answers.recv().unwrap_or_default()
    }

    /// Takes a label in; when it returns it is durable.
    pub fn label(&self, label: Label) -> Result<Labelled, FraudError> {
        self.ask(|reply| Message::Label(Box::new((label, None)), reply))
    }

    /// The same for the outcome of the alert at `alert`: when it returns the log no longer lacks it.
    pub fn label_alert(&self, label: Label, alert: u64) -> Result<Labelled, FraudError> {
        self.ask(|reply| Message::Label(Box::new((label, Some(alert))), reply))
    }

    /// Changes a list; gives the place of the change. What comes after sees it.
    pub fn change(&self, change: Change) -> Result<u64, FraudError> {
        self.ask(|reply| Message::Change(change, reply))
    }

    /// Puts a set-up in force; gives its place. When its features are others, their windows are made
    /// from the whole log first, and whoever asks for a decision waits meanwhile.
    pub fn put_in_force(&self, parts: Parts, by: &str, why: &str) -> Result<u64, FraudError> {
        let both = Box::new((parts, by.to_owned(), why.to_owned()));
        self.ask(|reply| Message::PutInForce(both, reply))
    }

    /// Looks at the engine between two groups of events.
    pub fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, FraudError> {
        let (sender, answer) = sync_channel(1);
        let message = Message::Look(Box::new(move |engine| drop(sender.send(look(engine)))));
        self.send(message).map_err(|_| FraudError::Busy)?;
        answer.recv().map_err(|_| FraudError::Stopped)
    }

    /// Writes a snapshot now.
    pub fn snapshot(&self) -> Result<(), FraudError> {
        self.ask(Message::Snapshot)
    }

    fn ask<T: Send + 'static>(
        &self,
        message: impl FnOnce(Reply<Result<T, FraudError>>) -> Message,
    ) -> Result<T, FraudError> {
        let (sender, answer) = sync_channel(1);
        let message = message(Box::new(move |result| drop(sender.send(result))));
        self.send(message).map_err(|_| FraudError::Busy)?;
        answer.recv().unwrap_or(Err(FraudError::Stopped))
    }

    /// Gives the message back when it cannot be taken, and why.
    fn send(&self, message: Message) -> Result<(), Box<(Message, &'static str)>> {
        let Some(queue) = &self.queue else { return Err(Box::new((message, "stopped"))) };
        queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(message) => Box::new((message, "busy")),
            TrySendError::Disconnected(message) => Box::new((message, "stopped")),
        })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.queue.take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A thread that panicked has answered nobody; there is nothing left to do for it.
        thread.map(JoinHandle::join);
    }
}
