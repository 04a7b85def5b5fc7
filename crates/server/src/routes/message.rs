//! Texts that processors have sent to people whom they know by pseudonym.

pub(crate) mod create;
pub(crate) mod show;

use serde::Serialize;
use utoipa::ToSchema;

/// A message and how it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageBody {
    /// Always 1.
    schema: u32,
    /// Its number: X-1.
    message: String,
    /// queued, sent, delivered, failed or in_doubt.
    state: &'static str,
}
