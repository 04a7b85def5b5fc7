//! The scanner as a whole: what is planted is found, where it was put, through every container.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod accuracy;
mod archives;
mod corpus;
mod history;
mod reports;
