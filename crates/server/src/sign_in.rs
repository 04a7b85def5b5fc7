//! Signing in: a name and a secret for a session.
//!
//! An attempt is counted before the secret is checked and forgiven when it was right, so that
//! guesses sent at once are all counted. Names that nobody has are counted and locked like any
//! other, and checking takes as long for them.

pub(crate) mod attempt;
pub(crate) mod error;
pub(crate) mod passkey;
pub(crate) mod proof;
pub(crate) mod sso;
pub(crate) mod ways;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use doldam_ground::{Instant, Pii, entropy};
use doldam_store::access::session::{self, Session};
use doldam_store::access::staff_access::{self, StaffAccess};
use doldam_store::audit;
use doldam_vault::{StaffMember, VaultError};
use sha2::{Digest as _, Sha256};

use self::proof::Proof;
use crate::app::App;
use crate::permission::Role;
use crate::principal::{Principal, Sender, SignedIn};
use crate::problem::Problem;

/// Wrong secrets in a row after which a name is locked.
const FAILURES_MAX: u32 = 5;
/// The first lock, doubled by each further wrong secret, in microseconds.
const LOCK_US: i64 = 60_000_000;
/// Longest lock.
const LOCK_US_MAX: i64 = 3_600_000_000;
/// A session's length however busy, and how long it may idle.
const SESSION_US: i64 = 12 * 3_600_000_000;
const IDLE_US: i64 = 30 * 60_000_000;
/// The length of a session in which a secret has yet to be chosen.
const NEWCOMER_US: i64 = 15 * 60_000_000;
/// How old the note of a session's last use may be.
const USE_NOTED_US: i64 = 60_000_000;

const COOKIE: &str = "doldam";
const COOKIE_TLS: &str = "__Host-doldam";
/// Tells the browser that began a way in from others, until it ends.
const TICKET: &str = "doldam-ticket";
const TICKET_TLS: &str = "__Host-doldam-ticket";
/// Seconds for which a ticket is kept: as long as an attempt.
const TICKET_S: u32 = 300;

/// A session that was just opened.
pub(crate) struct Opened {
    pub(crate) token: Pii<String>,
    pub(crate) session: Session,
    pub(crate) must_choose_secret: bool,
}

/// The session token in a request's cookies.
pub(crate) fn token_of(headers: &HeaderMap) -> Option<String> {
    cookie(headers, [COOKIE, COOKIE_TLS])
}

/// The ticket in a request's cookies; empty without one, which fits nothing.
pub(crate) fn ticket_of(headers: &HeaderMap) -> String {
    cookie(headers, [TICKET, TICKET_TLS]).unwrap_or_default()
}

fn cookie(headers: &HeaderMap, names: [&str; 2]) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| names.contains(name))
        .map(|(_, token)| token.to_owned())
}

/// Sets the cookie of a session; an empty token takes it away.
pub(crate) fn set_cookie(
    response: &mut Response,
    sender: &Sender,
    token: &str,
) -> Result<(), Problem> {
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    set(response, sender, [COOKIE, COOKIE_TLS], token, age)
}

/// Sets the cookie of a way in.
pub(crate) fn set_ticket(
    response: &mut Response,
    sender: &Sender,
    ticket: &str,
) -> Result<(), Problem> {
    set(response, sender, [TICKET, TICKET_TLS], ticket, &format!("; Max-Age={TICKET_S}"))
}

fn set(
    response: &mut Response,
    sender: &Sender,
    names: [&str; 2],
    token: &str,
    age: &str,
) -> Result<(), Problem> {
    let (name, secure) = if sender.is_private { (names[1], "; Secure") } else { (names[0], "") };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    let value = HeaderValue::from_str(&text).map_err(|_| Problem::internal("a cookie"))?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(())
}

/// Who has this session.
pub(crate) async fn signed_in(app: &Arc<App>, token: String) -> Result<Principal, Problem> {
    app.run(move |app| {
        let (digest, now) = (digest_of(&token), app.vault.now());
        let found = app.vault.data().read("session.find", |tx| {
            let Some(session) = session::find(tx, &digest, now)? else { return Ok(None) };
            let access = staff_access::get(tx, session.staff)?;
            Ok(Some((session, access)))
        })?;
        let (session, access) = found.ok_or_else(Problem::unauthorised)?;
        let idle_us = now.micros().saturating_sub(session.used_at.micros());
        let is_over = access.expires_at.is_some_and(|at| at <= now);
        let role = Role::from_word(&session.role).ok_or_else(Problem::unauthorised)?;
        if idle_us > IDLE_US || is_over {
            return Err(Problem::unauthorised());
        }
        if idle_us > USE_NOTED_US {
            app.vault.data().write("session.touch", move |tx| session::touch(tx, &digest, now))?;
        }
        Ok(Principal::Staff(Box::new(SignedIn { session, digest, access, role })))
    })
    .await
}

