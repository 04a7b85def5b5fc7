//! What the rooms of this crate do together.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod alerts;
mod desk;
mod language;
mod naive;
mod origin;
mod published;
mod rules;
mod starter;
