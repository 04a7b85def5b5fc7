//! Short messages by SMPP 3.4, the protocol that every operator's gateway speaks.
//!
//! The codec is our own: a client needs a dozen PDUs, must read what real gateways send rather than
//! what the standard says, and none of the libraries comes without an asynchronous runtime. Two
//! servers that share no line with it are its tests: the simulator of `doldam-synthetic` and the
//! Python package `smpp34`.

pub mod gateway;
pub(crate) mod link;
pub(crate) mod pdu;
pub(crate) mod receipt;
