//! Notices on the web site, for whoever cannot be reached. The public door has them, nobody signs
//! in, and no data of a person is within reach.

pub(crate) mod list;
pub(crate) mod show;
