//! What machines around the server ask.

pub(crate) mod health;
pub(crate) mod house;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod ready;
