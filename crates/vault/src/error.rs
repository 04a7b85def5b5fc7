//! What can go wrong in the vault, in words that may be logged.

use doldam_ground::ids::{ApprovalId, DisclosureId, DomainId};
use doldam_ground::{Instant, LogSafe};
use doldam_store::StoreError;

/// A failure of the vault. No variant carries personal data or key material.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// A sealed thing does not open: changed, moved, or sealed under another key.
    #[error(
        "a sealed {what} does not open: it was changed or belongs elsewhere; run `doldam doctor` and restore a backup"
    )]
    Damaged {
        /// What was to be opened.
        what: &'static str,
    },
    /// The keyring does not open with this passphrase.
    #[error(
        "wrong passphrase, or the key file was changed; nothing was opened. Try again, or restore the keys with `doldam key restore` and two shares"
    )]
    WrongPassphrase,
    /// The keyring file is not there.
    #[error(
        "the key file keys/keyring.json is missing; without it no data can be read. Restore it with `doldam key restore` and two shares"
    )]
    KeyringMissing,
    /// The keyring file is not one of ours, or of a newer version.
    #[error("the key file keys/keyring.json cannot be read: {why}")]
    KeyringUnreadable {
        /// What about it.
        why: &'static str,
    },
    /// A passphrase is too short.
    #[error("the passphrase is too short: use at least {least} characters")]
    PassphraseTooShort {
        /// How many characters it needs.
        least: usize,
    },
    /// The shares given do not make a key.
    #[error(
        "these shares do not open the backup: give {threshold} different shares of the same key backup"
    )]
    Shares {
        /// How many shares are needed.
        threshold: u8,
    },
    /// A kind may not be used in this way.
    #[error("{kind} cannot be {what}")]
    Kind {
        /// The kind's id.
        kind: String,
        /// What was asked.
        what: &'static str,
    },
    /// A domain is suspended or destroyed.
    #[error("domain {domain} is {state}; no pseudonym is issued from it")]
    DomainClosed {
        /// Which domain.
        domain: DomainId,
        /// Its state.
        state: &'static str,
    },
    /// A domain cannot be destroyed now, and nobody erased who is in its disclosures.
    #[error(
        "domain {domain} is under a legal hold and cannot be destroyed, nor can anybody be erased who is in a disclosure from it; lift the hold first"
    )]
    Held {
        /// Which domain.
        domain: DomainId,
    },
    /// An act needs a second person.
    #[error(
        "a second person must agree: request {approval} was filed; another member of staff runs `doldam approve {approval}`, then run this command again with `--approval {approval}`"
    )]
    ApprovalNeeded {
        /// The filed request.
        approval: ApprovalId,
    },
    /// An approval does not fit.
    #[error("approval {approval} cannot be used: {why}")]
    ApprovalRefused {
        /// Which request.
        approval: ApprovalId,
        /// Why not.
        why: &'static str,
    },
    /// Nobody has agreed yet.
    #[error(
        "request {approval} still waits for a second person: another member of staff runs `doldam approve {approval}`, then run this command again"
    )]
    ApprovalPending {
        /// Which request.
        approval: ApprovalId,
    },
    /// An act may not be carried by one person.
    #[error("no break-glass: {why}")]
    BreakGlass {
        /// Why not.
        why: &'static str,
    },
    /// An act may not be carried by one person yet.
    #[error("no break-glass before {}: others have an hour to agree; try again then", .ready_at.to_rfc3339())]
    BreakGlassEarly {
        /// From when on.
        ready_at: Instant,
    },
    /// A member of staff could not prove who they are.
    #[error("this member of staff is unknown, disabled, or gave a wrong secret")]
    StaffRefused,
    /// A disclosure is not known.
    #[error("there is no disclosure {0}")]
    NoDisclosure(DisclosureId),
    /// Nobody was selected.
    #[error("no subject was selected: {hint}")]
    NobodySelected {
        /// What to do.
        hint: &'static str,
    },
    /// The subject is not known, or was erased.
    #[error("no subject holds that value")]
    NoSubject,
    /// A limit was hit.
    #[error("{what} exceeds the limit of {limit}")]
    Limit {
        /// What.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
    /// A request makes no sense.
    #[error("{0}")]
    Invalid(&'static str),
    /// A file could not be read or written.
    #[error("cannot {act} {what}: {kind}")]
    File {
        /// What was done.
        act: &'static str,
        /// To which file of ours.
        what: String,
        /// The system's answer.
        kind: std::io::ErrorKind,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LogSafe for VaultError {}

impl VaultError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "vault.damaged",
            Self::WrongPassphrase => "vault.wrong_passphrase",
            Self::KeyringMissing => "vault.keyring_missing",
            Self::KeyringUnreadable { .. } => "vault.keyring_unreadable",
            Self::PassphraseTooShort { .. } => "vault.passphrase_too_short",
            Self::Shares { .. } => "vault.shares",
            Self::Kind { .. } => "vault.kind",
            Self::DomainClosed { .. } => "vault.domain_closed",
            Self::Held { .. } => "vault.held",
            Self::ApprovalNeeded { .. } => "vault.approval_needed",
            Self::ApprovalRefused { .. } => "vault.approval_refused",
            Self::ApprovalPending { .. } => "vault.approval_pending",
            Self::BreakGlass { .. } => "vault.break_glass",
            Self::BreakGlassEarly { .. } => "vault.break_glass_early",
            Self::StaffRefused => "vault.staff_refused",
            Self::NoDisclosure(_) => "vault.no_disclosure",
            Self::NobodySelected { .. } => "vault.nobody_selected",
            Self::NoSubject => "vault.no_subject",
            Self::Limit { .. } => "vault.limit",
            Self::Invalid(_) => "vault.invalid",
            Self::File { .. } => "vault.file",
            Self::Store(error) => error.code(),
        }
    }
}
