//! Judge a transaction in microseconds, and be able to say years later why.
//!
//! What happens outside comes in as [`event`]s about pseudonyms. [`feature`]s look back over exact
//! windows of them, a [`model`] scores, [`rule`]s decide, [`list`]s say who is known. Everything
//! that a decision depends on stands in one ordered log, so a replay of the log gives the same
//! decisions bit for bit; that is why no room of this crate asks for the time or for chance, and
//! why money is counted in whole minor units.

pub mod error;
pub mod event;
pub mod frame;
pub mod list;
pub mod schema;
pub mod value;

pub use error::FraudError;
pub use event::{Event, EventId, EventKind};
pub use frame::{Frame, Scope, Slot};
pub use schema::{Field, FieldType, Schema};
pub use value::{Span, Type, Value};
