//! Passkeys: signing in with a key that never leaves its authenticator (W3C Web Authentication,
//! Level 3).
//!
//! `webauthn-rs` checks what the authenticator says: origin, challenge, flags, signature, counter.
//! What it leaves to us stands here: that each challenge is answered once, in time, from the browser
//! that asked; that the authenticator keeps the key, so that no name is asked for and none can be
//! guessed; that the person was verified by it (a PIN or a finger); that another site cannot ask for
//! it in a frame of its own; and that a key whose counter goes back is refused and noted.
//!
//! No attestation is asked for: which make of key somebody holds is nobody's business here.

use doldam_ground::Pii;
use doldam_ground::ids::{PasskeyId, StaffId};
use doldam_store::access::passkey::{self as held, NewPasskey};
use doldam_store::access::session::{self, Session};
use doldam_store::{StoreError, audit};
use doldam_vault::{Actor, Vault};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::attempt::{self, Act, Place};
use super::error::SignInError;
use super::proof::{ByPasskey, Proof};

/// Most passkeys of one member of staff that work.
const PASSKEYS_MAX: usize = 20;
/// Longest name of a passkey, in characters.
const NAME_CHARACTERS_MAX: usize = 64;
/// Longest credential id in bytes (Web Authentication, 4).
const CREDENTIAL_BYTES_MAX: usize = 1_023;
/// How young a session must be to register a passkey, in microseconds: a stolen session must not
/// become a key of the thief's.
const YOUNG_US: i64 = 15 * 60_000_000;

/// Under which address people come in; passkeys are bound to its name.
pub(crate) struct Site {
    webauthn: Webauthn,
    origin: String,
}

impl Site {
    /// `origin` is what the browser shows: `https://doldam.example`, or `http://localhost:7117`.
    pub(crate) fn new(origin: &str) -> Result<Self, SignInError> {
        let refused = SignInError::Setting(
            "the address of the console is https:// and a host name, or http://localhost with a \
             port, and nothing after it",
        );
        let Ok(url) = Url::parse(origin) else { return Err(refused) };
        let Some(name) = url.domain() else { return Err(refused) };
        let is_secure = url.scheme() == "https" || url.scheme() == "http" && name == "localhost";
        if !is_secure || url.origin().ascii_serialization() != origin {
            return Err(refused);
        }
        let builder = WebauthnBuilder::new(name, &url).map(|builder| builder.rp_name("Doldam"));
        let Ok(webauthn) = builder.and_then(WebauthnBuilder::build) else { return Err(refused) };
        Ok(Self { webauthn, origin: origin.to_owned() })
    }

    /// The address.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// Who asks for what with a session.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// Whose session it is.
    pub(crate) session: &'a Session,
    /// The digest of its token.
    pub(crate) digest: &'a [u8; 32],
}

impl Owner<'_> {
    fn place(&self) -> Place {
        Place::new(Act::AddPasskey, self.digest)
    }
}

/// The name of a member of staff among authenticators: tells nothing, and is theirs for good
/// (Web Authentication, 14.6.1).
fn user_handle(vault: &Vault, staff: StaffId) -> Uuid {
    let key = vault.derive_key("doldam 1 passkey user", &staff.number().to_be_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&key[..16]);
    Uuid::from_bytes(first)
}

fn digest_of(credential_id: &[u8]) -> [u8; 32] {
    Sha256::digest(credential_id).into()
}

fn read(text: &str) -> Result<Passkey, SignInError> {
    serde_json::from_str(text).map_err(|_| SignInError::PasskeyRefused)
}

/// Asks for a new passkey: gives what the browser hands to `navigator.credentials.create`.
pub(crate) fn begin_add(
    vault: &Vault,
    site: &Site,
    owner: Owner<'_>,
) -> Result<Value, SignInError> {
    let age_us = vault.now().micros().saturating_sub(owner.session.created_at.micros());
    if age_us > YOUNG_US {
        return Err(SignInError::Stale);
    }
    let staff = owner.session.staff;
    let mut known = vault.data().read("passkey.list", |tx| held::list(tx, staff))?;
    known.retain(|key| key.revoked_at.is_none());
    if known.len() >= PASSKEYS_MAX {
        return Err(SignInError::TooMany);
    }
    let known: Result<Vec<Passkey>, _> = known.iter().map(|key| read(&key.credential)).collect();
    let known = known?.iter().map(|key| key.cred_id().clone()).collect();
    let (name, user) = (owner.session.name.as_str(), user_handle(vault, staff));
    let (options, state) = site
        .webauthn
        .start_passkey_registration(user, name, name, Some(known))
        .map_err(|_| SignInError::PasskeyRefused)?;
    let memory = serde_json::to_vec(&state).map_err(|_| SignInError::PasskeyRefused)?;
    attempt::begin(vault, owner.place(), &memory)?;
    let mut options = serde_json::to_value(options).map_err(|_| SignInError::PasskeyRefused)?;
    let choice = &mut options["publicKey"]["authenticatorSelection"];
    choice["residentKey"] = json!("required");
    choice["requireResidentKey"] = json!(true);
    Ok(options)
}

