//! The one writer.
//!
//! SQLite lets one connection write at a time, and a durable commit costs a flush of the disk. So
//! one thread owns the only writing connection and joins the commands that wait into one commit:
//! while a flush runs, the next commands gather, and they all share the next one. A lone command
//! waits for nobody. Each command runs in a savepoint, so that its failure is its own; each answer
//! is given after the commit, so that an answer means durable.
//!
//! A commit that fails is never repeated on the same handle: after a failed flush the operating
//! system may have dropped the very pages that it could not write, and a second attempt would
//! "succeed" without them. The store is then poisoned until it is opened again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use doldam_ground::{Clock, limits};
use rusqlite::Connection;

use crate::sqlite::statement::batch;
use crate::tx::Session;
use crate::{StoreError, Tx};

/// Work for the writer.
enum Message {
    /// A transaction of a caller.
    Run(Box<dyn Command>),
    /// Work on the connection itself, between two groups: checkpoints, compaction.
    Maintain(Box<dyn FnOnce(&mut Connection) + Send>),
}

trait Command: Send {
    fn name(&self) -> &'static str;
    /// Runs the closure and keeps what it gives until the commit is known.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError>;
    /// Tells the caller: the value that was kept, or why there is none.
    fn answer(self: Box<Self>, end: Result<(), StoreError>);
}

struct Pending<T, F> {
    name: &'static str,
    run: F,
    value: Option<T>,
    caller: SyncSender<Result<T, StoreError>>,
}

impl<T, F> Command for Pending<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.value = Some((self.run)(tx)?);
        Ok(())
    }

    fn answer(self: Box<Self>, end: Result<(), StoreError>) {
        let answer = end.and(self.value.ok_or(StoreError::Poisoned));
        // A caller that no longer listens has given up; there is nobody to tell.
        let _ = self.caller.send(answer);
    }
}

/// How much the writer did since the store was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteCounts {
    /// Transactions that were asked for.
    pub commands: u64,
    /// Commits that were made for them: fewer, when several shared one.
    pub commits: u64,
}

#[derive(Default)]
struct Shared {
    poisoned: AtomicBool,
    commands: AtomicU64,
    commits: AtomicU64,
}

/// The handle to the writer thread; ends the thread when dropped.
pub(crate) struct Writer {
    queue: Option<SyncSender<Message>>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread that owns `connection` from now on; `commands_max` commands may wait.
    pub(crate) fn start(
        connection: Connection,
        clock: Arc<dyn Clock>,
        commands_max: usize,
    ) -> Result<Self, StoreError> {
        let (queue, messages) = sync_channel(commands_max);
        let shared = Arc::new(Shared::default());
        let desk = Desk { connection, messages, clock, shared: Arc::clone(&shared) };
        let thread =
            thread::Builder::new().name("store-writer".to_owned()).spawn(move || desk.serve())?;
        Ok(Self { queue: Some(queue), shared, thread: Mutex::new(Some(thread)) })
    }

    /// Runs a transaction and waits until it is durable.
    pub(crate) fn write<T, F>(&self, name: &'static str, run: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (caller, answer) = sync_channel(1);
        self.send(Message::Run(Box::new(Pending { name, run, value: None, caller })))?;
        answer.recv().unwrap_or(Err(StoreError::Poisoned))
    }

    /// Runs `task` on the connection, outside of any transaction, and waits for it.
    pub(crate) fn maintain<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (caller, answer) = sync_channel(1);
        self.send(Message::Maintain(Box::new(move |connection| {
            let _ = caller.send(task(connection));
        })))?;
        answer.recv().unwrap_or(Err(StoreError::Poisoned))
    }

    pub(crate) fn counts(&self) -> WriteCounts {
        WriteCounts {
            commands: self.shared.commands.load(Ordering::Relaxed),
            commits: self.shared.commits.load(Ordering::Relaxed),
        }
    }

    fn send(&self, message: Message) -> Result<(), StoreError> {
        if self.shared.poisoned.load(Ordering::Acquire) {
            return Err(StoreError::Poisoned);
        }
        let queue = self.queue.as_ref().ok_or(StoreError::Poisoned)?;
        queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Poisoned,
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        // A closure may own the last handle, and then the writer itself ends up here.
        if thread.thread().id() != thread::current().id() {
            // The thread catches panics of closures; its own end has nothing more to say.
            let _ = thread.join();
        }
    }
}

/// What the writer thread owns.
struct Desk {
    connection: Connection,
    messages: Receiver<Message>,
    clock: Arc<dyn Clock>,
    shared: Arc<Shared>,
}

/// A command that ran, and whether it may be committed.
struct Ran {
    command: Box<dyn Command>,
    end: Result<(), StoreError>,
}

impl Desk {
    fn serve(mut self) {
        let mut next = self.messages.recv().ok();
        while let Some(message) = next {
            let left_over = match message {
                Message::Run(command) if self.poisoned() => {
                    command.answer(Err(StoreError::Poisoned));
                    None
                }
                Message::Run(command) => self.group(command),
                Message::Maintain(task) => {
                    if !self.poisoned() {
                        // The task's sender is dropped by a panic, which its caller sees.
                        let _ = catch_unwind(AssertUnwindSafe(|| task(&mut self.connection)));
                    }
                    None
                }
            };
            next = left_over.or_else(|| self.messages.recv().ok());
        }
    }

    fn poisoned(&self) -> bool {
        self.shared.poisoned.load(Ordering::Acquire)
    }

