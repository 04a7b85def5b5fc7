//! What a session is opened on. `server::sign_in::open` takes one of these in its transaction.

use doldam_ground::Instant;
use doldam_ground::ids::StaffId;
use doldam_store::access::passkey::{self, Passkey};
use doldam_store::access::sso;
use doldam_store::{StoreError, Tx};

use super::attempt::{self, Place};

/// How somebody has proved who they are.
pub(crate) enum Proof {
    /// By their secret.
    Secret(StaffId),
    /// By a passkey.
    Passkey(Box<ByPasskey>),
    /// At the company's identity provider.
    Sso(BySso),
}

/// An answer of a passkey that holds, if nothing changed meanwhile.
pub(crate) struct ByPasskey {
    pub(crate) place: Place,
    pub(crate) before: Passkey,
    pub(crate) credential: String,
    pub(crate) is_backed_up: bool,
}

/// A token of the provider that holds, if the link did not change meanwhile.
pub(crate) struct BySso {
    pub(crate) staff: StaffId,
    pub(crate) subject_digest: [u8; 32],
}

impl Proof {
    /// Who it is.
    pub(crate) fn staff(&self) -> StaffId {
        match self {
            Self::Secret(staff) => *staff,
            Self::Passkey(proof) => proof.before.staff,
            Self::Sso(proof) => proof.staff,
        }
    }

    /// How the access log says it.
    pub(crate) fn way(&self) -> String {
        match self {
            Self::Secret(_) => String::new(),
            Self::Passkey(proof) => format!("by passkey {}", proof.before.id),
            Self::Sso(_) => "by single sign-on".to_owned(),
        }
    }

    /// Uses it up, in the transaction that opens the session. `false` when it holds no more: open
    /// nothing, but commit.
    pub(crate) fn spend(&self, tx: &mut Tx<'_>, now: Instant) -> Result<bool, StoreError> {
        match self {
            Self::Secret(_) => Ok(true),
            Self::Passkey(proof) => {
                let is_first = attempt::spend(tx, proof.place, now)?;
                let (text, is_backed_up) = (&proof.credential, proof.is_backed_up);
                Ok(is_first && passkey::used(tx, &proof.before, text, is_backed_up, now)?)
            }
            Self::Sso(proof) => sso::used(tx, proof.staff, &proof.subject_digest, now),
        }
    }
}
