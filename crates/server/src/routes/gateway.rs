//! By what texts go out.

pub(crate) mod list;
