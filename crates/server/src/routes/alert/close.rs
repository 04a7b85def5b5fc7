//! `POST /api/v1/fraud/alerts/{sequence}/close`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_store::audit;
use doldam_store::fraud::alert::{self, Closing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AlertInFull, outcome, shown, tell_labels};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// What somebody found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertClosing {
    /// fraud, no_fraud or unclear.
    outcome: String,
    /// In words without personal data.
    note: String,
}

/// Closes an alert that belongs to no case. Unless it is unclear, the log is told what was found,
/// and features that look at labels know it from the next event on.
#[utoipa::path(post, path = "/api/v1/fraud/alerts/{sequence}/close", tag = "fraud",
    request_body = AlertClosing,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "it is closed", body = AlertInFull),
              (status = 404, description = "no such alert", body = ProblemBody),
              (status = 409, description = "it is closed, or belongs to a case",
               body = ProblemBody)))]
pub(crate) async fn close(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<AlertClosing>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        require_impersonal("note", &asked.note)?;
        let outcome = outcome(asked.outcome)?;
        let actor = sender.actor();
        let why = format!("{outcome}: {}", asked.note);
        let entry = app.vault.entry(&actor, "alert.close", sequence.to_string(), &why, None);
        let at = app.clock.now();
        let closing = Closing { outcome, note: asked.note, by: actor.name, at };
        app.vault.data().write("alert.close", move |tx| {
            alert::close(tx, sequence, &closing)?;
            audit::append(tx, &entry)?;
            Ok(sequence)
        })?;
        tell_labels(app);
        json(200, &shown(app, sequence)?)
    })
    .await
}
