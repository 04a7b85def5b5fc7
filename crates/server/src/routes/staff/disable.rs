//! `POST /api/v1/staff/{id}/disable`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::StaffId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why an account is disabled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// In words without personal data.
    reason: String,
}

/// What was ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct Disabled {
    /// Always 1.
    schema: u32,
    /// Sessions that were ended.
    sessions: u64,
}

/// Disables an account and ends its sessions.
#[utoipa::path(post, path = "/api/v1/staff/{id}/disable", tag = "staff", request_body = Reason,
    params(("id" = String, Path, description = "S-2"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "disabled", body = Disabled),
              (status = 404, description = "no such account", body = ProblemBody)))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<StaffId>,
    Input(asked): Input<Reason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        if sender.staff()?.session.staff == id {
            let why = "nobody disables their own account: ask another privacy officer";
            return Err(Problem::bad_request("server.staff", why));
        }
        let sessions = app.vault.staff_disable(id, &sender.actor(), &asked.reason)?;
        json(200, &Disabled { schema: 1, sessions })
    })
    .await
}

/// The answer to a disabling that is done.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &Disabled { schema: 1, sessions: done.number()? })
}
