//! `POST /api/v1/incidents/{id}/duties/{duty}/go-on`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::docket;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DutyBody, record};
use crate::app::App;
use crate::input::{Ids, Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// A reason to wait that is over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DelayOver {
    /// The reason.
    reason: String,
    /// Since when it was waited, RFC 3339, to the second; the earliest wait for it when absent.
    #[serde(default)]
    since: Option<String>,
    /// When the reason ended, RFC 3339; now when absent.
    #[serde(default)]
    happened_at: Option<String>,
}

/// Ends a reason to wait: the clock runs on.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/duties/{duty}/go-on", tag = "staff",
    request_body = DelayOver,
    params(("id" = String, Path, description = "L-1"),
           ("duty" = String, Path, description = "kr-pipa-report-2026"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = DutyBody),
              (status = 404, description = "no such incident or duty", body = ProblemBody),
              (status = 409, description = "the clock refused", body = ProblemBody)))]
pub(crate) async fn go_on(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, duty): Ids<IncidentId, String>,
    Input(asked): Input<DelayOver>,
) -> Result<Response, Problem> {
    let since = asked.since.map(|text| moment("since", &text)).transpose()?;
    let happened_at = asked.happened_at.map(|text| moment("happened_at", &text)).transpose()?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        let what = docket::delay_end(&app.vault, id, &duty, &asked.reason, since)?;
        json(200, &record(app, &sender, id, &duty, &what, happened_at)?)
    })
    .await
}
