//! Why a file could not be traced. No message holds a value or a part of a line.

use doldam_vault::VaultError;

/// Why a file could not be traced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The house could not answer; `code` is the stable code of its own error.
    #[error("the customer register did not answer ({code}): run `doldam doctor`, then trace again")]
    House {
        /// The stable code of the register's error, never its text.
        code: &'static str,
    },
    /// The vault could not do its part.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The file is larger than what is taken in as evidence.
    #[error("the file is larger than {most} bytes: split it and trace the parts")]
    TooLarge {
        /// The limit that was hit.
        most: u64,
    },
    /// The file could not be opened or read as a whole.
    #[error("{message}")]
    Read {
        /// The reader's stable code.
        code: &'static str,
        /// The reader's own log-safe sentence, which says what to do.
        message: String,
    },
    /// More rows than one run accepts (`limits::TRACE_ROWS_MAX`).
    #[error("the file has more than {most} rows: split it and trace the parts")]
    TooManyRows {
        /// The limit that was hit.
        most: usize,
    },
    /// More subjects than ordinals.
    #[error("the customer list has more than {most} rows: use an installation instead")]
    TooManySubjects {
        /// The limit that was hit.
        most: u32,
    },
    /// No column of the customer list names a kind by which a person can be recognised.
    #[error(
        "no column of the customer list is recognised: give it a header such as ci,nickname,phone"
    )]
    NoCustomerColumns,
    /// A house broke its contract: it gave a different number of answers than questions.
    #[error("the customer register gave {given} answers to {asked} questions: report this fault")]
    Miscounted {
        /// How many questions were put.
        asked: usize,
        /// How many answers came.
        given: usize,
    },
    /// A subject that is not on the affected list was asked for.
    #[error("this person is not on the affected list, so there is no proof of membership")]
    NotAMember,
    /// The key or the token of the signer did not work; `code` is the signer's own code.
    #[error("the affected list could not be signed ({code}): check the signing key")]
    Signing {
        /// The signer's stable code.
        code: &'static str,
    },
}

impl TraceError {
    /// A stable word for scripts and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::House { .. } => "trace.house",
            Self::Vault(error) => error.code(),
            Self::TooLarge { .. } => "trace.too_large",
            Self::Read { code, .. } => code,
            Self::TooManyRows { .. } => "trace.too_many_rows",
            Self::TooManySubjects { .. } => "trace.too_many_subjects",
            Self::NoCustomerColumns => "trace.no_customer_columns",
            Self::Miscounted { .. } => "trace.miscounted",
            Self::NotAMember => "trace.not_a_member",
            Self::Signing { .. } => "trace.signing",
        }
    }
}

impl From<doldam_scanner::ReadError> for TraceError {
    /// Keeps the reader's code and sentence; both are log-safe.
    fn from(error: doldam_scanner::ReadError) -> Self {
        Self::Read { code: error.code(), message: error.to_string() }
    }
}
