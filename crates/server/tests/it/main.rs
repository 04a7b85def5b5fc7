//! The server from outside: real sockets, a real vault, invented people.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod alone;
#[cfg(test)]
#[path = "../sign_in/authenticator.rs"]
mod authenticator;
#[cfg(test)]
mod client;
#[cfg(test)]
mod cutting;
#[cfg(test)]
mod document;
#[cfg(test)]
mod fraud;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod leak;
#[cfg(test)]
#[expect(dead_code, reason = "the tests inside the crate use the rest")]
#[path = "../sign_in/liar.rs"]
mod liar;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod messaging;
#[cfg(test)]
mod once;
#[cfg(test)]
mod outsiders;
#[cfg(test)]
mod overload;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod people;
#[cfg(test)]
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
#[cfg(test)]
mod public;
#[cfg(test)]
mod running;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod search;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod stranger;
#[cfg(test)]
mod telling;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod world;
