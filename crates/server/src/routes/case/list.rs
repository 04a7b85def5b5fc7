//! `GET /api/v1/fraud/cases`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::fraud::case;
use serde::Deserialize;

use super::FraudCase;
use crate::app::App;
use crate::input::{List, Params, json};
use crate::problem::{Problem, ProblemBody};

/// Which cases.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    state: String,
    after: Option<u32>,
    limit: Option<u32>,
}

/// Cases, newest first.
#[utoipa::path(get, path = "/api/v1/fraud/cases", tag = "fraud",
    params(("state" = Option<String>, Query, description = "open, closing or closed"),
           ("after" = Option<u32>, Query, description = "`next` of the page before"),
           ("limit" = Option<u32>, Query, description = "up to 1,000; 100 if left out")),
    responses((status = 200, description = "cases", body = List<FraudCase>),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        app.fraud()?;
        let limit = wanted.limit.unwrap_or(100).clamp(1, 1_000);
        let found = app
            .vault
            .data()
            .read("case.list", |tx| case::list(tx, &wanted.state, wanted.after, limit))?;
        let last = found.last().map(|one| u64::from(one.id));
        json(200, &List::page(found.into_iter().map(FraudCase::from).collect(), limit, last))
    })
    .await
}
