//! Sending, against gateways that misbehave and one that somebody else wrote.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
mod kill;
mod peer;
mod sending;
mod world;
