//! The facts of one incident, as far as they are known, seen by one party.
//!
//! A fact that was not answered is unknown, never "no". The one exception is an exemption that the
//! law lets a party claim only with proof: that the data were *recovered*. Until evidence is named
//! it does not hold; with it, it does.
//!
//! A bank and its developer are two parties with the same incident: each gets facts of its own
//! (other roles, other times of knowing) and its duties are evaluated apart.
//!
//! What follows from other facts (that a passport is a unique identifier, that a leak cannot have
//! happened after it was known) is derived while evaluating and never stored; see
//! [`FactName`](super::FactName) for the names and [`Facts::answer`] for the spelling of values.

use std::collections::{BTreeMap, BTreeSet};

use doldam_ground::{Instant, Kind};

use super::name::Region;
use super::truth::Truth;
use super::value::{Count, When};
use crate::clock::EvidenceReference;
use crate::words::{
    Certainty, CourtOrder, DateName, Event, Flag, KindSetName, Mediation, MessageChannel,
    NumberName, Order, Path, PossibleReason, Relation, Request, Risk, Role, StateName, UserClaim,
    Word,
};

/// The value of a fact that is one of a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// How certain the leak is.
    Certainty(Certainty),
    /// Why it is held to be possible.
    PossibleReason(PossibleReason),
    /// What happened.
    Event(Event),
    /// The path of the leak.
    Path(Path),
    /// The relation to the processor.
    Relation(Relation),
    /// The risk to persons.
    Risk(Risk),
    /// The channel of a message.
    Channel(MessageChannel),
    /// What a person asked for.
    Request(Request),
    /// Where a mediation stands.
    Mediation(Mediation),
    /// What an authority recommended.
    Order(Order),
    /// What a court ordered.
    CourtOrder(CourtOrder),
    /// What a user claims.
    Claim(UserClaim),
}

/// Runs `$body` with `$word` bound to the word inside a state, whatever its vocabulary.
macro_rules! with_word {
    ($state:expr, $word:ident => $body:expr) => {
        match $state {
            State::Certainty($word) => $body,
            State::PossibleReason($word) => $body,
            State::Event($word) => $body,
            State::Path($word) => $body,
            State::Relation($word) => $body,
            State::Risk($word) => $body,
            State::Channel($word) => $body,
            State::Request($word) => $body,
            State::Mediation($word) => $body,
            State::Order($word) => $body,
            State::CourtOrder($word) => $body,
            State::Claim($word) => $body,
        }
    };
}

impl State {
    /// The value of the fact `name` that the tables spell `word`.
    pub fn from_id(name: StateName, word: &str) -> Option<Self> {
        match name {
            StateName::Certainty => Certainty::from_id(word).map(Self::Certainty),
            StateName::PossibleReason => PossibleReason::from_id(word).map(Self::PossibleReason),
            StateName::Event => Event::from_id(word).map(Self::Event),
            StateName::Path => Path::from_id(word).map(Self::Path),
            StateName::Relation => Relation::from_id(word).map(Self::Relation),
            StateName::Risk => Risk::from_id(word).map(Self::Risk),
            StateName::Channel => MessageChannel::from_id(word).map(Self::Channel),
            StateName::Request => Request::from_id(word).map(Self::Request),
            StateName::Mediation => Mediation::from_id(word).map(Self::Mediation),
            StateName::Order => Order::from_id(word).map(Self::Order),
            StateName::CourtOrder => CourtOrder::from_id(word).map(Self::CourtOrder),
            StateName::Claim => UserClaim::from_id(word).map(Self::Claim),
        }
    }

    /// The fact of which this is a value.
    pub const fn name(self) -> StateName {
        match self {
            Self::Certainty(_) => StateName::Certainty,
            Self::PossibleReason(_) => StateName::PossibleReason,
            Self::Event(_) => StateName::Event,
            Self::Path(_) => StateName::Path,
            Self::Relation(_) => StateName::Relation,
            Self::Risk(_) => StateName::Risk,
            Self::Channel(_) => StateName::Channel,
            Self::Request(_) => StateName::Request,
            Self::Mediation(_) => StateName::Mediation,
            Self::Order(_) => StateName::Order,
            Self::CourtOrder(_) => StateName::CourtOrder,
            Self::Claim(_) => StateName::Claim,
        }
    }

    /// The word as the tables spell it.
    pub fn id(self) -> &'static str {
        with_word!(self, word => word.id())
    }

    /// What it is called on screens.
    pub fn label(self, language: doldam_ground::locale::Language) -> &'static str {
        with_word!(self, word => word.label(language))
    }
}

/// A set of kinds that may be known only in part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindSet {
    kinds: BTreeSet<Kind>,
    complete: bool,
}

impl KindSet {
    /// These kinds and no others.
    pub fn exactly(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self { kinds: kinds.into_iter().collect(), complete: true }
    }

    /// These kinds at least.
    pub fn at_least(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self { kinds: kinds.into_iter().collect(), complete: false }
    }

    /// Whether it holds `kind`.
    pub fn holds(&self, kind: Kind) -> Truth {
        self.any(|held| held == kind)
    }

    /// Whether it holds a kind for which `test` is true.
    pub fn any(&self, test: impl Fn(Kind) -> bool) -> Truth {
        let found = self.kinds.iter().any(|kind| test(*kind));
        if found { Truth::True } else { Truth::from(self.complete.then_some(false)) }
    }

