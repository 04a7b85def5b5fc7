//! The story test: the whole line on invented people, with and without trouble.

#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
mod story;
