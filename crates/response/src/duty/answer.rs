//! Facts as texts: how an interface, a file or a test writes them down and reads them back.
//!
//! | fact | values |
//! |---|---|
//! | number, residents | `17551` · `>=4500` · `1000..2000` |
//! | kinds | `ci,nickname` (these and no others) · `ci,+` (these at least) |
//! | state | a word of its vocabulary |
//! | yes or no | `yes` · `no` |
//! | time | `2026-06-30T09:00:00Z` · `..T` (then or earlier) · `T..T` |
//! | `local_time` | `21:30` |
//! | `recovered` | a reference to the evidence · `no` |
//! | `residents_of(*)` | `0`: nobody hit lives in a region that is not named |

use doldam_ground::{Instant, Kind};

use super::fact::{Facts, KindSet, State};
use super::name::FactName;
use super::value::{Count, When};
use crate::error::ResponseError;
use crate::words::Flag;

/// The name under which [`Facts::residents_nowhere_else`] is written down.
const NOWHERE_ELSE: &str = "residents_of(*)";

impl Facts {
    /// Answers a fact by texts, in the spelling of this module's table.
    pub fn answer(&mut self, name: &str, value: &str) -> Result<&mut Self, ResponseError> {
        if name == NOWHERE_ELSE && value == "0" {
            return Ok(self.residents_nowhere_else());
        }
        let fact: FactName = name.parse()?;
        match self.answer_named(&fact, value.trim()) {
            Ok(()) => Ok(self),
            Err(problem) => Err(ResponseError::FactValue { fact, problem }),
        }
    }

    fn answer_named(&mut self, fact: &FactName, value: &str) -> Result<(), &'static str> {
        match fact.clone() {
            FactName::Number(name) => self.number(name, count(value)?),
            FactName::ResidentsOf(region) => self.residents(region, count(value)?),
            FactName::Kinds(name) => self.kinds(name, kinds(value)?),
            FactName::State(name) => {
                let state = State::from_id(name, value);
                self.state(state.ok_or("is not a word of its vocabulary")?)
            }
            FactName::Flag(Flag::Recovered) if value != "no" => {
                let evidence = value.parse();
                self.recovered_by(evidence.map_err(|_| "must be a reference to evidence, or no")?)
            }
            FactName::Flag(flag) => self.flag(flag, yes(value)?),
            FactName::UsPi(region) => self.us_pi(region, yes(value)?),
            FactName::SubjectTo(region) => self.subject_to(region, yes(value)?),
            FactName::Role(role) => {
                self.roles.insert(role, yes(value)?);
                self
            }
            FactName::Date(name) => self.date(name, when(value)?),
            FactName::LocalTime => self.local_minute(minute(value)?),
        };
        Ok(())
    }

    /// Every fact that was answered, by name, in the spelling that [`Facts::answer`] reads.
    pub fn answers(&self) -> Vec<(String, String)> {
        let yes_no = |holds: &bool| if *holds { "yes".to_owned() } else { "no".to_owned() };
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |name: FactName, value: String| all.push((name.to_string(), value));
        self.numbers
            .iter()
            .for_each(|(name, count)| add(FactName::Number(*name), count.to_string()));
        for (region, count) in &self.residents {
            add(FactName::ResidentsOf(region.clone()), count.to_string());
        }
        self.kinds.iter().for_each(|(name, set)| add(FactName::Kinds(*name), kinds_text(set)));
        self.states.iter().for_each(|(name, state)| add(FactName::State(*name), state.id().into()));
        self.flags.iter().for_each(|(flag, holds)| add(FactName::Flag(*flag), yes_no(holds)));
        if let Some(evidence) = &self.recovered {
            add(FactName::Flag(Flag::Recovered), evidence.to_string());
        }
        self.us_pi
            .iter()
            .for_each(|(state, meets)| add(FactName::UsPi(state.clone()), yes_no(meets)));
        for (region, governs) in &self.subject_to {
            add(FactName::SubjectTo(region.clone()), yes_no(governs));
        }
        self.roles.iter().for_each(|(role, held)| add(FactName::Role(*role), yes_no(held)));
        self.dates.iter().for_each(|(name, when)| add(FactName::Date(*name), when_text(*when)));
        if let Some(minute) = self.local_minute {
            add(FactName::LocalTime, format!("{:02}:{:02}", minute / 60, minute % 60));
        }
        if self.residents_nowhere_else {
            all.push((NOWHERE_ELSE.into(), "0".into()));
        }
        all
    }
}

fn count(text: &str) -> Result<Count, &'static str> {
    let whole = |digits: &str| {
        digits.parse::<u64>().map_err(|_| "must be a number, >=number or number..number")
    };
    match (text.strip_prefix(">="), text.split_once("..")) {
        (Some(low), _) => whole(low).map(Count::at_least),
        (None, Some((low, high))) => Ok(Count::between(whole(low)?, whole(high)?)),
        (None, None) => whole(text).map(Count::exact),
    }
}

