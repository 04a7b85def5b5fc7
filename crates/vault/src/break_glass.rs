//! Break-glass: what a small team does when an act needs a second person and nobody is there.
//!
//! Four eyes protect people from one person's mistake or malice; a company of three would either
//! stand still in a leak or share its passphrases, which is worse. So an installation may declare
//! itself a small team. Then one privacy officer may carry what they asked for alone, under rules
//! that make it slow, scarce and seen: only after the request has waited for others, a few times a
//! month, with a written reason, and never silently: it has a row of its own, a row of the access
//! log named `approval.break_glass`, and the act itself says how it was agreed to.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, StaffId};
use doldam_ground::limits::{
    BREAK_GLASS_ACTS_MAX, BREAK_GLASS_DAYS, BREAK_GLASS_REASON_CHARACTERS_MIN,
    BREAK_GLASS_WAIT_MINUTES,
};
use doldam_store::break_glass::{self, Agreed, BreakGlass};
use doldam_store::{StoreError, Tx, audit, installation, staff};

use crate::approval::StaffMember;
use crate::error::VaultError;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault};

/// The name of the log row of every consent by break-glass.
pub const BREAK_GLASS: &str = "approval.break_glass";
/// The fact of the installation: since when it is a small team, in microseconds; empty: it is not.
const SMALL_TEAM: &str = "small_team_since_us";
/// Consents by break-glass that are listed at once.
const LISTED_MAX: u32 = 100;
const MINUTE_US: i64 = 60_000_000;

/// A consent that one officer may carry alone, to be noted in the transaction of the act.
#[derive(Clone)]
pub struct Glass {
    by: StaffId,
    reason: String,
    now: Instant,
}

impl Glass {
    /// When it is broken.
    pub const fn at(&self) -> Instant {
        self.now
    }

    /// Who breaks it.
    pub const fn by(&self) -> StaffId {
        self.by
    }

    /// Notes the consent; an error rolls the act back. The rules that others can break meanwhile
    /// are held here once more: the team is small, the month is not used up, the act has no other.
    pub fn note(
        &self,
        tx: &mut Tx<'_>,
        agreed: Agreed,
        digest: [u8; 32],
    ) -> Result<(), StoreError> {
        if small_team_since(tx)?.is_none() {
            return Err(StoreError::State { what: "this installation is no small team" });
        }
        if acts_of_the_month(tx, self.now)? >= BREAK_GLASS_ACTS_MAX {
            return Err(StoreError::State { what: "break-glass was used up for this month" });
        }
        let reason = self.reason.clone();
        let glass = BreakGlass { agreed, digest, staff: self.by, reason, broken_at: self.now };
        break_glass::insert(tx, &glass)
    }
}

fn small_team_since(tx: &mut Tx<'_>) -> Result<Option<Instant>, StoreError> {
    let text = installation::get(tx, SMALL_TEAM)?.filter(|text| !text.is_empty());
    let micros = text.map(|text| text.parse().map(Instant::from_micros)).transpose();
    micros.map_err(|_| StoreError::Shape { what: "since when the team is small" })
}

fn acts_of_the_month(tx: &mut Tx<'_>, now: Instant) -> Result<u32, StoreError> {
    break_glass::count_since(tx, now.plus_days(-BREAK_GLASS_DAYS))
}

impl Vault {
    /// Since when this installation is a small team; `None`, the default, when it is not.
    pub fn small_team(&self) -> Result<Option<Instant>, VaultError> {
        self.read("small_team.read", small_team_since)
    }

    /// Declares a new installation a small team: for `doldam init`, before anybody is staff.
    ///
    /// Fails when there is staff already: then it is an officer's to say.
    pub fn small_team_at_first(&self, actor: &Actor) -> Result<(), VaultError> {
        if !self.staff()?.is_empty() {
            return Err(VaultError::Invalid("only a privacy officer declares a team small"));
        }
        self.put_small_team(true, actor, "declared when the installation was made")
    }

