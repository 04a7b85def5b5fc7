//! Four eyes: a second person's consent to one exactly described act.
//!
//! The first try files a request and is refused. Another member of staff, who proves who they are
//! with a secret of their own, agrees. The second try uses the consent up in the same transaction
//! as the act, and only if it is the very act that was agreed to: the consent holds its hash.

use argon2::{Algorithm, Argon2, Params, Version};
use base64_simd::STANDARD_NO_PAD as BASE64;
use doldam_ground::ids::{ApprovalId, StaffId};
use doldam_ground::limits::APPROVAL_DAYS;
use doldam_ground::{Instant, Pii, entropy};
use doldam_store::staff::{self, Approval};
use doldam_store::{StoreError, Tx, audit};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use crate::error::VaultError;
use crate::keyring::PASSPHRASE_CHARACTERS_MIN;
use crate::vault::{Actor, Vault};

/// Roles that may agree to another's request.
pub(crate) const APPROVERS: [&str; 2] = ["privacy-officer", "approver"];
/// The role that answers for the data.
pub(crate) const OFFICER: &str = "privacy-officer";
/// All roles.
pub(crate) const ROLES: [&str; 5] =
    ["privacy-officer", "approver", "engineer", "analyst", "auditor"];
/// Argon2id parameters of staff secrets: 64 MiB, 3 passes (RFC 9106).
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;

/// A member of staff who has proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffMember {
    id: StaffId,
    approver: bool,
    officer: bool,
}

impl StaffMember {
    /// Somebody who proved it, now or before a session, and has this role.
    pub(crate) fn known(id: StaffId, role: &str) -> Self {
        Self { id, approver: APPROVERS.contains(&role), officer: role == OFFICER }
    }

    /// Their number.
    pub const fn id(self) -> StaffId {
        self.id
    }

    /// Whether their role lets them agree to another's request.
    pub const fn may_approve(self) -> bool {
        self.approver
    }

    /// Whether they are a privacy officer.
    pub const fn is_officer(self) -> bool {
        self.officer
    }
}

/// An act and the hash of everything that matters about it.
pub(crate) struct Act {
    name: &'static str,
    hash: [u8; 32],
}

impl Act {
    /// Hashes the act's parameters, each behind its length.
    pub(crate) fn new(name: &'static str, parameters: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        for part in std::iter::once(&name).chain(parameters) {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        Self { name, hash: hasher.finalize().into() }
    }
}

/// A consent that fits, to be spent in the transaction of the act.
#[derive(Clone, Copy)]
pub(crate) struct Consent {
    id: ApprovalId,
    name: &'static str,
    hash: [u8; 32],
    by_break_glass: bool,
}

impl Consent {
    /// Why an act is done, for the access log: it says so when nobody else agreed to it.
    pub(crate) fn purpose(&self, purpose: &str) -> String {
        if self.by_break_glass {
            format!("{purpose} ({}: by break-glass)", self.id)
        } else {
            purpose.to_owned()
        }
    }

    /// Uses the consent up; an error rolls the act back.
    pub(crate) fn spend(&self, tx: &mut Tx<'_>, now: Instant) -> Result<(), StoreError> {
        if staff::approval_use(tx, self.id, self.name, &self.hash, now)? {
            Ok(())
        } else {
            Err(StoreError::State {
                what: "the approval was used or has expired: ask for a new one",
            })
        }
    }
}

impl Vault {
    /// Adds a member of staff with a secret of at least 15 characters.
    pub fn staff_add(
        &self,
        name: &str,
        role: &str,
        secret: &Pii<String>,
        actor: &Actor,
    ) -> Result<StaffId, VaultError> {
        if !ROLES.contains(&role) {
            return Err(VaultError::Invalid(
                "a role is privacy-officer, approver, engineer, analyst or auditor",
            ));
        }
        if secret.expose().trim_end().chars().count() < PASSPHRASE_CHARACTERS_MIN {
            return Err(VaultError::PassphraseTooShort { least: PASSPHRASE_CHARACTERS_MIN });
        }
        let stored = phc(secret, &entropy::bytes(&mut **self.entropy()))?;
        let (name, role, now) = (name.to_owned(), role.to_owned(), self.now());
        let entry = self.entry(actor, "staff.add", String::new(), "", None);
        Ok(self.data.write("staff.add", move |tx| {
            if staff::find_by_name(tx, &name)?.is_some() {
                return Err(StoreError::State { what: "a member of staff has this name already" });
            }
            let id = staff::insert(tx, &name, &role, &stored, now)?;
            audit::append(tx, &entry)?;
            Ok(id)
        })?)
    }

    /// Proves who somebody is. Takes as long for an unknown name as for a wrong secret.
    pub fn staff_prove(&self, name: &str, secret: &Pii<String>) -> Result<StaffMember, VaultError> {
        let held = self.read("staff.find", |tx| staff::find_by_name(tx, name))?;
        let stored = held.as_ref().and_then(|held| read_phc(&held.secret_hash));
        let (salt, expected) = stored.unwrap_or_default();
        let hash = hash_secret(secret, &salt)?;
        let holds = bool::from(hash.ct_eq(&expected));
        match held {
            Some(held) if holds && !held.disabled => Ok(StaffMember::known(held.id, &held.role)),
            _ => Err(VaultError::StaffRefused),
        }
    }

    /// Everybody's number, name and role.
    pub fn staff(&self) -> Result<Vec<(StaffId, String, String)>, VaultError> {
        self.read("staff.list", staff::list)
    }

