//! What an event may say: its fields, their types, and which kinds of event carry them.
//!
//! The fields are declared in one text, so that rules and features are checked against them before
//! anything is judged and an unknown field of an event is an error instead of a silence. The
//! declaration that we ship (`defaults/schema.toml`) fits a Korean retail bank; a company adds its
//! own fields to it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::error::FraudError;
use crate::event::EventKind;
use crate::value::Type;

/// Most fields of a schema.
pub const FIELDS_MAX: usize = 128;

/// The shipped declaration.
pub const SHIPPED: &str = include_str!("../defaults/schema.toml");

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Something that events are grouped by: a pseudonym, a device, a payee. Text to rules.
    Key,
    /// Any other text, at most [`crate::event::TEXT_BYTES_MAX`] bytes.
    Text,
    /// A currency code of ISO 4217. Text to rules.
    Currency,
    /// Money: a whole, non-negative number of minor units in the installation's currency.
    Money,
    /// A whole number.
    Int,
    /// A number.
    Real,
    /// True or false.
    Bool,
    /// A point in time, RFC 3339.
    Time,
}

impl FieldType {
    /// Its type in rules and features.
    pub const fn value_type(self) -> Type {
        match self {
            Self::Key | Self::Text | Self::Currency => Type::Text,
            Self::Money | Self::Int => Type::Int,
            Self::Real => Type::Real,
            Self::Bool => Type::Bool,
            Self::Time => Type::Time,
        }
    }
}

/// One declared field.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Lower-case name with underscores; how rules and events call it.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub holds: FieldType,
    /// Kinds of event that must carry it. Others may.
    #[serde(default)]
    pub required: Vec<EventKind>,
    /// One sentence for the person who writes a rule, Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

/// All declared fields, in order; an event's values stand in the same order.
#[derive(Clone, Debug)]
pub struct Schema {
    fields: Vec<Field>,
    by_name: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    field: Vec<Field>,
}

impl Schema {
    /// Reads a declaration (TOML, `[[field]]` blocks).
    ///
    /// Errors: it is not TOML of that shape, a name is not `[a-z][a-z0-9_]*` or stands twice, or
    /// there are more than [`FIELDS_MAX`].
    pub fn parse(text: &str) -> Result<Self, FraudError> {
        let declared: Declaration = toml::from_str(text).map_err(|error| {
            FraudError::declaration("schema", text, error.span(), error.message())
        })?;
        Self::new(declared.field)
    }

    /// From fields; the same checks as [`Schema::parse`].
    pub fn new(fields: Vec<Field>) -> Result<Self, FraudError> {
        let wrong = |why: &'static str| FraudError::Declaration {
            what: "schema",
            line: 0,
            why: why.into(),
        };
        if fields.len() > FIELDS_MAX {
            return Err(wrong("more fields than a schema may have"));
        }
        let mut by_name = HashMap::with_capacity(fields.len());
        for (place, field) in fields.iter().enumerate() {
            if !is_name(&field.name) {
                return Err(wrong("a field's name is lower-case letters, digits and underscores"));
            }
            if by_name.insert(field.name.clone(), place).is_some() {
                return Err(wrong("two fields have the same name"));
            }
        }
        Ok(Self { fields, by_name })
    }

    /// The declared fields in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Where a field stands, if it is declared.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}

/// Whether `text` can name a field, a feature, a list or a rule: `[a-z][a-z0-9_]{0,63}`.
pub fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
