//! The rooms as HTTP: sign-in, permissions, idempotency, limits. No business rule stands here.
//!
//! Two doors. Staff come in by the one, with a session cookie; processors' programs by the other,
//! with a key. A credential of the one is nothing at the other. What each may do stands in one
//! table ([`permission`]); a route that is not in it answers nobody.
//!
//! Each request goes: connection ([`serve`]) → headers, time and count ([`app`]) → who, may they,
//! was it answered before (`gate`) → one function in one file under `routes/` → the rooms below,
//! on a bounded number of threads that may wait.

mod answer;
pub mod app;
mod blocking;
mod channels;
mod console;
mod error;
mod fraud;
mod gate;
mod gateways;
mod input;
mod looking;
mod messages;
mod metrics;
pub mod openapi;
pub mod permission;
mod principal;
mod problem;
mod public;
mod recovery;
mod routes;
mod sending;
pub mod serve;
mod sign_in;
mod telling;
pub mod tls;
mod wording;

pub use app::Settings;
pub use channels::Channels;
pub use error::ServerError;
pub use fraud::FraudSettings;
pub use serve::{ReloadSwitch, Server, StopSwitch};
pub use sign_in::error::SignInError;
pub use sign_in::sso::token::TokenFault;
pub use sign_in::ways::{SsoSettings, Ways};
pub use tls::{CertificateFiles, Certificates};
