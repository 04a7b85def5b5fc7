//! `POST /api/v1/fraud/alerts/{sequence}/assign`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_store::fraud::alert;
use doldam_store::{audit, staff};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AlertInFull, shown};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// Who is to look at an alert.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertAssignment {
    /// A staff name; nobody when it is null.
    assignee: Option<String>,
}

/// Gives an open alert to a member of staff, or to nobody.
#[utoipa::path(post, path = "/api/v1/fraud/alerts/{sequence}/assign", tag = "fraud",
    request_body = AlertAssignment,
    params(("sequence" = u64, Path, description = "place of the event in the log"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = AlertInFull),
              (status = 400, description = "no such member of staff", body = ProblemBody),
              (status = 404, description = "no such alert", body = ProblemBody),
              (status = 409, description = "it is closed", body = ProblemBody)))]
pub(crate) async fn assign(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(sequence): Id<u64>,
    Input(asked): Input<AlertAssignment>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        let store = app.vault.data();
        if let Some(name) = &asked.assignee
            && store.read("staff.find", |tx| staff::find_by_name(tx, name))?.is_none()
        {
            return Err(Problem::bad_request("alert.assignee", "there is no such member of staff"));
        }
        let to = asked.assignee.as_deref().unwrap_or("nobody").to_owned();
        let entry =
            app.vault.entry(&sender.actor(), "alert.assign", sequence.to_string(), &to, None);
        store.write("alert.assign", move |tx| {
            alert::assign(tx, sequence, asked.assignee.as_ref())?;
            audit::append(tx, &entry)?;
            Ok(sequence)
        })?;
        json(200, &shown(app, sequence)?)
    })
    .await
}
