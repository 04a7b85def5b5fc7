//! What follows from the facts that were answered.
//!
//! A person should not be asked whether a passport is a unique identifier: the kind table knows.
//! What is derived here narrows an answer or fills a gap, never overrides what a person answered,
//! and only ever grows with what is known.

use doldam_ground::{Instant, Kind};

use super::fact::{Facts, KindSet};
use super::name::{FactName, Region};
use super::truth::Truth;
use super::value::{Count, When};
use crate::words::{DateName, Flag, KindSetName, NumberName, Role};

/// Facts as they stand at one time, with what follows from them.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    facts: &'a Facts,
    at: Instant,
}

impl<'a> View<'a> {
    pub(super) const fn new(facts: &'a Facts, at: Instant) -> Self {
        Self { facts, at }
    }

    pub(super) const fn facts(self) -> &'a Facts {
        self.facts
    }

    pub(super) const fn at(self) -> Instant {
        self.at
    }

    fn given(self, name: NumberName) -> Count {
        self.facts.numbers.get(&name).copied().unwrap_or(Count::UNKNOWN)
    }

    /// A number. The persons hit are no fewer than those of one region.
    pub(super) fn number(self, name: NumberName) -> Count {
        let given = self.given(name);
        match name {
            NumberName::Subjects => {
                let most = self.facts.residents.values().map(|count| count.low()).max();
                given.narrowed_by(Count::at_least(most.unwrap_or(0)))
            }
            NumberName::AnyStateResidents => given.narrowed_by(self.most_of_one_state()),
            _ => given,
        }
    }

    /// The residents of a region are no more than all persons hit.
    pub(super) fn residents(self, region: &Region) -> Count {
        let nobody = self.facts.residents_nowhere_else.then(|| Count::exact(0));
        let given = self.facts.residents.get(region).copied().or(nobody).unwrap_or(Count::UNKNOWN);
        given.narrowed_by(self.no_more_than_all())
    }

    fn no_more_than_all(self) -> Count {
        let all = self.given(NumberName::Subjects).high();
        all.map_or(Count::UNKNOWN, |all| Count::between(0, all))
    }

    fn most_of_one_state(self) -> Count {
        let states =
            || self.facts.residents.iter().filter(|(region, _)| region.us_state().is_some());
        let low = states().map(|(_, count)| count.low()).max().unwrap_or(0);
        let high: Option<u64> = states()
            .map(|(_, count)| count.high())
            .try_fold(0, |most, high| high.map(|high: u64| high.max(most)));
        let known = match high.filter(|_| self.facts.residents_nowhere_else) {
            Some(high) => Count::between(low, high),
            None => Count::at_least(low),
        };
        known.narrowed_by(self.no_more_than_all())
    }

    /// A set of kinds, if anything is known of it.
    pub(super) fn kinds(self, name: KindSetName) -> Option<&'a KindSet> {
        self.facts.kinds.get(&name)
    }

    fn any_kind(self, name: KindSetName, test: impl Fn(Kind) -> bool) -> Truth {
        self.kinds(name).map_or(Truth::Unknown, |kinds| kinds.any(test))
    }

    /// Yes, no or unknown; what a person answered goes before what the kind table says.
    pub(super) fn flag(self, flag: Flag) -> Truth {
        if flag == Flag::Recovered {
            return Truth::from(self.facts.recovered.is_some());
        }
        match self.facts.flags.get(&flag) {
            Some(holds) => Truth::from(*holds),
            None => self.derived(flag),
        }
    }

    fn derived(self, flag: Flag) -> Truth {
        let korean =
            |set, class: &str| self.any_kind(set, |kind| has(&kind.entry().class_kr, class));
        let japanese = |class: &str| {
            self.any_kind(KindSetName::Kinds, |kind| has(&kind.entry().class_jp, class))
        };
        match flag {
            Flag::HasSensitive => korean(KindSetName::Kinds, "sensitive"),
            Flag::HasUniqueId => korean(KindSetName::Kinds, "unique_id"),
            Flag::HoldsSensitive => korean(KindSetName::KindsHeld, "sensitive"),
            Flag::HoldsUniqueId => korean(KindSetName::KindsHeld, "unique_id"),
            Flag::JpSensitive => japanese("special_care"),
            Flag::JpPropertyLossRisk => {
                // Some kinds bring a loss only together with others: a person has to say.
                let perhaps =
                    japanese("property_loss_if_login").or(japanese("property_loss_if_payment"));
                japanese("property_loss").or(perhaps.and(Truth::Unknown))
            }
            Flag::FinancialCompany => self.role(Role::FinancialCompany),
            Flag::CreditInfo => {
                let perhaps = korean(KindSetName::Kinds, "credit_info_if_financial");
                let financial = self.flag(Flag::FinancialCompany);
                perhaps.and(financial.or(Truth::Unknown))
            }
            _ => Truth::Unknown,
        }
    }

    /// The fact to ask for when `flag` is unknown: the kinds, where they would settle it.
    pub(super) fn behind(self, flag: Flag) -> FactName {
        let set = match flag {
            Flag::HasSensitive
            | Flag::HasUniqueId
            | Flag::JpSensitive
            | Flag::JpPropertyLossRisk
            | Flag::CreditInfo => KindSetName::Kinds,
            Flag::HoldsSensitive | Flag::HoldsUniqueId => KindSetName::KindsHeld,
            _ => return FactName::Flag(flag),
        };
        let complete = self.kinds(set).is_some_and(KindSet::is_complete);
        if complete { FactName::Flag(flag) } else { FactName::Kinds(set) }
    }

    /// Whether the party is this in law.
    pub(super) fn role(self, role: Role) -> Truth {
        Truth::from(self.facts.roles.get(&role).copied())
    }

    /// A time. Nothing that is told of has happened after now, and no leak after it was known.
    pub(super) fn date(self, name: DateName) -> When {
        let given = |name| self.facts.dates.get(&name).copied().unwrap_or(When::UNKNOWN);
        let date = given(name).not_after(self.at);
        if name != DateName::OccurredAt {
            return date;
        }
        let known = given(DateName::AwareAt).latest();
        known.map_or(date, |known| date.not_after(known))
    }
}

