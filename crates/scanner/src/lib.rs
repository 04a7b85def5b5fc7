//! Not opened yet.
