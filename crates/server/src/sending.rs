//! Sending in the background: one worker for each notice that is on its way.
//!
//! A worker hands over what is planned, collects receipts, stops the clocks of whoever was reached,
//! and begins again until nothing is left to hear. What stops it (a gateway that is down, a store
//! that is busy) is shown and tried again, with pauses that double; it is never a reason to guess.
//! Two workers on one notice cannot be: here there is one for each, and against another process the
//! ledger's lease stands. At the stop of the server a worker waits for the answers to what is on the
//! wire; the next server goes on with every notice that it finds on its way.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;
use doldam_response::{ResponseError, incident, notice, timeline};
use doldam_store::incident::draft::DraftState;
use doldam_store::notice::Counts;
use doldam_vault::Actor;

use crate::app::App;
use crate::gateways::Used;
use crate::problem::Problem;

/// Most notices that are on their way at a time.
const WORKERS_MAX: usize = 32;
/// The first pause after a failure, and between two looks for receipts; doubled up to the longest.
const PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// A notice: its incident, and its number in it.
pub(crate) type Key = (IncidentId, u32);

/// What a worker does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It hands over what is planned.
    Sending,
    /// Everything is handed over; receipts may come.
    Listening,
    /// Something is in the way; it will try again.
    Waiting {
        /// The stable word for what is in the way.
        code: String,
        /// What is in the way, log-safe.
        detail: String,
        /// When it tries again.
        next_try_at: Instant,
    },
    /// There is nothing left to do or to hear.
    Settled,
    /// It ended: the notice is finished, or the server stops.
    Ended,
}

/// A worker as the desk sees it.
struct Job {
    standing: Standing,
    /// `None` once it ended.
    thread: Option<JoinHandle<()>>,
    is_running: bool,
    /// Somebody wants it to look again at once.
    is_called: bool,
}

/// All workers of a server.
#[derive(Default)]
pub(crate) struct Sending {
    stops: AtomicBool,
    jobs: Mutex<BTreeMap<Key, Job>>,
    bell: Condvar,
}

impl Sending {
    fn jobs(&self) -> MutexGuard<'_, BTreeMap<Key, Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.stops.load(Ordering::Acquire)
    }

    /// What the worker of a notice does, if it has had one since the server started.
    pub(crate) fn standing(&self, key: Key) -> Option<Standing> {
        self.jobs().get(&key).map(|job| job.standing.clone())
    }

    /// The notices that have a worker now.
    pub(crate) fn running(&self) -> Vec<Key> {
        let jobs = self.jobs();
        jobs.iter().filter(|(_, job)| job.is_running).map(|(key, _)| *key).collect()
    }

    fn note(&self, key: Key, standing: Standing) {
        if let Some(job) = self.jobs().get_mut(&key) {
            job.standing = standing;
        }
    }

    /// Waits until it is time, somebody calls, or the server stops.
    fn pause(&self, key: Key, pause: Duration) {
        let mut jobs = self.jobs();
        let waits = |jobs: &mut BTreeMap<Key, Job>| {
            !self.is_stopping() && jobs.get(&key).is_some_and(|job| !job.is_called)
        };
        let waited = self.bell.wait_timeout_while(jobs, pause, waits);
        jobs = waited.map_or_else(|broken| broken.into_inner().0, |(jobs, _)| jobs);
        if let Some(job) = jobs.get_mut(&key) {
            job.is_called = false;
        }
    }

    /// Puts a worker on a notice whose sending is open, or calls the one that it has.
    pub(crate) fn start(app: &Arc<App>, key: Key, actor: Actor) -> Result<(), Problem> {
        let mut jobs = app.sending.jobs();
        if let Some(job) = jobs.get_mut(&key).filter(|job| job.is_running) {
            job.is_called = true;
            app.sending.bell.notify_all();
            return Ok(());
        }
        let running = jobs.values().filter(|job| job.is_running).count();
        if app.sending.is_stopping() || running >= WORKERS_MAX {
            return Err(Problem::busy());
        }
        let worker = Worker { app: Arc::clone(app), key, actor };
        let thread = thread::Builder::new()
            .name(format!("sending {} {}", key.0, key.1))
            .spawn(move || worker.work())
            .map_err(|_| Problem::busy())?;
        let standing = Standing::Sending;
        let job = Job { standing, thread: Some(thread), is_running: true, is_called: false };
        jobs.insert(key, job);
        Ok(())
    }

    /// Whether a notice has a worker, or needs none.
    fn is_looked_after(&self, key: Key) -> bool {
        let jobs = self.jobs();
        jobs.get(&key).is_some_and(|job| job.is_running || job.standing == Standing::Settled)
    }

    /// Goes on with every notice that is on its way and that nobody looks after: an earlier process
    /// left it, or there was no worker for it.
    pub(crate) fn resume(app: &Arc<App>) -> Result<(), ResponseError> {
        for one in incident::list(&app.vault)?.iter().filter(|one| one.closed_at.is_none()) {
            for draft in notice::drafts(&app.vault, one.id)? {
                let is_looked_after = app.sending.is_looked_after((one.id, draft.seq));
                if draft.state != DraftState::Sending || is_looked_after {
                    continue;
                }
                let name = ordered_by(app, (one.id, draft.seq))?;
                let actor = Actor { name, origin: "after a restart".to_owned() };
                if Self::start(app, (one.id, draft.seq), actor).is_err() {
                    // As many as may be are on their way: this one has its turn later.
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Ends all workers and waits for them.
    pub(crate) fn stop(&self) {
        self.stops.store(true, Ordering::Release);
        self.bell.notify_all();
        let threads: Vec<JoinHandle<()>> =
            self.jobs().values_mut().filter_map(|job| job.thread.take()).collect();
        for thread in threads {
            // A panic was printed by the runtime; the ledger knows what was on the wire.
            let _ = thread.join();
        }
    }
}

/// Who ordered a sending: the name on its line of the timeline.
fn ordered_by(app: &App, (id, seq): Key) -> Result<String, ResponseError> {
    let (mut after, object) = (0, seq.to_string());
    loop {
        let rows = timeline::read(&app.vault, id, after)?;
        let Some(last) = rows.last() else { return Ok("nobody".to_owned()) };
        after = last.seq;
        let plan = |entry: &str, what: &str| what == "notice.plan" && entry == object;
        if let Some(row) = rows.iter().find(|row| plan(&row.entry.object, &row.entry.what)) {
            return Ok(row.entry.actor.clone());
        }
    }
}

struct Worker {
    app: Arc<App>,
    key: Key,
    actor: Actor,
}

/// Notes that a worker ended, however it ended.
struct Leave<'w>(&'w Worker);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let own = thread::current().id();
        let is_own = |job: &&mut Job| job.thread.as_ref().is_some_and(|it| it.thread().id() == own);
        // Another worker may have been put on the notice since this one settled.
        if let Some(job) = self.0.app.sending.jobs().get_mut(&self.0.key).filter(is_own) {
            job.is_running = false;
            if job.standing != Standing::Settled {
                job.standing = Standing::Ended;
            }
        }
    }
}

