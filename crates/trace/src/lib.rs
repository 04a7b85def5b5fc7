//! A leaked file in, persons and origin out.
//!
//! Two questions decide what a company does in the first hour after a file turned up: *whose data
//! is it* and *whose copy is it*. The first must be exact, because a regulator counts it and every
//! person on the list gets a text; so it is answered by looking every value up, never by sampling.
//! The second is evidence, not proof; so it is answered as a likelihood over everybody who ever
//! held the rows, the company itself included, with the reasons spelt out.
//!
//! What the tracer must ask is a trait, [`house::House`], so that the same code runs over the vault
//! and, without any installation, over a bare customer list.

pub mod error;
pub mod house;
pub mod match_ladder;

pub use error::TraceError;
pub use house::{House, InMemoryHouse};
