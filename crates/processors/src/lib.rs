//! Outside parties: who they are, what waits for them, by what they come in, and how they are cut
//! off.
//!
//! An outsider's certificate of destruction is worth nothing when their access still works. So
//! everything by which a processor gets at data is made to be taken away: it is
//! [`Revocable`](access::Revocable), a [`cut`](Processors::cut) goes through all of it, stops what
//! runs before it touches the disk, and ends in a signed proof of what was cut and when.
//!
//! The registry itself is thin: a processor and its disclosures stand in the vault.

pub mod access;
pub mod delivery;
mod error;
pub mod message;
mod registry;

pub use access::{ApiKeys, Caller, CutProof, Running, Scope, Standing};
pub use delivery::{Fetching, Shipment};
pub use error::ProcessorsError;
pub use message::worker::{Messenger, Turn};
pub use message::{MessageState, NewText, RegisteredText, Values};
pub use registry::Processors;
