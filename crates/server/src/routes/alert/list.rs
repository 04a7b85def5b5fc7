//! `GET /api/v1/fraud/alerts`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_store::fraud::alert::{self, Alert};
use serde::Deserialize;

use super::FraudAlert;
use crate::app::App;
use crate::input::{List, Params, json};
use crate::problem::{Problem, ProblemBody};

/// Which alerts.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    closed: bool,
    action: Option<String>,
    assignee: Option<String>,
    after: Option<u64>,
    limit: Option<u32>,
}

/// The queue: what is due first stands first, and of that the higher score.
#[utoipa::path(get, path = "/api/v1/fraud/alerts", tag = "fraud",
    params(("closed" = Option<bool>, Query, description = "closed ones instead of open ones"),
           ("action" = Option<String>, Query, description = "only with this action"),
           ("assignee" = Option<String>, Query, description = "only of this person"),
           ("after" = Option<u64>, Query, description = "`next` of the page before"),
           ("limit" = Option<u32>, Query, description = "up to 1,000; 100 if left out")),
    responses((status = 200, description = "alerts", body = List<FraudAlert>),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = wanted.limit.unwrap_or(100).clamp(1, 1_000);
        let found = found(app, &wanted, limit)?;
        let (last, now) = (found.last().map(|one| one.sequence), app.clock.now());
        let items = found.into_iter().map(|one| FraudAlert::new(one, now)).collect();
        json(200, &List::page(items, limit, last))
    })
    .await
}

pub(super) fn found(app: &App, wanted: &Wanted, limit: u32) -> Result<Vec<Alert>, Problem> {
    app.fraud()?;
    let asked = alert::Wanted {
        closed: wanted.closed,
        action: wanted.action.clone(),
        assignee: wanted.assignee.clone(),
        account: None,
    };
    Ok(app.vault.data().read("alert.queue", |tx| {
        let after = match wanted.after {
            // An alert never changes its place in the queue, so its name says where a page ended.
            Some(last) => alert::find(tx, last)?.map(|last| last.after()),
            None => None,
        };
        alert::queue(tx, &asked, after, limit)
    })?)
}
