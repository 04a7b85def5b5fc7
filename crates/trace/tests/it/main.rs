//! The tracer over invented worlds: whose data, whose copy.

#![expect(clippy::print_stdout, reason = "the figures are what these tests are read for")]
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod attribution;
mod columns;
mod intake;
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
mod pseudonyms;
mod speed;
mod world;
