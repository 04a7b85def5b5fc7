//! By what processors come in, and the switch that ends all of it.
//!
//! A cut has two halves. First, in memory: no new request of the processor is let in and those that
//! run are stopped. This needs no disk and is over in microseconds. Then, durably: the order is
//! written, each kind of credential revokes what it has, and the proof is signed. A process that
//! dies in between finds its unproved orders and finishes them before it lets anybody in.

mod api_key;
mod cut;
mod domain;
mod message;
mod resume;
mod running;

use doldam_ground::ids::{CutId, ProcessorId};
use doldam_vault::Actor;

use crate::error::ProcessorsError;

pub use api_key::{ApiKeys, Caller, Issued, KEY_DAYS_MAX, Scope};
pub use cut::{CutPart, CutProof};
pub use domain::Domains;
pub use message::Messages;
pub use resume::Standing;
pub(crate) use resume::require_let_in;
pub use running::{Pass, Running};

/// An order to cut a processor off.
#[derive(Clone, Debug)]
pub struct CutOrder {
    /// Its number.
    pub id: CutId,
    /// Who ordered it, and from where.
    pub actor: Actor,
    /// Why, in words without personal data.
    pub reason: String,
}

/// A kind of credential by which processors get at data. Every kind that is ever added implements
/// this and is listed in [`Processors::open`](crate::Processors::open).
pub trait Revocable: Send + Sync {
    /// What it is, in the plural: "API keys".
    fn name(&self) -> &'static str;

    /// Takes away all that the processor has of it; gives how many worked. Safe to repeat.
    fn revoke_all(&self, processor: ProcessorId, order: &CutOrder) -> Result<u64, ProcessorsError>;
}
