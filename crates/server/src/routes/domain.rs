//! Pseudonym domains: one key a processor, purpose, kind and epoch.

pub(crate) mod list;
pub(crate) mod renew;

use doldam_store::processor::Domain;
use serde::Serialize;
use utoipa::ToSchema;

/// A pseudonym domain.
#[derive(Serialize, ToSchema)]
pub(crate) struct DomainBody {
    /// Its number: M-1.
    id: String,
    /// For whom: P-1.
    processor: String,
    /// For what.
    purpose: String,
    /// Of which kind.
    kind: String,
    /// Counts up when pseudonyms change.
    epoch: u32,
    /// active, suspended or destroyed.
    state: String,
}

impl From<Domain> for DomainBody {
    fn from(held: Domain) -> Self {
        Self {
            id: held.id.to_string(),
            processor: held.processor.to_string(),
            purpose: held.purpose,
            kind: held.kind.id().to_owned(),
            epoch: held.epoch,
            state: held.state,
        }
    }
}
