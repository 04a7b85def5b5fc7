//! What can go wrong while people are told. No variant carries a text, a number or a name.

use doldam_store::StoreError;

/// Why a dispatch stopped, or a text cannot be used. Display is log-safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// The ledger refused; nothing was sent that it does not know of.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway cannot be reached, or hung up.
    #[error(
        "the gateway cannot be reached: check its address and that the network lets us out; what \
         was not sent stays planned"
    )]
    Unreachable,
    /// The gateway refused the sign-in.
    #[error("the gateway refused the sign-in with SMPP status {status:#010x}: check the account")]
    Bind {
        /// The `command_status` (SMPP 3.4, 5.1.3).
        status: u32,
    },
    /// A setting of the gateway cannot be used.
    #[error("the setting {setting} of the gateway cannot be used: {why}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Whoever knows the recipients could not say who they are.
    #[error("the recipients cannot be looked up ({code}): nothing more was sent")]
    Recipients {
        /// The code of the other side's error.
        code: &'static str,
    },
    /// A template cannot be read.
    #[error("line {line} of the template cannot be read: {why}")]
    Template {
        /// Line, counted from 1; 0 when the fault has no place.
        line: usize,
        /// What kind of fault it is.
        why: &'static str,
    },
    /// A character has no place in the encoding.
    #[error("character {place} of the text does not exist in {encoding}: see the linter")]
    Unencodable {
        /// Its place, counted from 1.
        place: usize,
        /// The name of the encoding.
        encoding: &'static str,
    },
    /// The text takes more short messages than one notice may have.
    #[error("the text takes {parts} short messages; {most} are allowed: shorten it")]
    TooLong {
        /// Short messages that it would take.
        parts: usize,
        /// The limit.
        most: usize,
    },
}

impl NotifyError {
    /// A stable word for programs that read our errors.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Unreachable => "notify.unreachable",
            Self::Bind { .. } => "notify.bind",
            Self::Setting { .. } => "notify.setting",
            Self::Recipients { .. } => "notify.recipients",
            Self::Template { .. } => "notify.template",
            Self::Unencodable { .. } => "notify.unencodable",
            Self::TooLong { .. } => "notify.too-long",
        }
    }
}
