//! The report to a regulator, drafted from the same facts as everything else.
//!
//! Each item that the duty's row asks for is filled from the record or says `"unknown"`; nothing is
//! rounded, guessed or left out. A person completes and files it: the receipt of the regulator is
//! what stops the clock.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;
use doldam_ground::locale::Language;
use doldam_ground::{Kind, kind::KindEntry};
use doldam_store::incident::{self, draft};
use doldam_store::{StoreError, Tx, notice};
use doldam_vault::{Actor, Vault};
use serde_json::{Map, Value, json};

use crate::contain;
use crate::docket::{self, Clocks};
use crate::duty::{Item, RuleTable};
use crate::error::ResponseError;
use crate::incident::{answers, find};
use crate::timeline::Line;
use crate::words::{Certainty, Event, Form, Path, Recipient, Relation, Word};

const UNKNOWN: &str = "unknown";

/// Drafts the report that a duty asks for, in JSON: counts, kinds, times and ids, no person's data.
/// `institution` and `contact` come from the company's settings. That it was drafted becomes a line
/// of the timeline.
pub fn draft(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    institution: Option<&str>,
    contact: Option<&str>,
    actor: &Actor,
) -> Result<Value, ResponseError> {
    let composed = compose(vault, id, duty, institution, contact)?;
    let items = composed["items"].as_object().cloned().unwrap_or_default();
    let shown = json!({ "items": items.len(), "unknown": unknowns(&items) });
    let mut line = Line::new(vault, actor, "report.draft", duty, &shown);
    vault.data().write("report.draft", move |tx| line.append(tx, id))?;
    Ok(composed)
}

/// The same draft, read again: it leaves no line.
pub fn compose(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    institution: Option<&str>,
    contact: Option<&str>,
) -> Result<Value, ResponseError> {
    let table = RuleTable::built_in();
    let rule = table.rule(duty).filter(|rule| rule.form == Form::Report);
    let rule = rule.ok_or(ResponseError::Refused("the rule table has no report of that id"))?;
    let record = Record::read(vault, id, institution, contact)?;
    let items: Map<String, Value> =
        rule.must_items.iter().map(|item| (item.id.clone(), record.item(item))).collect();
    let deadline = docket::read(vault, id)?.into_iter().find(|one| one.duty.rule.id == duty);
    let deadline = deadline.and_then(|one| match one.clocks {
        Clocks::One(reading) => reading.deadline.map(|deadline| deadline.due_at.to_rfc3339()),
        Clocks::Each(_) => None,
    });
    let recipients: Vec<Vec<&str>> = rule
        .recipients
        .iter()
        .map(|any| any.iter().map(|who: &Recipient| who.id()).collect())
        .collect();
    Ok(json!({
        "schema": 1,
        "document": "report_draft",
        "incident": id.to_string(),
        "duty": rule.id,
        "title": { "ko": rule.title.ko, "en": rule.title.en },
        "source": format!("{} {}", rule.instrument, rule.article),
        "rule_table": table.digest(),
        "prepared_at": vault.now().to_rfc3339(),
        "deadline": deadline.map_or(json!(UNKNOWN), Value::from),
        "recipients": recipients,
        "items": items,
    }))
}

/// How many answers of a draft are not known.
pub fn unknowns(items: &Map<String, Value>) -> usize {
    fn count(value: &Value) -> usize {
        match value {
            Value::String(text) => usize::from(text == UNKNOWN),
            Value::Object(fields) => fields.values().map(count).sum(),
            Value::Array(values) => values.iter().map(count).sum(),
            _ => 0,
        }
    }
    items.values().map(count).sum()
}

/// What the record says, as far as a report asks.
struct Record<'r> {
    answers: Vec<(String, String)>,
    aware_at: Instant,
    orders: Vec<Value>,
    notices: Value,
    institution: Option<&'r str>,
    contact: Option<&'r str>,
}

