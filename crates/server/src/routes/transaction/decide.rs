//! `POST /api/v1/transactions:decide`
//!
//! No Idempotency-Key: the event's id is the key. The log holds one decision under it for all time,
//! and a repeated event meets that one, so an answer store beside it would only cost.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Decided};
use doldam_fraud::event::EventFault;
use doldam_fraud::setup::Setup;
use doldam_fraud::{Event, EventId, FraudError};
use serde::Serialize;
use utoipa::ToSchema;

use super::batch::{Cut, cut};
use crate::app::App;
use crate::fraud::names::{self, FaultedRule, FiredRule, ListMark, MovedFeature};
use crate::fraud::{Fraud, Happened};
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// What is to be done with one event.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct DecisionAnswer {
    /// 1, where it is the whole answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<u32>,
    /// The event; absent where it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// `judged`; `fail_open` or `fail_closed`, where it could not be judged and the settings say
    /// what is done meanwhile: send it again later; `conflict`, where another event has its id;
    /// `refused`, where it is no event that can be judged.
    mode: &'static str,
    /// allow, case, `step_up`, delay, hold or block.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u8>,
    /// The model's probability of fraud, where there is a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// Its place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// Whether it had been decided before; the decision is that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    again: Option<bool>,
    /// Whether it came too late to count for later ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    too_late: Option<bool>,
    /// The rules that fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<FiredRule>>,
    /// The features that moved the model's score most, where the action is not allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Vec<MovedFeature>>,
    /// Keys of the event on lists, where the action is not allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<Vec<ListMark>>,
    /// The rules that could not be evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    faulted: Option<Vec<FaultedRule>>,
    /// A stable word for why it was not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    /// The field that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What is wrong, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The answers to several events, in their order.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionAnswers {
    /// Always 1.
    schema: u32,
    /// One for each.
    answers: Vec<DecisionAnswer>,
}

/// One answer, or one for each event.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the document is made of it")]
#[expect(clippy::large_enum_variant, reason = "it is never made")]
pub(crate) enum OneOrMany {
    /// To one event.
    One(DecisionAnswer),
    /// To several.
    Many(DecisionAnswers),
}

/// Decides on one event, or on up to 1,000 in their order: `{"transactions": […]}`. An answer means
/// that event and decision are durable. The same event again gets the same decision.
#[utoipa::path(post, path = "/api/v1/transactions:decide", tag = "fraud",
    request_body(content = Object, content_type = "application/json",
        description = "one event with id, kind, time and the fields of the schema; or \
                       {\"transactions\": [event, …]}"),
    responses((status = 200, description = "decided, or what the settings say meanwhile",
               body = OneOrMany),
              (status = 404, description = "fraud detection is off", body = ProblemBody),
              (status = 409, description = "another event has this id", body = ProblemBody),
              (status = 413, description = "too many events", body = ProblemBody),
              (status = 422, description = "it cannot be judged", body = ProblemBody)))]
