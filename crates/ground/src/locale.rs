//! Languages, and the jurisdiction profiles that an installation is set up with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::logsafe::LogSafe;

/// A language that notices and screens can be in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    #[default]
    Ko,
    /// English.
    En,
}

/// Why a text is not one of a closed set of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: choose one of {choices}")]
pub struct ChoiceError {
    what: &'static str,
    choices: &'static str,
}

impl Language {
    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

impl FromStr for Language {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "ko" | "kor" | "ko-kr" => Ok(Self::Ko),
            "en" | "eng" | "en-us" | "en-gb" => Ok(Self::En),
            _ => Err(ChoiceError { what: "language", choices: "ko, en" }),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl LogSafe for Language {}

/// A jurisdiction profile: what law, language and clock an installation starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Republic of Korea.
    #[default]
    Kr,
    /// European Union.
    Eu,
    /// United Kingdom.
    Uk,
    /// United States.
    Us,
    /// Japan.
    Jp,
}

impl Profile {
    /// All profiles, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Kr, Self::Eu, Self::Uk, Self::Us, Self::Jp];

    /// The word used on the command line and in the configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kr => "kr",
            Self::Eu => "eu",
            Self::Uk => "uk",
            Self::Us => "us",
            Self::Jp => "jp",
        }
    }

    /// The IANA time zone that dates without a zone are read in, unless another is configured.
    pub const fn zone(self) -> &'static str {
        match self {
            Self::Kr => "Asia/Seoul",
            Self::Eu => "Europe/Brussels",
            Self::Uk => "Europe/London",
            Self::Us => "America/New_York",
            Self::Jp => "Asia/Tokyo",
        }
    }

    /// The languages of an installation unless others are configured, most used first.
    pub const fn languages(self) -> &'static [Language] {
        match self {
            Self::Kr => &[Language::Ko, Language::En],
            Self::Eu | Self::Uk | Self::Us | Self::Jp => &[Language::En],
        }
    }
}

impl FromStr for Profile {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.code() == text)
            .ok_or(ChoiceError { what: "profile", choices: "kr, eu, uk, us, jp" })
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl LogSafe for Profile {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_reads_back_and_has_a_zone_and_a_language() {
        for profile in Profile::ALL {
            assert_eq!(profile.code().parse(), Ok(profile));
            assert!(profile.zone().contains('/'));
            assert!(!profile.languages().is_empty());
        }
        assert!("mars".parse::<Profile>().is_err());
        assert_eq!("KO".parse(), Ok(Language::Ko));
    }
}
