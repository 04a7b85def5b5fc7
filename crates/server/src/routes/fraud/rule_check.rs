//! `POST /api/v1/fraud/rules:check`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_fraud::rule::{RuleSet, Sentence, SetFault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FraudBand, FraudRule, bands_of, rules_of};
use crate::app::App;
use crate::input::{Input, json};
use crate::problem::{Problem, ProblemBody};

/// A draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleDraft {
    /// The rule set, TOML.
    text: String,
}

/// What a draft would be.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleCheck {
    /// Always 1.
    schema: u32,
    /// Everything that is wrong with it, in the order of the places; none where it can be put in
    /// force.
    faults: Vec<DraftFault>,
    /// Its rules, compiled; none where anything is wrong.
    rules: Vec<FraudRule>,
    /// From which score on what is done, strongest first.
    bands: Vec<FraudBand>,
    /// The most that one event would cost, in units of roughly a nanosecond.
    cost: Option<u32>,
}

/// A fault of a draft.
#[derive(Serialize, ToSchema)]
pub(crate) struct DraftFault {
    /// The rule that it is in.
    rule: Option<String>,
    /// Its line, counted from 1.
    line: u64,
    /// Its first character in that line, counted from 1.
    column: u64,
    /// Where it begins in the text, in bytes.
    start: u64,
    /// Where it ends.
    end: u64,
    /// What is wrong.
    what: TwoTongues,
    /// What to write instead, where that can be guessed.
    hint: Option<TwoTongues>,
}

/// A sentence in both languages.
#[derive(Serialize, ToSchema)]
pub(crate) struct TwoTongues {
    /// Korean.
    ko: String,
    /// English.
    en: String,
}

impl From<Sentence> for TwoTongues {
    fn from(sentence: Sentence) -> Self {
        Self { ko: sentence.ko.into(), en: sentence.en.into() }
    }
}

impl From<SetFault> for DraftFault {
    fn from(fault: SetFault) -> Self {
        let SetFault { rule, fault } = fault;
        Self {
            rule,
            line: fault.line as u64,
            column: fault.column as u64,
            start: fault.range.start as u64,
            end: fault.range.end as u64,
            what: fault.what.into(),
            hint: fault.hint.map(TwoTongues::from),
        }
    }
}

/// Compiles a draft against the features in force, and changes nothing.
#[utoipa::path(post, path = "/api/v1/fraud/rules:check", tag = "fraud", request_body = RuleDraft,
    responses((status = 200, description = "what it would be", body = RuleCheck),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    Input(draft): Input<RuleDraft>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let (_, setup) = app.fraud()?.in_force()?;
        let checked = match RuleSet::parse(setup.features.scope(), &draft.text) {
            Ok(set) => RuleCheck {
                schema: 1,
                faults: Vec::new(),
                rules: rules_of(&set),
                bands: bands_of(&set),
                cost: Some(set.cost()),
            },
            Err(faults) => RuleCheck {
                schema: 1,
                faults: faults.into_iter().map(DraftFault::from).collect(),
                rules: Vec::new(),
                bands: Vec::new(),
                cost: None,
            },
        };
        json(200, &checked)
    })
    .await
}
