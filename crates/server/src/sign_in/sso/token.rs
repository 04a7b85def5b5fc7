//! An ID token: whether the provider signed it, for us, now, for this very way in.
//!
//! The token says of itself how it is signed; that is where such checks go wrong. So the algorithm
//! comes from a short list of our own without `none` and without shared secrets, the key must be of
//! the kind that the algorithm needs, and whatever the head offers as a key (jwk, jku, x5c, x5u) is
//! not looked at. The signatures themselves are checked by `ring`.
//!
//! Sources: RFC 7515, 7517, 7518, 8037, 8725; OpenID Connect Core 1.0, 2 and 3.1.3.7.

use data_encoding::BASE64URL_NOPAD;
use doldam_ground::{Instant, Pii};
use ring::digest;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Number, Value};
use subtle::ConstantTimeEq as _;

/// Longest ID token in bytes.
const TOKEN_BYTES_MAX: usize = 16 << 10;
/// Most keys of a provider.
const KEYS_MAX: usize = 100;
/// Most keys that one token is tried with when it does not name one.
const TRIES_MAX: usize = 10;
/// How far the provider's clock may be from ours, in seconds.
const SKEW_S: i64 = 60;
/// How old a token may be: it is fetched the moment it is made.
const AGE_S_MAX: i64 = 600;
/// Longest name of a person at the provider, in characters (OpenID Connect Core 1.0, 2).
const SUBJECT_CHARACTERS_MAX: usize = 255;

/// Why a token is refused. The words say which check failed, never what the token holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// It cannot be read.
    #[error("it is no signed token")]
    Form,
    /// It is signed in a way that is not on our list.
    #[error("it is signed by an algorithm that is not allowed")]
    Algorithm,
    /// It asks for an extension of which we know nothing.
    #[error("it asks for an extension that is not understood")]
    Critical,
    /// No key of the provider has this name and fits.
    #[error("it is signed by a key that the provider does not have")]
    Key,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// Another provider says it made it.
    #[error("it is another provider's")]
    Issuer,
    /// It was made for another program, or for others too.
    #[error("it was made for another program")]
    Audience,
    /// Its time is over, has not come, or is not told.
    #[error("its time is not now")]
    Time,
    /// It was made for another way in.
    #[error("it was made for another sign-in")]
    Nonce,
    /// It belongs to another access token.
    #[error("it belongs to another answer")]
    AccessToken,
    /// It names nobody, or in a way that is not allowed.
    #[error("it names nobody")]
    Subject,
}

/// How a token may be signed: algorithms of RFC 7518 and RFC 8037 with keys that only the provider
/// has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All that are allowed.
    pub(crate) const ALL: [Self; 5] =
        [Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa];

    /// Its name in a token's head.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of that name, if it is allowed.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.word() == word)
    }

    /// The hash of `at_hash` (OpenID Connect Core 1.0, 3.1.3.6).
    fn digest(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => &digest::SHA256,
            Self::Es384 => &digest::SHA384,
            Self::EdDsa => &digest::SHA512,
        }
    }
}

/// A public key of the provider.
struct Key {
    name: Option<String>,
    algorithm: Option<Algorithm>,
    material: Material,
}

enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Key {
    fn fits(&self, algorithm: Algorithm) -> bool {
        let is_kind = matches!(
            (&self.material, algorithm),
            (Material::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
                | (Material::P256(_), Algorithm::Es256)
                | (Material::P384(_), Algorithm::Es384)
                | (Material::Ed25519(_), Algorithm::EdDsa)
        );
        is_kind && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Whether a signature holds. RSA keys below 2,048 bits hold nothing.
    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let plain = |by: &'static dyn signature::VerificationAlgorithm, point: &[u8]| {
            UnparsedPublicKey::new(by, point).verify(message, signature).is_ok()
        };
        match (&self.material, algorithm) {
            (Material::Rsa { n, e }, Algorithm::Rs256 | Algorithm::Ps256) => {
                let by = if algorithm == Algorithm::Rs256 {
                    &signature::RSA_PKCS1_2048_8192_SHA256
                } else {
                    &signature::RSA_PSS_2048_8192_SHA256
                };
                RsaPublicKeyComponents { n, e }.verify(by, message, signature).is_ok()
            }
            (Material::P256(point), Algorithm::Es256) => {
                plain(&signature::ECDSA_P256_SHA256_FIXED, point)
            }
            (Material::P384(point), Algorithm::Es384) => {
                plain(&signature::ECDSA_P384_SHA384_FIXED, point)
            }
            (Material::Ed25519(point), Algorithm::EdDsa) => plain(&signature::ED25519, point),
            _ => false,
        }
    }
}

/// The provider's public keys.
#[derive(Default)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// A key as it is published (RFC 7517, 7518, 8037).
#[derive(Deserialize)]
struct Published {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads a published set of at most 100 keys. Keys of kinds that we do not use are left out;
    /// `None` when it is no set at all.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(bytes).ok()?;
        if set.keys.len() > KEYS_MAX {
            return None;
        }
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Some(Self { keys: keys.filter_map(key).collect() })
    }

    /// Whether it holds no key that could be used.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn candidates(&self, name: Option<&str>, algorithm: Algorithm) -> Vec<&Key> {
        let is_named = |key: &&Key| match name {
            Some(name) => key.name.as_deref() == Some(name),
            None => true,
        };
        let fitting = self.keys.iter().filter(|key| key.fits(algorithm)).filter(is_named);
        fitting.take(TRIES_MAX).collect()
    }
}

