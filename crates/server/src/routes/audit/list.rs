//! `GET /api/v1/audit`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::audit;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, Page, json};
use crate::problem::Problem;

/// A row of the access log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditBody {
    seq: u64,
    at: String,
    actor: String,
    origin: String,
    action: String,
    object: String,
    purpose: String,
    subjects: u32,
    /// Hash of the row, hexadecimal.
    hash: String,
}

/// The access log, oldest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "staff",
    params(("after" = Option<u32>, Query, description = "the row after which to go on"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "rows", body = List<AuditBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>, page: Page) -> Result<Response, Problem> {
    app.run(move |app| {
        let (after, limit) = (u64::from(page.after), page.limit());
        let rows = app.vault.data().read("audit.list", |tx| audit::rows(tx, after, limit))?;
        let last = rows.last().map(|row| row.seq);
        let items = rows.into_iter().map(|row| AuditBody {
            seq: row.seq,
            at: row.at.to_rfc3339(),
            actor: row.actor,
            origin: row.origin,
            action: row.action,
            object: row.object,
            purpose: row.purpose,
            subjects: row.subject_count,
            hash: data_encoding::HEXLOWER.encode(&row.hash),
        });
        json(200, &List::page(items.collect(), limit, last))
    })
    .await
}
