//! The company's identity provider: where it is, what it says of itself, which keys it has.
//!
//! What it publishes is read when it is first needed and kept for an hour. A token that names an
//! unknown key makes us look again, at most once a minute: providers change their keys, and
//! strangers must not be able to make us ask all day.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64;
use doldam_ground::{Clock, Pii};
use serde::Deserialize;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::outside::{Answer, Message, Outside, is_allowed};
use super::token::{self, Algorithm, Expected, KeySet, TokenFault};
use crate::sign_in::error::SignInError;

/// How long what the provider publishes is believed, in microseconds.
const KEPT_US: u64 = 3_600_000_000;
/// How soon its keys are looked up again for a token that names an unknown one.
const AGAIN_US: u64 = 60_000_000;
/// Most exchanges with the provider at once: each holds a thread for up to ten seconds.
const TURNS_MAX: u32 = 4;

/// What the company's administrators of the provider have agreed with us.
pub(crate) struct ProviderSettings {
    /// The provider's name for itself: an address, compared letter by letter.
    pub(crate) issuer: String,
    /// Our name at the provider.
    pub(crate) client: String,
    /// Our secret at the provider; without one, only PKCE protects the code.
    pub(crate) secret: Option<Pii<String>>,
    /// Where the provider sends people back to: the console's page for it.
    pub(crate) back: String,
}

/// What the provider publishes of itself (OpenID Connect Discovery 1.0, 3; RFC 8414; RFC 9207).
#[derive(Deserialize)]
struct Published {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    response_types_supported: Vec<String>,
    id_token_signing_alg_values_supported: Vec<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// How we show our secret (OpenID Connect Core 1.0, 9).
#[derive(Clone, Copy)]
enum Shown {
    Basic,
    Form,
    Nothing,
}

#[derive(Default)]
struct Known {
    published: Option<(Arc<Published>, u64)>,
    keys: Option<(Arc<KeySet>, u64)>,
}

/// The provider.
pub(crate) struct Provider {
    settings: ProviderSettings,
    outside: Box<dyn Outside>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
    turns: AtomicU32,
}

/// What a way in is told from others by.
#[derive(Clone, Copy)]
pub(crate) struct Marks<'a> {
    /// Comes back with the person.
    pub(crate) state: &'a str,
    /// Comes back in the token.
    pub(crate) nonce: &'a str,
    /// SHA-256 of the verifier, base64url (RFC 7636).
    pub(crate) challenge: &'a str,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    token_type: String,
    id_token: String,
}

/// A place among the exchanges; given back when it is dropped.
struct Turn<'a>(&'a AtomicU32);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Provider {
    /// A provider that is spoken to by `outside`. Nothing is sent yet.
    pub(crate) fn new(
        settings: ProviderSettings,
        outside: Box<dyn Outside>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SignInError> {
        let issuer = Url::parse(&settings.issuer).ok().filter(is_allowed);
        let is_bare = |url: &Url| url.query().is_none() && url.fragment().is_none();
        if !issuer.as_ref().is_some_and(is_bare) {
            return Err(SignInError::Setting("the issuer is an https:// address without ? and #"));
        }
        if settings.client.is_empty() || !settings.client.is_ascii() {
            return Err(SignInError::Setting("the client id is missing"));
        }
        let (known, turns) = (Mutex::default(), AtomicU32::new(0));
        Ok(Self { settings, outside, clock, known, turns })
    }

    /// What it was set up with.
    pub(crate) fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    fn turn(&self) -> Result<Turn<'_>, SignInError> {
        let taken = self.turns.fetch_add(1, Ordering::SeqCst);
        let turn = Turn(&self.turns);
        if taken < TURNS_MAX { Ok(turn) } else { Err(SignInError::Busy) }
    }