    /// Declares the installation a small team, or takes that back. Declaring it again keeps the
    /// time from which it counts.
    pub fn set_small_team(
        &self,
        is_small: bool,
        by: StaffMember,
        reason: &str,
        actor: &Actor,
    ) -> Result<(), VaultError> {
        if !by.is_officer() {
            return Err(VaultError::BreakGlass {
                why: "only a privacy officer declares a team small",
            });
        }
        require_purpose(reason)?;
        self.put_small_team(is_small, actor, reason)
    }

    fn put_small_team(
        &self,
        is_small: bool,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), VaultError> {
        let object = if is_small { "on" } else { "off" };
        let entry = self.entry(actor, "small_team.set", object.to_owned(), reason, None);
        let now = self.now();
        Ok(self.data.write("small_team.set", move |tx| {
            let since = small_team_since(tx)?.filter(|_| is_small);
            let since = since.or(is_small.then_some(now));
            let text = since.map_or_else(String::new, |since| since.micros().to_string());
            installation::put(tx, SMALL_TEAM, &text)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// Whether `by` may carry alone now what was asked for at `asked_at`, and why: the rules of
    /// break-glass, for rooms whose acts have consents of their own.
    ///
    /// Fails with [`VaultError::BreakGlass`], or [`VaultError::BreakGlassEarly`] while others still
    /// have time to agree.
    pub fn may_break_glass(
        &self,
        asked_at: Instant,
        by: StaffMember,
        reason: &str,
    ) -> Result<Glass, VaultError> {
        let refused = |why| Err(VaultError::BreakGlass { why });
        if !by.is_officer() {
            return refused("only a privacy officer carries an act alone");
        }
        let Some(small_since) = self.small_team()? else {
            return refused(
                "this installation is no small team; a privacy officer declares it one with `doldam approve --small-team on`",
            );
        };
        if reason.trim().chars().count() < BREAK_GLASS_REASON_CHARACTERS_MIN {
            return refused(
                "say in ten characters or more why it cannot wait for a second person: the reason is kept for ever",
            );
        }
        let now = self.now();
        let waits_since = asked_at.max(small_since).micros();
        let ready_at = Instant::from_micros(waits_since + BREAK_GLASS_WAIT_MINUTES * MINUTE_US);
        if now < ready_at {
            return Err(VaultError::BreakGlassEarly { ready_at });
        }
        if self.read("break_glass.count", |tx| acts_of_the_month(tx, now))? >= BREAK_GLASS_ACTS_MAX
        {
            return refused("it was used three times within thirty days: find a second person");
        }
        Ok(Glass { by: by.id(), reason: reason.trim().to_owned(), now })
    }

    /// One officer carries alone the request that they filed themselves.
    pub fn break_glass(
        &self,
        id: ApprovalId,
        by: StaffMember,
        reason: &str,
        actor: &Actor,
    ) -> Result<(), VaultError> {
        let refused = |why| VaultError::ApprovalRefused { approval: id, why };
        let request = self.approval(id)?;
        let request = request.ok_or_else(|| refused("there is no such request"))?;
        if request.requested_by != by.id() {
            return Err(refused("somebody else asked for it: you are the second person, agree"));
        }
        if request.approved_by.is_some() || request.expires_at <= self.now() {
            return Err(refused("it was agreed to before, or has expired"));
        }
        let glass = self.may_break_glass(request.requested_at, by, reason)?;
        let entry = self.entry(actor, BREAK_GLASS, id.to_string(), reason.trim(), None);
        Ok(self.data.write("approval.break_glass", move |tx| {
            if !staff::approval_break(tx, id, glass.by, glass.now)? {
                return Err(StoreError::State {
                    what: "the request was agreed to meanwhile, or has expired",
                });
            }
            glass.note(tx, Agreed::Request(id), request.act_hash)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// The newest consents by break-glass, at most a hundred, newest first.
    pub fn broken_glass(&self) -> Result<Vec<BreakGlass>, VaultError> {
        self.read("break_glass.list", |tx| break_glass::list(tx, LISTED_MAX))
    }
}
