//! Outside parties.

pub(crate) mod create;
pub(crate) mod cut;
pub(crate) mod list;
pub(crate) mod request_resume;
pub(crate) mod resume;
pub(crate) mod show;

use doldam_store::processor::Processor;
use serde::Serialize;
use utoipa::ToSchema;

/// An outside party.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProcessorBody {
    /// Its number: P-1.
    id: String,
    /// The name of the firm.
    name: String,
    /// outsourcing or provision.
    relation: String,
}

impl From<Processor> for ProcessorBody {
    fn from(held: Processor) -> Self {
        Self { id: held.id.to_string(), name: held.name, relation: held.relation }
    }
}
