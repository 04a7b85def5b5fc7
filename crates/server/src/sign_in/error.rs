//! Why somebody is not let in by a passkey or by single sign-on.

use doldam_store::StoreError;
use doldam_vault::VaultError;

use super::sso::token::TokenFault;

/// A refusal, or a failure behind it. The words never hold what somebody sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// There is no such way in under way in this browser.
    #[error(
        "this was not begun in this browser, was used already, or its time is over; begin again"
    )]
    NotBegun,
    /// Too many are under way.
    #[error("too many people are signing in; wait a moment, then try again")]
    Busy,
    /// The session is too old for what it asks for.
    #[error("sign in again first: this is only done within 15 minutes of signing in")]
    Stale,
    /// A name that cannot be shown in a list.
    #[error("a passkey's name has 1 to 64 characters, no blank at its ends")]
    Name,
    /// The member of staff has as many passkeys as there may be.
    #[error("there are 20 passkeys already; revoke one that is not used")]
    TooMany,
    /// The answer of the authenticator cannot be read.
    #[error("this is not what a passkey answers")]
    Unreadable,
    /// The authenticator does not keep the passkey, so that it could not be found without a name.
    #[error("this authenticator does not keep passkeys; use another one")]
    NotKept,
    /// A passkey that nobody here has, or whose answer is wrong.
    #[error("the passkey was refused")]
    PasskeyRefused,
    /// The counter of a passkey went back: there may be a copy of it.
    #[error("the passkey was refused: it may have been copied; ask a privacy officer to revoke it")]
    PasskeyCopied,
    /// Passkeys need the console's address.
    #[error("passkeys are not set up here: the server is not told the address of the console")]
    PasskeysOff,
    /// Single sign-on is not set up.
    #[error("single sign-on is not set up here")]
    SsoOff,
    /// The provider does not answer, or not as it must.
    #[error("the identity provider cannot be reached, or answers in a way that cannot be used")]
    ProviderAway,
    /// The provider sent the person back without letting them in.
    #[error("the identity provider did not let you in; begin again")]
    ProviderRefused,
    /// The answer came from another provider, or for another browser.
    #[error("the answer does not belong to this sign-in; begin again")]
    Mixed,
    /// The token of the provider does not hold.
    #[error("the identity provider's answer was refused: {0}")]
    Token(#[from] TokenFault),
    /// The provider's person is nobody here.
    #[error("this person of the identity provider is nobody here; a privacy officer links people")]
    Unlinked,
    /// Single sign-on is set up in a way that cannot work.
    #[error("single sign-on: {0}")]
    Setting(&'static str),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl SignInError {
    /// A stable word for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotBegun => "sign_in.not_begun",
            Self::Busy => "sign_in.busy",
            Self::Stale => "sign_in.stale",
            Self::Name => "sign_in.name",
            Self::TooMany => "sign_in.too_many",
            Self::Unreadable => "sign_in.unreadable",
            Self::NotKept => "sign_in.not_kept",
            Self::PasskeyRefused => "sign_in.passkey_refused",
            Self::PasskeyCopied => "sign_in.passkey_copied",
            Self::PasskeysOff => "sign_in.passkeys_off",
            Self::SsoOff => "sign_in.sso_off",
            Self::ProviderAway => "sign_in.provider_away",
            Self::ProviderRefused => "sign_in.provider_refused",
            Self::Mixed => "sign_in.mixed",
            Self::Token(_) => "sign_in.token",
            Self::Unlinked => "sign_in.unlinked",
            Self::Setting(_) => "sign_in.setting",
            Self::Store(error) => error.code(),
            Self::Vault(error) => error.code(),
        }
    }

    /// The HTTP status that says it.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Stale => 403,
            Self::Name | Self::Unreadable | Self::NotKept => 400,
            Self::TooMany => 409,
            Self::PasskeysOff | Self::SsoOff => 404,
            Self::Busy | Self::ProviderAway => 503,
            Self::NotBegun
            | Self::PasskeyRefused
            | Self::PasskeyCopied
            | Self::ProviderRefused
            | Self::Mixed
            | Self::Token(_)
            | Self::Unlinked => 401,
            Self::Setting(_) | Self::Store(_) | Self::Vault(_) => 500,
        }
    }
}
