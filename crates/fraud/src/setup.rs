//! What decisions are made with: schema, lists, features, rules and model, compiled together.
//!
//! Each part is an artifact kept under its hash. A set-up is put in force by an entry of the log, so
//! every decision knows what it was made with, and an old one can be made again.

use std::sync::Arc;

use crate::error::FraudError;
use crate::feature::{self, FeatureSet};
use crate::journal::SetupNames;
use crate::list::{self, Declared};
use crate::model::{BoundModel, Model};
use crate::replay::Fetch;
use crate::rule::{RuleSet, STARTER};
use crate::schema::{self, Schema};

/// What an artifact is; part of its hash, so that a text cannot stand for two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The fields of events.
    Schema,
    /// The declared lists.
    Lists,
    /// The features.
    Features,
    /// A rule set.
    Rules,
    /// A model.
    Model,
}

impl Part {
    /// Its name in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Lists => "lists",
            Self::Features => "features",
            Self::Rules => "rules",
            Self::Model => "model",
        }
    }

    /// The version of a body: BLAKE3 of the part's name, a zero byte and the body.
    pub fn version(self, body: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.name().as_bytes()).update(&[0]).update(body);
        *hasher.finalize().as_bytes()
    }
}

/// The bodies of a set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// TOML of [`crate::schema`].
    pub schema: String,
    /// TOML of [`crate::list`].
    pub lists: String,
    /// TOML of [`crate::feature`].
    pub features: String,
    /// TOML of [`crate::rule`].
    pub rules: String,
    /// A model of [`crate::model`].
    pub model: Option<Vec<u8>>,
    /// TOML of a rule set that runs beside and decides nothing.
    pub shadow: Option<String>,
}

impl Parts {
    /// What we ship: the bank's schema and features, the starter pack of rules, no model.
    pub fn shipped() -> Self {
        Self {
            schema: schema::SHIPPED.to_owned(),
            lists: list::SHIPPED.to_owned(),
            features: feature::BANK.to_owned(),
            rules: STARTER.to_owned(),
            model: None,
            shadow: None,
        }
    }

    /// Every part with its body, as artifacts are kept.
    pub fn bodies(&self) -> Vec<(Part, &[u8])> {
        let mut bodies = vec![
            (Part::Schema, self.schema.as_bytes()),
            (Part::Lists, self.lists.as_bytes()),
            (Part::Features, self.features.as_bytes()),
            (Part::Rules, self.rules.as_bytes()),
        ];
        bodies.extend(self.model.as_deref().map(|model| (Part::Model, model)));
        bodies.extend(self.shadow.as_deref().map(|rules| (Part::Rules, rules.as_bytes())));
        bodies
    }

    /// The entry that puts them in force.
    pub fn names(&self, by: &str, why: &str) -> SetupNames {
        SetupNames {
            schema: Part::Schema.version(self.schema.as_bytes()),
            lists: Part::Lists.version(self.lists.as_bytes()),
            features: Part::Features.version(self.features.as_bytes()),
            rules: Part::Rules.version(self.rules.as_bytes()),
            model: self.model.as_deref().map(|model| Part::Model.version(model)),
            shadow: self.shadow.as_deref().map(|rules| Part::Rules.version(rules.as_bytes())),
            by: by.to_owned(),
            why: why.to_owned(),
        }
    }

    /// Fetches the parts that an entry of the log names. `body` gives an artifact by its version.
    ///
    /// Errors: one is not kept, or is not what its hash says.
    pub fn fetch(names: &SetupNames, body: &mut Fetch<'_>) -> Result<Self, FraudError> {
        let mut get = |part: Part, version: &[u8; 32]| {
            let found = body(version)?
                .ok_or(FraudError::Journal { why: "a part that it names is not kept" })?;
            if part.version(&found) == *version {
                Ok(found)
            } else {
                Err(FraudError::Journal { why: "a part that it names was changed" })
            }
        };
        let text = |body: Vec<u8>| {
            String::from_utf8(body)
                .map_err(|_| FraudError::Journal { why: "a part that it names is not text" })
        };
        Ok(Self {
            schema: text(get(Part::Schema, &names.schema)?)?,
            lists: text(get(Part::Lists, &names.lists)?)?,
            features: text(get(Part::Features, &names.features)?)?,
            rules: text(get(Part::Rules, &names.rules)?)?,
            model: names.model.map(|version| get(Part::Model, &version)).transpose()?,
            shadow: names
                .shadow
                .map(|version| get(Part::Rules, &version).and_then(text))
                .transpose()?,
        })
    }
}

/// A compiled set-up.
pub struct Setup {
    /// What it was compiled from.
    pub parts: Parts,
    /// The fields of events.
    pub schema: Schema,
    /// The declared lists.
    pub lists: Vec<Declared>,
    /// The features.
    pub features: FeatureSet,
    /// The rules in force.
    pub rules: RuleSet,
    /// The model, if there is one.
    pub model: Option<BoundModel>,
    /// The rules that run beside.
    pub shadow: Option<RuleSet>,
}

impl Setup {
    /// Compiles the parts against each other.
    ///
    /// Errors: the first fault of a declaration; all faults of a rule set are had from
    /// [`RuleSet::parse`] before.
    pub fn compile(parts: Parts) -> Result<Arc<Self>, FraudError> {
        let schema = Schema::parse(&parts.schema)?;
        let lists = list::parse(&parts.lists)?;
        let names: Vec<String> = lists.iter().map(|list| list.name.clone()).collect();
        let features = FeatureSet::parse(&schema, &names, &parts.features)?;
        let rules = rules(&features, &parts.rules)?;
        let shadow =
            parts.shadow.as_deref().map(|text| self::rules(&features, text)).transpose()?;
        let model = match &parts.model {
            Some(bytes) => Some(Model::parse(bytes)?.bind(features.scope())?),
            None => None,
        };
        Ok(Arc::new(Self { parts, schema, lists, features, rules, model, shadow }))
    }

    /// The place of a list.
    pub fn list(&self, name: &str) -> Option<usize> {
        self.lists.iter().position(|list| list.name == name)
    }
}

/// A rule set over the features of a set-up; its first fault as an error.
pub(crate) fn rules(features: &FeatureSet, text: &str) -> Result<RuleSet, FraudError> {
    RuleSet::parse(features.scope(), text).map_err(|faults| {
        let first = faults.first();
        FraudError::Declaration {
            what: "rules",
            line: first.map_or(0, |fault| fault.fault.line),
            why: first.map_or_else(String::new, ToString::to_string),
        }
    })
}
