//! The second person's consent.

pub(crate) mod agree;
pub(crate) mod list;