/// Whether a session still holds. Looking does not count as a use: a page that is only open does not
/// keep anybody signed in.
pub(crate) fn holds(app: &App, digest: [u8; 32]) -> Result<bool, Problem> {
    let now = app.vault.now();
    let found = app.vault.data().read("session.holds", |tx| {
        let Some(session) = session::find(tx, &digest, now)? else { return Ok(None) };
        let access = staff_access::get(tx, session.staff)?;
        Ok(Some((session, access)))
    })?;
    Ok(found.is_some_and(|(session, access)| {
        let idle_us = now.micros().saturating_sub(session.used_at.micros());
        idle_us <= IDLE_US && access.expires_at.is_none_or(|at| at > now)
    }))
}

/// Checks a name and a secret, with the lock-out. At most two are checked at a time.
pub(crate) async fn prove(
    app: &Arc<App>,
    name: String,
    secret: Pii<String>,
    sender: Sender,
) -> Result<StaffMember, Problem> {
    let _turn = app.proving_turn().await?;
    app.run(move |app| {
        let digest = *app.vault.derive_key("doldam 1 sign-in name", name.as_bytes());
        attempt(app, digest, &sender)?;
        let member = app.vault.staff_prove(&name, &secret)?;
        app.vault.data().write("sign_in.forgive", move |tx| staff_access::forgive(tx, &digest))?;
        Ok(member)
    })
    .await
}

/// Counts an attempt; refuses it while the name is locked.
fn attempt(app: &App, digest: [u8; 32], sender: &Sender) -> Result<(), Problem> {
    let now = app.vault.now();
    let entry = app.vault.entry(&sender.actor(), "sign_in.lock", String::new(), "", None);
    let locked_until = app.vault.data().write("sign_in.attempt", move |tx| {
        staff_access::sweep(tx, now.plus_days(-1))?;
        let held = staff_access::failures(tx, &digest)?;
        if let Some(held) = held.filter(|held| held.locked_until > now) {
            return Ok(Some(held.locked_until));
        }
        let count = staff_access::failed(tx, &digest, now)?;
        if count >= FAILURES_MAX {
            let lock_us = LOCK_US << (count - FAILURES_MAX).min(10);
            let until = now.micros().saturating_add(lock_us.min(LOCK_US_MAX));
            staff_access::lock(tx, &digest, Instant::from_micros(until))?;
            audit::append(tx, &entry)?;
        }
        Ok(None)
    })?;
    let Some(until) = locked_until else { return Ok(()) };
    let seconds = (until.micros() - now.micros()) / 1_000_000 + 1;
    let outside = "too many wrong secrets for this name; wait, then try again";
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "server.locked", outside).retry_after(seconds))
}

/// Opens a session for somebody who has proved who they are.
pub(crate) fn open(app: &App, proof: Proof, sender: &Sender) -> Result<Opened, Problem> {
    let (staff, now) = (proof.staff(), app.vault.now());
    let access = app.vault.data().read("staff.access", |tx| staff_access::get(tx, staff))?;
    let over = |at: Option<Instant>| at.is_some_and(|at| at <= now);
    if over(access.one_time_until) || over(access.expires_at) {
        return Err(VaultError::StaffRefused.into());
    }
    let bytes: [u8; 32] = entropy::bytes(&mut **app.vault.entropy());
    let token = Pii::new(BASE64URL_NOPAD.encode(&bytes));
    app.vault.shown_once(&token);
    let digest = digest_of(token.expose());
    let end = last_moment(now, &access);
    let object = staff.to_string();
    let mut entry = app.vault.entry(&sender.actor(), "session.open", object, &proof.way(), None);
    let session = app.vault.data().write("session.open", move |tx| {
        if !proof.spend(tx, now)? {
            return Ok(None);
        }
        session::sweep(tx, now.plus_days(-1))?;
        session::insert(tx, &digest, staff, now, end)?;
        let opened = session::find(tx, &digest, now)?;
        // Whoever came in without a session has one now, and did it.
        if let Some(session) = &opened {
            entry.actor.clone_from(&session.name);
        }
        audit::append(tx, &entry)?;
        Ok(opened)
    })?;
    let session = session.ok_or_else(Problem::unauthorised)?;
    Ok(Opened { token, session, must_choose_secret: access.one_time_until.is_some() })
}

/// The session that was opened before its answer was lost.
pub(crate) fn opened(app: &App, token: Pii<String>) -> Result<Opened, Problem> {
    let (digest, now) = (digest_of(token.expose()), app.vault.now());
    let found = app.vault.data().read("session.find", |tx| {
        let Some(session) = session::find(tx, &digest, now)? else { return Ok(None) };
        let access = staff_access::get(tx, session.staff)?;
        Ok(Some((session, access)))
    })?;
    let (session, access) = found.ok_or_else(Problem::unauthorised)?;
    Ok(Opened { token, session, must_choose_secret: access.one_time_until.is_some() })
}

fn last_moment(now: Instant, access: &StaffAccess) -> Instant {
    let length_us = if access.one_time_until.is_some() { NEWCOMER_US } else { SESSION_US };
    let end = Instant::from_micros(now.micros().saturating_add(length_us));
    access.expires_at.map_or(end, |at| at.min(end))
}

fn digest_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
#[path = "../tests/sign_in/mod.rs"]
mod tests;
