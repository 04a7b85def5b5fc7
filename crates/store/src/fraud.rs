//! What fraud detection keeps: its ordered log and the texts that the log names.
//!
//! The log's entries are bytes to this room; `doldam-fraud` alone says what they mean.

pub mod artifact;
pub mod log;
