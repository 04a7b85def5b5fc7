//! What can go wrong with the state of the windows.

use std::io;

/// Why the state cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateFault {
    /// The disk or the stream refused.
    #[error("reading or writing failed ({0})")]
    Io(io::ErrorKind),
    /// Not a snapshot of ours, or of a later version of the program.
    #[error("it is not a snapshot that this version reads")]
    Form,
    /// It was written for other features, so its windows do not fit.
    #[error("it belongs to another set of features: replay the log instead")]
    OtherFeatures,
    /// It ends too early, or its checksum does not fit.
    #[error("it is damaged: replay the log instead")]
    Damaged,
    /// More keys or texts than can be numbered.
    #[error("there are more keys than can be kept")]
    Full,
}

impl StateFault {
    /// A stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Io(_) => "state-io",
            Self::Form => "state-form",
            Self::OtherFeatures => "state-other-features",
            Self::Damaged => "state-damaged",
            Self::Full => "state-full",
        }
    }
}

impl From<io::Error> for StateFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged,
            kind => Self::Io(kind),
        }
    }
}
