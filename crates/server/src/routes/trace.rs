//! Files that turned up.

pub(crate) mod create;
pub(crate) mod show;
