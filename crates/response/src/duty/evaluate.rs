//! From facts to duties.
//!
//! A duty is due if the party has a role that it binds, the text is the one that applies, and the
//! trigger holds. Each of the three may be unknown; one "no" decides against it, whatever else is
//! unknown, so a shop in Seoul is not asked whether it is supervised in New York.

use doldam_ground::Instant;
use doldam_ground::deadline::Zone;
use doldam_ground::locale::Language;

use super::fact::Facts;
use super::name::FactName;
use super::rule::Rule;
use super::table::RuleTable;
use super::trigger::{Atom, Expression};
use super::truth::Truth;
use super::value::{Comparison, Count, When};
use super::view::View;
use super::{explain, value};
use crate::words::{AppliesBy, Bilingual, DateName, Role};

/// Whether a duty is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Due,
    /// It is not.
    NotDue,
    /// The facts do not decide it.
    Unknown {
        /// What has to be answered first, without repetition.
        needs: Vec<FactName>,
    },
}

/// What decided an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The duty binds roles that the party does not have.
    Role,
    /// Another text of the law applies, or this one applies no more or not yet.
    Text,
    /// The facts that the trigger asks for.
    Facts,
}

/// A duty, and whether it is due.
#[derive(Clone, Debug)]
pub struct Duty<'t> {
    /// The row of the table.
    pub rule: &'t Rule,
    /// Whether it is due.
    pub answer: Answer,
    /// The roles in which it binds the party, if it is due.
    pub acting_as: Vec<Role>,
    /// What decided the answer.
    pub reason: Reason,
    explanation: Bilingual,
}

impl Duty<'_> {
    /// Why it is due, is not, or is not decided: a few short sentences.
    pub fn explain(&self, language: Language) -> &str {
        self.explanation.get(language)
    }

    /// Whether it is due.
    pub fn is_due(&self) -> bool {
        self.answer == Answer::Due
    }
}

impl RuleTable {
    /// Every duty of the table over these facts at `at`, in the order of the table.
    ///
    /// The same facts, the same time and the same table ([`RuleTable::digest`]) give the same
    /// answers.
    pub fn evaluate(&self, facts: &Facts, at: Instant) -> Vec<Duty<'_>> {
        self.rules().iter().map(|rule| self.evaluate_rule(rule, facts, at)).collect()
    }

    /// One duty over these facts at `at`.
    pub fn evaluate_rule<'t>(&'t self, rule: &'t Rule, facts: &Facts, at: Instant) -> Duty<'t> {
        let view = View::new(facts, at);
        let judgement = judge(self, rule, view);
        let explanation = explain::explanation(self, rule, view, &judgement);
        let answer = match judgement.truth {
            Truth::True => Answer::Due,
            Truth::False => Answer::NotDue,
            Truth::Unknown => Answer::Unknown { needs: judgement.needs },
        };
        Duty { rule, answer, acting_as: judgement.acting_as, reason: judgement.reason, explanation }
    }
}

/// A rule judged.
pub(super) struct Judgement<'t> {
    pub(super) truth: Truth,
    pub(super) needs: Vec<FactName>,
    pub(super) acting_as: Vec<Role>,
    pub(super) reason: Reason,
    /// The statements that decided it.
    pub(super) decisive: Vec<&'t Atom>,
    /// The role in which they were decided.
    pub(super) role: Role,
}

/// A rule looked at in one role of the party.
struct InRole<'t> {
    role: Role,
    held: Truth,
    trigger: Truth,
    decisive: Vec<&'t Atom>,
}

