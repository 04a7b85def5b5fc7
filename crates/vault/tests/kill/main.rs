//! kill -9, in a binary of its own.
//!
//! These tests start processes all the time, and between fork and exec a new process holds a copy of
//! every lock of this one. A test that closes a vault and opens it again could find it locked by
//! such a copy, so no other test runs beside these.

#[cfg(test)]
mod killing;
#[cfg(test)]
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
#[cfg(test)]
#[expect(dead_code, unused_macros, unused_imports, reason = "the other tests use the rest")]
#[path = "../it/world.rs"]
mod world;
