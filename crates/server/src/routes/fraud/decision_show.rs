//! `GET /api/v1/fraud/decisions/{event}`

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use data_encoding::HEXLOWER;
use doldam_fraud::EventId;
use doldam_fraud::decision::Verdict;
use doldam_fraud::journal::{Journal as _, Record};
use doldam_fraud::rule::RuleSet;
use serde::Serialize;
use utoipa::ToSchema;

use super::{EventField, event_of, fields_of};
use crate::app::App;
use crate::fraud::names::{self, FaultedRule, FiredRule, FraudSetup, ListMark, MovedFeature};
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// A decision with everything that it depended on.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionReceipt {
    /// Always 1.
    schema: u32,
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
    /// BLAKE3 of what the caller sent, in hex.
    payload: String,
    /// What it said, keys masked.
    fields: Vec<EventField>,
    /// What the rules in force said.
    verdict: VerdictBody,
    /// The model's probability of fraud.
    probability: Option<f64>,
    /// The features that moved the score most.
    features: Vec<MovedFeature>,
    /// Keys of the event on lists.
    marks: Vec<ListMark>,
    /// Whether it came too late to count for later ones.
    too_late: bool,
    /// First half of the BLAKE3 of all feature values, in hex: a replay has the same.
    snapshot: String,
    /// What it was decided with.
    setup: FraudSetup,
    /// Place in the log of the last change of a list before it.
    lists: u64,
    /// What the rules that ran beside said.
    shadow: Option<VerdictBody>,
}

/// What a rule set said.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerdictBody {
    action: &'static str,
    /// 0 to 100.
    score: u8,
    /// The rules that fired.
    rules: Vec<FiredRule>,
    /// The rules that could not be evaluated.
    faulted: Vec<FaultedRule>,
}

impl VerdictBody {
    fn new(rules: &RuleSet, verdict: &Verdict) -> Self {
        Self {
            action: verdict.action.name(),
            score: verdict.score,
            rules: names::fired(rules, verdict),
            faulted: names::faulted(rules, verdict),
        }
    }
}

/// The receipt of a decision.
#[utoipa::path(get, path = "/api/v1/fraud/decisions/{event}", tag = "fraud",
    params(("event" = String, Path, description = "the event's id")),
    responses((status = 200, description = "the receipt", body = DecisionReceipt),
              (status = 404, description = "no such event, or fraud detection is off",
               body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(event): Path<String>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        let id = EventId::new(&event).map_err(|_| Problem::not_found())?;
        let mut found = fraud.journal.find(&[id.as_str().to_owned()])?;
        let record = Record::read(found.pop().ok_or_else(Problem::not_found)?.1)?;
        let (event, decision) = event_of(&record.entry).ok_or_else(Problem::not_found)?;
        let setup = fraud.setup_at(decision.setup)?;
        let (put_at, versions) = fraud.setup_entry(decision.setup)?;
        let shadow = setup.shadow.as_ref().zip(decision.shadow.as_ref());
        json(
            200,
            &DecisionReceipt {
                schema: 1,
                sequence: record.sequence,
                event: id.as_str().to_owned(),
                kind: event.kind.name(),
                time: event.time.to_rfc3339(),
                at: record.at.to_rfc3339(),
                payload: HEXLOWER.encode(&record.payload.unwrap_or_default()),
                fields: fields_of(&setup.schema, &event.values),
                verdict: VerdictBody::new(&setup.rules, &decision.verdict),
                probability: decision.probability,
                features: names::moved(&setup, decision),
                marks: names::marks(&setup, decision),
                too_late: decision.too_late,
                snapshot: HEXLOWER.encode(&decision.snapshot),
                setup: FraudSetup::new(decision.setup, put_at, &versions, &setup),
                lists: decision.lists,
                shadow: shadow.map(|(rules, verdict)| VerdictBody::new(rules, verdict)),
            },
        )
    })
    .await
}
