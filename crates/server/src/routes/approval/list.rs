//! `GET /api/v1/approvals`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::StaffId;
use doldam_store::break_glass::{Agreed, BreakGlass};
use doldam_store::staff::Approval;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::principal::Sender;
use crate::problem::Problem;
use crate::routes::disclosure::create::NewDisclosure;

/// A request that waits for a second person, or that one officer carried alone.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalBody {
    /// Its number: A-1.
    id: String,
    act: String,
    summary: String,
    requested_by: String,
    expires_at: String,
    /// `open`; `agreed`, which only whoever asked is told; or `by break-glass`.
    state: &'static str,
    /// Whether whoever looks asked for it and may do it now.
    ready: bool,
    /// The order that it is about, to be given again with this consent: real values for a processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<NewDisclosure>,
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

/// How a request is shown to `me`.
fn body(
    app: &App,
    me: StaffId,
    held: Approval,
    glass: Option<BreakGlass>,
) -> Result<ApprovalBody, Problem> {
    let is_agreed = held.approved_by.is_some();
    let is_usable = held.used_at.is_none() && held.expires_at > app.vault.now();
    let order = app.vault.approval_order(held.id)?.filter(|_| is_usable);
    let order = order.map(|text| serde_json::from_str(&text)).transpose();
    Ok(ApprovalBody {
        id: held.id.to_string(),
        act: held.act,
        summary: held.summary,
        requested_by: held.requested_by.to_string(),
        expires_at: held.expires_at.to_rfc3339(),
        state: match (&glass, is_agreed) {
            (Some(_), _) => "by break-glass",
            (None, true) => "agreed",
            (None, false) => "open",
        },
        ready: is_agreed && is_usable && held.requested_by == me,
        order: order.map_err(|_| Problem::internal("a kept order is no JSON"))?,
        break_glass: glass.map(BreakGlassBody::from),
    })
}

/// Whether its consent is used up by whoever asked: others work by themselves once agreed to.
fn is_spent_by_asker(held: &Approval) -> bool {
    ["disclose.raw", "access.resume", "fraud.setup"].contains(&held.act.as_str())
}

/// Requests that wait for a second person, those of one's own that somebody agreed to and that are
/// still to be used, then the newest that one officer carried alone.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "staff",
    responses((status = 200, description = "requests", body = List<ApprovalBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let me = sender.staff()?.session.staff;
        let mut items = Vec::new();
        for held in app.vault.approvals_open()? {
            items.push(body(app, me, held, None)?);
        }
        for held in app.vault.approvals_ready(me)?.into_iter().filter(is_spent_by_asker) {
            // Their own consent is told below.
            if held.approved_by != Some(me) {
                items.push(body(app, me, held, None)?);
            }
        }
        for glass in app.vault.broken_glass()? {
            // A notice's own page shows how it was agreed to.
            if let Agreed::Request(id) = glass.agreed
                && let Some(held) = app.vault.approval(id)?
            {
                items.push(body(app, me, held, Some(glass))?);
            }
        }
        json(200, &List::whole(items))
    })
    .await
}