    /// Where a person is sent to, to sign in there.
    pub(crate) fn door(&self, marks: Marks<'_>) -> Result<String, SignInError> {
        let _turn = self.turn()?;
        let mut url = self.published()?.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client)
            .append_pair("redirect_uri", &self.settings.back)
            .append_pair("scope", "openid")
            .append_pair("state", marks.state)
            .append_pair("nonce", marks.nonce)
            .append_pair("code_challenge", marks.challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Refuses an answer of another provider (RFC 9207): a provider that says that it names itself
    /// must, and whatever is named must be it.
    pub(crate) fn require_own(&self, said: Option<&str>) -> Result<(), SignInError> {
        let _turn = self.turn()?;
        let must = self.published()?.authorization_response_iss_parameter_supported;
        match said {
            Some(issuer) if issuer == self.settings.issuer => Ok(()),
            None if !must => Ok(()),
            _ => Err(SignInError::Mixed),
        }
    }

    /// Changes a code for the name of the person whom the provider let in.
    pub(crate) fn redeem(
        &self,
        code: &str,
        verifier: &Pii<String>,
        nonce: &str,
    ) -> Result<Pii<String>, SignInError> {
        let _turn = self.turn()?;
        let published = self.published()?;
        let answer = self.send(&self.redemption(&published, code, verifier)?)?;
        // RFC 6749, 5.2: a code that does not hold is a 400, a client that does not a 401.
        if matches!(answer.status, 400 | 401) {
            return Err(SignInError::ProviderRefused);
        }
        let tokens: Tokens = read(&answer)?;
        if !tokens.token_type.eq_ignore_ascii_case("bearer") {
            return Err(SignInError::ProviderAway);
        }
        let expected = Expected {
            issuer: &self.settings.issuer,
            client: &self.settings.client,
            nonce,
            access_token: &tokens.access_token,
            now: self.clock.now(),
        };
        let keys = self.keys(&published, KEPT_US)?;
        let checked = token::check(&tokens.id_token, &keys, &expected);
        if checked.as_ref().is_err_and(|fault| *fault == TokenFault::Key) {
            let keys = self.keys(&published, AGAIN_US)?;
            return Ok(token::check(&tokens.id_token, &keys, &expected)?);
        }
        Ok(checked?)
    }

    fn redemption<'a>(
        &self,
        published: &'a Published,
        code: &str,
        verifier: &Pii<String>,
    ) -> Result<Message<'a>, SignInError> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.settings.back)
            .append_pair("code_verifier", verifier.expose());
        let client = &self.settings.client;
        let secret = self.settings.secret.as_ref().map_or("", |secret| secret.expose());
        let mut authorization = None;
        match self.shown(published)? {
            // RFC 6749, 2.3.1: both are form-encoded before they are joined.
            Shown::Basic => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encoded(client), encoded(secret));
                authorization = Some(format!("Basic {}", BASE64.encode(pair.as_bytes())));
            }
            Shown::Form => {
                form.append_pair("client_id", client).append_pair("client_secret", secret);
            }
            Shown::Nothing => {
                form.append_pair("client_id", client);
            }
        }
        Ok(Message { to: &published.token_endpoint, authorization, form: Some(form.finish()) })
    }

    fn shown(&self, published: &Published) -> Result<Shown, SignInError> {
        let Some(listed) = &published.token_endpoint_auth_methods_supported else {
            let is_secret = self.settings.secret.is_some();
            return Ok(if is_secret { Shown::Basic } else { Shown::Nothing });
        };
        let has = |word: &str| listed.iter().any(|listed| listed == word);
        match &self.settings.secret {
            Some(_) if has("client_secret_basic") => Ok(Shown::Basic),
            Some(_) if has("client_secret_post") => Ok(Shown::Form),
            None if has("none") => Ok(Shown::Nothing),
            _ => Err(SignInError::Setting("the provider wants to know us in another way")),
        }
    }

    fn send(&self, message: &Message<'_>) -> Result<Answer, SignInError> {
        self.outside.send(message).map_err(|_| SignInError::ProviderAway)
    }

    fn get(&self, to: &Url) -> Result<Answer, SignInError> {
        self.send(&Message { to, authorization: None, form: None })
    }

    fn published(&self) -> Result<Arc<Published>, SignInError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now_us = self.clock.elapsed_us();
        if let Some((published, read_us)) = &known.published
            && now_us.saturating_sub(*read_us) < KEPT_US
        {
            return Ok(Arc::clone(published));
        }
        let base = self.settings.issuer.trim_end_matches('/');
        let place = Url::parse(&format!("{base}/.well-known/openid-configuration"));
        let place = place.map_err(|_| SignInError::ProviderAway)?;
        let published: Published = read(&self.get(&place)?)?;
        self.require_sound(&published)?;
        let published = Arc::new(published);
        known.published = Some((Arc::clone(&published), now_us));
        Ok(published)
    }

    /// The provider must be the one that was set, and do what we rely on.
    fn require_sound(&self, published: &Published) -> Result<(), SignInError> {
        let has = |list: &[String], word: &str| list.iter().any(|listed| listed == word);
        let ends =
            [&published.authorization_endpoint, &published.token_endpoint, &published.jwks_uri];
        let algorithms = &published.id_token_signing_alg_values_supported;
        let is_sound = published.issuer == self.settings.issuer
            && ends.into_iter().all(is_allowed)
            && has(&published.response_types_supported, "code")
            && has(&published.code_challenge_methods_supported, "S256")
            && Algorithm::ALL.iter().any(|known| has(algorithms, known.word()));
        if is_sound { Ok(()) } else { Err(SignInError::ProviderAway) }
    }

    /// The provider's keys, read at most `oldest_us` ago.
    fn keys(&self, published: &Published, oldest_us: u64) -> Result<Arc<KeySet>, SignInError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now_us = self.clock.elapsed_us();
        if let Some((keys, read_us)) = &known.keys
            && now_us.saturating_sub(*read_us) < oldest_us
        {
            return Ok(Arc::clone(keys));
        }
        let answer = self.get(&published.jwks_uri)?;
        let keys =
            KeySet::parse(&answer.body).filter(|keys| answer.status == 200 && !keys.is_empty());
        let keys = Arc::new(keys.ok_or(SignInError::ProviderAway)?);
        known.keys = Some((Arc::clone(&keys), now_us));
        Ok(keys)
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, SignInError> {
    if answer.status != 200 {
        return Err(SignInError::ProviderAway);
    }
    serde_json::from_slice(&answer.body).map_err(|_| SignInError::ProviderAway)
}