    /// Requests that wait for a second person.
    pub fn approvals_open(&self) -> Result<Vec<Approval>, VaultError> {
        let now = self.now();
        self.read("approval.open", |tx| staff::approvals_open(tx, now))
    }

    /// One request.
    pub fn approval(&self, id: ApprovalId) -> Result<Option<Approval>, VaultError> {
        self.read("approval.find", |tx| staff::approval_find(tx, id))
    }

    /// A second person agrees.
    pub fn approve(
        &self,
        id: ApprovalId,
        by: StaffMember,
        actor: &Actor,
    ) -> Result<(), VaultError> {
        let refused = |why| VaultError::ApprovalRefused { approval: id, why };
        if !by.approver {
            return Err(refused("only a privacy officer or an approver may agree"));
        }
        let request = self.approval(id)?;
        let request = request.ok_or_else(|| refused("there is no such request"))?;
        if request.requested_by == by.id {
            return Err(refused("it was made by the same person"));
        }
        let now = self.now();
        let entry = self.entry(actor, "approval.agree", id.to_string(), &request.summary, None);
        let agreed = self.data.write("approval.agree", move |tx| {
            let agreed = staff::approval_agree(tx, id, by.id, now)?;
            if agreed {
                audit::append(tx, &entry)?;
            }
            Ok(agreed)
        })?;
        agreed.then_some(()).ok_or_else(|| refused("it was agreed to before, or has expired"))
    }

    /// Gives the consent to spend, or files a request and says so in the error.
    pub(crate) fn require_approval(
        &self,
        act: &Act,
        summary: &str,
        requester: StaffMember,
        approval: Option<ApprovalId>,
    ) -> Result<Consent, VaultError> {
        let Some(id) = approval else {
            return Err(VaultError::ApprovalNeeded {
                approval: self.file_request(act, summary, requester, None)?,
            });
        };
        let refused = |why| VaultError::ApprovalRefused { approval: id, why };
        let held = self.approval(id)?;
        let held = held.ok_or_else(|| refused("there is no such request"))?;
        if held.act != act.name || held.act_hash != act.hash {
            return Err(refused("it was given for another act, or for other data"));
        }
        if held.requested_by != requester.id {
            return Err(refused("it was asked for by somebody else"));
        }
        if held.used_at.is_some() {
            return Err(refused("it was used before"));
        }
        if held.expires_at <= self.now() {
            return Err(refused("it has expired"));
        }
        if held.approved_by.is_none() {
            return Err(VaultError::ApprovalPending { approval: id });
        }
        // Nobody else can have agreed in the place of whoever asked.
        let by_break_glass = held.approved_by == Some(held.requested_by);
        Ok(Consent { id, name: act.name, hash: act.hash, by_break_glass })
    }

    /// Files a request, with the words of the order that it is about where they are to be kept.
    pub(crate) fn file_request(
        &self,
        act: &Act,
        summary: &str,
        requester: StaffMember,
        order: Option<&str>,
    ) -> Result<ApprovalId, VaultError> {
        let (name, hash, summary) = (act.name, act.hash, summary.to_owned());
        let (now, order) = (self.now(), order.map(str::to_owned));
        let expires = now.plus_days(APPROVAL_DAYS);
        Ok(self.data.write("approval.request", move |tx| {
            let id = staff::approval_insert(tx, name, &hash, &summary, requester.id, now, expires)?;
            if let Some(order) = &order {
                staff::approval_order_put(tx, id, order, now)?;
            }
            Ok(id)
        })?)
    }

    /// All requests for exactly this act, oldest first.
    pub(crate) fn requests_for(&self, act: &Act) -> Result<Vec<Approval>, VaultError> {
        self.read("approval.of_act", |tx| staff::approvals_of_act(tx, act.name, &act.hash))
    }

    /// Requests of this person that somebody agreed to and that can still be used.
    pub fn approvals_ready(&self, of: StaffId) -> Result<Vec<Approval>, VaultError> {
        let now = self.now();
        self.read("approval.ready", |tx| staff::approvals_ready(tx, of, now))
    }

    /// The words of the order that a request is about, where they are kept.
    pub fn approval_order(&self, id: ApprovalId) -> Result<Option<String>, VaultError> {
        self.read("approval.order", |tx| staff::approval_order(tx, id))
    }
}

/// A secret as it is kept: Argon2id, PHC string.
pub(crate) fn phc(secret: &Pii<String>, salt: &[u8; 16]) -> Result<String, VaultError> {
    let hash = hash_secret(secret, salt)?;
    let (salt, hash) = (BASE64.encode_to_string(salt), BASE64.encode_to_string(hash));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}${hash}"))
}

fn hash_secret(secret: &Pii<String>, salt: &[u8; 16]) -> Result<[u8; 32], VaultError> {
    let refused = |_| VaultError::StaffRefused;
    let parameters = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(refused)?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into(secret.expose().trim_end().as_bytes(), salt, &mut hash)
        .map_err(refused)?;
    Ok(hash)
}

/// Salt and hash of a PHC string of ours.
fn read_phc(stored: &str) -> Option<([u8; 16], [u8; 32])> {
    let mut parts = stored.rsplit('$');
    let hash = BASE64.decode_to_vec(parts.next()?).ok()?;
    let salt = BASE64.decode_to_vec(parts.next()?).ok()?;
    Some((salt.try_into().ok()?, hash.try_into().ok()?))
}
