//! `POST /api/v1/fraud/cases/{id}/reopen`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
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
use crate::wording::require_impersonal;

/// Why a case goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseReopening {
    /// In words without personal data.
    reason: String,
}

/// Lets a case go on of which one person has said how it ends. A closed one stays closed.
#[utoipa::path(post, path = "/api/v1/fraud/cases/{id}/reopen", tag = "fraud",
    request_body = CaseReopening,
    params(("id" = u32, Path, description = "its number"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "it goes on", body = CaseInFull),
              (status = 404, description = "no such case", body = ProblemBody),
              (status = 409, description = "nobody has said how it ends, or it is closed",
               body = ProblemBody)))]
pub(crate) async fn reopen(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<u32>,
    Input(asked): Input<CaseReopening>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        require_impersonal("reason", &asked.reason)?;
        let entry =
            app.vault.entry(&sender.actor(), "case.reopen", id.to_string(), &asked.reason, None);
        app.vault.data().write("case.reopen", move |tx| {
            case::reopen(tx, id)?;
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        json(200, &shown(app, id)?)
    })
    .await
}