fn kinds(text: &str) -> Result<KindSet, &'static str> {
    let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let named = words.iter().filter(|word| **word != "+");
    let kinds: Option<Vec<Kind>> = named.map(|word| Kind::from_id(word)).collect();
    let kinds = kinds.ok_or("holds what is no kind of personal data")?;
    Ok(if words.contains(&"+") { KindSet::at_least(kinds) } else { KindSet::exactly(kinds) })
}

fn kinds_text(set: &KindSet) -> String {
    let more = (!set.is_complete()).then_some("+");
    set.kinds().map(Kind::id).chain(more).collect::<Vec<_>>().join(",")
}

fn yes(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("must be yes or no"),
    }
}

fn when(text: &str) -> Result<When, &'static str> {
    const PROBLEM: &str = "must be a time such as 2026-06-30T09:00:00+09:00, or a span of two";
    let instant = |text: &str| Instant::parse(text, "UTC").map_err(|_| PROBLEM);
    match text.split_once("..") {
        None => instant(text).map(When::exactly),
        Some(("", "")) => Ok(When::UNKNOWN),
        Some(("", latest)) => instant(latest).map(When::at_latest),
        Some((_, "")) => Err(PROBLEM),
        Some((earliest, latest)) => Ok(When::between(instant(earliest)?, instant(latest)?)),
    }
}

/// Microseconds are kept, which the display of an instant leaves out.
fn when_text(when: When) -> String {
    let text = |instant: Instant| {
        let micros = instant.micros().rem_euclid(1_000_000);
        let seconds = instant.to_rfc3339();
        if micros == 0 { seconds } else { seconds.replace('Z', &format!(".{micros:06}Z")) }
    };
    match (when.earliest().map(text), when.latest().map(text)) {
        (Some(earliest), Some(latest)) if earliest == latest => earliest,
        (earliest, latest) => {
            format!("{}..{}", earliest.unwrap_or_default(), latest.unwrap_or_default())
        }
    }
}

fn minute(text: &str) -> Result<u16, &'static str> {
    const PROBLEM: &str = "must be a time of day: 21:30";
    let (hours, minutes) = text.split_once(':').ok_or(PROBLEM)?;
    let number = |digits: &str| {
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| two)
    };
    match (number(hours), number(minutes)) {
        (Some(hours), Some(minutes)) if hours < 24 && minutes < 60 => Ok(hours * 60 + minutes),
        _ => Err(PROBLEM),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWERS: &[(&str, &str)] = &[
        ("subjects", "17551"),
        ("held_subjects", ">=100000"),
        ("turnover_krw", "1000..2000"),
        ("residents_of(EU)", "3"),
        ("kinds", "ci,nickname"),
        ("kinds_held", "ci,+"),
        ("certainty", "confirmed"),
        ("encrypted", "no"),
        ("recovered", "E-3"),
        ("us_pi(CA)", "yes"),
        ("subject_to(KR)", "yes"),
        ("role(controller)", "yes"),
        ("aware_at", "2026-06-30T00:00:00Z"),
        ("occurred_at", "..2026-06-30T00:00:00.000001Z"),
        ("request_at", "2026-06-29T00:00:00Z..2026-06-30T00:00:00Z"),
        ("local_time", "21:30"),
        ("residents_of(*)", "0"),
    ];

    #[test]
    fn facts_read_back_what_they_write() {
        let mut facts = Facts::new();
        for (name, value) in ANSWERS {
            facts.answer(name, value).unwrap();
        }
        let mut again = Facts::new();
        for (name, value) in facts.answers() {
            again.answer(&name, &value).unwrap();
        }
        assert_eq!(facts, again);
        assert_eq!(facts.answers().len(), ANSWERS.len());
    }

    #[test]
    fn a_wrong_value_names_the_fact_and_not_the_value() {
        for (name, value) in [
            ("subjects", "many"),
            ("subjects", "-1"),
            ("kinds", "ci,shoe"),
            ("certainty", "sure"),
            ("path", "unknown"),
            ("encrypted", "maybe"),
            ("recovered", "yes, really!"),
            ("aware_at", "yesterday"),
            ("aware_at", "2026-06-30T00:00:00Z.."),
            ("local_time", "24:00"),
            ("residents_of(KR)", ""),
        ] {
            let error = Facts::new().answer(name, value).map(|_| ()).unwrap_err();
            assert_eq!(error.code(), "response.fact_value", "{name} {value}");
            assert!(error.to_string().starts_with(name));
            assert!(value.is_empty() || !error.to_string().contains(value));
        }
        assert_eq!(
            Facts::new().answer("weather", "fine").map(|_| ()),
            Err(ResponseError::FactUnknown)
        );
    }

    proptest! {
        #[test]
        fn never_panics_on_any_answer(position in 0..ANSWERS.len(), value: String) {
            let _ = Facts::new().answer(ANSWERS[position].0, &value);
            let _ = Facts::new().answer(&value, "1");
        }
    }
}
