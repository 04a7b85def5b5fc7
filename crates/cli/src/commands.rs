//! One file a command: what its flags are, and what it does with the rooms below.

pub(crate) mod processor;
