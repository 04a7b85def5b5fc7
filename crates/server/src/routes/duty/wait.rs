//! `POST /api/v1/incidents/{id}/duties/{duty}/wait`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::clock::What;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DutyBody, record};
use crate::app::App;
use crate::input::{Ids, Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// A reason to wait.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delay {
    /// A reason that the duty's row allows: containment_in_progress, ...
    reason: String,
    /// What shows it: letters, digits and . _ : / # -
    evidence: String,
    /// Since when, RFC 3339; now when absent.
    #[serde(default)]
    since: Option<String>,
}

/// Lets the clock of a duty wait for a reason that its row of the law allows.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/duties/{duty}/wait", tag = "staff",
    request_body = Delay,
    params(("id" = String, Path, description = "L-1"),
           ("duty" = String, Path, description = "kr-pipa-report-2026"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = DutyBody),
              (status = 404, description = "no such incident or duty", body = ProblemBody),
              (status = 409, description = "the clock refused", body = ProblemBody)))]
pub(crate) async fn wait(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, duty): Ids<IncidentId, String>,
    Input(asked): Input<Delay>,
) -> Result<Response, Problem> {
    let what = What::DelayBegan { reason: asked.reason, evidence: asked.evidence.parse()? };
    let happened_at = asked.since.map(|text| moment("since", &text)).transpose()?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        json(200, &record(app, &sender, id, &duty, &what, happened_at)?)
    })
    .await
}
