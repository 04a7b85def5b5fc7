//! The vault keeps real identities and gives each processor pseudonyms of its own.
//!
//! What a person is called, dialled or billed by is sealed under a key of that person's own
//! ([`record`](crate::Attributes), [`seal`]); it is found again through a keyed blind index
//! ([`index`]); a processor gets pseudonyms of a random handle ([`pseudonym`]) in a signed
//! disclosure with canaries ([`disclosure`]); and every time somebody's data leaves, a line of the
//! access log is durable first ([`checkpoint`]).

mod approval;
mod backup;
mod break_glass;
pub mod checkpoint;
pub mod disclosure;
mod domain;
mod enrol;
mod erase;
pub mod error;
mod find;
pub mod index;
pub mod keyring;
mod known;
mod look;
pub mod pseudonym;
mod record;
mod reference;
mod remap;
mod resume;
mod reveal;
pub mod seal;
pub mod sealed_file;
pub mod siv;
mod staff;
#[cfg(test)]
mod testing;
mod tombstone;
mod vault;

pub use approval::StaffMember;
pub use backup::{KeyBackup, MissingKeys};
pub use break_glass::{BREAK_GLASS, Glass};
pub use enrol::{Enrolled, Enrolment, Refusal, Refused, Row, Source};
pub use erase::ErasureState;
pub use error::VaultError;
pub use look::{Looks, Masked};
pub use record::Attributes;
pub use remap::{Remapped, Shown};
pub use reveal::{BulkReveal, Revealed};
pub use staff::{INSPECTOR, Newcomer};
pub use vault::{
    Actor, Numbered, Place, SEALED_FOLDERS, Vault, members_from_bytes, members_to_bytes,
};
