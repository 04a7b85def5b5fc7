//! What can go wrong in a drill.

use doldam_fraud::FraudError;
use doldam_notify::NotifyError;
use doldam_response::ResponseError;
use doldam_store::StoreError;
use doldam_synthetic::SyntheticError;
use doldam_trace::TraceError;
use doldam_vault::VaultError;

/// Why a drill stopped. Nobody in it exists, and still no message holds a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrillError {
    /// The temporary folder could not be made or written.
    #[error("the drill's temporary folder cannot be used ({0}): check the disk")]
    Folder(std::io::ErrorKind),
    /// A step came out otherwise than it must.
    #[error("the drill found a fault: {what}: {found} instead of {expected}; please report it")]
    Differs {
        /// What was counted.
        what: &'static str,
        /// How many there must be.
        expected: u64,
        /// How many there were.
        found: u64,
    },
    /// A drill of nobody, or of more people than there are.
    #[error("a drill takes 100 to 1,000,000 subjects")]
    Subjects,
    /// A room refused.
    #[error("{message}")]
    Room {
        /// The room's own word for programs.
        code: &'static str,
        /// The room's own message.
        message: String,
    },
}

impl DrillError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Folder(_) => "drill.folder",
            Self::Differs { .. } => "drill.differs",
            Self::Subjects => "drill.subjects",
            Self::Room { code, .. } => code,
        }
    }
}

impl From<std::io::Error> for DrillError {
    fn from(error: std::io::Error) -> Self {
        Self::Folder(error.kind())
    }
}

macro_rules! from_rooms {
    ($($error:ty),+) => {
        $(impl From<$error> for DrillError {
            fn from(error: $error) -> Self {
                Self::Room { code: error.code(), message: error.to_string() }
            }
        })+
    };
}
from_rooms!(
    FraudError,
    NotifyError,
    ResponseError,
    StoreError,
    SyntheticError,
    TraceError,
    VaultError
);
