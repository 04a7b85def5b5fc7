//! People who do not exist, and an outside world that misbehaves on demand.
//!
//! Demos, drills and tests must never touch a real person, so everything in them grows from a
//! [`Seed`]: the customers of a bank, what the bank handed out, the files that leaked and the
//! repository they are found in. The same seed gives the same bytes on every machine.
//!
//! This crate shares no pattern and no validator with `scanner`: what one of them believes a phone
//! number to be is then checked by the other, not repeated.

pub mod bank;
pub mod corpus;
pub mod encode;
pub mod error;
pub mod leak;
pub mod people;
pub mod seed;
pub mod smsc;

pub use encode::Encoding;
pub use error::SyntheticError;
pub use people::{Column, People, Person};
pub use seed::{Seed, SeededEntropy};
pub use smsc::Smsc;