fn has(classes: &[String], class: &str) -> bool {
    classes.iter().any(|held| held == class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::value::Comparison;

    const NOW: Instant = Instant::from_micros(1_790_000_000_000_000);

    fn facts(answers: &[(&str, &str)]) -> Facts {
        let mut facts = Facts::new();
        for (name, value) in answers {
            facts.answer(name, value).unwrap();
        }
        facts
    }

    fn flag(answers: &[(&str, &str)], flag: Flag) -> Truth {
        View::new(&facts(answers), NOW).flag(flag)
    }

    #[test]
    fn the_classes_that_are_asked_for_are_those_of_the_kind_table() {
        let korean = |class| Kind::all().any(|kind| has(&kind.entry().class_kr, class));
        let japanese = |class| Kind::all().any(|kind| has(&kind.entry().class_jp, class));
        assert!(["sensitive", "unique_id", "credit_info_if_financial"].into_iter().all(korean));
        let classes =
            ["special_care", "property_loss", "property_loss_if_login", "property_loss_if_payment"];
        assert!(classes.into_iter().all(japanese));
    }

    #[test]
    fn the_kind_table_says_what_is_sensitive() {
        assert_eq!(flag(&[("kinds", "rrn,+")], Flag::HasUniqueId), Truth::True);
        assert_eq!(flag(&[("kinds", "ci,nickname")], Flag::HasUniqueId), Truth::False);
        assert_eq!(flag(&[("kinds", "ci,+")], Flag::HasUniqueId), Truth::Unknown);
        assert_eq!(flag(&[], Flag::HasSensitive), Truth::Unknown);
        assert_eq!(flag(&[("kinds", "health")], Flag::HoldsSensitive), Truth::Unknown);
        assert_eq!(flag(&[("kinds_held", "health")], Flag::HoldsSensitive), Truth::True);
        let stated = [("kinds", "ci"), ("has_sensitive", "yes")];
        assert_eq!(flag(&stated, Flag::HasSensitive), Truth::True);
    }

    #[test]
    fn credit_information_is_so_in_the_hands_of_a_financial_company() {
        let bank = [("kinds", "account"), ("role(financial_company)", "yes")];
        assert_eq!(flag(&bank, Flag::CreditInfo), Truth::True);
        let shop = [("kinds", "account"), ("role(financial_company)", "no")];
        assert_eq!(flag(&shop, Flag::CreditInfo), Truth::Unknown);
        assert_eq!(flag(&[("kinds", "ci,nickname")], Flag::CreditInfo), Truth::False);
    }

    #[test]
    fn a_login_may_or_may_not_bring_a_loss() {
        assert_eq!(flag(&[("kinds", "nickname")], Flag::JpPropertyLossRisk), Truth::False);
        assert_eq!(flag(&[("kinds", "password_plain")], Flag::JpPropertyLossRisk), Truth::Unknown);
    }

    #[test]
    fn counts_of_persons_and_of_residents_bound_each_other() {
        let few = facts(&[("subjects", "300")]);
        let california = Region::new("US-CA").unwrap();
        let residents = View::new(&few, NOW).residents(&california);
        assert_eq!(residents.compare(Comparison::More, 500), Truth::False);
        let many = facts(&[("residents_of(US-CA)", "600"), ("subjects", ">=1")]);
        let view = View::new(&many, NOW);
        assert_eq!(view.number(NumberName::Subjects).low(), 600);
        assert_eq!(view.number(NumberName::AnyStateResidents), Count::at_least(600));
        let all = facts(&[("residents_of(US-CA)", "600"), ("residents_of(*)", "0")]);
        assert_eq!(View::new(&all, NOW).number(NumberName::AnyStateResidents), Count::exact(600));
    }

    #[test]
    fn no_leak_happened_after_it_was_known() {
        let known = facts(&[("aware_at", "2026-06-30T00:00:00Z")]);
        let aware = Instant::parse("2026-06-30", "UTC").unwrap();
        assert_eq!(View::new(&known, NOW).date(DateName::OccurredAt), When::at_latest(aware));
        assert_eq!(View::new(&Facts::new(), NOW).date(DateName::AwareAt), When::at_latest(NOW));
    }
}
