//! `POST /api/v1/incidents/{id}/duties/{duty}/stop`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::clock::{Evidence, What};
use doldam_response::words::{EvidenceKind, Word};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DutyBody, record};
use crate::app::App;
use crate::input::{Ids, Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::incident::seen;

/// What shows that a duty is fulfilled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    /// A word of the rule table: regulator_receipt, posting_proof, ...
    kind: String,
    /// Where it is: letters, digits and . _ : / # -
    reference: String,
    /// When the duty was fulfilled, RFC 3339; now when absent.
    #[serde(default)]
    happened_at: Option<String>,
}

/// Stops the clock of a duty on evidence of a kind that its row takes.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/duties/{duty}/stop", tag = "staff",
    request_body = Shown,
    params(("id" = String, Path, description = "L-1"),
           ("duty" = String, Path, description = "kr-pipa-report-2026"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how it stands now", body = DutyBody),
              (status = 404, description = "no such incident or duty", body = ProblemBody),
              (status = 409, description = "the clock refused", body = ProblemBody)))]
pub(crate) async fn stop(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, duty): Ids<IncidentId, String>,
    Input(asked): Input<Shown>,
) -> Result<Response, Problem> {
    let kind = EvidenceKind::from_id(&asked.kind).ok_or_else(|| {
        Problem::bad_request("server.evidence", "the rule table has no such kind of evidence")
    })?;
    let evidence = Evidence { kind, reference: asked.reference.parse()? };
    let what = What::Stopped(evidence);
    let happened_at = asked.happened_at.map(|text| moment("happened_at", &text)).transpose()?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        json(200, &record(app, &sender, id, &duty, &what, happened_at)?)
    })
    .await
}
