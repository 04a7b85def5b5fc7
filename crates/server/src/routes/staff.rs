//! The controller's own people.

pub(crate) mod create;
pub(crate) mod disable;
pub(crate) mod list;
pub(crate) mod passphrase;
pub(crate) mod sso;
