//! `POST /api/v1/deliveries`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::DisclosureId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::DeliveryBody;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What may be fetched, and for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publication {
    /// D-1.
    disclosure: String,
    /// 1 to 90.
    days: u16,
}

/// Lets a processor fetch the file of a disclosure.
#[utoipa::path(post, path = "/api/v1/deliveries", tag = "both", request_body = Publication,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "published", body = DeliveryBody),
              (status = 409, description = "no file is kept", body = ProblemBody)))]
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<Publication>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let id = asked
            .disclosure
            .parse::<DisclosureId>()
            .map_err(|_| Problem::bad_request("server.delivery", "disclosure cannot be read"))?;
        let held = app.desk.publish(id, i64::from(asked.days), &sender.actor())?;
        json(201, &DeliveryBody::new(&held))
    })
    .await
}

/// The answer to a publication that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &DeliveryBody::new(&app.desk.delivery(done.object()?, None)?))
}
