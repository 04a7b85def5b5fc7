//! What the law asks of an incident, and the clocks of it.

pub(crate) mod go_on;
pub(crate) mod list;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod wait;

use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;
use doldam_response::clock::{ClockState, Reading, What};
use doldam_response::docket::{self, Clocks, Standing};
use doldam_response::duty::{Answer, RuleTable};
use doldam_response::words::{Bilingual, Word};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::Done;

/// A duty over what is known, and how its clocks stand.
#[derive(Serialize, ToSchema)]
pub(crate) struct DutyBody {
    /// Its row of the rule table.
    id: String,
    /// notice, report, ...: what fulfilling it looks like.
    form: &'static str,
    title: TextBody,
    /// The instrument and the article.
    source: String,
    /// due, not_due or unknown.
    answer: &'static str,
    /// The facts that have to be answered before it is known whether it is due.
    needs: Vec<String>,
    /// Why, in a few sentences.
    why: TextBody,
    /// Whether it is due and something is still to be done about it.
    is_open: bool,
    /// Whether it has to be decided before the incident can be closed.
    is_undecided: bool,
    clock: ClockBody,
    /// The kinds of evidence that stop its clock.
    stops_on: Vec<&'static str>,
    /// The reasons for which its clock may wait.
    waits_for: Vec<String>,
}

/// A text in each language.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TextBody {
    ko: String,
    en: String,
}

/// How the clocks of a duty stand.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct ClockBody {
    /// waiting, standing, running, paused, overdue, stopped, stopped_late or kept_long_enough;
    /// absent where each person has a clock.
    state: Option<&'static str>,
    started_at: Option<String>,
    /// The last moment; of each person's clocks the one that ends first.
    due_at: Option<String>,
    /// The same without moving a last day of rest on.
    strict_due_at: Option<String>,
    /// Our own alarm.
    alarm_at: Option<String>,
    stopped_at: Option<String>,
    /// What stopped it.
    evidence: Option<String>,
    /// The reason for which it waits now.
    waits_for: Option<String>,
    /// Since when it waits: what going on has to name.
    waits_since: Option<String>,
    /// Where the law counts persons: how many clocks are in which state.
    persons: Option<PersonsBody>,
}

/// How many persons' clocks are in which state.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonsBody {
    waiting: u64,
    running: u64,
    paused: u64,
    overdue: u64,
    stopped_in_time: u64,
    stopped_late: u64,
}

impl From<&Bilingual> for TextBody {
    fn from(text: &Bilingual) -> Self {
        Self { ko: text.ko.clone(), en: text.en.clone() }
    }
}

const fn state(state: ClockState) -> &'static str {
    match state {
        ClockState::Waiting => "waiting",
        ClockState::Standing => "standing",
        ClockState::Running => "running",
        ClockState::Paused => "paused",
        ClockState::Overdue => "overdue",
        ClockState::Stopped { late: false } => "stopped",
        ClockState::Stopped { late: true } => "stopped_late",
        ClockState::KeptLongEnough => "kept_long_enough",
    }
}

fn one(reading: &Reading) -> ClockBody {
    let text = |at: Option<Instant>| at.map(Instant::to_rfc3339);
    let deadline = reading.deadline.as_ref();
    ClockBody {
        state: Some(state(reading.state)),
        started_at: text(reading.started_at),
        due_at: text(deadline.map(|deadline| deadline.due_at)),
        strict_due_at: text(deadline.map(|deadline| deadline.strict_at)),
        alarm_at: text(reading.alarm_at),
        stopped_at: text(reading.stopped_at),
        evidence: reading.evidence.as_ref().map(|it| format!("{} {}", it.kind, it.reference)),
        waits_for: None,
        waits_since: None,
        persons: None,
    }
}

impl From<&Clocks> for ClockBody {
    fn from(clocks: &Clocks) -> Self {
        match clocks {
            Clocks::One(reading) => one(reading),
            Clocks::Each(summary) => Self {
                due_at: summary.next_due_at.map(Instant::to_rfc3339),
                persons: Some(PersonsBody {
                    waiting: summary.waiting,
                    running: summary.running,
                    paused: summary.paused,
                    overdue: summary.overdue,
                    stopped_in_time: summary.stopped_in_time,
                    stopped_late: summary.stopped_late,
                }),
                ..Self::default()
            },
        }
    }
}

impl From<&Standing> for DutyBody {
    fn from(standing: &Standing) -> Self {
        use doldam_ground::locale::Language::{En, Ko};
        let (duty, rule) = (&standing.duty, standing.duty.rule);
        let (answer, needs) = match &duty.answer {
            Answer::Due => ("due", Vec::new()),
            Answer::NotDue => ("not_due", Vec::new()),
            Answer::Unknown { needs } => {
                ("unknown", needs.iter().map(ToString::to_string).collect())
            }
        };
        Self {
            id: rule.id.clone(),
            form: rule.form.id(),
            title: (&rule.title).into(),
            source: format!("{} {}", rule.instrument, rule.article),
            answer,
            needs,
            why: TextBody { ko: duty.explain(Ko).to_owned(), en: duty.explain(En).to_owned() },
            is_open: standing.is_open(),
            is_undecided: standing.is_undecided(),
            clock: ClockBody {
                waits_for: standing.waits.as_ref().map(|wait| wait.reason.clone()),
                waits_since: standing.waits.as_ref().map(|wait| wait.since.to_rfc3339()),
                ..(&standing.clocks).into()
            },
            stops_on: rule.clock.stops_on.iter().map(|kind| kind.id()).collect(),
            waits_for: rule.clock.delays.iter().map(|delay| delay.id.clone()).collect(),
        }
    }
}

/// A duty of the table as it stands in an incident.
pub(crate) fn standing(app: &App, id: IncidentId, duty: &str) -> Result<DutyBody, Problem> {
    let all = docket::read(&app.vault, id)?;
    let found = all.iter().find(|one| one.duty.rule.id == duty);
    found.map(DutyBody::from).ok_or_else(Problem::not_found)
}

/// Puts an event of the incident's own clock of a duty on record; everybody's where the row admits
/// it.
fn record(
    app: &App,
    sender: &Sender,
    id: IncidentId,
    duty: &str,
    what: &What,
    happened_at: Option<Instant>,
) -> Result<DutyBody, Problem> {
    RuleTable::built_in().rule(duty).ok_or_else(Problem::not_found)?;
    let happened_at = happened_at.unwrap_or_else(|| app.vault.now());
    docket::record(&app.vault, id, duty, what, happened_at, None, &sender.actor())?;
    standing(app, id, duty)
}

/// The answer to an event that is on record.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &standing(app, done.object()?, &done.second()?)?)
}