pub(super) fn judge<'t>(table: &'t RuleTable, rule: &'t Rule, view: View<'_>) -> Judgement<'t> {
    let text = text_applies(rule, view);
    let in_role = |role: &Role| {
        let case = Case { table, view, zone: &rule.clock.zone, role: *role };
        let (trigger, decisive) = case.decide(&rule.trigger);
        InRole { role: *role, held: view.role(*role), trigger, decisive }
    };
    let all: Vec<InRole<'_>> = rule.roles.iter().map(in_role).collect();
    let held: Vec<&InRole<'_>> = all.iter().filter(|it| it.held != Truth::False).collect();
    let judged = |it: &InRole<'_>| it.held.and(text).and(it.trigger);
    let truth = all.iter().fold(Truth::False, |truth, it| truth.or(judged(it)));
    let reason = match truth {
        Truth::False if held.is_empty() => Reason::Role,
        Truth::False if text == Truth::False => Reason::Text,
        _ => Reason::Facts,
    };
    let mut telling: Vec<&InRole<'_>> =
        held.iter().copied().filter(|it| judged(it) == truth).collect();
    if telling.iter().any(|it| it.held == Truth::True) {
        // What is asked of a role that the party has is asked first.
        telling.retain(|it| it.held == Truth::True);
    }
    let mut decisive: Vec<&Atom> = Vec::new();
    telling.iter().flat_map(|it| &it.decisive).for_each(|atom| push_new(&mut decisive, *atom));
    let acting = telling.iter().filter(|_| truth == Truth::True).map(|it| it.role);
    Judgement {
        truth,
        needs: if truth.is_unknown() {
            needs(table, rule, view, text, &telling)
        } else {
            Vec::new()
        },
        acting_as: acting.collect(),
        reason,
        decisive,
        role: telling.first().map_or(rule.roles[0], |it| it.role),
    }
}

