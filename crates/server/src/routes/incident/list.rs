//! `GET /api/v1/incidents`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_response::incident;

use super::{IncidentBody, may_see};
use crate::app::App;
use crate::input::{List, Page, json};
use crate::principal::Sender;
use crate::problem::Problem;

/// Incidents, oldest first; an inspector sees those of the processor to inspect.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "staff",
    params(("after" = Option<u32>, Query, description = "the number after which to go on"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "incidents", body = List<IncidentBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    page: Page,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = page.limit();
        let seen: Vec<_> = incident::list(&app.vault)?
            .into_iter()
            .filter(|held| held.id.number() > page.after && may_see(&sender, held))
            .take(limit as usize)
            .collect();
        let last = seen.last().map(|held| u64::from(held.id.number()));
        json(200, &List::page(seen.into_iter().map(IncidentBody::from).collect(), limit, last))
    })
    .await
}
