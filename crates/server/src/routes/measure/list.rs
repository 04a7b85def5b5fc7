//! `GET /api/v1/fraud/measures`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::fraud::measure::{self, Measure};
use serde::Deserialize;

use super::FraudMeasure;
use crate::app::App;
use crate::input::{List, Params, json};
use crate::problem::{Problem, ProblemBody};

/// Which measures.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(crate) struct Wanted {
    pub(super) state: String,
    pub(super) kind: String,
    pub(super) after: u64,
    limit: Option<u32>,
}

/// Temporary measures in the order of the log.
#[utoipa::path(get, path = "/api/v1/fraud/measures", tag = "fraud",
    params(("state" = Option<String>, Query, description = "only where it stands like this"),
           ("kind" = Option<String>, Query, description = "step_up, delay, hold or block"),
           ("after" = Option<u64>, Query, description = "`next` of the page before"),
           ("limit" = Option<u32>, Query, description = "up to 1,000; 100 if left out")),
    responses((status = 200, description = "measures", body = List<FraudMeasure>),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = wanted.limit.unwrap_or(100).clamp(1, 1_000);
        let found = found(app, &wanted, limit)?;
        let (last, now) = (found.last().map(|one| one.sequence), app.clock.now());
        let items = found.into_iter().map(|one| FraudMeasure::new(one, Vec::new(), now)).collect();
        json(200, &List::page(items, limit, last))
    })
    .await
}

pub(super) fn found(app: &App, wanted: &Wanted, limit: u32) -> Result<Vec<Measure>, Problem> {
    app.fraud()?;
    Ok(app.vault.data().read("measure.list", |tx| {
        measure::list(tx, &wanted.state, &wanted.kind, wanted.after, limit)
    })?)
}
