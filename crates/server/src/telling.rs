//! What open pages are told while they are open: that something changed, never what.
//!
//! The access log already says each act in the transaction that does it, so it is where changes are
//! seen, whichever way they came: by HTTP, by a command, by a worker. An event names an act and the
//! ids in its row; a page that cares looks again by the routes that it may use. A row's number is
//! the event's, so a page that was away for a while learns that it missed something. Only what is
//! no act is told beside the log: how far a sending is, and the steps of a drill.

pub(crate) mod stream;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doldam_ground::ids::{ApprovalId, StaffId};
use doldam_store::audit::{self, AuditRow};
use doldam_store::incident::draft;
use doldam_store::notice as ledger;
use doldam_store::notice::Counts;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use crate::app::App;
use crate::blocking::inside;
use crate::permission::{Door, Role, Who, rule};
use crate::problem::Problem;
use crate::routes::CountsBody;
use crate::sending::Key;

/// Between two looks; also the most often that one sending is told of.
const LOOK: Duration = Duration::from_millis(500);
/// Looking takes at most one part in so many of the time.
const LOOK_SHARE: u32 = 10;
/// Events that a slow page may be behind before it is told to look again.
const BEHIND_MAX: usize = 256;
/// Most rows of the log in one look; more of them are one call to look again.
const ROWS_MAX: u32 = 200;
/// Most open streams, and most of one member of staff.
const STREAMS_MAX: usize = 96;
const STREAMS_EACH_MAX: usize = 8;

/// One thing that happened.
#[derive(Debug)]
pub(crate) struct Event {
    /// The row of the access log; `None` for what is no act.
    pub(crate) seq: Option<u64>,
    /// What it is about: `incident`, `notice`, ...
    pub(crate) noun: String,
    /// The ids that it names.
    ids: Vec<String>,
    /// What is sent.
    pub(crate) data: Value,
}

impl Event {
    /// An act of the access log. Whose data it was about is not told.
    fn of_row(row: &AuditRow) -> Self {
        let noun = row.action.split('.').next().unwrap_or_default().to_owned();
        let words = row.object.split(' ').filter(|_| noun != "subject");
        let ids: Vec<String> = words.filter(|word| is_id(word)).map(str::to_owned).collect();
        let data = json!({ "noun": noun, "what": row.action, "ids": ids });
        Self { seq: Some(row.seq), noun, ids, data }
    }

    /// Whether a page asked for it: by its noun or by an id.
    pub(crate) fn is_about(&self, words: &[String]) -> bool {
        words.is_empty() || words.iter().any(|word| *word == self.noun || self.ids.contains(word))
    }

    /// Whether a role may know: whoever may read the things that it is about.
    pub(crate) fn is_for(&self, role: Role) -> bool {
        let path = match &*self.noun {
            "incident" | "clock" | "contain" | "report" | "timeline" | "notice" | "posting" => {
                "/api/v1/incidents"
            }
            "drill" => "/api/v1/drills",
            "approval" | "break_glass" | "small_team" => "/api/v1/approvals",
            "processor" | "api_key" | "disclosure" | "delivery" | "domain" | "message"
            | "access" => "/api/v1/processors",
            "trace" | "evidence" => "/api/v1/traces",
            "stream" => "/api/v1/events",
            // Who works here, who looked at whom, and what is named later.
            _ => "/api/v1/audit",
        };
        rule("GET", path).is_some_and(|rule| rule.lets_in(Door::Staff, Who::Staff(role)))
    }
}

/// Whether a word of the log is an id (`L-1`) or a number, and nothing that somebody wrote.
fn is_id(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = if bytes.len() > 2 && bytes[0].is_ascii_uppercase() && bytes[1] == b'-' {
        &bytes[2..]
    } else {
        bytes
    };
    !digits.is_empty() && digits.len() <= 10 && digits.iter().all(u8::is_ascii_digit)
}

/// All open streams of a server.
pub(crate) struct Telling {
    events: broadcast::Sender<Arc<Event>>,
    /// The last row that was told; `None` while nobody listens.
    seen: Mutex<Option<u64>>,
    open: Mutex<HashMap<StaffId, usize>>,
    ended: watch::Sender<bool>,
}

impl Default for Telling {
    fn default() -> Self {
        Self {
            events: broadcast::Sender::new(BEHIND_MAX),
            seen: Mutex::default(),
            open: Mutex::default(),
            ended: watch::Sender::new(false),
        }
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Telling {
    /// A step of a drill begins, or is done in so many milliseconds.
    pub(crate) fn drill(&self, step: &'static str, ms: Option<u64>) {
        let what = if ms.is_some() { "step.done" } else { "step.begun" };
        let data = json!({ "noun": "drill", "what": what, "step": step, "ms": ms });
        self.tell(Event { seq: None, noun: "drill".to_owned(), ids: Vec::new(), data });
    }

    fn tell(&self, event: Event) {
        // Nobody listening is no failure.
        let _ = self.events.send(Arc::new(event));
    }

    /// Ends all streams: the server stops.
    fn end(&self) {
        self.ended.send_replace(true);
    }

    /// A place for a stream of this member of staff. 503 when all are taken, 429 when theirs are.
    fn place(app: &Arc<App>, staff: StaffId) -> Result<Place, Problem> {
        let mut open = held(&app.telling.open);
        if open.values().sum::<usize>() >= STREAMS_MAX {
            return Err(Problem::busy());
        }
        let own = open.entry(staff).or_default();
        if *own >= STREAMS_EACH_MAX {
            let why = "too many pages of yours listen; close one, or look from time to time";
            let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
            return Err(Problem::new(status, "server.streams", why).retry_after(30));
        }
        *own += 1;
        Ok(Place { app: Arc::clone(app), staff })
    }

    /// Whether anybody listens, and from which row on they have to be told.
    fn listened_from(&self) -> Option<u64> {
        let mut seen = held(&self.seen);
        if self.events.receiver_count() == 0 {
            *seen = None;
        }
        *seen
    }
}

/// A stream's place, free again when it ends.
struct Place {
    app: Arc<App>,
    staff: StaffId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = held(&self.app.telling.open);
        if let Some(own) = open.get_mut(&self.staff) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.staff);
            }
        }
    }
}

