//! `GET /api/v1/fraud/measures/export`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::mask::mask;
use doldam_store::fraud::measure;

use super::list::{Wanted, found};
use crate::app::App;
use crate::input::Params;
use crate::problem::{Problem, ProblemBody};
use crate::routes::alert::sheet;

/// Most measures of one file.
const ROWS_MAX: u32 = 10_000;

const HEAD: [&str; 11] = [
    "sequence", "event", "account", "kind", "state", "step", "by", "how", "reason", "at", "due_at",
];

/// The record of temporary measures as CSV: a row a step, accounts masked. At most 10,000 measures;
/// the next file goes on `after` the last of them.
#[utoipa::path(get, path = "/api/v1/fraud/measures/export", tag = "fraud",
    params(("state" = Option<String>, Query, description = "only where it stands like this"),
           ("kind" = Option<String>, Query, description = "step_up, delay, hold or block"),
           ("after" = Option<u64>, Query, description = "the last measure of the file before")),
    responses((status = 200, description = "a row a step", body = String, content_type = "text/csv"),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let mut text = sheet::row(&HEAD);
        for one in found(app, &wanted, ROWS_MAX)? {
            let steps = app.vault.data();
            let steps = steps.read("measure.steps", |tx| measure::steps(tx, one.sequence))?;
            let account = one.account.as_deref().map(mask).unwrap_or_default();
            let (sequence, due_at) = (one.sequence.to_string(), one.due_at.to_rfc3339());
            for step in steps {
                let at = Instant::to_rfc3339(step.at);
                text += &sheet::row(&[
                    &sequence,
                    &one.event,
                    &account,
                    &one.kind,
                    &one.state,
                    &step.step,
                    &step.by,
                    &step.how,
                    &step.reason,
                    &at,
                    &due_at,
                ]);
            }
        }
        Ok(sheet::answer("measures.csv", text))
    })
    .await
}
