//! The vault from outside: what a process that holds a data folder may rely on.
//!
//! Everything here goes through the public interface, on real files and a real PostgreSQL; only
//! where a test plays the intruder does it write to the database behind the vault's back.

#[cfg(test)]
mod alone;
#[cfg(test)]
mod auditing;
#[cfg(test)]
mod disclosing;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod enrolling;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod looking;
#[cfg(test)]
#[path = "../../../store/tests/support/postgres.rs"]
mod postgres;
#[cfg(test)]
mod remapping;
#[cfg(test)]
mod revealing;
#[cfg(test)]
mod search;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod world;
