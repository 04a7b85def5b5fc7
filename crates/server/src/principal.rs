//! Who sent a request.

use std::sync::Arc;

use doldam_ground::ids::ProcessorId;
use doldam_processors::Caller;
use doldam_store::access::session::Session;
use doldam_store::access::staff_access::StaffAccess;
use doldam_vault::Actor;
use tokio::sync::Notify;

use crate::permission::{Role, Who};

/// A member of staff who is signed in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) digest: [u8; 32],
    pub(crate) access: StaffAccess,
    pub(crate) role: Role,
}

/// Who sent a request.
#[derive(Clone)]
pub(crate) enum Principal {
    Nobody,
    Staff(Box<SignedIn>),
    Program(Caller),
}

/// A request's sender and the address they sent it from.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) principal: Principal,
    pub(crate) address: String,
    /// Whether they speak TLS: to us, or to a trusted proxy in between.
    pub(crate) is_private: bool,
}

/// A connection: from where, and how it is ended from outside.
pub(crate) struct Connection {
    pub(crate) peer: std::net::IpAddr,
    pub(crate) end: Arc<Notify>,
    /// Whether TLS is spoken over it.
    pub(crate) is_tls: bool,
}

impl Principal {
    /// Each kind of caller that this one is.
    pub(crate) fn kinds(&self) -> Vec<Who> {
        match self {
            Self::Nobody => vec![Who::Anybody],
            Self::Staff(staff) if staff.access.one_time_until.is_some() => vec![Who::Newcomer],
            Self::Staff(staff) => vec![Who::Staff(staff.role)],
            Self::Program(caller) => {
                caller.scopes.iter().map(|scope| Who::Program(*scope)).collect()
            }
        }
    }

    /// How the access log and the answers name it: S-1, Y-1, nobody.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Nobody => "nobody".to_owned(),
            Self::Staff(staff) => staff.session.staff.to_string(),
            Self::Program(caller) => caller.key.to_string(),
        }
    }

    /// The only processor whose things this one may see; `None` for all.
    pub(crate) fn scope(&self) -> Option<ProcessorId> {
        match self {
            Self::Nobody => None,
            Self::Staff(staff) => staff.access.scope,
            Self::Program(caller) => Some(caller.processor),
        }
    }
}

impl Sender {
    /// Who acts, for the access log.
    pub(crate) fn actor(&self) -> Actor {
        let name = match &self.principal {
            Principal::Nobody => "nobody".to_owned(),
            Principal::Staff(staff) => staff.session.name.clone(),
            Principal::Program(caller) => format!("{} {}", caller.processor, caller.key),
        };
        Actor { name, origin: self.address.clone() }
    }

    /// The member of staff; the table lets nobody else in where this is called.
    pub(crate) fn staff(&self) -> Result<&SignedIn, crate::problem::Problem> {
        match &self.principal {
            Principal::Staff(staff) => Ok(staff),
            _ => Err(crate::problem::Problem::unauthorised()),
        }
    }

    /// Whether something of this processor may be seen.
    pub(crate) fn may_see(&self, processor: ProcessorId) -> bool {
        self.principal.scope().is_none_or(|scope| scope == processor)
    }
}
