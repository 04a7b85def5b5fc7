//! `GET /api/v1/drills`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::drill;

use super::{DrillBody, shown};
use crate::app::App;
use crate::input::{List, Page, json};
use crate::problem::Problem;

/// Outcomes of drills, newest first.
#[utoipa::path(get, path = "/api/v1/drills", tag = "staff",
    params(("after" = Option<u32>, Query, description = "the number after which to go on, downwards"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "outcomes", body = List<DrillBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>, page: Page) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = page.limit();
        let before = if page.after == 0 { None } else { Some(page.after) };
        let rows = app.vault.data().read("drill.list", |tx| drill::list(tx, before, limit))?;
        let last = rows.last().map(|row| u64::from(row.id));
        let items: Result<Vec<DrillBody>, Problem> = rows.iter().map(shown).collect();
        json(200, &List::page(items?, limit, last))
    })
    .await
}