pub(crate) async fn decide(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Problem> {
    let fraud = Arc::clone(app.fraud()?);
    match cut(&body)? {
        Cut::Many(texts) => {
            let answers = judge(&app, &fraud, &texts).await?;
            json(200, &DecisionAnswers { schema: 1, answers })
        }
        Cut::One(text) => {
            let mut answers = judge(&app, &fraud, &[text]).await?;
            let answer = answers.pop().ok_or_else(|| Problem::internal("an event unanswered"))?;
            one(answer)
        }
    }
}

/// The answer to a single event.
fn one(answer: DecisionAnswer) -> Result<Response, Problem> {
    let status = match answer.mode {
        "conflict" => StatusCode::CONFLICT,
        "refused" => StatusCode::UNPROCESSABLE_ENTITY,
        _ => return json(200, &DecisionAnswer { schema: Some(1), ..answer }),
    };
    let code = answer.cause.unwrap_or("fraud.event");
    Err(Problem::new(status, code, answer.detail.unwrap_or_default()).of_field(answer.field))
}

/// Judges those that can be read; the answers stand in the order of the texts.
async fn judge(
    app: &Arc<App>,
    fraud: &Arc<Fraud>,
    texts: &[&[u8]],
) -> Result<Vec<DecisionAnswer>, Problem> {
    let mut events = Vec::with_capacity(texts.len());
    let mut read: Vec<Result<EventId, EventFault>> = Vec::with_capacity(texts.len());
    for text in texts {
        let event = Event::from_json(&fraud.schema, text);
        read.push(event.map(|event| {
            let id = event.id.clone();
            events.push(event);
            id
        }));
    }
    let judged = if events.is_empty() { Vec::new() } else { fraud.judge(events).await };
    let judged = with_setups(app, fraud, judged).await?;
    let mut judged = judged.into_iter();
    let mut happened = Vec::with_capacity(read.len());
    let mut answers = Vec::with_capacity(read.len());
    for id in read {
        let (happens, answer) = match id {
            Err(fault) => (Happened::Refused, refused(&fault)),
            Ok(id) => {
                let judged = judged.next();
                let judged = judged.ok_or_else(|| Problem::internal("an event unanswered"))?;
                let (happens, answer) = told(judged);
                (happens, DecisionAnswer { id: Some(id.as_str().to_owned()), ..answer })
            }
        };
        happened.push(happens);
        answers.push(answer);
    }
    fraud.recent.note(app.clock.now(), happened.into_iter());
    Ok(answers)
}

/// Fetches the set-ups of old decisions that are not in memory any more.
async fn with_setups(
    app: &Arc<App>,
    fraud: &Arc<Fraud>,
    mut judged: Vec<Answer>,
) -> Result<Vec<Answer>, Problem> {
    let is_nameless =
        |answer: &Answer| matches!(answer, Answer::Decided(decided) if decided.setup.is_none());
    if !judged.iter().any(is_nameless) {
        return Ok(judged);
    }
    let fraud = Arc::clone(fraud);
    app.run(move |_| {
        for answer in &mut judged {
            if let Answer::Decided(decided) = answer
                && decided.setup.is_none()
            {
                decided.setup = Some(fraud.setup_at(decided.decision.setup)?);
            }
        }
        Ok(judged)
    })
    .await
}

fn told(answer: Answer) -> (Happened, DecisionAnswer) {
    match answer {
        Answer::Decided(decided) => {
            let verdict = &decided.decision.verdict;
            let happened = if decided.again {
                Happened::Again
            } else {
                Happened::Decided(verdict.action, verdict.score)
            };
            (happened, decided_answer(&decided))
        }
        Answer::Conflict { .. } => (Happened::Conflict, conflict()),
        Answer::Refused(fault) => (Happened::Refused, refused(&fault)),
        Answer::Fallback { action, cause } => {
            let (happened, mode) = if action == Action::Allow {
                (Happened::FailOpen, "fail_open")
            } else {
                (Happened::FailClosed, "fail_closed")
            };
            let action = Some(action.name());
            (happened, DecisionAnswer { mode, action, cause: Some(cause), ..empty() })
        }
    }
}

fn empty() -> DecisionAnswer {
    DecisionAnswer::default()
}

fn decided_answer(decided: &Decided) -> DecisionAnswer {
    let decision = &decided.decision;
    let setup: Option<&Setup> = decided.setup.as_deref();
    DecisionAnswer {
        mode: "judged",
        action: Some(decision.verdict.action.name()),
        score: Some(decision.verdict.score),
        probability: decision.probability,
        sequence: Some(decided.sequence),
        again: Some(decided.again),
        too_late: Some(decision.too_late),
        rules: setup.map(|setup| names::fired(&setup.rules, &decision.verdict)),
        features: setup.map(|setup| names::moved(setup, decision)),
        marks: setup.map(|setup| names::marks(setup, decision)),
        faulted: setup.map(|setup| names::faulted(&setup.rules, &decision.verdict)),
        ..empty()
    }
}

fn conflict() -> DecisionAnswer {
    let detail = "another event was decided under this id; an id is never used twice";
    DecisionAnswer {
        mode: "conflict",
        cause: Some("fraud.conflict"),
        detail: Some(detail.to_owned()),
        ..empty()
    }
}

fn refused(fault: &EventFault) -> DecisionAnswer {
    let field = match fault {
        EventFault::Absent { field }
        | EventFault::Twice { field }
        | EventFault::Wrong { field, .. } => Some(field.clone()),
        EventFault::Id => Some("id".to_owned()),
        EventFault::Kind => Some("kind".to_owned()),
        EventFault::Time(_) => Some("time".to_owned()),
        _ => None,
    };
    DecisionAnswer {
        mode: "refused",
        cause: Some(fault.code()),
        field,
        detail: Some(FraudError::Event(fault.clone()).to_string()),
        ..empty()
    }
}
