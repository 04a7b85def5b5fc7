//! Judge a transaction in microseconds, and be able to say years later why.
//!
//! What happens outside comes in as [`event`]s about pseudonyms. [`feature`]s look back over exact
//! windows of them, a [`model`] scores, [`rule`]s decide, [`list`]s say who is known. Everything
//! that a decision depends on stands in one ordered log, so a replay of the log gives the same
//! decisions bit for bit; that is why no room of this crate asks for the time or for chance, and
//! why money is counted in whole minor units.

pub mod case;
pub mod dataset;
pub mod decision;
pub mod desk;
pub mod engine;
pub mod error;
pub mod evaluate;
pub mod event;
pub mod feature;
pub mod frame;
pub mod history;
pub mod journal;
pub mod list;
pub mod measure;
pub mod model;
pub mod replay;
pub mod rule;
pub mod schema;
pub mod setup;
pub mod state;
pub mod value;
mod window;

pub use error::FraudError;
pub use event::{Event, EventId, EventKind};
pub use feature::{Feature, FeatureSet};
pub use frame::{Frame, Scope, Slot};
pub use rule::{Expression, Fault, RuleFault};
pub use schema::{Field, FieldType, Schema};
pub use state::{State, StateFault, Timeliness};
pub use value::{Span, Type, Value};
