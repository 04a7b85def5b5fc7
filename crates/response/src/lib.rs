//! The story of an incident, told from the law's side.
//!
//! A company that learns of a leak asks two questions within the hour: *what must we do*, and *by
//! when*. Two rooms answer them:
//!
//! - [`duty`] holds the law as dated data (`rules/*.toml`) and evaluates it over the facts of an
//!   incident in three-valued logic: a duty is due, not due, or *unknown*, and then it says which
//!   facts have to be answered first. It never guesses.
//! - [`clock`] runs a legal clock per duty, and per person where the law counts persons. A clock
//!   stops only on evidence, and waits only for a reason that its row of the table allows.
//!
//! Both are pure: facts, events and the time are passed in, so that the same facts and the same
//! table give the same answer years later, before a regulator or a court.
//!
//! What it is not: legal advice. The rows were written in the authors' own words from public copies
//! of the texts, each says how sure it is, and counsel must sign each before it is relied on. See
//! the crate's README for how a row is added.

pub mod clock;
pub mod contain;
pub mod docket;
pub mod duty;
mod error;
pub mod incident;
mod row;
pub mod timeline;
pub mod words;

pub use error::{ClockRefusal, ResponseError};
