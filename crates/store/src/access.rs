//! Who comes in, by what, and what they were answered: sessions of staff, keys of processors, the
//! files that wait for them, orders to cut them off, and answers that must not be given twice.
//!
//! Secrets never stand here: a session and a key are found by the SHA-256 of 256 random bits, which
//! nobody can turn round, and an answer is sealed.

pub mod answer;
pub mod api_key;
pub mod attempt;
pub mod cut;
pub mod delivery;
pub mod passkey;
pub mod rider;
pub mod session;
pub mod sso;
pub mod staff_access;
