//! Sealed files for processors.

pub(crate) mod fetch;
pub(crate) mod list;
pub(crate) mod publish;

use doldam_ground::Instant;
use doldam_processors::Shipment;
use doldam_store::access::delivery::Delivery;
use serde::Serialize;
use utoipa::ToSchema;

/// A sealed file for a processor.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// Its number: V-1.
    id: String,
    /// What is delivered: D-1.
    disclosure: String,
    /// To whom: P-1.
    processor: String,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
    /// Length of the file.
    bytes: u64,
    /// Since when it may be fetched.
    published_at: Option<String>,
    /// Until when.
    available_until: Option<String>,
    /// Each time that it was fetched.
    fetches: Vec<FetchBody>,
}

/// One time that a delivery was fetched.
#[derive(Serialize, ToSchema)]
pub(crate) struct FetchBody {
    api_key: String,
    started_at: String,
    ended_at: Option<String>,
    /// whole or aborted.
    outcome: Option<String>,
}

impl DeliveryBody {
    fn new(held: &Delivery) -> Self {
        Self {
            id: held.id.to_string(),
            disclosure: held.disclosure.to_string(),
            processor: held.processor.to_string(),
            sha256: data_encoding::HEXLOWER.encode(&held.sha256),
            bytes: held.bytes,
            published_at: held.published_at.map(Instant::to_rfc3339),
            available_until: held.available_until.map(Instant::to_rfc3339),
            fetches: Vec::new(),
        }
    }
}

impl From<&Shipment> for DeliveryBody {
    fn from(shipment: &Shipment) -> Self {
        let fetches = shipment.fetches.iter().map(|fetch| FetchBody {
            api_key: fetch.api_key.to_string(),
            started_at: fetch.started_at.to_rfc3339(),
            ended_at: fetch.ended_at.map(Instant::to_rfc3339),
            outcome: fetch.outcome.clone(),
        });
        Self { fetches: fetches.collect(), ..Self::new(&shipment.delivery) }
    }
}