fn key(published: Published) -> Option<Key> {
    let is_for_signatures = published.usage.as_deref().is_none_or(|usage| usage == "sig")
        && published.key_ops.as_ref().is_none_or(|acts| acts.iter().any(|act| act == "verify"));
    let algorithm = match published.alg.as_deref() {
        None => None,
        Some(word) => Some(Algorithm::from_word(word)?),
    };
    if !is_for_signatures {
        return None;
    }
    let part = |text: &Option<String>| BASE64URL_NOPAD.decode(text.as_ref()?.as_bytes()).ok();
    let point = |bytes: usize| {
        let (x, y) = (part(&published.x)?, part(&published.y)?);
        (x.len() == bytes && y.len() == bytes).then(|| [&[4][..], &x[..], &y[..]].concat())
    };
    let material = match (published.kty.as_str(), published.crv.as_deref()) {
        ("RSA", _) => Material::Rsa { n: part(&published.n)?, e: part(&published.e)? },
        ("EC", Some("P-256")) => Material::P256(point(32)?),
        ("EC", Some("P-384")) => Material::P384(point(48)?),
        ("OKP", Some("Ed25519")) => Material::Ed25519(part(&published.x)?),
        _ => return None,
    };
    Some(Key { name: published.kid, algorithm, material })
}

/// What a token must say.
pub(crate) struct Expected<'a> {
    /// Who must have made it.
    pub(crate) issuer: &'a str,
    /// For whom: our name at the provider.
    pub(crate) client: &'a str,
    /// For which way in.
    pub(crate) nonce: &'a str,
    /// The access token that came with it.
    pub(crate) access_token: &'a str,
    /// When.
    pub(crate) now: Instant,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Number,
    iat: Number,
    nbf: Option<Number>,
    nonce: Option<String>,
    azp: Option<String>,
    at_hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is this one and nobody else.
    fn is_only(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Many(many) => !many.is_empty() && many.iter().all(|one| one == client),
        }
    }
}

/// Who the provider says it is.
///
/// [`TokenFault::Key`] may mean that the provider has changed its keys since they were read.
pub(crate) fn check(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
) -> Result<Pii<String>, TokenFault> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(TokenFault::Form);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Form)?;
    let (head, body) = signed.split_once('.').ok_or(TokenFault::Form)?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenFault::Form);
    let head: Head = serde_json::from_slice(&decode(head)?).map_err(|_| TokenFault::Form)?;
    if head.crit.is_some() {
        return Err(TokenFault::Critical);
    }
    let algorithm = Algorithm::from_word(&head.alg).ok_or(TokenFault::Algorithm)?;
    let candidates = keys.candidates(head.kid.as_deref(), algorithm);
    if candidates.is_empty() {
        return Err(TokenFault::Key);
    }
    let signature = decode(signature)?;
    let holds = |key: &&Key| key.verifies(algorithm, signed.as_bytes(), &signature);
    if !candidates.iter().any(holds) {
        return Err(TokenFault::Signature);
    }
    let claims = serde_json::from_slice(&decode(body)?).map_err(|_| TokenFault::Form)?;
    examine(claims, algorithm, expected)
}

fn examine(
    claims: Claims,
    algorithm: Algorithm,
    expected: &Expected<'_>,
) -> Result<Pii<String>, TokenFault> {
    if claims.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    let is_ours = claims.azp.as_deref().is_none_or(|party| party == expected.client);
    if !is_ours || !claims.aud.is_only(expected.client) {
        return Err(TokenFault::Audience);
    }
    is_now(&claims, expected.now.micros().div_euclid(1_000_000))?;
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(TokenFault::Nonce);
    }
    if let Some(said) = &claims.at_hash {
        let hash = digest::digest(algorithm.digest(), expected.access_token.as_bytes());
        let half = &hash.as_ref()[..hash.as_ref().len() / 2];
        if said.as_str() != BASE64URL_NOPAD.encode(half) {
            return Err(TokenFault::AccessToken);
        }
    }
    let is_name = (1..=SUBJECT_CHARACTERS_MAX).contains(&claims.sub.len()) && claims.sub.is_ascii();
    if !is_name {
        return Err(TokenFault::Subject);
    }
    Ok(Pii::new(claims.sub))
}

fn is_now(claims: &Claims, now_s: i64) -> Result<(), TokenFault> {
    let (end_s, made_s) = (seconds(&claims.exp)?, seconds(&claims.iat)?);
    let start_s = claims.nbf.as_ref().map_or(Ok(made_s), seconds)?;
    let is_over = now_s >= end_s.saturating_add(SKEW_S);
    let is_early = made_s.max(start_s) > now_s.saturating_add(SKEW_S);
    let is_old = made_s < now_s.saturating_sub(AGE_S_MAX + SKEW_S);
    if is_over || is_early || is_old { Err(TokenFault::Time) } else { Ok(()) }
}

/// Seconds since 1970; a provider may write fractions, of which nothing depends.
fn seconds(number: &Number) -> Result<i64, TokenFault> {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and an absurd time is refused")]
    let fraction = || number.as_f64().filter(|value| value.is_finite()).map(|value| value as i64);
    number.as_i64().or_else(fraction).ok_or(TokenFault::Time)
}
