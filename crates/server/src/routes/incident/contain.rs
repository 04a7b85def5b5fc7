//! `POST /api/v1/incidents/{id}/containment`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_response::contain::{self as room, Access, Containment, Domains, Order};
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen;
use super::show::{OrderBody, orders};
use crate::app::App;
use crate::input::{Id, Input, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Whom to cut off, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrder {
    /// Whom: P-1; the incident's own when absent.
    #[serde(default)]
    processor: Option<String>,
    /// Why, in words without personal data: it is shown to the processor.
    reason: String,
}

/// Cuts a processor off for an incident: requests that run, keys, domains. The domains come under a
/// legal hold, so that what was issued can still be traced. Answers when all of it is proved.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/containment", tag = "staff",
    request_body = NewOrder,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "all orders and their proofs", body = List<OrderBody>),
              (status = 404, description = "no such incident or processor", body = ProblemBody),
              (status = 409, description = "the incident is closed", body = ProblemBody)))]
pub(crate) async fn contain(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewOrder>,
) -> Result<Response, Problem> {
    let named = asked.processor.map(|text| text.parse::<ProcessorId>()).transpose();
    let named = named.map_err(|_| Problem::not_found())?;
    app.run(move |app| {
        let held = seen(app, &sender, id)?;
        require_impersonal("reason", &asked.reason)?;
        let processor = named.or(held.opened.processor).ok_or_else(|| {
            let outside = "the incident is about no processor yet: name whom to cut off";
            Problem::bad_request("server.containment", outside)
        })?;
        app.desk.find(processor)?;
        let (actor, reason) = (sender.actor(), asked.reason.as_str());
        let order = Order { incident: id, processor, actor: &actor, reason };
        let (access, domains) = (Access(&app.desk), Domains(&app.vault));
        room::contain(&app.vault, &order, &[&access, &domains])?;
        shown(app, id)
    })
    .await
}

fn shown(app: &App, id: IncidentId) -> Result<Response, Problem> {
    json(200, &List::whole(orders(app, id, |_| true)?))
}

/// The answer to an order of which something is proved: what is not proved yet is cut first.
pub(crate) fn again(app: &App, sender: &Sender, done: &Done) -> Result<Response, Problem> {
    let (id, processor) = (done.object()?, done.object()?);
    let (all, actor) = (room::orders(&app.vault, id)?, sender.actor());
    let own = || all.iter().filter(|row| row.order.processor == processor);
    let is_proved = |means: &str| own().any(|row| row.order.means == means && row.proof.is_some());
    let reason = own().next_back().map(|row| row.order.reason.clone()).unwrap_or_default();
    let order = Order { incident: id, processor, actor: &actor, reason: &reason };
    let (access, domains) = (Access(&app.desk), Domains(&app.vault));
    let means: [&dyn Containment; 2] = [&access, &domains];
    let left: Vec<_> = means.into_iter().filter(|one| !is_proved(one.means())).collect();
    room::contain(&app.vault, &order, &left)?;
    shown(app, id)
}
