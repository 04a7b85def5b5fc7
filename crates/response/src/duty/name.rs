//! The names of facts, as the tables, an interface and a file spell them.

use std::fmt;
use std::str::FromStr;

use doldam_ground::LogSafe;
use doldam_ground::locale::Language;

use crate::error::ResponseError;
use crate::words::{DateName, Flag, KindSetName, NumberName, Role, StateName, Word};

/// A place that has a law of its own: `KR`, `EU`, `US-CA`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// A region by its code: two capitals (ISO 3166-1, or `EU`), or those, a dash and two more.
    pub fn new(code: &str) -> Option<Self> {
        let capitals =
            |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
        let fits = match code.split_once('-') {
            Some((country, state)) => capitals(country) && capitals(state),
            None => capitals(code),
        };
        fits.then(|| Self(code.to_owned()))
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The country of which it is a part: `US` for `US-CA`.
    pub fn country(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(country, _)| country)
    }

    /// The state of the United States that it is: `CA` for `US-CA`.
    pub fn us_state(&self) -> Option<&str> {
        self.0.strip_prefix("US-")
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl LogSafe for Region {}

/// The name of a fact that a duty can hang on.
///
/// Its text is the spelling of the tables without quotation marks: `subjects`, `residents_of(EU)`,
/// `us_pi(CA)`, `subject_to(KR)`, `role(controller)`, `aware_at`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactName {
    /// A number.
    Number(NumberName),
    /// How many of the persons hit live in a region.
    ResidentsOf(Region),
    /// A set of kinds of personal data.
    Kinds(KindSetName),
    /// One of a few words.
    State(StateName),
    /// Yes or no.
    Flag(Flag),
    /// Whether the leaked kinds meet the definition of a state of the United States.
    UsPi(Region),
    /// Whether a region's law governs the acting party.
    SubjectTo(Region),
    /// Whether the acting party is this in law.
    Role(Role),
    /// A time.
    Date(DateName),
    /// The time on the wall at which a message reaches its reader.
    LocalTime,
}

impl FactName {
    /// What the fact is called on screens and in documents.
    pub fn label(&self, language: Language) -> String {
        match (self, language) {
            (Self::Number(number), _) => number.label(language).into(),
            (Self::Kinds(set), _) => set.label(language).into(),
            (Self::State(state), _) => state.label(language).into(),
            (Self::Flag(flag), _) => flag.label(language).into(),
            (Self::Date(date), _) => date.label(language).into(),
            (Self::ResidentsOf(region), Language::Ko) => format!("유출된 사람 중 {region} 주민 수"),
            (Self::ResidentsOf(region), Language::En) => {
                format!("persons hit who live in {region}")
            }
            (Self::UsPi(region), Language::Ko) => format!("{region} 법이 정한 개인정보에 해당함"),
            (Self::UsPi(region), Language::En) => {
                format!("the data meet the definition of {region}")
            }
            (Self::SubjectTo(region), Language::Ko) => format!("{region} 법의 적용을 받음"),
            (Self::SubjectTo(region), Language::En) => format!("the law of {region} governs us"),
            (Self::Role(role), Language::Ko) => format!("역할: {}", role.label(language)),
            (Self::Role(role), Language::En) => format!("acts as {}", role.label(language)),
            (Self::LocalTime, Language::Ko) => "받는 곳의 시각".into(),
            (Self::LocalTime, Language::En) => "local time of the message".into(),
        }
    }
}

impl fmt::Display for FactName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "{number}"),
            Self::ResidentsOf(region) => write!(formatter, "residents_of({region})"),
            Self::Kinds(set) => write!(formatter, "{set}"),
            Self::State(state) => write!(formatter, "{state}"),
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::UsPi(region) => {
                write!(formatter, "us_pi({})", region.us_state().unwrap_or(region.code()))
            }
            Self::SubjectTo(region) => write!(formatter, "subject_to({region})"),
            Self::Role(role) => write!(formatter, "role({role})"),
            Self::Date(date) => write!(formatter, "{date}"),
            Self::LocalTime => formatter.write_str("local_time"),
        }
    }
}

impl LogSafe for FactName {}

impl FromStr for FactName {
    type Err = ResponseError;

    fn from_str(text: &str) -> Result<Self, ResponseError> {
        let name = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            Some(("residents_of", region)) => Region::new(region).map(Self::ResidentsOf),
            Some(("subject_to", region)) => Region::new(region).map(Self::SubjectTo),
            Some(("us_pi", state)) => Region::new(&format!("US-{state}")).map(Self::UsPi),
            Some(("role", role)) => Role::from_id(role).map(Self::Role),
            Some(_) => None,
            None => plain(text),
        };
        name.ok_or(ResponseError::FactUnknown)
    }
}

fn plain(text: &str) -> Option<FactName> {
    if text == "local_time" {
        return Some(FactName::LocalTime);
    }
    let number = || NumberName::from_id(text).map(FactName::Number);
    let kinds = || KindSetName::from_id(text).map(FactName::Kinds);
    let state = || StateName::from_id(text).map(FactName::State);
    let flag = || Flag::from_id(text).map(FactName::Flag);
    let date = || DateName::from_id(text).map(FactName::Date);
    number().or_else(kinds).or_else(state).or_else(flag).or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for text in [
            "subjects",
            "residents_of(US-CA)",
            "kinds_held",
            "certainty",
            "recovered",
            "us_pi(MD)",
            "subject_to(KR)",
            "role(ci_user)",
            "possibility_known_at",
            "local_time",
        ] {
            assert_eq!(text.parse::<FactName>().map(|name| name.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "subject", "residents_of(Korea)", "us_pi(US-CA)", "role(", "f(x)"] {
            assert_eq!(text.parse::<FactName>(), Err(ResponseError::FactUnknown), "{text}");
        }
    }

    #[test]
    fn a_region_knows_its_country() {
        let california = Region::new("US-CA").unwrap();
        assert_eq!((california.country(), california.us_state()), ("US", Some("CA")));
        assert!(
            ["us", "USA", "US-", "US-CAL", "U-CA"]
                .into_iter()
                .all(|code| Region::new(code).is_none())
        );
    }
}
