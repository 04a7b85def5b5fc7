//! The law and its clocks, seen from outside the crate.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop at what should not be")]

mod bank;
mod clocks;
mod every_row;
mod frozen;
mod incident;
mod notice;
mod seed;
mod watch;
mod world;