    /// Runs `first` and whatever waits behind it, commits once and answers all. Gives back a
    /// message that cannot be part of a group.
    fn group(&mut self, first: Box<dyn Command>) -> Option<Message> {
        let started_us = self.clock.elapsed_us();
        if let Err(error) = batch(&self.connection, first.name(), "BEGIN IMMEDIATE") {
            first.answer(Err(error));
            return None;
        }
        let mut ran = Vec::new();
        let mut left_over = None;
        let mut next = Some(first);
        while let Some(command) = next {
            ran.push(self.run(command));
            next = None;
            let in_time = self.clock.elapsed_us() - started_us < limits::GROUP_WAIT_US;
            // SQLite ends the whole transaction by itself on some failures (disk full, I/O).
            let open = !self.connection.is_autocommit();
            if open && in_time && ran.len() < limits::GROUP_COMMANDS_MAX {
                match self.messages.try_recv() {
                    Ok(Message::Run(command)) => next = Some(command),
                    Ok(other) => left_over = Some(other),
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
                }
            }
        }
        self.shared.commands.fetch_add(ran.len() as u64, Ordering::Relaxed);
        self.end(ran);
        left_over
    }

    /// Runs one command in a savepoint of its own.
    fn run(&self, mut command: Box<dyn Command>) -> Ran {
        let end = self.run_in_savepoint(&mut *command);
        Ran { command, end }
    }

    fn run_in_savepoint(&self, command: &mut dyn Command) -> Result<(), StoreError> {
        let name = command.name();
        batch(&self.connection, name, "SAVEPOINT command")?;
        let mut tx = Tx::new(name, Session::Sqlite(&self.connection));
        let end = catch_unwind(AssertUnwindSafe(|| command.run(&mut tx)))
            .unwrap_or(Err(StoreError::Panicked { transaction: name }));
        let close = match end {
            Ok(()) => "RELEASE command",
            Err(_) => "ROLLBACK TO command; RELEASE command",
        };
        if !self.connection.is_autocommit() && batch(&self.connection, name, close).is_err() {
            self.give_up_group();
        }
        end
    }

    /// Undoes the whole open transaction, when half a command may be left in it.
    fn give_up_group(&self) {
        if self.connection.execute_batch("ROLLBACK").is_err() {
            self.shared.poisoned.store(true, Ordering::Release);
        }
    }

    /// Commits what can be committed and answers everybody.
    fn end(&self, ran: Vec<Ran>) {
        let lost = self.connection.is_autocommit() || self.poisoned();
        if lost {
            // The last command broke the transaction: its reason is everybody's.
            let reason = ran
                .iter()
                .find_map(|one| one.end.as_ref().err().filter(|e| ends_all(e)).cloned())
                .unwrap_or(StoreError::Busy);
            return answer_all(ran, |_| Err(reason.clone()));
        }
        if ran.iter().all(|one| one.end.is_err()) {
            self.give_up_group();
            return answer_all(ran, |one| one.end.clone());
        }
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        if self.connection.execute_batch("COMMIT").is_ok() {
            return answer_all(ran, |one| one.end.clone());
        }
        self.shared.poisoned.store(true, Ordering::Release);
        answer_all(ran, |one| {
            one.end.clone().and(Err(StoreError::InDoubt { transaction: one.command.name() }))
        });
    }
}

/// Whether SQLite may roll the whole transaction back on this error.
const fn ends_all(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::DiskFull | StoreError::Io { .. } | StoreError::Corrupt | StoreError::Busy
    )
}

fn answer_all(ran: Vec<Ran>, end: impl Fn(&Ran) -> Result<(), StoreError>) {
    for one in ran {
        let end = end(&one);
        one.command.answer(end);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use doldam_ground::{Instant, MockClock};

    use super::*;

    #[test]
    fn a_full_queue_says_busy() {
        let connection = Connection::open_in_memory().unwrap();
        let clock = Arc::new(MockClock::new(Instant::from_micros(0)));
        let writer = Writer::start(connection, clock, 1).unwrap();
        let (entered, is_inside) = channel();
        let (release, may_leave) = channel::<()>();
        thread::scope(|scope| {
            let writer = &writer;
            let gate = scope.spawn(move || {
                writer.maintain(move |_| {
                    entered.send(()).unwrap();
                    may_leave.recv().unwrap();
                    Ok(())
                })
            });
            is_inside.recv().unwrap();
            let (sender, ends) = channel();
            for _ in 0..2 {
                let sender = sender.clone();
                scope.spawn(move || sender.send(writer.write("test.wait", |_| Ok(()))).unwrap());
            }
            // One waits in the queue; the other is told at once, while the gate is still shut.
            assert_eq!(ends.recv().unwrap(), Err(StoreError::Busy));
            release.send(()).unwrap();
            assert_eq!(ends.recv().unwrap(), Ok(()));
            assert_eq!(gate.join().unwrap(), Ok(()));
        });
        assert_eq!(writer.write("test.again", |_| Ok(7)), Ok(7));
    }

    #[test]
    fn the_last_handle_may_be_dropped_by_a_command() {
        let connection = Connection::open_in_memory().unwrap();
        let clock = Arc::new(MockClock::new(Instant::from_micros(0)));
        let writer = Arc::new(Writer::start(connection, clock, 8).unwrap());
        let (dropped, was_dropped) = channel();
        let mut own = Some(Arc::clone(&writer));
        let queue = writer.queue.clone().unwrap();
        drop(writer);
        let task = Message::Maintain(Box::new(move |_| {
            drop(own.take());
            dropped.send(()).unwrap();
        }));
        assert!(queue.send(task).is_ok());
        was_dropped.recv().unwrap();
    }
}
