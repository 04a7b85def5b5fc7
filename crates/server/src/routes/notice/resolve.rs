//! `POST /api/v1/incidents/{id}/notices/{notice}/resolve`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use doldam_store::notice::Decision;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CountsBody, found, word_of};
use crate::app::App;
use crate::input::{Ids, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sending::Sending;
use crate::wording::require_impersonal;

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolution {
    /// Which, as the list of those in doubt says it.
    doubt: String,
    /// resend or give_up.
    decision: String,
    /// Why, in words without personal data.
    reason: String,
}

/// Decides about a notice in doubt: sent again, or given up. Both are a risk that a person takes.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/resolve", tag = "staff",
    request_body = Resolution,
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "as it is now", body = CountsBody),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "it is not in doubt", body = ProblemBody)))]
pub(crate) async fn resolve(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
    Input(asked): Input<Resolution>,
) -> Result<Response, Problem> {
    let decision = [Decision::Resend, Decision::GiveUp]
        .into_iter()
        .find(|it| it.code() == asked.decision)
        .ok_or_else(|| Problem::bad_request("server.notice", "decide resend or give_up"))?;
    let actor = sender.actor();
    let counts = app
        .run(move |app| {
            let held = found(app, &sender, id, number)?;
            require_impersonal("reason", &asked.reason)?;
            let dispatch = held.dispatch.ok_or_else(Problem::not_found)?;
            let by = app.vault.staff_of(&sender.staff()?.session);
            let doubts = notice::in_doubt(&app.vault, id, number)?;
            let attempt = doubts
                .iter()
                .map(|one| one.attempt)
                .find(|attempt| word_of(app, dispatch, *attempt) == asked.doubt)
                .ok_or_else(|| {
                    let outside = "no notice in doubt has that word: look at the list again";
                    Problem::new(StatusCode::CONFLICT, "server.doubt", outside)
                })?;
            let (vault, reason, actor) = (&app.vault, &asked.reason, sender.actor());
            notice::resolve(vault, id, number, attempt, decision, by, reason, &actor)?;
            Ok(CountsBody::from(notice::progress(vault, id, number)?))
        })
        .await?;
    if decision == Decision::Resend {
        Sending::start(&app, (id, number), actor)?;
    }
    json(200, &counts)
}