    /// The kinds that are known.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// Whether there are no others.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }
}

/// The facts of one incident, seen by one party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub(super) numbers: BTreeMap<NumberName, Count>,
    pub(super) residents: BTreeMap<Region, Count>,
    pub(super) residents_nowhere_else: bool,
    pub(super) kinds: BTreeMap<KindSetName, KindSet>,
    pub(super) states: BTreeMap<StateName, State>,
    pub(super) flags: BTreeMap<Flag, bool>,
    pub(super) recovered: Option<EvidenceReference>,
    pub(super) us_pi: BTreeMap<Region, bool>,
    pub(super) subject_to: BTreeMap<Region, bool>,
    pub(super) roles: BTreeMap<Role, bool>,
    pub(super) dates: BTreeMap<DateName, When>,
    pub(super) local_minute: Option<u16>,
}

impl Facts {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a number.
    pub fn number(&mut self, name: NumberName, count: Count) -> &mut Self {
        self.numbers.insert(name, count);
        self
    }

    /// Answers how many of the persons hit live in `region`.
    pub fn residents(&mut self, region: Region, count: Count) -> &mut Self {
        self.residents.insert(region, count);
        self
    }

    /// Says that nobody hit lives in a region that was not answered.
    pub fn residents_nowhere_else(&mut self) -> &mut Self {
        self.residents_nowhere_else = true;
        self
    }

    /// Answers a set of kinds.
    pub fn kinds(&mut self, name: KindSetName, kinds: KindSet) -> &mut Self {
        self.kinds.insert(name, kinds);
        self
    }

    /// Answers a fact that is one of a few words.
    pub fn state(&mut self, state: State) -> &mut Self {
        self.states.insert(state.name(), state);
        self
    }

    /// Says that no request, mediation, order or claim is pending.
    pub fn no_case_pending(&mut self) -> &mut Self {
        self.state(State::Request(Request::None))
            .state(State::Mediation(Mediation::None))
            .state(State::Order(Order::None))
            .state(State::CourtOrder(CourtOrder::None))
            .state(State::Claim(UserClaim::None))
    }

    /// Answers yes or no; [`Flag::Recovered`] becomes true by [`Facts::recovered_by`] only.
    pub fn flag(&mut self, flag: Flag, holds: bool) -> &mut Self {
        if flag == Flag::Recovered {
            self.recovered = self.recovered.take().filter(|_| holds);
        } else {
            self.flags.insert(flag, holds);
        }
        self
    }

    /// Names the evidence that the path is found, the data recalled or deleted, and harm markedly
    /// unlikely (PIPA Decree Art. 40).
    pub fn recovered_by(&mut self, evidence: EvidenceReference) -> &mut Self {
        self.recovered = Some(evidence);
        self
    }

    /// Answers whether the leaked kinds meet the definition of a state of the United States.
    pub fn us_pi(&mut self, state: Region, meets: bool) -> &mut Self {
        self.us_pi.insert(state, meets);
        self
    }

    /// Answers whether the law of `region` governs the party.
    pub fn subject_to(&mut self, region: Region, governs: bool) -> &mut Self {
        self.subject_to.insert(region, governs);
        self
    }

    /// Says that the party is `roles` in law and nothing else.
    pub fn roles_are(&mut self, roles: &[Role]) -> &mut Self {
        self.roles = Role::ALL.iter().map(|role| (*role, roles.contains(role))).collect();
        self
    }

    /// Answers a time.
    pub fn date(&mut self, name: DateName, when: When) -> &mut Self {
        self.dates.insert(name, when);
        self
    }

    /// Answers a time that is known exactly.
    pub fn date_is(&mut self, name: DateName, instant: Instant) -> &mut Self {
        self.date(name, When::exactly(instant))
    }

    /// Answers the time on the wall where a message is read, in minutes since midnight (0–1439).
    pub fn local_minute(&mut self, minute: u16) -> &mut Self {
        self.local_minute = Some(minute % 1440);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_kinds_proves_only_what_is_in_it() {
        let part = KindSet::at_least([Kind::CI]);
        assert_eq!(part.holds(Kind::CI), Truth::True);
        assert_eq!(part.holds(Kind::RRN), Truth::Unknown);
        assert_eq!(KindSet::exactly([Kind::CI]).holds(Kind::RRN), Truth::False);
    }

    #[test]
    fn a_click_does_not_make_data_recovered() {
        let mut facts = Facts::new();
        facts.flag(Flag::Recovered, true);
        assert_eq!(facts.recovered, None);
        facts.recovered_by("E-3".parse().unwrap());
        facts.flag(Flag::Recovered, true);
        assert!(facts.recovered.is_some());
        facts.flag(Flag::Recovered, false);
        assert_eq!(facts.recovered, None);
    }

    #[test]
    fn every_state_reads_back() {
        for name in StateName::ALL {
            assert_eq!(State::from_id(*name, "no such word"), None);
        }
        for (name, id) in [(StateName::Event, "leak"), (StateName::Claim, "none")] {
            let state = State::from_id(name, id).unwrap();
            assert_eq!((state.name(), state.id()), (name, id));
        }
    }
}
