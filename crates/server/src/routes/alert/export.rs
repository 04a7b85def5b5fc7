//! `GET /api/v1/fraud/alerts/export`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::list::{Wanted, found};
use super::{FraudAlert, sheet};
use crate::app::App;
use crate::input::Params;
use crate::problem::{Problem, ProblemBody};

/// Most alerts of one file.
const ROWS_MAX: u32 = 10_000;

const HEAD: [&str; 15] = [
    "sequence",
    "event",
    "account",
    "payee",
    "device",
    "amount",
    "action",
    "score",
    "opened_at",
    "due_at",
    "assignee",
    "case",
    "outcome",
    "closed_by",
    "closed_at",
];

/// The queue as CSV, keys masked. At most 10,000 alerts; the next file goes on `after` the last.
#[utoipa::path(get, path = "/api/v1/fraud/alerts/export", tag = "fraud",
    params(("closed" = Option<bool>, Query, description = "closed ones instead of open ones"),
           ("action" = Option<String>, Query, description = "only with this action"),
           ("assignee" = Option<String>, Query, description = "only of this person"),
           ("after" = Option<u64>, Query, description = "the last alert of the file before")),
    responses((status = 200, description = "a row an alert", body = String,
               content_type = "text/csv"),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let mut text = sheet::row(&HEAD);
        let now = app.clock.now();
        for alert in found(app, &wanted, ROWS_MAX)? {
            text += &line(&FraudAlert::new(alert, now));
        }
        Ok(sheet::answer("alerts.csv", text))
    })
    .await
}

fn line(alert: &FraudAlert) -> String {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<i64>| number.map(|it| it.to_string()).unwrap_or_default();
    sheet::row(&[
        &alert.sequence.to_string(),
        &alert.event,
        &or_empty(&alert.account),
        &or_empty(&alert.payee),
        &or_empty(&alert.device),
        &number(alert.amount),
        &alert.action,
        &alert.score.to_string(),
        &alert.opened_at,
        &alert.due_at,
        &or_empty(&alert.assignee),
        &number(alert.case.map(i64::from)),
        &or_empty(&alert.outcome),
        &or_empty(&alert.closed_by),
        &or_empty(&alert.closed_at),
    ])
}