/// Keeps a new passkey under a name that its owner gave it.
pub(crate) fn finish_add(
    vault: &Vault,
    site: &Site,
    owner: Owner<'_>,
    name: &str,
    answer: &Value,
    actor: &Actor,
) -> Result<PasskeyId, SignInError> {
    let characters = name.chars().count();
    if name.trim() != name
        || !(1..=NAME_CHARACTERS_MAX).contains(&characters)
        || name.chars().any(char::is_control)
    {
        return Err(SignInError::Name);
    }
    let answer =
        RegisterPublicKeyCredential::deserialize(answer).map_err(|_| SignInError::Unreadable)?;
    let memory = attempt::look(vault, owner.place())?;
    match registered(site, &memory, &answer) {
        Ok(made) => keep(vault, owner, name.to_owned(), made, actor),
        Err(error) => {
            attempt::take(vault, owner.place())?;
            Err(error)
        }
    }
}

/// What of a new passkey comes from its authenticator.
struct Made {
    digest: [u8; 32],
    credential: String,
    is_backed_up: bool,
}

/// Reads and checks what an authenticator made. Its id is the one that the authenticator
/// names, not the one beside it, which is the browser's word.
fn registered(
    site: &Site,
    memory: &Pii<Vec<u8>>,
    answer: &RegisterPublicKeyCredential,
) -> Result<Made, SignInError> {
    let state: PasskeyRegistration =
        serde_json::from_slice(memory.expose()).map_err(|_| SignInError::NotBegun)?;
    if answer.extensions.cred_props.as_ref().is_some_and(|said| said.rk == Some(false)) {
        return Err(SignInError::NotKept);
    }
    require_top_frame(answer.response.client_data_json.as_ref())?;
    let passkey = site
        .webauthn
        .finish_passkey_registration(answer, &state)
        .map_err(|_| SignInError::PasskeyRefused)?;
    if passkey.cred_id().len() > CREDENTIAL_BYTES_MAX {
        return Err(SignInError::PasskeyRefused);
    }
    let value = serde_json::to_value(&passkey).map_err(|_| SignInError::PasskeyRefused)?;
    let is_backed_up = value["cred"]["backup_state"].as_bool();
    let is_backed_up = is_backed_up.ok_or(SignInError::PasskeyRefused)?;
    let digest = digest_of(passkey.cred_id());
    Ok(Made { digest, credential: value.to_string(), is_backed_up })
}

fn keep(
    vault: &Vault,
    owner: Owner<'_>,
    name: String,
    made: Made,
    actor: &Actor,
) -> Result<PasskeyId, SignInError> {
    let (now, place, staff) = (vault.now(), owner.place(), owner.session.staff);
    let Made { digest: credential_digest, credential, is_backed_up } = made;
    let made = NewPasskey { staff, name, credential_digest, credential, is_backed_up };
    let mut entry = vault.entry(actor, "passkey.add", String::new(), "", None);
    let id = vault.data().write("passkey.add", move |tx| {
        if !attempt::spend(tx, place, now)? {
            return Ok(None);
        }
        let id = held::insert(tx, &made, now)?;
        entry.object = format!("{id} {}", made.staff);
        audit::append(tx, &entry)?;
        Ok(Some(id))
    })?;
    id.ok_or(SignInError::NotBegun)
}

/// Revokes a passkey and ends all sessions of its owner but the one to `keep`. `only` is the member
/// of staff to whom it must belong. Gives how many sessions were ended; `None` when there is no such
/// passkey that works.
pub(crate) fn revoke(
    vault: &Vault,
    id: PasskeyId,
    only: Option<StaffId>,
    keep: [u8; 32],
    actor: &Actor,
) -> Result<Option<u64>, SignInError> {
    let now = vault.now();
    let entry = vault.entry(actor, "passkey.revoke", id.to_string(), "", None);
    Ok(vault.data().write("passkey.revoke", move |tx| {
        let found = held::get(tx, id)?;
        let is_theirs = |key: &held::Passkey| only.is_none_or(|staff| staff == key.staff);
        if !found.as_ref().is_some_and(is_theirs) {
            return Ok(None);
        }
        let Some(staff) = held::revoke(tx, id, now)? else { return Ok(None) };
        let ended = session::revoke_all(tx, staff, Some(&keep), now)?;
        audit::append(tx, &entry)?;
        Ok(Some(ended))
    })?)
}