impl Worker {
    fn work(&self) {
        let _leave = Leave(self);
        let sending = &self.app.sending;
        let (mut pause, mut before) = (PAUSE, None);
        while !sending.is_stopping() {
            let done = self.run();
            match &done {
                Ok(None) => return,
                Ok(Some(counts)) if is_settled(counts) => {
                    sending.note(self.key, Standing::Settled);
                    if self.leaves() {
                        return;
                    }
                }
                Ok(Some(counts)) => {
                    pause = if before == Some(*counts) { pause } else { PAUSE };
                    before = Some(*counts);
                    sending.note(self.key, Standing::Listening);
                }
                Err(error) => {
                    let wait_us = i64::try_from(pause.as_micros()).unwrap_or(i64::MAX);
                    let now = self.app.vault.now();
                    let next_try_at = Instant::from_micros(now.micros().saturating_add(wait_us));
                    let (code, detail) = (error.code().to_owned(), error.to_string());
                    sending.note(self.key, Standing::Waiting { code, detail, next_try_at });
                }
            }
            sending.pause(self.key, pause);
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Gives the job up unless somebody called meanwhile; both under one lock, so that no call is
    /// lost between the last look and the end.
    fn leaves(&self) -> bool {
        let mut jobs = self.app.sending.jobs();
        let Some(job) = jobs.get_mut(&self.key) else { return true };
        if !job.is_called {
            job.is_running = false;
        }
        !job.is_called
    }

    /// One run of the sender; `None` when the notice is not on its way any more.
    fn run(&self) -> Result<Option<Counts>, ResponseError> {
        let (app, (id, seq)) = (&self.app, self.key);
        let draft = notice::find(&app.vault, id, seq)?;
        if draft.state != DraftState::Sending {
            return Ok(None);
        }
        let Some(dispatch) = draft.dispatch else { return Ok(None) };
        let found = app
            .vault
            .data()
            .read("dispatch.find", |tx| doldam_store::dispatch::find(tx, dispatch))?;
        let name = found.map(|found| found.approved.gateway).unwrap_or_default();
        let gateway = app.settings.channels.gateway(&name).ok_or(ResponseError::Refused(
            "the settings have no gateway of the name that the notice was approved for",
        ))?;
        app.sending.note(self.key, Standing::Sending);
        app.is_changed.store(true, Ordering::SeqCst);
        let (clock, stops) = (app.clock.as_ref(), &app.sending.stops);
        let sent = notice::send(&app.vault, id, seq, gateway, clock, stops, &self.actor);
        let fault = sent.as_ref().err().map(|error| error.code().to_owned());
        // What else is in the way says nothing of the gateway.
        if fault.as_ref().is_none_or(|code| code.starts_with("notify.")) {
            app.gateways.note(&name, Used { at: app.vault.now(), fault });
        }
        sent?;
        notice::settle(&app.vault, id, seq, &self.actor).map(Some)
    }
}

/// Whether no answer and no receipt can change anything any more.
const fn is_settled(counts: &Counts) -> bool {
    counts.planned + counts.intent + counts.accepted + counts.in_doubt == 0
}
