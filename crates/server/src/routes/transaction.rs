//! Transactions: what to do with one, and what became known of it.

mod batch;
pub(crate) mod decide;
pub(crate) mod label;
