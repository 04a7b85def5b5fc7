//! The people whose data the controller holds: only how many.

pub(crate) mod count;
