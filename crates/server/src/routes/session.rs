//! Sessions of staff.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod passkey;
pub(crate) mod show;
pub(crate) mod sso;
pub(crate) mod ways;

use std::collections::BTreeSet;

use doldam_store::access::session::Session;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::permission::{Door, Role, Who, allowed, modules};

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// Always 1.
    schema: u32,
    /// Number of the member of staff: S-1.
    staff: String,
    /// Their login name.
    name: String,
    /// Their role.
    role: String,
    /// Whether they came in with a one-time password and must choose a secret first.
    must_choose_secret: bool,
    /// The session's last moment, RFC 3339.
    expires_at: String,
    /// What they may do, by method and path as in this document: `GET /api/v1/traces`.
    may: Vec<String>,
    /// The nouns that this server has: what is off is not among them.
    modules: BTreeSet<&'static str>,
}

impl SessionBody {
    pub(crate) fn new(app: &App, session: &Session, must_choose_secret: bool) -> Self {
        let has_fraud = app.fraud.is_some();
        let role = Role::from_word(&session.role).map(Who::Staff);
        let who = if must_choose_secret { Some(Who::Newcomer) } else { role };
        Self {
            schema: 1,
            staff: session.staff.to_string(),
            name: session.name.clone(),
            role: session.role.clone(),
            must_choose_secret,
            expires_at: session.expires_at.to_rfc3339(),
            may: who.map(|who| allowed(Door::Staff, who, has_fraud)).unwrap_or_default(),
            modules: modules(has_fraud),
        }
    }
}
