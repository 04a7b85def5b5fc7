//! `POST /api/v1/fraud/cases/{id}/close`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use doldam_store::audit;
use doldam_store::fraud::case;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CaseInFull, shown};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::alert::{outcome, tell_labels};
use crate::wording::require_impersonal;

/// How a case ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseClosing {
    /// fraud, no_fraud or unclear. The second person names the same.
    outcome: String,
    /// In words without personal data.
    reason: String,
}

/// Closes a case: the first person says how it ends, a second one agrees by naming the same outcome.
/// Its alerts are closed with it, and unless it is unclear the log is told what was found.
#[utoipa::path(post, path = "/api/v1/fraud/cases/{id}/close", tag = "fraud",
    request_body = CaseClosing,
    params(("id" = u32, Path, description = "its number"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = CaseInFull),
              (status = 404, description = "no such case", body = ProblemBody),
              (status = 409, description = "closed, the same person, or another outcome",
               body = ProblemBody)))]
pub(crate) async fn close(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<u32>,
    Input(asked): Input<CaseClosing>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        require_impersonal("reason", &asked.reason)?;
        let (outcome, reason) = (outcome(asked.outcome)?, asked.reason);
        let store = app.vault.data();
        let found = store.read("case.find", |tx| case::find(tx, id))?;
        let found = found.ok_or_else(Problem::not_found)?;
        let (actor, now) = (sender.actor(), app.clock.now());
        let why = format!("{outcome}: {reason}");
        let entry = app.vault.entry(&actor, "case.close", id.to_string(), &why, None);
        let is_second = found.ending.is_some();
        if found.ending.is_some_and(|ending| ending.outcome != outcome) {
            let why = "the first person named another outcome: agree to that, or let it go on";
            return Err(Problem::new(StatusCode::CONFLICT, "case.outcome", why));
        }
        store.write("case.close", move |tx| {
            if is_second {
                case::close(tx, id, &actor.name, now)?;
            } else {
                case::ask_to_close(tx, id, &outcome, &reason, &actor.name)?;
            }
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        tell_labels(app);
        json(200, &shown(app, id)?)
    })
    .await
}
