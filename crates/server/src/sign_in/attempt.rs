//! A way in between its two requests.
//!
//! What the second request is compared with stays here, sealed, and is found by something that only
//! this browser holds: a ticket in a cookie, or its session. So an answer that somebody else's
//! browser brings (login CSRF), that comes twice, or that comes late meets nothing.

use data_encoding::BASE64URL_NOPAD;
use doldam_ground::{Instant, Pii, entropy};
use doldam_store::StoreError;
use doldam_store::access::attempt;
use doldam_vault::Vault;
use sha2::{Digest as _, Sha256};

use super::error::SignInError;

/// How long an attempt is waited for, in microseconds: people look for their keys.
const ATTEMPT_US: i64 = 5 * 60_000_000;
/// Most attempts under way; they cost a row each, and anybody may begin one.
const ATTEMPTS_MAX: u64 = 10_000;
const SEAL_LABEL: &str = "sign-in attempt";

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A passkey is being registered.
    AddPasskey,
    /// Somebody signs in by a passkey.
    Passkey,
    /// Somebody is away at the provider.
    Sso,
}

impl Act {
    const fn word(self) -> &'static str {
        match self {
            Self::AddPasskey => "passkey.add",
            Self::Passkey => "passkey.sign_in",
            Self::Sso => "sso",
        }
    }
}

/// Which attempt of which browser.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    act: Act,
    digest: [u8; 32],
}

impl Place {
    /// The attempt of whoever holds this ticket, or this session's digest.
    pub(crate) fn new(act: Act, held: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(act.word()).chain_update([0]).chain_update(held);
        Self { act, digest: hash.finalize().into() }
    }

    fn number(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.digest[..8]);
        u64::from_be_bytes(first)
    }
}

/// A new ticket for a browser: 256 random bits.
pub(crate) fn ticket(vault: &Vault) -> Pii<String> {
    let bytes: [u8; 32] = entropy::bytes(&mut **vault.entropy());
    Pii::new(BASE64URL_NOPAD.encode(&bytes))
}

/// Begins an attempt, in place of an earlier one of the same browser.
pub(crate) fn begin(vault: &Vault, place: Place, memory: &[u8]) -> Result<(), SignInError> {
    let now = vault.now();
    let end = Instant::from_micros(now.micros().saturating_add(ATTEMPT_US));
    let sealed = vault.seal_secret(SEAL_LABEL, &[place.number()], memory);
    let is_begun = vault.data().write("sign_in.begin", move |tx| {
        attempt::sweep(tx, now)?;
        attempt::begin(tx, &place.digest, place.act.word(), &sealed, end, ATTEMPTS_MAX)
    })?;
    if is_begun { Ok(()) } else { Err(SignInError::Busy) }
}

/// What an attempt is compared with, which stays.
pub(crate) fn look(vault: &Vault, place: Place) -> Result<Pii<Vec<u8>>, SignInError> {
    let now = vault.now();
    let found = vault
        .data()
        .read("sign_in.look", |tx| attempt::find(tx, &place.digest, place.act.word(), now))?;
    open(vault, place, found)
}

/// What an attempt is compared with, which is used up by that.
pub(crate) fn take(vault: &Vault, place: Place) -> Result<Pii<Vec<u8>>, SignInError> {
    let now = vault.now();
    let found = vault
        .data()
        .write("sign_in.take", move |tx| attempt::take(tx, &place.digest, place.act.word(), now))?;
    open(vault, place, found)
}

/// Uses an attempt up within a transaction; `false` when it is not there any more.
pub(crate) fn spend(
    tx: &mut doldam_store::Tx<'_>,
    place: Place,
    now: Instant,
) -> Result<bool, StoreError> {
    attempt::take(tx, &place.digest, place.act.word(), now).map(|found| found.is_some())
}

fn open(vault: &Vault, place: Place, found: Option<Vec<u8>>) -> Result<Pii<Vec<u8>>, SignInError> {
    let sealed = found.ok_or(SignInError::NotBegun)?;
    Ok(vault.open_secret(SEAL_LABEL, &[place.number()], &sealed)?)
}
