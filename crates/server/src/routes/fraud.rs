//! What fraud detection decides with, and what it decided.

pub(crate) mod decision_list;
pub(crate) mod decision_show;
mod draft;
pub(crate) mod feature_list;
pub(crate) mod list_change;
pub(crate) mod list_list;
pub(crate) mod list_show;
pub(crate) mod model_show;
pub(crate) mod overview;
pub(crate) mod proof;
pub(crate) mod rule_back_test;
pub(crate) mod rule_check;
pub(crate) mod rule_list;
pub(crate) mod setup_put;
pub(crate) mod setup_request;

use doldam_fraud::Value;
use doldam_fraud::journal::{Entry, Journal as _, Record};
use doldam_fraud::rule::{Rule, RuleSet};
use doldam_fraud::schema::{FieldType, Schema};
use doldam_ground::mask::mask;
use serde::Serialize;
use utoipa::ToSchema;

use crate::fraud::Fraud;
use crate::problem::Problem;

/// A rule, compiled.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudRule {
    /// How alerts and reports call it.
    name: String,
    /// Kinds of event that it looks at.
    on: Vec<&'static str>,
    /// It fires when this is true.
    when: String,
    /// It fires only beside a rule with this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<String>,
    /// What it adds to the score, 0 to 100.
    score: u8,
    /// The least score of a decision in which it fired.
    floor: u8,
    /// What is to be done when it fires.
    action: &'static str,
    /// Words to find it by.
    tags: Vec<String>,
    /// Why it fires, Korean.
    ko: String,
    /// The same in English.
    en: String,
    /// The most that it costs, in units of roughly a nanosecond.
    cost: u32,
}

impl From<&Rule> for FraudRule {
    fn from(rule: &Rule) -> Self {
        Self {
            name: rule.name.clone(),
            on: rule.on.iter().map(|kind| kind.name()).collect(),
            when: rule.when.text().to_owned(),
            beside: rule.beside.clone(),
            score: rule.score,
            floor: rule.floor,
            action: rule.action.name(),
            tags: rule.tags.clone(),
            ko: rule.reason.ko.to_string(),
            en: rule.reason.en.to_string(),
            cost: rule.when.cost(),
        }
    }
}

/// From this score on, at least this is done.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudBand {
    from: u8,
    action: &'static str,
}

fn rules_of(set: &RuleSet) -> Vec<FraudRule> {
    set.rules().iter().map(FraudRule::from).collect()
}

fn bands_of(set: &RuleSet) -> Vec<FraudBand> {
    let bands = set.bands().iter();
    bands.map(|band| FraudBand { from: band.from, action: band.action.name() }).collect()
}

/// A value of an event.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventField {
    /// The field's name.
    name: String,
    /// Its value as text; of a key, which stands for a person, the first character.
    value: String,
}

/// The values that came with an event, keys masked.
fn fields_of(schema: &Schema, values: &[Value]) -> Vec<EventField> {
    let all = schema.fields().iter().zip(values);
    all.filter_map(|(field, value)| {
        let text = text_of(value)?;
        let value = if field.holds == FieldType::Key { mask(&text) } else { text };
        Some(EventField { name: field.name.clone(), value })
    })
    .collect()
}

fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Missing => return None,
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(value) => value.to_string(),
        Value::Time(value) => value.to_rfc3339(),
        Value::Span(value) => format!("{} µs", value.micros()),
    })
}

/// Visits the entries before `before`, newest first, until `visit` has enough or so many were
/// looked at. Gives the place from which to go on, if anything is left.
fn backwards(
    fraud: &Fraud,
    before: u64,
    look_at_most: u64,
    visit: &mut dyn FnMut(Record) -> Result<bool, Problem>,
) -> Result<Option<u64>, Problem> {
    const CHUNK: u64 = 512;
    let stop = before.saturating_sub(look_at_most.saturating_add(1));
    let mut high = before;
    while high > stop + 1 {
        let after = high.saturating_sub(CHUNK + 1).max(stop);
        let mut rows = Vec::new();
        let count = u32::try_from(high - 1 - after).unwrap_or(u32::MAX);
        fraud.journal.read(after, count, &mut |row| rows.push(row))?;
        for row in rows.into_iter().rev() {
            let sequence = row.sequence;
            if visit(Record::read(row)?)? {
                return Ok((sequence > 1).then_some(sequence));
            }
        }
        high = after + 1;
    }
    Ok((high > 1).then_some(high))
}

/// Whether an entry is an event.
const fn event_of(
    entry: &Entry,
) -> Option<&(doldam_fraud::Event, doldam_fraud::decision::Decision)> {
    match entry {
        Entry::Event(both) => Some(both),
        _ => None,
    }
}