/// What the last look saw beside the log.
#[derive(Clone, Default)]
struct Before {
    approvals: Option<Vec<ApprovalId>>,
    counts: BTreeMap<Key, Counts>,
}

/// Looks for what changed while anybody listens, until the server stops.
pub(crate) async fn keep_telling(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let (mut before, mut pause) = (Before::default(), LOOK);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => break,
            () = tokio::time::sleep(pause) => {}
        }
        let Some(from) = app.telling.listened_from() else {
            before = Before::default();
            continue;
        };
        let last = before.clone();
        let looked = inside(app.run(move |app| {
            let started_us = app.clock.elapsed_us();
            let next = look(app, from, &last)?;
            Ok((next, app.clock.elapsed_us().saturating_sub(started_us)))
        }));
        // What cannot be looked at now is looked at next time.
        if let Ok((next, took_us)) = looked.await {
            before = next;
            pause = (Duration::from_micros(took_us) * LOOK_SHARE).max(LOOK);
        }
    }
    app.telling.end();
}

fn look(app: &App, from: u64, before: &Before) -> Result<Before, Problem> {
    let rows = app.vault.data().read("audit.rows", |tx| audit::rows(tx, from, ROWS_MAX))?;
    let approvals = app.vault.approvals_open()?.iter().map(|held| held.id).collect();
    let mut next = Before { approvals: Some(approvals), counts: BTreeMap::new() };
    if before.approvals.is_some() && before.approvals != next.approvals {
        let data = json!({ "noun": "approval", "what": "approval.waiting", "ids": [] });
        app.telling.tell(Event { seq: None, noun: "approval".to_owned(), ids: Vec::new(), data });
    }
    for key in app.sending.running() {
        if let Some(counts) = counts(app, key)? {
            if before.counts.get(&key) != Some(&counts) {
                app.telling.tell(progress(key, counts));
            }
            next.counts.insert(key, counts);
        }
    }
    for row in &rows {
        app.telling.tell(Event::of_row(row));
    }
    if let Some(last) = rows.last() {
        *held(&app.telling.seen) = Some(last.seq);
    }
    Ok(next)
}

fn counts(app: &App, (id, number): Key) -> Result<Option<Counts>, Problem> {
    Ok(app.vault.data().read("notice.counts", |tx| {
        let dispatch = draft::find(tx, id, number)?.and_then(|held| held.dispatch);
        dispatch.map(|dispatch| ledger::counts(tx, dispatch)).transpose()
    })?)
}

/// How far a sending is.
fn progress((id, number): Key, counts: Counts) -> Event {
    let ids = vec![id.to_string(), number.to_string()];
    let counts = CountsBody::from(counts);
    let data = json!({ "noun": "notice", "what": "notice.progress", "ids": ids, "counts": counts });
    Event { seq: None, noun: "notice".to_owned(), ids, data }
}

#[cfg(test)]
mod tests {
    use doldam_ground::Instant;

    use super::*;

    fn event(action: &str, object: &str) -> Event {
        Event::of_row(&AuditRow {
            seq: 7,
            at: Instant::from_micros(0),
            actor: "홍길동".to_owned(),
            origin: "203.0.113.5".to_owned(),
            action: action.to_owned(),
            object: object.to_owned(),
            purpose: "계약 이행".to_owned(),
            subject_count: 1,
            sealed_subjects: Some(vec![1]),
            previous: [0; 32],
            hash: [0; 32],
        })
    }

    #[test]
    fn an_event_tells_an_act_and_ids_and_nothing_that_somebody_wrote() {
        let told = event("notice.approve", "L-1 2");
        let data = json!({ "noun": "notice", "what": "notice.approve", "ids": ["L-1", "2"] });
        assert_eq!((told.seq, &told.data), (Some(7), &data));
        assert_eq!(event("staff.add", "홍길동 S-1 a-1 L-").data["ids"], json!(["S-1"]));
        assert_eq!(event("subject.reveal", "12").data["ids"], json!([]));
        assert!(told.is_about(&[]) && told.is_about(&["L-1".to_owned()]));
        assert!(told.is_about(&["drill".to_owned(), "notice".to_owned()]));
        assert!(!told.is_about(&["L-2".to_owned()]));
    }

    #[test]
    fn a_role_is_told_of_what_it_may_read() {
        let told = |action: &str| {
            let event = event(action, "");
            Role::ALL.into_iter().filter(|role| event.is_for(*role)).collect::<Vec<_>>()
        };
        assert!(!told("incident.open").contains(&Role::Engineer));
        assert!(told("incident.open").contains(&Role::Approver));
        assert_eq!(told("subject.reveal"), [Role::PrivacyOfficer, Role::Auditor]);
        assert_eq!(told("named.later"), [Role::PrivacyOfficer, Role::Auditor]);
        assert!(!told("drill.run").contains(&Role::Analyst));
    }
}