fn needs(
    table: &RuleTable,
    rule: &Rule,
    view: View<'_>,
    text: Truth,
    telling: &[&InRole<'_>],
) -> Vec<FactName> {
    let mut needs = Vec::new();
    if let (Truth::Unknown, Some(date)) = (text, date_of(rule.applies_by)) {
        push_new(&mut needs, FactName::Date(date));
    }
    for it in telling {
        if it.held.is_unknown() {
            push_new(&mut needs, FactName::Role(it.role));
        }
        if it.trigger.is_unknown() {
            let case = Case { table, view, zone: &rule.clock.zone, role: it.role };
            let names = it.decisive.iter().flat_map(|atom| case.needs(atom));
            names.for_each(|name| push_new(&mut needs, name));
        }
    }
    needs
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The date of an incident that picks a text; `None` where it is the day of asking.
pub(super) const fn date_of(applies_by: AppliesBy) -> Option<DateName> {
    match applies_by {
        AppliesBy::AwareAt => Some(DateName::AwareAt),
        AppliesBy::PossibilityKnownAt => Some(DateName::PossibilityKnownAt),
        AppliesBy::OccurredAt => Some(DateName::OccurredAt),
        AppliesBy::RequestAt => Some(DateName::RequestAt),
        AppliesBy::DiscoveredAt => Some(DateName::DiscoveredAt),
        AppliesBy::Always => None,
    }
}

/// The date that picks the text, as far as it is known.
pub(super) fn deciding_date(rule: &Rule, view: View<'_>) -> When {
    date_of(rule.applies_by).map_or(When::exactly(view.at()), |name| view.date(name))
}

fn text_applies(rule: &Rule, view: View<'_>) -> Truth {
    let date = deciding_date(rule, view);
    let compare = |comparison, day| date.compare(comparison, day, &rule.clock.zone);
    let until = rule.valid_to.map_or(Truth::True, |to| compare(Comparison::AtMost, to));
    compare(Comparison::AtLeast, rule.valid_from).and(until)
}

/// A trigger asked in one role of the party.
pub(super) struct Case<'c, 't> {
    pub(super) table: &'t RuleTable,
    pub(super) view: View<'c>,
    pub(super) zone: &'c Zone,
    pub(super) role: Role,
}

impl Case<'_, '_> {
    /// Whether an expression holds, and the statements that decided it.
    fn decide<'e>(&self, expression: &'e Expression) -> (Truth, Vec<&'e Atom>) {
        match expression {
            Expression::Atom(atom) => (self.holds(atom), vec![atom]),
            Expression::Not(inner) => {
                let (truth, decisive) = self.decide(inner);
                (!truth, decisive)
            }
            Expression::All(parts) => self.decide_parts(parts, Truth::True, Truth::and),
            Expression::Any(parts) => self.decide_parts(parts, Truth::False, Truth::or),
        }
    }

    /// The parts that share the whole's answer are the ones that decided it.
    fn decide_parts<'e>(
        &self,
        parts: &'e [Expression],
        start: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> (Truth, Vec<&'e Atom>) {
        let decided: Vec<_> = parts.iter().map(|part| self.decide(part)).collect();
        let truth = decided.iter().fold(start, |truth, (part, _)| join(truth, *part));
        let telling = decided.into_iter().filter(|(part, _)| *part == truth);
        (truth, telling.flat_map(|(_, decisive)| decisive).collect())
    }

    /// Whether one statement holds.
    pub(super) fn holds(&self, atom: &Atom) -> Truth {
        let facts = self.view.facts();
        match atom {
            Atom::Always => Truth::True,
            Atom::Flag(flag) => self.view.flag(*flag),
            Atom::State(name, among) => {
                Truth::from(facts.states.get(name).map(|state| among.contains(state)))
            }
            Atom::Number(name, comparison, limit) => self.number(name).compare(*comparison, *limit),
            Atom::HasKind(set, kind) => {
                self.view.kinds(*set).map_or(Truth::Unknown, |kinds| kinds.holds(*kind))
            }
            Atom::Role(role) => Truth::from(self.role == *role),
            Atom::Date(name, comparison, day) => {
                self.view.date(*name).compare(*comparison, *day, self.zone)
            }
            Atom::LocalTime(from, to) => Truth::from(
                facts.local_minute.map(|minute| value::lies_between(minute, *from, *to)),
            ),
            Atom::UsPi(region) => Truth::from(facts.us_pi.get(region).copied()),
            Atom::SubjectTo(region) => Truth::from(facts.subject_to.get(region).copied()),
            Atom::NoticeDue(id) => self.notice_due(id).0,
        }
    }

    /// A number of a statement.
    pub(super) fn number(&self, name: &FactName) -> Count {
        match name {
            FactName::Number(name) => self.view.number(*name),
            FactName::ResidentsOf(region) => self.view.residents(region),
            _ => Count::UNKNOWN,
        }
    }

    fn notice_due(&self, id: &str) -> (Truth, Vec<FactName>) {
        self.table.rule(id).map_or((Truth::Unknown, Vec::new()), |rule| {
            let judgement = judge(self.table, rule, self.view);
            (judgement.truth, judgement.needs)
        })
    }

    /// The facts that would settle a statement.
    fn needs(&self, atom: &Atom) -> Vec<FactName> {
        match atom {
            Atom::Always | Atom::Role(_) => Vec::new(),
            Atom::Flag(flag) => vec![self.view.behind(*flag)],
            Atom::State(name, _) => vec![FactName::State(*name)],
            Atom::Number(name, ..) => vec![name.clone()],
            Atom::HasKind(set, _) => vec![FactName::Kinds(*set)],
            Atom::Date(name, ..) => vec![FactName::Date(*name)],
            Atom::LocalTime(..) => vec![FactName::LocalTime],
            Atom::UsPi(region) => vec![FactName::UsPi(region.clone())],
            Atom::SubjectTo(region) => vec![FactName::SubjectTo(region.clone())],
            Atom::NoticeDue(id) => self.notice_due(id).1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words::{Flag, StateName, Word};

    const NOW: Instant = Instant::from_micros(1_800_000_000_000_000);

    /// Facts to answer, each with two values that exclude each other.
    const CHOICES: &[(&str, &str, &str)] = &[
        ("subjects", "17551", "999"),
        ("residents_of(EU)", "3", "0"),
        ("residents_of(US-MD)", "3", "0"),
        ("residents_of(JP)", "3", "0"),
        ("held_subjects", "100000", "900"),
        ("kinds", "ci,nickname", "health,rrn"),
        ("kinds_held", "ci", "name"),
        ("certainty", "confirmed", "possible"),
        ("event", "leak", "none"),
        ("path", "external_access", "processor_copy"),
        ("relation", "outsourcing", "own"),
        ("risk", "high", "none"),
        ("encrypted", "yes", "no"),
        ("contact_unknown", "yes", "no"),
        ("intrusion", "yes", "no"),
        ("misuse_likely", "yes", "no"),
        ("us_pi(MD)", "yes", "no"),
        ("subject_to(KR)", "yes", "no"),
        ("role(controller)", "yes", "no"),
        ("role(processor)", "yes", "no"),
        ("role(financial_company)", "yes", "no"),
        ("role(virtual_asset_exchange)", "yes", "no"),
        ("aware_at", "2026-06-30T00:00:00Z", "2026-09-20T00:00:00Z"),
        ("discovered_at", "2026-06-30T00:00:00Z", "2021-09-20T00:00:00Z"),
        ("occurred_at", "2025-06-30T00:00:00Z", "2019-09-20T00:00:00Z"),
    ];

    fn facts(choices: &[Option<bool>]) -> Facts {
        let mut facts = Facts::new();
        for ((name, first, second), choice) in CHOICES.iter().zip(choices) {
            if let Some(first_one) = choice {
                facts.answer(name, if *first_one { first } else { second }).unwrap();
            }
        }
        facts
    }

    fn choices() -> impl Strategy<Value = Vec<Option<bool>>> {
        proptest::collection::vec(proptest::option::of(any::<bool>()), CHOICES.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Kleene's promise: knowing more never turns an answer round.
        #[test]
        fn another_fact_never_turns_an_answer_round(before in choices(), more in choices()) {
            let table = RuleTable::built_in();
            let after: Vec<_> = before.iter().zip(&more).map(|(old, new)| old.or(*new)).collect();
            let old = table.evaluate(&facts(&before), NOW);
            let new = table.evaluate(&facts(&after), NOW);
            for (old, new) in old.iter().zip(&new) {
                if !matches!(old.answer, Answer::Unknown { .. }) {
                    prop_assert_eq!(&old.answer, &new.answer, "{}", old.rule.id);
                }
            }
        }

        /// An unknown duty says what it needs; a decided one needs nothing and says why.
        #[test]
        fn an_unknown_duty_asks_for_something(before in choices()) {
            for duty in RuleTable::built_in().evaluate(&facts(&before), NOW) {
                if let Answer::Unknown { needs } = &duty.answer {
                    prop_assert!(!needs.is_empty(), "{}", duty.rule.id);
                }
                prop_assert_eq!(duty.acting_as.is_empty(), !duty.is_due());
                for language in [Language::Ko, Language::En] {
                    prop_assert!(duty.explain(language).contains(duty.rule.title.get(language)));
                }
            }
        }
    }

    /// A value for any fact that may be asked for.
    fn some_answer(name: &FactName) -> &'static str {
        match name {
            FactName::Number(_) | FactName::ResidentsOf(_) => "5",
            FactName::Kinds(_) => "ci",
            FactName::State(_) => "none",
            FactName::Date(_) => "2026-10-01T00:00:00Z",
            FactName::LocalTime => "22:00",
            FactName::Flag(_) | FactName::UsPi(_) | FactName::SubjectTo(_) | FactName::Role(_) => {
                "yes"
            }
        }
    }

    fn answered(facts: &mut Facts, name: &FactName) {
        let text = name.to_string();
        if facts.answer(&text, some_answer(name)).is_err() {
            let FactName::State(state) = name else { panic!("{name}") };
            let word = match state {
                StateName::Certainty => "confirmed",
                StateName::Path => "insider_error",
                _ => "own",
            };
            facts.answer(&text, word).unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Whoever answers what is asked gets an answer.
        #[test]
        fn answering_what_is_asked_decides_every_duty(before in choices()) {
            let table = RuleTable::built_in();
            for rule in table.rules() {
                let mut facts = facts(&before);
                let mut rounds = 0;
                while let Answer::Unknown { needs } = table.evaluate_rule(rule, &facts, NOW).answer {
                    for name in &needs {
                        answered(&mut facts, name);
                    }
                    rounds += 1;
                    prop_assert!(rounds < 8, "{}: {:?}", rule.id, needs);
                }
            }
        }
    }

    #[test]
    fn with_no_facts_at_all_nothing_is_guessed() {
        let old = Instant::parse("2000-01-01", "UTC").unwrap();
        let table = RuleTable::built_in();
        assert!(table.evaluate(&Facts::new(), NOW).iter().all(|duty| !duty.is_due()));
        // Before any of the texts existed none of them can apply, whatever the facts.
        let duties = table.evaluate(&Facts::new(), old);
        assert!(
            duties.iter().all(|duty| duty.answer == Answer::NotDue && duty.reason == Reason::Text)
        );
    }

    #[test]
    fn every_word_of_the_vocabulary_is_asked_by_some_rule() {
        let table = RuleTable::built_in();
        let atoms: Vec<&Atom> =
            table.rules().iter().flat_map(|rule| rule.trigger.atoms()).collect();
        for flag in Flag::ALL {
            assert!(atoms.iter().any(|atom| **atom == Atom::Flag(*flag)), "{flag}");
        }
        for state in StateName::ALL {
            assert!(atoms.iter().any(|atom| matches!(atom, Atom::State(name, _) if name == state)));
        }
    }
}
