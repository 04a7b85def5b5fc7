//! Pseudonyms that processors come back with.

pub(crate) mod remap;
