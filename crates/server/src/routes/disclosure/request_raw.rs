//! `POST /api/v1/disclosures/raw`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ApprovalId;
use serde::Serialize;
use utoipa::ToSchema;

use super::create::{NewDisclosure, order};
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// What a second person was asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct RawRequest {
    /// Always 1.
    schema: u32,
    /// The request: A-1. Whoever asked names it in the same order once somebody agreed.
    approval: String,
}

/// Asks a second person to agree that real values of exactly these people are given. Nothing is
/// made yet.
#[utoipa::path(post, path = "/api/v1/disclosures/raw", tag = "staff", request_body = NewDisclosure,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 202, description = "asked", body = RawRequest),
              (status = 400, description = "nobody is meant", body = ProblemBody)))]
pub(crate) async fn request(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewDisclosure>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("purpose", &asked.purpose)?;
        let (mut order, filter) = order(&asked)?;
        app.desk.find(order.processor.parse().map_err(|_| Problem::not_found())?)?;
        order.raw = true;
        order.requester = Some(app.vault.staff_of(&sender.staff()?.session));
        let selected = app.vault.select(filter)?;
        let words =
            serde_json::to_string(&asked).map_err(|_| Problem::internal("an order is no JSON"))?;
        answer(app.vault.request_raw(&order, &selected, &words)?)
    })
    .await
}

fn answer(approval: ApprovalId) -> Result<Response, Problem> {
    json(202, &RawRequest { schema: 1, approval: approval.to_string() })
}

/// The answer to a request that was filed.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(ApprovalId::new(done.id()?))
}
