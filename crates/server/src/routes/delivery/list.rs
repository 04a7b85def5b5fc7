//! `GET /api/v1/deliveries`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::DeliveryBody;
use crate::app::App;
use crate::input::{List, Page, json};
use crate::principal::{Principal, Sender};
use crate::problem::Problem;

/// Deliveries; a processor sees its own published ones, an inspector those of one processor.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "both",
    params(("after" = Option<u32>, Query, description = "the number after which to go on"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "deliveries", body = List<DeliveryBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    page: Page,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let scope = sender.principal.scope();
        let held = app.desk.deliveries(scope, page.after, page.limit())?;
        let last = held.last().map(|shipment| u64::from(shipment.delivery.id.number()));
        let is_full = u32::try_from(held.len()).is_ok_and(|count| count >= page.limit());
        let hides = matches!(sender.principal, Principal::Program(_));
        let items: Vec<DeliveryBody> = held
            .iter()
            .filter(|shipment| !hides || shipment.delivery.published_at.is_some())
            .map(DeliveryBody::from)
            .collect();
        json(200, &List { schema: 1, items, next: last.filter(|_| is_full) })
    })
    .await
}
