//! What fraud detection keeps: its ordered log, the texts that the log names, and what people do
//! about decisions.
//!
//! The log's entries are bytes to this room; `doldam-fraud` alone says what they mean.

pub mod alert;
pub mod artifact;
pub mod case;
pub mod log;
pub mod measure;
