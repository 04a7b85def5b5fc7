//! Names for the numbers of a decision, as answers and pages show them.

use data_encoding::HEXLOWER;
use doldam_fraud::decision::{Decision, Verdict};
use doldam_fraud::journal::SetupNames;
use doldam_fraud::rule::{Rule, RuleSet};
use doldam_fraud::setup::Setup;
use doldam_ground::Instant;
use serde::Serialize;
use utoipa::ToSchema;

/// A rule that fired, and why that matters.
#[derive(Serialize, ToSchema)]
pub(crate) struct FiredRule {
    /// How alerts and reports call it.
    name: String,
    /// Why it fired, Korean.
    ko: String,
    /// The same in English.
    en: String,
}

/// A rule that could not be evaluated.
#[derive(Serialize, ToSchema)]
pub(crate) struct FaultedRule {
    /// Its name.
    name: String,
    /// missing, division-by-zero, overflow or wrong-type.
    why: &'static str,
}

/// A feature that moved the model's score.
#[derive(Serialize, ToSchema)]
pub(crate) struct MovedFeature {
    /// Its name.
    name: String,
    /// By how much, in the model's own units; upwards.
    contribution: f64,
}

/// A key of the event that stands on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListMark {
    /// The list.
    list: String,
    /// The field of the event whose value stands on it.
    field: String,
    /// What put it there: an incident, a disclosure.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// Something that decisions are made with.
#[derive(Serialize, ToSchema)]
pub(crate) struct NamedVersion {
    /// What it calls itself.
    name: String,
    /// BLAKE3 of what it is and its content, in hex.
    version: String,
}

/// What decisions are made with from one place of the log on.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudSetup {
    /// Its place in the log.
    sequence: u64,
    /// When it was put in force.
    at: String,
    /// By whom; `shipped` for what came with the program.
    by: String,
    /// Why.
    why: String,
    schema: String,
    lists: String,
    features: NamedVersion,
    rules: NamedVersion,
    model: Option<NamedVersion>,
    shadow: Option<NamedVersion>,
}

impl FraudSetup {
    pub(crate) fn new(sequence: u64, at: Instant, names: &SetupNames, setup: &Setup) -> Self {
        let named = |name: &str, version: &[u8; 32]| NamedVersion {
            name: name.to_owned(),
            version: HEXLOWER.encode(version),
        };
        let title = setup.model.as_ref().map(|model| model.model().card().title.clone());
        Self {
            sequence,
            at: at.to_rfc3339(),
            by: names.by.clone(),
            why: names.why.clone(),
            schema: HEXLOWER.encode(&names.schema),
            lists: HEXLOWER.encode(&names.lists),
            features: named(setup.features.name(), &names.features),
            rules: named(setup.rules.name(), &names.rules),
            model: names.model.map(|version| named(&title.unwrap_or_default(), &version)),
            shadow: names
                .shadow
                .zip(setup.shadow.as_ref())
                .map(|(version, rules)| named(rules.name(), &version)),
        }
    }
}

fn rule(rules: &RuleSet, place: u16) -> Option<&Rule> {
    rules.rules().get(usize::from(place))
}

/// The rules that fired.
pub(crate) fn fired(rules: &RuleSet, verdict: &Verdict) -> Vec<FiredRule> {
    let named = |rule: &Rule| FiredRule {
        name: rule.name.clone(),
        ko: rule.reason.ko.to_string(),
        en: rule.reason.en.to_string(),
    };
    verdict.fired.iter().filter_map(|place| rule(rules, *place)).map(named).collect()
}

/// The rules that could not be evaluated.
pub(crate) fn faulted(rules: &RuleSet, verdict: &Verdict) -> Vec<FaultedRule> {
    let all = verdict.faulted.iter();
    all.filter_map(|(place, fault)| {
        let rule = rule(rules, *place)?;
        Some(FaultedRule { name: rule.name.clone(), why: fault.code() })
    })
    .collect()
}

/// The features that moved the score.
pub(crate) fn moved(setup: &Setup, decision: &Decision) -> Vec<MovedFeature> {
    let names = setup.features.features();
    let all = decision.reasons.iter();
    all.filter_map(|reason| {
        let name = names.get(reason.feature)?.name.clone();
        Some(MovedFeature { name, contribution: reason.contribution })
    })
    .collect()
}

/// The lists that keys of the event stand on.
pub(crate) fn marks(setup: &Setup, decision: &Decision) -> Vec<ListMark> {
    let all = decision.marks.iter();
    all.filter_map(|mark| {
        let list = setup.lists.get(usize::from(mark.list))?.name.clone();
        let field = setup.schema.fields().get(usize::from(mark.field))?.name.clone();
        let reference = Some(&*mark.reference).filter(|text| !text.is_empty()).map(str::to_owned);
        Some(ListMark { list, field, reference })
    })
    .collect()
}
