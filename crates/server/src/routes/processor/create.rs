//! `POST /api/v1/processors`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProcessorBody;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// A new processor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProcessor {
    /// The name of the firm, 5 to 200 characters.
    name: String,
    /// outsourcing (PIPA Article 26) or provision (Article 17).
    relation: String,
}

/// Registers a processor.
#[utoipa::path(post, path = "/api/v1/processors", tag = "staff", request_body = NewProcessor,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "registered", body = ProcessorBody),
              (status = 400, description = "refused", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewProcessor>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("name", &asked.name)?;
        let held = app.desk.register(&asked.name, &asked.relation, &sender.actor())?;
        json(201, &ProcessorBody::from(held))
    })
    .await
}

/// The answer to a registration that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &ProcessorBody::from(app.desk.find(done.object()?)?))
}