/// Asks for any passkey: gives what the browser hands to `navigator.credentials.get`, and the ticket
/// that it must show with the answer.
pub(crate) fn begin(vault: &Vault, site: &Site) -> Result<(Value, Pii<String>), SignInError> {
    let (options, state) = site
        .webauthn
        .start_discoverable_authentication()
        .map_err(|_| SignInError::PasskeyRefused)?;
    let memory = serde_json::to_vec(&state).map_err(|_| SignInError::PasskeyRefused)?;
    let ticket = attempt::ticket(vault);
    attempt::begin(vault, Place::new(Act::Passkey, ticket.expose().as_bytes()), &memory)?;
    let mut options = serde_json::to_value(options).map_err(|_| SignInError::PasskeyRefused)?;
    if let Some(options) = options.as_object_mut() {
        // The library asks for the browser's autofill; a button may ask too.
        options.remove("mediation");
    }
    Ok((options, ticket))
}

/// Whose passkey this is. The attempt is over if it is nobody's.
pub(crate) fn finish(
    vault: &Vault,
    site: &Site,
    ticket: &str,
    answer: &Value,
    actor: &Actor,
) -> Result<Proof, SignInError> {
    let answer = PublicKeyCredential::deserialize(answer).map_err(|_| SignInError::Unreadable)?;
    let place = Place::new(Act::Passkey, ticket.as_bytes());
    let memory = attempt::look(vault, place)?;
    let proved = prove(vault, site, &memory, &answer, place, actor);
    if proved.is_err() {
        attempt::take(vault, place)?;
    }
    proved
}

fn prove(
    vault: &Vault,
    site: &Site,
    memory: &Pii<Vec<u8>>,
    answer: &PublicKeyCredential,
    place: Place,
    actor: &Actor,
) -> Result<Proof, SignInError> {
    let state: DiscoverableAuthentication =
        serde_json::from_slice(memory.expose()).map_err(|_| SignInError::NotBegun)?;
    require_top_frame(answer.response.client_data_json.as_ref())?;
    let digest = digest_of(answer.get_credential_id());
    let before = vault.data().read("passkey.find", |tx| held::find(tx, &digest))?;
    let before = before.ok_or(SignInError::PasskeyRefused)?;
    let handle = answer.get_user_unique_id().unwrap_or_default();
    if handle != user_handle(vault, before.staff).as_bytes() {
        return Err(SignInError::PasskeyRefused);
    }
    let mut passkey = read(&before.credential)?;
    let result = site.webauthn.finish_discoverable_authentication_v2(answer, state, &passkey);
    let result = match result {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            note_copy(vault, before.id, actor)?;
            return Err(SignInError::PasskeyCopied);
        }
        Err(_) => return Err(SignInError::PasskeyRefused),
    };
    passkey.update_credential(&result);
    let credential = serde_json::to_string(&passkey).map_err(|_| SignInError::PasskeyRefused)?;
    let is_backed_up = result.backup_state();
    Ok(Proof::Passkey(Box::new(ByPasskey { place, before, credential, is_backed_up })))
}

/// The access log says that there may be a copy: a valid signature with a counter that went back.
fn note_copy(vault: &Vault, id: PasskeyId, actor: &Actor) -> Result<(), StoreError> {
    let entry = vault.entry(actor, "passkey.copied", id.to_string(), "", None);
    vault.data().write("passkey.copied", move |tx| audit::append(tx, &entry).map(drop))
}

/// Refuses an answer that was given in a frame of another site: the library looks at this only when
/// a passkey is made.
fn require_top_frame(client_data: &[u8]) -> Result<(), SignInError> {
    #[derive(Deserialize)]
    struct ClientData {
        #[serde(rename = "crossOrigin", default)]
        is_cross_origin: bool,
        #[serde(rename = "topOrigin")]
        top_origin: Option<Value>,
    }
    let data: ClientData =
        serde_json::from_slice(client_data).map_err(|_| SignInError::Unreadable)?;
    if data.is_cross_origin || data.top_origin.is_some() {
        return Err(SignInError::PasskeyRefused);
    }
    Ok(())
}
