//! What can go wrong with an outside party, in words that may be logged.

use doldam_ground::ids::{ApiKeyId, DeliveryId, DisclosureId, MessageId, ProcessorId};
use doldam_notify::NotifyError;
use doldam_store::StoreError;
use doldam_vault::VaultError;
use doldam_vault::sealed_file::SealError;

/// A failure of this room. No variant carries personal data or a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessorsError {
    /// There is no such processor.
    #[error("there is no processor {0}")]
    NoProcessor(ProcessorId),
    /// There is no such key, or it does not work any more.
    #[error("there is no working key {0}")]
    NoKey(ApiKeyId),
    /// There is no such delivery for whoever asks.
    #[error("there is no delivery {0}")]
    NoDelivery(DeliveryId),
    /// The file of a disclosure is not kept here.
    #[error("no file of {0} is kept here: make a new disclosure and publish that")]
    NotKept(DisclosureId),
    /// A delivery is not to be had now.
    #[error("{delivery} is not to be had: {why}")]
    NotAvailable {
        /// Which.
        delivery: DeliveryId,
        /// Why not.
        why: &'static str,
    },
    /// The processor's access is being cut off.
    #[error("the access of {0} is cut off")]
    Cut(ProcessorId),
    /// The processor is not cut off, so there is nothing to undo.
    #[error("{0} is not cut off: there is nothing to undo")]
    NotCut(ProcessorId),
    /// A key is to be made for nothing, or for something unknown.
    #[error("{0}")]
    Invalid(&'static str),
    /// There is no such message of whoever asks.
    #[error("there is no message {0}")]
    NoMessage(MessageId),
    /// There is no text of that name that a second person agreed to.
    #[error("there is no text of that name that was agreed to: ask whoever gave you the key")]
    NoTemplate,
    /// A text, or what is to stand in it, is not fit to be sent. Says where, never what.
    #[error("the text cannot be sent: {0}")]
    Unfit(String),
    /// Too many messages were asked for.
    #[error("too many messages in a day, to this person or in all: ask again tomorrow")]
    TooMany,
    /// The gateway, or the ledger of notices, refused.
    #[error(transparent)]
    Notify(#[from] NotifyError),
    /// The vault could not do its part.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl ProcessorsError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoProcessor(_) => "processors.no_processor",
            Self::NoKey(_) => "processors.no_key",
            Self::NoDelivery(_) => "processors.no_delivery",
            Self::NotKept(_) => "processors.not_kept",
            Self::NotAvailable { .. } => "processors.not_available",
            Self::Cut(_) => "processors.cut",
            Self::NotCut(_) => "processors.not_cut",
            Self::Invalid(_) => "processors.invalid",
            Self::NoMessage(_) => "processors.no_message",
            Self::NoTemplate => "processors.no_template",
            Self::Unfit(_) => "processors.unfit",
            Self::TooMany => "processors.too_many",
            Self::Notify(error) => error.code(),
            Self::Vault(error) => error.code(),
        }
    }
}

impl From<StoreError> for ProcessorsError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}

impl From<SealError> for ProcessorsError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Vault(error) => Self::Vault(error),
            _ => Self::Invalid("the file of the disclosure is too large to be kept"),
        }
    }
}
