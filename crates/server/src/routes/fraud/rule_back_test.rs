//! `POST /api/v1/fraud/rules:back-test`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_fraud::FraudError;
use doldam_fraud::decision::Action;
use doldam_fraud::replay::{self, Backtest, Comparison, RuleTally, Tally};
use doldam_fraud::rule::RuleSet;
use doldam_ground::Instant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json, moment};
use crate::problem::{Problem, ProblemBody};

/// The field whose values are customers.
const CUSTOMER: &str = "account";

/// A draft, and the time over which it is run.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackTest {
    /// The rule set, TOML.
    text: String,
    /// Events taken in from here on; all, where it is left out.
    #[serde(default)]
    from: Option<String>,
    /// Events taken in before this.
    #[serde(default)]
    to: Option<String>,
    /// How many alerts a day people can look at; what the settings say, where it is left out.
    #[serde(default)]
    capacity_per_day: Option<u32>,
}

/// A draft beside the rules in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackTestResult {
    /// Always 1.
    schema: u32,
    /// Events that were looked at.
    events: u64,
    /// Those whose label says fraud.
    frauds: u64,
    /// The rules that were in force then.
    live: RuleSetTally,
    /// The draft.
    draft: RuleSetTally,
    /// Events that both stop.
    both: u64,
    /// Customers whom the draft stops without fraud, and the rules in force do not stop.
    newly_disturbed: u64,
    /// Each rule of the draft.
    rules: Vec<DraftRuleTally>,
}

/// How one rule set did.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleSetTally {
    /// Events with another action than allow.
    stopped: u64,
    /// Frauds among them.
    hits: u64,
    /// Frauds that passed.
    missed: u64,
    /// Customers with at least one event that was stopped.
    customers: u64,
    /// Events by action.
    actions: BTreeMap<&'static str, u64>,
    /// Frauds among the highest scores of each day, as many as people can look at, over all that
    /// they would look at.
    precision_at_capacity: Option<f64>,
}

/// How one rule of the draft did.
#[derive(Serialize, ToSchema)]
pub(crate) struct DraftRuleTally {
    /// Its name.
    rule: String,
    /// Events in which it fired.
    fired: u64,
    /// Frauds among them.
    hits: u64,
    /// Events in which no other rule of the draft fired.
    alone: u64,
    /// Events in which it could not be evaluated.
    faulted: u64,
}

impl From<Tally> for RuleSetTally {
    fn from(tally: Tally) -> Self {
        let names = Action::ALL.iter().map(|action| action.name());
        Self {
            stopped: tally.stopped,
            hits: tally.hits,
            missed: tally.missed,
            customers: tally.customers,
            actions: names.zip(tally.by_action).collect(),
            precision_at_capacity: tally.precision_at_capacity,
        }
    }
}

impl From<RuleTally> for DraftRuleTally {
    fn from(tally: RuleTally) -> Self {
        let RuleTally { rule, fired, hits, alone, faulted } = tally;
        Self { rule, fired, hits, alone, faulted }
    }
}

impl From<Comparison> for BackTestResult {
    fn from(found: Comparison) -> Self {
        Self {
            schema: 1,
            events: found.events,
            frauds: found.frauds,
            live: found.live.into(),
            draft: found.draft.into(),
            both: found.both,
            newly_disturbed: found.newly_disturbed,
            rules: found.rules.into_iter().map(DraftRuleTally::from).collect(),
        }
    }
}

/// Runs a draft over what really happened: the same features, the lists as they stood then. Changes
/// nothing; one at a time.
#[utoipa::path(post, path = "/api/v1/fraud/rules:back-test", tag = "fraud",
    request_body = BackTest,
    responses((status = 200, description = "how it would have done", body = BackTestResult),
              (status = 400, description = "it does not compile", body = ProblemBody),
              (status = 404, description = "fraud detection is off", body = ProblemBody),
              (status = 503, description = "another one runs", body = ProblemBody)))]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    Input(asked): Input<BackTest>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        let at = |what, text: &Option<String>| {
            text.as_deref().map(|text| moment(what, text)).transpose()
        };
        let from = at("from", &asked.from)?.unwrap_or(Instant::from_micros(i64::MIN));
        let to = at("to", &asked.to)?.unwrap_or(Instant::from_micros(i64::MAX));
        let (_, setup) = fraud.in_force()?;
        if let Err(faults) = RuleSet::parse(setup.features.scope(), &asked.text) {
            let first = faults.first();
            let why = first.map_or_else(String::new, ToString::to_string);
            let line = first.map_or(0, |fault| fault.fault.line);
            return Err(FraudError::Declaration { what: "rules", line, why }.into());
        }
        let capacity = asked.capacity_per_day.unwrap_or(fraud.settings.review_capacity_per_day);
        let asked = Backtest {
            text: &asked.text,
            from,
            to,
            capacity_per_day: usize::try_from(capacity).unwrap_or(usize::MAX),
            customer: setup.schema.place(CUSTOMER).unwrap_or_default(),
        };
        let _turn = fraud.heavy_turn()?;
        let found = replay::backtest(&fraud.journal, &mut *fraud.fetch(), &asked)?;
        json(200, &BackTestResult::from(found))
    })
    .await
}
