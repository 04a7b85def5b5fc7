//! How a command fails: what happened, what to do about it, and the exit code.
//!
//! Every error of the rooms below is log-safe and most say in their last clause what to do. Here
//! that clause becomes the `hint:` line, so that a person finds it and a script can drop it.

use std::fmt;
use std::io;

use doldam_drill::DrillError;
use doldam_scanner::ReadError;
use doldam_scanner::read::people::known_headers;
use doldam_server::ServerError;
use doldam_store::StoreError;
use doldam_trace::TraceError;
use doldam_vault::VaultError;

/// Exit code when personal data was found, or an audit has faults.
pub(crate) const FOUND: u8 = 1;
/// Exit code of errors and of wrong usage.
pub(crate) const ERROR: u8 = 2;
/// Exit code when it can work later: somebody must agree first, or another process is at it
/// (`EX_TEMPFAIL` of sysexits.h).
pub(crate) const NOT_READY: u8 = 75;

/// A failure with advice. Both texts must be log-safe: no value, no line of a file.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: String,
    code: u8,
}

impl Failure {
    /// What happened, and what to do.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), code: ERROR }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// A failure as an [`anyhow::Error`].
pub(crate) fn failure(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Failure::new(message, hint).into()
}

/// A failure of something that can work later.
pub(crate) fn not_ready(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Failure { code: NOT_READY, ..Failure::new(message, hint) }.into()
}

/// A failure to read or write a file that the user named: the path is theirs and may be shown.
pub(crate) fn file_failure(act: &str, path: &std::path::Path, error: &io::Error) -> anyhow::Error {
    failure(format!("cannot {act} {}: {}", path.display(), error.kind()), advice(error.kind()))
}

const fn advice(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::AlreadyExists => {
            "name a file that does not exist yet, or move this one away"
        }
        io::ErrorKind::PermissionDenied => "check who may read and write it, and its folder",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space on the disk, then repeat"
        }
        io::ErrorKind::FileTooLarge => {
            "the file would grow beyond what this process may write; raise that limit, then repeat"
        }
        _ => "check the path, the disk and the rights",
    }
}

/// What is shown of an error: what happened, and what to do.
pub(crate) fn explain(error: &anyhow::Error) -> (String, Option<String>) {
    for cause in error.chain() {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            return (failure.message.clone(), Some(failure.hint.clone()));
        }
        if let Some(error) = cause.downcast_ref::<VaultError>() {
            return explain_vault(error);
        }
        if let Some(error) = cause.downcast_ref::<TraceError>() {
            return match error {
                TraceError::Vault(error) => explain_vault(error),
                other => split(&other.to_string(), ": "),
            };
        }
        if let Some(error) = cause.downcast_ref::<ServerError>() {
            return match error {
                ServerError::Vault(error) => explain_vault(error),
                other => split(&other.to_string(), "; "),
            };
        }
        if let Some(error) = cause.downcast_ref::<DrillError>() {
            return split(&error.to_string(), ": ");
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return explain_store(error);
        }
        if let Some(error) = cause.downcast_ref::<ReadError>() {
            return explain_read(error);
        }
    }
    (format!("{error:#}"), None)
}

fn explain_vault(error: &VaultError) -> (String, Option<String>) {
    let text = error.to_string();
    let own = match error {
        VaultError::Store(error) => return explain_store(error),
        VaultError::File { kind, .. } => Some(advice(*kind)),
        VaultError::DomainClosed { .. } => Some("`doldam domain list` shows all domains"),
        VaultError::NoSubject => {
            Some("check the value and its kind; somebody who was erased is not found any more")
        }
        VaultError::NoDisclosure(_) => Some("`doldam disclose list` shows all disclosures"),
        VaultError::StaffRefused => {
            Some("check --as and --secret-file; `doldam staff list` shows the names")
        }
        VaultError::ApprovalRefused { .. } => Some("`doldam approve` lists the open requests"),
        VaultError::KeyringUnreadable { .. } => Some(
            "keep a copy of the file, then restore it with `doldam key restore` and two shares",
        ),
        VaultError::Limit { .. } | VaultError::Kind { .. } => {
            Some("ask for less or for other fields")
        }
        _ => None,
    };
    match own {
        Some(hint) => (text, Some(hint.to_owned())),
        None if text.contains("; ") => split(&text, "; "),
        None => split(&text, ": "),
    }
}

