//! Facts and answers, written the way a person would say them.

use doldam_ground::Instant;
use doldam_response::duty::{Answer, Duty, Facts, RuleTable};

/// The time in Seoul.
pub(crate) fn seoul(text: &str) -> Instant {
    Instant::parse(text, "Asia/Seoul").unwrap()
}

/// Facts from `name=value` pairs with spaces between them; a later pair goes before an earlier one.
pub(crate) fn facts(pairs: &str) -> Facts {
    let mut facts = Facts::new();
    for pair in pairs.split_whitespace() {
        let (name, value) = pair.split_once('=').unwrap();
        facts.answer(name, value).unwrap_or_else(|error| panic!("{pair}: {error}"));
    }
    facts
}

/// The ids of the duties that are due.
pub(crate) fn due(duties: &[Duty<'_>]) -> Vec<String> {
    let due = duties.iter().filter(|duty| duty.is_due());
    due.map(|duty| duty.rule.id.clone()).collect()
}

/// The ids of the duties that are not decided.
pub(crate) fn unknown(duties: &[Duty<'_>]) -> Vec<String> {
    let unknown = duties.iter().filter(|duty| matches!(duty.answer, Answer::Unknown { .. }));
    unknown.map(|duty| duty.rule.id.clone()).collect()
}

/// One duty's answer.
pub(crate) fn answer(rule: &str, pairs: &str, at: Instant) -> Answer {
    let table = RuleTable::built_in();
    let rule = table.rule(rule).unwrap_or_else(|| panic!("no rule {rule}"));
    table.evaluate_rule(rule, &facts(pairs), at).answer
}
