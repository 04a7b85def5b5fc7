//! `GET /api/v1/fraud/decisions`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_fraud::decision::{Action, Decision};
use doldam_fraud::journal::{Journal as _, Record};
use doldam_fraud::{Event, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EventField, backwards, event_of, fields_of};
use crate::app::App;
use crate::fraud::Fraud;
use crate::fraud::names::{self, FiredRule};
use crate::input::{List, Params, json};
use crate::problem::{Problem, ProblemBody};

/// Most entries of the log that one request looks at.
const LOOK_AT_MOST: u64 = 20_000;
/// Most decisions of one answer.
const LIMIT_MAX: usize = 200;

/// Which decisions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    after: Option<u64>,
    action: Option<Action>,
    limit: Option<usize>,
}

/// A decision, in short.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionRow {
    /// Its place in the log.
    sequence: u64,
    /// The event.
    event: String,
    /// What happened.
    kind: &'static str,
    /// When it happened, by the channel's clock.
    time: String,
    /// When it was taken in.
    at: String,
    /// What is to be done.
    action: &'static str,
    /// 0 to 100.
    score: u8,
    /// The model's probability of fraud.
    probability: Option<f64>,
    /// The amount in minor units, where it has one.
    amount: Option<i64>,
    /// Its keys, masked.
    keys: Vec<EventField>,
    /// The rules that fired.
    rules: Vec<FiredRule>,
}

/// Decisions, newest first. Where fewer come than were asked for and `next` is there, the rest of
/// the log was not looked at yet.
#[utoipa::path(get, path = "/api/v1/fraud/decisions", tag = "fraud",
    params(("after" = Option<u64>, Query, description = "`next` of the page before"),
           ("action" = Option<String>, Query, description = "only with this action"),
           ("limit" = Option<u32>, Query, description = "up to 200; 50 if left out")),
    responses((status = 200, description = "decisions", body = List<DecisionRow>),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        let limit = wanted.limit.unwrap_or(50).clamp(1, LIMIT_MAX);
        let before = wanted.after.unwrap_or(u64::MAX).min(fraud.journal.last()? + 1);
        let mut items = Vec::new();
        let next = backwards(fraud, before, LOOK_AT_MOST, &mut |record| {
            if let Some((event, decision)) = event_of(&record.entry)
                && wanted.action.is_none_or(|action| decision.verdict.action == action)
            {
                items.push(row(fraud, &record, event, decision)?);
            }
            Ok(items.len() >= limit)
        })?;
        json(200, &List { schema: 1, items, next })
    })
    .await
}

fn row(
    fraud: &Fraud,
    record: &Record,
    event: &Event,
    decision: &Decision,
) -> Result<DecisionRow, Problem> {
    let setup = fraud.setup_at(decision.setup)?;
    let amount = setup.schema.place("amount").and_then(|place| event.values.get(place));
    let is_key = |name: &str| {
        let place = setup.schema.place(name);
        let holds = place.and_then(|place| setup.schema.fields().get(place)).map(|it| it.holds);
        holds == Some(doldam_fraud::schema::FieldType::Key)
    };
    let mut keys = fields_of(&setup.schema, &event.values);
    keys.retain(|field| is_key(&field.name));
    Ok(DecisionRow {
        sequence: record.sequence,
        event: event.id.as_str().to_owned(),
        kind: event.kind.name(),
        time: event.time.to_rfc3339(),
        at: record.at.to_rfc3339(),
        action: decision.verdict.action.name(),
        score: decision.verdict.score,
        probability: decision.probability,
        amount: match amount {
            Some(Value::Int(amount)) => Some(*amount),
            _ => None,
        },
        keys,
        rules: names::fired(&setup.rules, &decision.verdict),
    })
}
