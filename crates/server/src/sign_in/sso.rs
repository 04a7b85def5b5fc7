//! Single sign-on: the company's identity provider says who somebody is (OpenID Connect Core 1.0,
//! authorization code flow with PKCE).
//!
//! Three things hold a way in together, and each is checked: the *browser* holds a ticket, so that
//! nobody is signed in as somebody else by a link (login CSRF); the *state* comes back with the
//! person; the *nonce* comes back in the token, the code is worth nothing without the *verifier*
//! (RFC 7636), and the answer names the provider it comes from (RFC 9207).
//!
//! The provider says who, never what: nobody is let in whom a privacy officer has not linked, no
//! account is made, no role taken over, and an e-mail address means nothing.
//!
//! The provider sends people back to a page of the console, which hands the answer on by a POST. So
//! our cookies stay `SameSite=Strict`, and a way in is a request like any other.

pub(crate) mod outside;
pub(crate) mod provider;
pub(crate) mod token;

use data_encoding::BASE64URL_NOPAD;
use doldam_ground::ids::StaffId;
use doldam_ground::{Pii, entropy};
use doldam_store::access::{session, sso};
use doldam_store::{StoreError, audit, staff};
use doldam_vault::{Actor, Vault};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use self::provider::{Marks, Provider};
use super::attempt::{self, Act, Place};
use super::error::SignInError;
use super::proof::{BySso, Proof};

/// Longest code of a provider in bytes.
const CODE_BYTES_MAX: usize = 4 << 10;

/// What is remembered of somebody who is away at the provider.
#[derive(Serialize, Deserialize)]
struct Memory {
    state: String,
    nonce: String,
    verifier: String,
}

/// What the person brought back, as it stood in the address.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brought {
    /// The mark of this way in.
    pub(crate) state: String,
    /// What is changed for a token.
    #[serde(default)]
    pub(crate) code: Option<String>,
    /// Which provider it comes from (RFC 9207).
    #[serde(default)]
    pub(crate) iss: Option<String>,
    /// Why there is no code (RFC 6749, 4.1.2.1).
    #[serde(default)]
    pub(crate) error: Option<String>,
}

fn draw(vault: &Vault) -> String {
    let bytes: [u8; 32] = entropy::bytes(&mut **vault.entropy());
    BASE64URL_NOPAD.encode(&bytes)
}

/// Gives the address at the provider, and the ticket that the browser must show with the answer.
pub(crate) fn begin(
    vault: &Vault,
    provider: &Provider,
) -> Result<(String, Pii<String>), SignInError> {
    let memory = Memory { state: draw(vault), nonce: draw(vault), verifier: draw(vault) };
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(memory.verifier.as_bytes()));
    let marks = Marks { state: &memory.state, nonce: &memory.nonce, challenge: &challenge };
    let door = provider.door(marks)?;
    let bytes = serde_json::to_vec(&memory).map_err(|_| SignInError::NotBegun)?;
    let ticket = attempt::ticket(vault);
    attempt::begin(vault, Place::new(Act::Sso, ticket.expose().as_bytes()), &bytes)?;
    Ok((door, ticket))
}

/// Who it is. The way in is used up before anything of the answer is looked at, so it is answered
/// once, however it ends.
pub(crate) fn finish(
    vault: &Vault,
    provider: &Provider,
    ticket: &str,
    brought: &Brought,
) -> Result<Proof, SignInError> {
    let memory = attempt::take(vault, Place::new(Act::Sso, ticket.as_bytes()))?;
    let memory: Memory =
        serde_json::from_slice(memory.expose()).map_err(|_| SignInError::NotBegun)?;
    if !bool::from(memory.state.as_bytes().ct_eq(brought.state.as_bytes())) {
        return Err(SignInError::Mixed);
    }
    provider.require_own(brought.iss.as_deref())?;
    let is_code = |code: &&String| (1..=CODE_BYTES_MAX).contains(&code.len());
    let code = brought.code.as_ref().filter(is_code);
    let (None, Some(code)) = (&brought.error, code) else {
        return Err(SignInError::ProviderRefused);
    };
    let subject = provider.redeem(code, &Pii::new(memory.verifier), &memory.nonce)?;
    let subject_digest = digest_of(vault, provider, &subject);
    let staff = vault.data().read("sso.find", |tx| sso::find(tx, &subject_digest))?;
    let staff = staff.ok_or(SignInError::Unlinked)?;
    Ok(Proof::Sso(BySso { staff, subject_digest }))
}

/// A person of this provider, as they are kept: issuer and subject together, never one alone
/// (OpenID Connect Core 1.0, 5.7).
fn digest_of(vault: &Vault, provider: &Provider, subject: &Pii<String>) -> [u8; 32] {
    let issuer = &provider.settings().issuer;
    let matter = [issuer.as_bytes(), &[0], subject.expose().as_bytes()].concat();
    *vault.derive_key("doldam 1 sso subject", &matter)
}

/// Says who a person of the provider is here; their sessions end. `None` when there is no such
/// member of staff; [`StoreError::State`] when that person is somebody else here.
pub(crate) fn link(
    vault: &Vault,
    provider: &Provider,
    who: StaffId,
    subject: &Pii<String>,
    actor: &Actor,
) -> Result<Option<u64>, SignInError> {
    let digest = digest_of(vault, provider, subject);
    let (now, by) = (vault.now(), actor.name.clone());
    let entry = vault.entry(actor, "sso.link", who.to_string(), "", None);
    Ok(vault.data().write("sso.link", move |tx| {
        if !staff::list(tx)?.iter().any(|(id, _, _)| *id == who) {
            return Ok(None);
        }
        if sso::find(tx, &digest)?.is_some_and(|held| held != who) {
            let what = "a person of the identity provider who is somebody else here";
            return Err(StoreError::State { what });
        }
        sso::link(tx, who, &digest, &by, now)?;
        let ended = session::revoke_all(tx, who, None, now)?;
        audit::append(tx, &entry)?;
        Ok(Some(ended))
    })?)
}

/// Takes a link away and ends all sessions of its member of staff; `None` when there was none.
pub(crate) fn unlink(
    vault: &Vault,
    who: StaffId,
    actor: &Actor,
) -> Result<Option<u64>, SignInError> {
    let now = vault.now();
    let entry = vault.entry(actor, "sso.unlink", who.to_string(), "", None);
    Ok(vault.data().write("sso.unlink", move |tx| {
        if !sso::unlink(tx, who)? {
            return Ok(None);
        }
        let ended = session::revoke_all(tx, who, None, now)?;
        audit::append(tx, &entry)?;
        Ok(Some(ended))
    })?)
}
