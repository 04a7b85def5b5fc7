//! Acts of giving data.

pub(crate) mod create;
pub(crate) mod list;
mod past;
pub(crate) mod preview;
pub(crate) mod record;
pub(crate) mod request_raw;
pub(crate) mod show;

use doldam_ground::Instant;
use doldam_vault::disclosure::DisclosureSummary;
use serde::Serialize;
use utoipa::ToSchema;

/// An act of giving data.
#[derive(Serialize, ToSchema)]
pub(crate) struct DisclosureBody {
    /// Its number: D-1.
    id: String,
    /// To whom: P-1.
    processor: String,
    /// For what.
    purpose: String,
    /// Which kinds.
    fields: Vec<String>,
    /// Whether real values were given.
    raw: bool,
    /// issued or recorded.
    origin: String,
    /// prepared or given.
    state: String,
    /// When it was given.
    given_at: String,
    /// When it must be returned.
    return_by: Option<String>,
    /// How many people it is about.
    subjects: u32,
}

impl From<&DisclosureSummary> for DisclosureBody {
    fn from(facts: &DisclosureSummary) -> Self {
        Self {
            id: facts.row.id.to_string(),
            processor: facts.row.processor.to_string(),
            purpose: facts.row.purpose.clone(),
            fields: facts.fields.iter().map(|field| field.kind.id().to_owned()).collect(),
            raw: facts.fields.iter().any(|field| field.raw),
            origin: facts.row.origin.clone(),
            state: facts.row.state.clone(),
            given_at: facts.row.given_at.to_rfc3339(),
            return_by: facts.row.return_by.map(Instant::to_rfc3339),
            subjects: facts.row.subject_count,
        }
    }
}