fn explain_store(error: &StoreError) -> (String, Option<String>) {
    let text = error.to_string();
    if matches!(error, StoreError::InDoubt { .. } | StoreError::Poisoned) {
        let message = text.rsplit_once(": ").map_or(text.as_str(), |(message, _)| message);
        let hint = "look whether the disk is full (`doldam doctor`), then run any command: what \
                    was finished is there, what was not is given up";
        return (message.to_owned(), Some(hint.to_owned()));
    }
    let (message, hint) = text.rsplit_once(": ").unwrap_or((&text, "see `doldam doctor`"));
    (message.to_owned(), Some(hint.to_owned()))
}

fn explain_read(error: &ReadError) -> (String, Option<String>) {
    match error {
        ReadError::Io(kind) => (error.to_string(), Some(advice(*kind).to_owned())),
        ReadError::Row(_) => (error.to_string(), Some("mend that line, then repeat".to_owned())),
        ReadError::NoKnownKind => {
            let (message, _) = split(&error.to_string(), ": ");
            (message, Some(format!("the first line must name the columns: {}", known_headers())))
        }
        ReadError::UnknownColumns(_) => {
            let (message, _) = split(&error.to_string(), ": ");
            let hint = format!("rename to one of {}, or pass --ignore-unknown", known_headers());
            (message, Some(hint))
        }
        _ => split(&error.to_string(), ": "),
    }
}

/// Parts an error's text from the advice at its end.
fn split(text: &str, mark: &str) -> (String, Option<String>) {
    let (message, hint) = text.split_once(mark).unwrap_or((text, "see `doldam doctor`"));
    (message.to_owned(), Some(hint.to_owned()))
}

/// The exit code of an error.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    let store = |error: &StoreError| matches!(error, StoreError::Busy | StoreError::Locked);
    let vault = |error: &VaultError| match error {
        VaultError::ApprovalNeeded { .. }
        | VaultError::ApprovalPending { .. }
        | VaultError::BreakGlassEarly { .. } => true,
        VaultError::Store(error) => store(error),
        _ => false,
    };
    let is_early = error.chain().any(|cause| {
        cause.downcast_ref::<VaultError>().is_some_and(vault)
            || cause.downcast_ref::<Failure>().is_some_and(|failure| failure.code == NOT_READY)
            || cause.downcast_ref::<StoreError>().is_some_and(store)
    });
    if is_early { NOT_READY } else { ERROR }
}

/// Whether nobody reads what we write any more: `doldam … | head` is a success.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doldam_ground::ids::ApprovalId;

    #[test]
    fn advice_stands_on_a_line_of_its_own() {
        let (message, hint) = explain(&VaultError::from(StoreError::Locked).into());
        assert_eq!(message, "another process holds this data folder");
        assert!(hint.is_some_and(|hint| hint.starts_with("stop it")));
        let (message, hint) = explain(&ReadError::Empty.into());
        assert_eq!(
            (message.as_str(), hint.as_deref()),
            ("the file is empty", Some("nothing to read"))
        );
        let (message, hint) = explain(&VaultError::WrongPassphrase.into());
        assert!(message.starts_with("wrong passphrase") && hint.is_some());
    }

    #[test]
    fn every_error_of_the_vault_has_a_hint() {
        for error in [
            VaultError::KeyringMissing,
            VaultError::NoSubject,
            VaultError::StaffRefused,
            VaultError::PassphraseTooShort { least: 15 },
            VaultError::Shares { threshold: 2 },
            VaultError::Damaged { what: "record" },
            VaultError::ApprovalNeeded { approval: ApprovalId::new(1) },
        ] {
            let text = error.to_string();
            assert!(explain(&error.into()).1.is_some(), "{text}");
        }
    }

    #[test]
    fn what_can_work_later_has_its_own_exit_code() {
        let needed = VaultError::ApprovalNeeded { approval: ApprovalId::new(1) };
        assert_eq!(exit_code(&needed.into()), NOT_READY);
        let pending = VaultError::ApprovalPending { approval: ApprovalId::new(1) };
        assert_eq!(exit_code(&pending.into()), NOT_READY);
        let refused = VaultError::ApprovalRefused { approval: ApprovalId::new(1), why: "spent" };
        assert_eq!(exit_code(&refused.into()), ERROR);
        assert_eq!(exit_code(&StoreError::Busy.into()), NOT_READY);
        assert_eq!(exit_code(&VaultError::WrongPassphrase.into()), ERROR);
    }

    #[test]
    fn only_a_closed_pipe_is_a_success() {
        let error = |kind| anyhow::Error::from(io::Error::from(kind)).context("writing");
        assert!(is_broken_pipe(&error(io::ErrorKind::BrokenPipe)));
        assert!(!is_broken_pipe(&error(io::ErrorKind::StorageFull)));
    }
}
