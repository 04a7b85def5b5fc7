//! `GET /api/v1/fraud`

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use doldam_fraud::decision::Action;
use doldam_fraud::journal::Journal as _;
use doldam_ground::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use super::proof::ProofBody;
use crate::app::App;
use crate::fraud::Shown;
use crate::fraud::names::FraudSetup;
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// How fraud detection stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudOverview {
    /// Always 1.
    schema: u32,
    /// The currency of all amounts.
    currency: String,
    /// How many alerts a day people can look at.
    review_capacity_per_day: u32,
    /// What is done with an event that cannot be judged.
    policy: FraudPolicy,
    /// Entries of the log.
    entries: u64,
    /// What decisions are made with.
    setup: FraudSetup,
    /// Keys that the windows know: accounts, devices, payees, …
    keys: u64,
    /// Bytes of memory that the windows take.
    state_bytes: u64,
    /// Events that came too late to count for later ones, since the windows were made.
    too_late: u64,
    /// The lists.
    lists: Vec<ListCount>,
    /// What was decided since the server started.
    since_start: FraudCounts,
    /// The last replay of the log since the server started.
    proof: Option<ProofBody>,
}

/// What is done with an event that cannot be judged.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudPolicy {
    /// Payments up to this amount pass.
    payment_allow_up_to: i64,
    /// What is done with larger ones.
    payment_above: &'static str,
    /// What is done with everything else.
    other: &'static str,
}

/// How many stand on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListCount {
    /// The list.
    name: String,
    /// Its members.
    count: u64,
}

/// What was decided since the server started.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudCounts {
    /// New decisions by action.
    actions: BTreeMap<&'static str, u64>,
    /// New decisions by tenths of the score: 0 to 9, 10 to 19, … 90 to 100.
    scores: Vec<u64>,
    /// Events that had been decided before.
    again: u64,
    /// Events with the id of another.
    conflicts: u64,
    /// Events that cannot be judged.
    refused: u64,
    /// Events that passed unjudged, as the settings say.
    fail_open: u64,
    /// Events that were stopped unjudged, as the settings say.
    fail_closed: u64,
    /// New decisions a second, over the last minute.
    per_second: f64,
    /// The last hour's minutes in which anything was decided, oldest first.
    minutes: Vec<FraudMinute>,
}

/// One minute.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudMinute {
    /// When it began.
    at: String,
    /// New decisions by action.
    actions: BTreeMap<&'static str, u64>,
}

fn by_action(counts: &[u64; Action::ALL.len()]) -> BTreeMap<&'static str, u64> {
    Action::ALL.iter().map(|action| action.name()).zip(counts.iter().copied()).collect()
}

impl From<Shown> for FraudCounts {
    fn from(shown: Shown) -> Self {
        let minutes = shown.minutes.iter().map(|minute| FraudMinute {
            at: Instant::from_micros(minute.number * 60_000_000).to_rfc3339(),
            actions: by_action(&minute.actions),
        });
        Self {
            actions: by_action(&shown.actions),
            scores: shown.scores.to_vec(),
            again: shown.again,
            conflicts: shown.conflicts,
            refused: shown.refused,
            fail_open: shown.fail_open,
            fail_closed: shown.fail_closed,
            per_second: shown.last_minute as f64 / 60.0,
            minutes: minutes.collect(),
        }
    }
}

/// How fraud detection stands: what it decides with, what it decided, how long its log is.
#[utoipa::path(get, path = "/api/v1/fraud", tag = "fraud",
    responses((status = 200, description = "how it stands", body = FraudOverview),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let fraud = app.fraud()?;
        let seen = fraud.desk.look(|engine| {
            let lists: Vec<ListCount> = engine
                .setup()
                .lists
                .iter()
                .enumerate()
                .map(|(place, list)| ListCount {
                    name: list.name.clone(),
                    count: engine.lists().count(place) as u64,
                })
                .collect();
            let (state, setup) = (engine.state(), Arc::clone(engine.setup()));
            let windows = (state.keys() as u64, state.bytes() as u64, state.counts().too_late);
            (engine.setup_at(), setup, lists, windows)
        })?;
        let (sequence, setup, lists, (keys, state_bytes, too_late)) = seen;
        let (at, names) = fraud.setup_entry(sequence)?;
        let settings = &fraud.settings;
        let proof = *fraud.proof.lock().unwrap_or_else(PoisonError::into_inner);
        json(
            200,
            &FraudOverview {
                schema: 1,
                currency: settings.currency.clone(),
                review_capacity_per_day: settings.review_capacity_per_day,
                policy: FraudPolicy {
                    payment_allow_up_to: settings.payment.allow_up_to,
                    payment_above: settings.payment.above.name(),
                    other: settings.other.name(),
                },
                entries: fraud.journal.last()?,
                setup: FraudSetup::new(sequence, at, &names, &setup),
                keys,
                state_bytes,
                too_late,
                lists,
                since_start: fraud.recent.show(app.clock.now()).into(),
                proof: proof.map(ProofBody::from),
            },
        )
    })
    .await
}
