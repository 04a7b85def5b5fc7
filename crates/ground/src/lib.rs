//! The words of the product.
//!
//! If two rooms speak of a thing, its word is here: typed ids, kinds of personal data, values that
//! cannot be printed, clocks and entropy that are passed in, and every limit in one place. Ground
//! knows no database, no network, no file, no real time and no real randomness, so everything that
//! stands on it can be replayed from a seed.

pub mod clock;
pub mod deadline;
pub mod entropy;
pub mod ids;
pub mod kind;
pub mod limits;
pub mod locale;
pub mod logsafe;
pub mod mark;
pub mod mask;
pub mod pii;

pub use clock::{Clock, Instant, MockClock};
pub use entropy::Entropy;
pub use kind::Kind;
pub use logsafe::LogSafe;
pub use pii::Pii;
