//! Both further ways in, from outside: an authenticator and two identity providers, one of which
//! lies.

mod attacks;
mod authenticator;
mod browser;
mod liar;
mod passkeys;
mod provider;
mod world;
