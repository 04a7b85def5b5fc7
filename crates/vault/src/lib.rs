//! The vault.
pub mod error;
pub mod index;
pub mod keyring;
pub mod pseudonym;
pub mod seal;
pub mod siv;
#[cfg(test)]
mod testing;

pub use error::VaultError;
