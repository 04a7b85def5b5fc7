//! Texts that processors may have sent.

pub(crate) mod create;
pub(crate) mod list;

use std::collections::BTreeMap;

use doldam_processors::RegisteredText;
use serde::Serialize;
use utoipa::ToSchema;

/// A text that staff registered for a processor.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplateBody {
    /// Its number: W-1.
    id: String,
    /// How the processor asks for it.
    name: String,
    /// Counts the texts of that name.
    version: u32,
    /// The text of each language.
    texts: BTreeMap<String, String>,
    /// Its holes.
    variables: Vec<String>,
    /// Addresses and telephone numbers that it may name.
    allowed: Vec<String>,
    /// The request for a second person's consent: A-1.
    approval: String,
    /// Whether that was given; the newest such text of a name is used.
    agreed: bool,
    created_at: String,
}

impl From<RegisteredText> for TemplateBody {
    fn from(held: RegisteredText) -> Self {
        let texts = held.text.texts.into_iter();
        Self {
            id: held.id.to_string(),
            name: held.text.name,
            version: held.version,
            texts: texts.map(|(language, text)| (language.code().to_owned(), text)).collect(),
            variables: held.variables,
            allowed: held.text.allowed,
            approval: held.approval.to_string(),
            agreed: held.is_agreed,
            created_at: held.created_at,
        }
    }
}
