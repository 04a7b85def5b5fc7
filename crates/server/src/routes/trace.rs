//! Files that turned up.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod report;
pub(crate) mod show;
