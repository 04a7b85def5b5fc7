//! What holds over a million people, what is true of leaks, and what git says of our repository.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod corpus;
mod leaks;
mod million;
