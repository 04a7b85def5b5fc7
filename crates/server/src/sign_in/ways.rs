//! Which ways in there are besides the passphrase.

use std::fmt;
use std::sync::Arc;

use doldam_ground::{Clock, Pii};

use super::error::SignInError;
use super::passkey::Site;
use super::sso::outside::Web;
use super::sso::provider::{Provider, ProviderSettings};

/// The page of the console to which the provider sends people back.
const BACK: &str = "/sign-in/back";

/// What the company's administrators of the provider have agreed with us.
pub struct SsoSettings {
    /// The provider's name for itself: an address, compared letter by letter.
    pub issuer: String,
    /// Our name at the provider.
    pub client: String,
    /// Our secret at the provider.
    pub secret: Option<Pii<String>>,
    /// The certificates of the authorities to believe, in PEM; without them those that Mozilla
    /// believes.
    pub authorities: Option<Vec<u8>>,
}

/// The ways in. The default is the passphrase alone.
#[derive(Default)]
pub struct Ways {
    /// Passkeys, bound to the console's address.
    pub(crate) site: Option<Site>,
    /// The company's identity provider.
    pub(crate) provider: Option<Provider>,
}

impl Ways {
    /// Opens the ways in for people who come to the console at `console`, such as
    /// `https://doldam.example`. Nothing is sent yet.
    pub fn open(
        console: &str,
        sso: Option<SsoSettings>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SignInError> {
        let site = Site::new(console)?;
        let Some(sso) = sso else { return Ok(Self { site: Some(site), provider: None }) };
        let web = Web::new(sso.authorities.as_deref());
        let web = web.ok_or(SignInError::Setting("the authorities are no PEM certificates"))?;
        let settings = ProviderSettings {
            issuer: sso.issuer,
            client: sso.client,
            secret: sso.secret,
            back: format!("{}{BACK}", site.origin()),
        };
        let provider = Provider::new(settings, Box::new(web), clock)?;
        Ok(Self { site: Some(site), provider: Some(provider) })
    }

    /// Whether staff can come in by a passkey.
    pub const fn has_passkeys(&self) -> bool {
        self.site.is_some()
    }

    /// Whether staff can come in at the company's identity provider.
    pub const fn has_sso(&self) -> bool {
        self.provider.is_some()
    }

    /// Passkeys, where the console's address is known.
    pub(crate) fn site(&self) -> Result<&Site, SignInError> {
        self.site.as_ref().ok_or(SignInError::PasskeysOff)
    }

    /// The company's identity provider, where there is one.
    pub(crate) fn provider(&self) -> Result<&Provider, SignInError> {
        self.provider.as_ref().ok_or(SignInError::SsoOff)
    }
}

impl fmt::Debug for Ways {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Ways")
            .field("passkeys", &self.site.is_some())
            .field("sso", &self.provider.is_some())
            .finish()
    }
}
