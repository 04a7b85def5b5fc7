//! `POST /api/v1/fraud/cases`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_store::audit;
use doldam_store::fraud::case::{self, CASE_ALERTS_MAX};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CaseInFull, shown};
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// A case to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// What people call it; no personal data.
    title: String,
    /// Open alerts that belong to no case.
    alerts: Vec<u64>,
}

/// Opens a case over alerts.
#[utoipa::path(post, path = "/api/v1/fraud/cases", tag = "fraud", request_body = NewCase,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "it is open", body = CaseInFull),
              (status = 400, description = "no alert, or too many", body = ProblemBody),
              (status = 409, description = "an alert is closed or belongs to a case",
               body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewCase>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        require_impersonal("title", &asked.title)?;
        if asked.alerts.is_empty() || asked.alerts.len() > CASE_ALERTS_MAX {
            return Err(Problem::bad_request("case.alerts", "a case has 1 to 1,000 alerts"));
        }
        let (actor, now) = (sender.actor(), app.clock.now());
        let object = format!("{} alerts", asked.alerts.len());
        let entry = app.vault.entry(&actor, "case.open", object, &asked.title, None);
        let id = app.vault.data().write("case.open", move |tx| {
            let id = case::open(tx, &asked.title, &asked.alerts, &actor.name, now)?;
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        json(201, &shown(app, id)?)
    })
    .await
}

/// The answer to a case that is open.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &shown(app, done.id()?)?)
}
