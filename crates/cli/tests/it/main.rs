//! The real binary, as people and scripts run it: exit codes, what stands on standard output, what
//! is said on standard error, and that nothing is lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod demo;
mod drill;
mod errand;
mod fraud;
mod fraud_killed;
mod help;
mod line;
mod serving;
mod staff;
mod support;
#[path = "../../../store/tests/support/postgres.rs"]
mod test_database;
mod wrong;
