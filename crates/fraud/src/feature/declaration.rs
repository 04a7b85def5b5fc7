//! A feature set as it is written down.

use serde::Deserialize;
use toml::Spanned;

use crate::error::FraudError;
use crate::event::EventKind;
use crate::value::Type;
use crate::window::Aggregate;

/// Longest declaration, in bytes.
const DECLARATION_BYTES_MAX: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) late_max: Option<String>,
    #[serde(default)]
    pub(super) feature: Vec<Spanned<Declared>>,
}

/// One `[[feature]]` block.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    pub(super) name: String,
    #[serde(default)]
    pub(super) ko: String,
    #[serde(default)]
    pub(super) en: String,
    pub(super) is: Option<String>,
    #[serde(rename = "type")]
    pub(super) holds: Option<Type>,
    pub(super) key: Option<OneOrMore>,
    pub(super) over: Option<Vec<EventKind>>,
    pub(super) when: Option<String>,
    pub(super) value: Option<String>,
    pub(super) aggregate: Option<Aggregate>,
    pub(super) window: Option<String>,
    pub(super) delay: Option<String>,
    pub(super) current: Option<Inclusion>,
    pub(super) empty: Option<toml::Value>,
}

/// `key = "account"` or `key = ["account", "payee"]`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::More(names) => names,
        }
    }
}

/// Whether the event that is judged belongs to the window.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Inclusion {
    Included,
    Excluded,
}

impl Declaration {
    pub(super) fn read(text: &str) -> Result<Self, FraudError> {
        if text.len() > DECLARATION_BYTES_MAX {
            return Err(FraudError::declaration("features", text, None, "it is too long"));
        }
        toml::from_str(text).map_err(|error| {
            FraudError::declaration("features", text, error.span(), error.message())
        })
    }
}

impl Declared {
    /// Names of the keys that belong to a window feature and are set.
    pub(super) fn window_keys(&self) -> Vec<&'static str> {
        let set = [
            ("key", self.key.is_some()),
            ("over", self.over.is_some()),
            ("when", self.when.is_some()),
            ("value", self.value.is_some()),
            ("aggregate", self.aggregate.is_some()),
            ("window", self.window.is_some()),
            ("delay", self.delay.is_some()),
            ("current", self.current.is_some()),
            ("empty", self.empty.is_some()),
        ];
        set.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
    }
}
