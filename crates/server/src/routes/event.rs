//! What changed, while one looks.

pub(crate) mod listen;
