//! Sending, against gateways that misbehave and one that somebody else wrote.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod broken;
mod faults;
mod kill;
mod liar;
mod lies;
mod peer;
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
mod sending;
mod world;
