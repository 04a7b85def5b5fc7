//! `GET /api/v1/staff`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_store::staff::{self, Account};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::Problem;

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffBody {
    /// Their number: S-1.
    id: String,
    /// Login name.
    name: String,
    /// Their role.
    role: String,
    created_at: String,
    /// When the account was disabled; null while it works.
    disabled_at: Option<String>,
    /// Until when the one-time password works; null once a secret was chosen.
    one_time_until: Option<String>,
    /// The last moment of an inspector.
    expires_at: Option<String>,
    /// The only processor that an inspector sees: P-1.
    scope: Option<String>,
}

impl From<Account> for StaffBody {
    fn from(held: Account) -> Self {
        let moment = |at: Option<Instant>| at.map(Instant::to_rfc3339);
        Self {
            id: held.id.to_string(),
            name: held.name,
            role: held.role,
            created_at: held.created_at.to_rfc3339(),
            disabled_at: moment(held.disabled_at),
            one_time_until: moment(held.access.one_time_until),
            expires_at: moment(held.access.expires_at),
            scope: held.access.scope.map(|processor| processor.to_string()),
        }
    }
}

/// Everybody who works or worked here.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff",
    responses((status = 200, description = "everybody", body = List<StaffBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let accounts = app.vault.data().read("staff.accounts", staff::accounts)?;
        json(200, &List::whole(accounts.into_iter().map(StaffBody::from).collect()))
    })
    .await
}
