//! `GET /api/v1/approvals`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::break_glass::{Agreed, BreakGlass};
use doldam_store::staff::Approval;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::Problem;

/// A request that waits for a second person, or that one officer carried alone.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalBody {
    /// Its number: A-1.
    id: String,
    act: String,
    summary: String,
    requested_by: String,
    expires_at: String,
    /// `open`, or `by break-glass`.
    state: &'static str,
    /// How one officer carried it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    break_glass: Option<BreakGlassBody>,
}

/// A consent by break-glass.
#[derive(Serialize, ToSchema)]
pub(crate) struct BreakGlassBody {
    /// Who: S-1.
    by: String,
    /// Why it could not wait.
    reason: String,
    /// When.
    at: String,
}

impl From<BreakGlass> for BreakGlassBody {
    fn from(glass: BreakGlass) -> Self {
        Self { by: glass.staff.to_string(), reason: glass.reason, at: glass.broken_at.to_rfc3339() }
    }
}

fn body(held: Approval, glass: Option<BreakGlass>) -> ApprovalBody {
    ApprovalBody {
        id: held.id.to_string(),
        act: held.act,
        summary: held.summary,
        requested_by: held.requested_by.to_string(),
        expires_at: held.expires_at.to_rfc3339(),
        state: if glass.is_some() { "by break-glass" } else { "open" },
        break_glass: glass.map(BreakGlassBody::from),
    }
}

/// Requests that wait for a second person, then the newest that one officer carried alone.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "staff",
    responses((status = 200, description = "requests", body = List<ApprovalBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let open = app.vault.approvals_open()?;
        let mut items: Vec<ApprovalBody> = open.into_iter().map(|held| body(held, None)).collect();
        for glass in app.vault.broken_glass()? {
            // A notice's own page shows how it was agreed to.
            if let Agreed::Request(id) = glass.agreed
                && let Some(held) = app.vault.approval(id)?
            {
                items.push(body(held, Some(glass)));
            }
        }
        json(200, &List::whole(items))
    })
    .await
}
