//! The controller's people as the server meets them: brought in with a one-time password, known by
//! a session afterwards, sent away.
//!
//! A one-time password is drawn here, works for a day, and lets its owner do nothing but choose a
//! secret of their own.

use doldam_ground::ids::{ProcessorId, StaffId};
use doldam_ground::{Instant, Pii, entropy};
use doldam_store::access::session;
use doldam_store::access::staff_access::{self, StaffAccess};
use doldam_store::{StoreError, Tx, audit, staff};

use crate::approval::{ROLES, StaffMember, phc};
use crate::error::VaultError;
use crate::keyring::PASSPHRASE_CHARACTERS_MIN;
use crate::vault::{Actor, Vault};

/// The role that reads only, within a scope, for a term.
pub const INSPECTOR: &str = "inspector";
/// Days for which a one-time password works.
const ONE_TIME_DAYS: i64 = 1;
/// Longest login name, in characters.
const NAME_CHARACTERS_MAX: usize = 64;

/// Who is to be brought in.
pub struct Newcomer {
    /// Login name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// The only processor that an inspector sees.
    pub scope: Option<ProcessorId>,
    /// The last moment of an inspector.
    pub expires_at: Option<Instant>,
}

impl Vault {
    /// Adds a member of staff who signs in with the one-time password that is given back, and then
    /// chooses a secret. An inspector needs a scope and a term; nobody else has one.
    pub fn staff_invite(
        &self,
        newcomer: &Newcomer,
        actor: &Actor,
    ) -> Result<(StaffId, Pii<String>), VaultError> {
        check(newcomer, self.now())?;
        let password = self.draw_password();
        let stored = phc(&password, &entropy::bytes(&mut **self.entropy()))?;
        let (name, role, now) = (newcomer.name.clone(), newcomer.role.clone(), self.now());
        let access = StaffAccess {
            one_time_until: Some(now.plus_days(ONE_TIME_DAYS)),
            scope: newcomer.scope,
            expires_at: newcomer.expires_at,
        };
        let mut entry = self.entry(actor, "staff.invite", String::new(), "", None);
        self.shown_once(&password);
        let id = self.data.write("staff.invite", move |tx| {
            if staff::find_by_name(tx, &name)?.is_some() {
                return Err(StoreError::State { what: "a member of staff has this name already" });
            }
            let id = staff::insert(tx, &name, &role, &stored, now)?;
            staff_access::put(tx, id, &access)?;
            entry.object = id.to_string();
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        Ok((id, password))
    }

    /// Gives a member of staff a one-time password in place of their secret, and ends their sessions:
    /// for somebody who lost either. Fails when nobody of this name has a working account.
    pub fn staff_reset(
        &self,
        name: &str,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(StaffId, Pii<String>), VaultError> {
        let password = self.draw_password();
        let stored = phc(&password, &entropy::bytes(&mut **self.entropy()))?;
        let (name, now) = (name.to_owned(), self.now());
        let mut entry = self.entry(actor, "staff.reset", String::new(), purpose, None);
        let id = self.data.write("staff.reset", move |tx| {
            let id = working(tx, &name)?;
            let access = staff_access::get(tx, id)?;
            staff_access::set_secret(tx, id, &stored)?;
            let one_time_until = Some(now.plus_days(ONE_TIME_DAYS));
            staff_access::put(tx, id, &StaffAccess { one_time_until, ..access })?;
            session::revoke_all(tx, id, None, now)?;
            entry.object = id.to_string();
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        Ok((id, password))
    }

    /// Ends all sessions of a member of staff, who may sign in again; gives how many that were.
    pub fn staff_sign_out(
        &self,
        name: &str,
        actor: &Actor,
        purpose: &str,
    ) -> Result<u64, VaultError> {
        let (name, now) = (name.to_owned(), self.now());
        let mut entry = self.entry(actor, "staff.sign_out", String::new(), purpose, None);
        Ok(self.data.write("staff.sign_out", move |tx| {
            let id = working(tx, &name)?;
            let sessions = session::revoke_all(tx, id, None, now)?;
            entry.object = id.to_string();
            audit::append(tx, &entry)?;
            Ok(sessions)
        })?)
    }

    /// 160 random bits as text, in groups that can be read out.
    fn draw_password(&self) -> Pii<String> {
        let bytes: [u8; 20] = entropy::bytes(&mut **self.entropy());
        let text = data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase();
        let groups: Vec<&str> =
            (0..text.len()).step_by(8).map(|start| &text[start..start + 8]).collect();
        Pii::new(groups.join("-"))
    }

    /// Replaces a member of staff's secret by one that they chose, of at least 15 characters, and
    /// ends all their sessions but the one in which they did (`keep`, the digest of its token).
    pub fn staff_set_secret(
        &self,
        id: StaffId,
        secret: &Pii<String>,
        keep: Option<[u8; 32]>,
        actor: &Actor,
    ) -> Result<(), VaultError> {
        if secret.expose().trim_end().chars().count() < PASSPHRASE_CHARACTERS_MIN {
            return Err(VaultError::PassphraseTooShort { least: PASSPHRASE_CHARACTERS_MIN });
        }
        let stored = phc(secret, &entropy::bytes(&mut **self.entropy()))?;
        let now = self.now();
        let entry = self.entry(actor, "staff.set_secret", id.to_string(), "", None);
        Ok(self.data.write("staff.set_secret", move |tx| {
            staff_access::set_secret(tx, id, &stored)?;
            session::revoke_all(tx, id, keep.as_ref(), now)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// Disables an account and ends all its sessions; gives how many sessions that were.
    pub fn staff_disable(
        &self,
        id: StaffId,
        actor: &Actor,
        purpose: &str,
    ) -> Result<u64, VaultError> {
        let now = self.now();
        let entry = self.entry(actor, "staff.disable", id.to_string(), purpose, None);
        Ok(self.data.write("staff.disable", move |tx| {
            if !staff_access::disable(tx, id, now)? {
                return Err(StoreError::NotFound {
                    what: "member of staff with a working account",
                });
            }
            let sessions = session::revoke_all(tx, id, None, now)?;
            audit::append(tx, &entry)?;
            Ok(sessions)
        })?)
    }

    /// The member of staff of a session: their secret was proved when it was opened.
    pub fn staff_of(&self, session: &session::Session) -> StaffMember {
        StaffMember::known(session.staff, &session.role)
    }
}

/// The number of somebody whose account was not disabled.
fn working(tx: &mut Tx<'_>, name: &str) -> Result<StaffId, StoreError> {
    let found = staff::find_by_name(tx, name)?.filter(|found| !found.disabled);
    let found =
        found.ok_or(StoreError::NotFound { what: "member of staff with a working account" });
    found.map(|found| found.id)
}

fn check(newcomer: &Newcomer, now: Instant) -> Result<(), VaultError> {
    let is_inspector = newcomer.role == INSPECTOR;
    if !is_inspector && !ROLES.contains(&newcomer.role.as_str()) {
        return Err(VaultError::Invalid(
            "a role is privacy-officer, approver, engineer, analyst, auditor or inspector",
        ));
    }
    let characters = newcomer.name.chars().count();
    if newcomer.name.trim() != newcomer.name
        || !(1..=NAME_CHARACTERS_MAX).contains(&characters)
        || newcomer.name.chars().any(char::is_control)
    {
        return Err(VaultError::Invalid(
            "a login name has 1 to 64 characters, no blank at its ends",
        ));
    }
    let has_term = newcomer.scope.is_some() && newcomer.expires_at.is_some();
    let has_any = newcomer.scope.is_some() || newcomer.expires_at.is_some();
    if is_inspector && !has_term || !is_inspector && has_any {
        return Err(VaultError::Invalid(
            "an inspector has a processor to inspect and a last day; nobody else has",
        ));
    }
    if newcomer.expires_at.is_some_and(|at| at <= now) {
        return Err(VaultError::Invalid("the inspector's last day lies in the past"));
    }
    Ok(())
}
