//! Finds personal data in anything.

pub mod read;
