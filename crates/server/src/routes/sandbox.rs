//! Invented people, so that nobody needs a real one to write a program.

pub(crate) mod show;
