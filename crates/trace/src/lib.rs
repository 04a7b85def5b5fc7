//! A leaked file in, persons and origin out.
//!
//! Two questions decide what a company does in the first hour after a file turned up: *whose data
//! is it* and *whose copy is it*. The first must be exact, because a regulator counts it and every
//! person on the list gets a text; so it is answered by looking every value up, never by sampling.
//! The second is evidence, not proof; so it is answered as a likelihood over everybody who ever
//! held the rows, the company itself included, with the reasons spelt out.
//!
//! The rooms follow the file: [`mod@column`] finds out what its columns hold, `matching` looks every
//! row up and [`match_ladder`] picks its person, [`attribution`] weighs the origins, [`affected`]
//! freezes the list, [`report`] writes it down. What the tracer must ask is a trait,
//! [`house::House`], so that the same code runs over the vault and, without any installation, over
//! a bare customer list.

pub mod affected;
pub mod attribution;
pub mod column;
pub mod error;
mod facts;
pub mod house;
pub mod intake;
mod lookup;
pub mod match_ladder;
mod matching;
pub mod report;
pub mod rows;
mod tracer;

pub use error::TraceError;
pub use house::{House, InMemoryHouse};
pub use tracer::{Trace, trace, trace_file};