impl<'r> Record<'r> {
    fn read(
        vault: &Vault,
        id: IncidentId,
        institution: Option<&'r str>,
        contact: Option<&'r str>,
    ) -> Result<Self, ResponseError> {
        let orders = contain::orders(vault, id)?.into_iter().map(|order| {
            let proved = order.proof.map_or(json!(UNKNOWN), |(at, _)| json!(at.to_rfc3339()));
            json!({
                "means": order.order.means,
                "processor": order.order.processor.to_string(),
                "ordered_at": order.ordered_at.to_rfc3339(),
                "proved_at": proved,
            })
        });
        Ok(Self {
            answers: answers(vault, id, None)?,
            aware_at: find(vault, id)?.opened.aware_at,
            orders: orders.collect(),
            notices: vault.data().read("report.notices", |tx| notices(tx, id))?,
            institution,
            contact,
        })
    }

    fn answer(&self, name: &str) -> Value {
        let found = self.answers.iter().find(|(fact, _)| fact == name);
        found.map_or(json!(UNKNOWN), |(_, value)| json!(value))
    }

    /// A fact that is a word, as it is called in each language.
    fn word<W: Word>(&self, name: &str) -> Value {
        let found = self.answers.iter().find(|(fact, _)| fact == name);
        found.and_then(|(_, value)| W::from_id(value)).map_or(json!(UNKNOWN), |word| {
            json!({
                "word": word.id(),
                "ko": word.label(Language::Ko),
                "en": word.label(Language::En),
            })
        })
    }

    fn kinds(&self, show: impl Fn(&KindEntry) -> Value) -> Value {
        let found = self.answers.iter().find(|(fact, _)| fact == "kinds");
        let Some((_, kinds)) = found else { return json!(UNKNOWN) };
        let known: Vec<Value> =
            kinds.split(',').filter_map(Kind::from_id).map(|kind| show(kind.entry())).collect();
        if kinds.split(',').any(|word| word == "+") {
            return json!({ "at_least": known, "others": UNKNOWN });
        }
        json!(known)
    }

    fn item(&self, item: &Item) -> Value {
        let value = match item.id.as_str() {
            "leaked_items" => self
                .kinds(|kind| json!({ "kind": kind.id, "ko": kind.name_ko, "en": kind.name_en })),
            "leak_time_and_cause" => json!({
                "occurred_at": self.answer("occurred_at"),
                "aware_at": self.aware_at.to_rfc3339(),
                "path": self.word::<Path>("path"),
                "event": self.word::<Event>("event"),
                "certainty": self.word::<Certainty>("certainty"),
            }),
            "self_protection_steps" => {
                self.kinds(|kind| json!({ "ko": kind.if_leaked_ko, "en": kind.if_leaked_en }))
            }
            "countermeasures_and_relief" => match self.orders.as_slice() {
                [] => json!(UNKNOWN),
                orders => json!({ "contained": orders }),
            },
            "contact_for_damage_reports" => json!(self.contact.unwrap_or(UNKNOWN)),
            "legal_rights_and_how" => self.rights(),
            "report_form_fields" => json!({
                "institution": self.institution.unwrap_or(UNKNOWN),
                "subjects": self.answer("subjects"),
                "relation": self.word::<Relation>("relation"),
                "notices": self.notices,
            }),
            _ => json!(UNKNOWN),
        };
        json!({ "asks": { "ko": item.text.ko, "en": item.text.en }, "answer": value })
    }

    /// People are told of their rights in the notice; the report says whether they were.
    fn rights(&self) -> Value {
        match &self.notices {
            Value::Array(notices) if !notices.is_empty() => json!({ "told_in": "notices" }),
            _ => json!(UNKNOWN),
        }
    }
}

/// The notices of an incident in counts.
fn notices(tx: &mut Tx<'_>, id: IncidentId) -> Result<Value, StoreError> {
    let mut all = Vec::new();
    for draft in draft::list(tx, id)? {
        let Some(dispatch) = draft.dispatch else { continue };
        let counts = notice::counts(tx, dispatch)?;
        all.push(json!({
            "stage": draft.written.stage,
            "dispatch": dispatch.to_string(),
            "people": counts.all(),
            "delivered": counts.delivered,
            "not_delivered": counts.failed + counts.expired,
            "in_doubt": counts.in_doubt,
        }));
    }
    let people = incident::exposure_count(tx, id)?;
    Ok(if all.is_empty() { json!({ "people": people, "told": UNKNOWN }) } else { json!(all) })
}
