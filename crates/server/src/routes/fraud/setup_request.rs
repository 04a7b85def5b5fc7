//! `POST /api/v1/fraud/setups/request`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ApprovalId;
use doldam_ground::limits::APPROVAL_DAYS;
use doldam_store::{audit, staff};
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::{ACT, NewSetup, draft};
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What a second person was asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupRequest {
    /// Always 1.
    schema: u32,
    /// The request: A-1. Whoever asked names it with the same set-up once somebody agreed.
    approval: String,
}

/// Asks a second person to agree that these rules, features or this model decide from then on.
/// Nothing changes yet.
#[utoipa::path(post, path = "/api/v1/fraud/setups/request", tag = "fraud", request_body = NewSetup,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 202, description = "asked", body = SetupRequest),
              (status = 400, description = "it does not compile, or changes nothing",
               body = ProblemBody),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn request(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewSetup>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let draft = draft(app.fraud()?, &asked)?;
        if draft.stands_at.is_some() {
            let why = "this is what decides already: change something";
            return Err(Problem::bad_request("fraud.setup_same", why));
        }
        let (digest, summary) = (draft.digest, draft.summary);
        let (asker, now) = (sender.staff()?.session.staff, app.vault.now());
        let until = now.plus_days(APPROVAL_DAYS);
        let actor = sender.actor();
        let mut entry =
            app.vault.entry(&actor, "fraud.setup_request", String::new(), &asked.why, None);
        let id = app.vault.data().write("approval.request", move |tx| {
            let id = staff::approval_insert(tx, ACT, &digest, &summary, asker, now, until)?;
            entry.object = id.to_string();
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        answer(id)
    })
    .await
}

fn answer(approval: ApprovalId) -> Result<Response, Problem> {
    json(202, &SetupRequest { schema: 1, approval: approval.to_string() })
}

/// The answer to a request that was filed.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(ApprovalId::new(done.id()?))
}
