//! Passkeys of staff.

pub(crate) mod begin;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

use doldam_ground::Instant;
use doldam_store::access::passkey::Passkey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::principal::SignedIn;
use crate::sign_in::passkey::Owner;

/// A passkey, without its key.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyBody {
    /// Its number: F-1.
    id: String,
    /// What its owner calls it.
    name: String,
    /// Whether copies of it exist, by its own word at its last use.
    is_backed_up: bool,
    /// When it was registered, RFC 3339.
    created_at: String,
    /// The last sign-in by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<String>,
    /// When it was revoked; absent while it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
}

impl PasskeyBody {
    pub(crate) fn new(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name,
            is_backed_up: passkey.is_backed_up,
            created_at: passkey.created_at.to_rfc3339(),
            used_at: passkey.used_at.map(Instant::to_rfc3339),
            revoked_at: passkey.revoked_at.map(Instant::to_rfc3339),
        }
    }
}

/// Whoever asks, as the owner of passkeys.
pub(crate) fn owner(staff: &SignedIn) -> Owner<'_> {
    Owner { session: &staff.session, digest: &staff.digest }
}
