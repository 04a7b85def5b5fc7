//! `GET /api/v1/incidents/{id}/timeline`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::timeline as room;
use doldam_store::incident::TimelineRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::seen;
use crate::app::App;
use crate::input::{Id, List, Page, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A line of the timeline.
#[derive(Serialize, ToSchema)]
pub(crate) struct LineBody {
    /// Counts the lines of the incident from 1.
    seq: u32,
    /// When it happened.
    at: String,
    /// When it was put on record.
    recorded_at: String,
    actor: String,
    /// What: incident.open, contain.prove, ...
    what: String,
    /// On what: an id, or empty.
    object: String,
    /// Counts, ids and words.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    facts: serde_json::Value,
}

impl From<TimelineRow> for LineBody {
    fn from(row: TimelineRow) -> Self {
        Self {
            seq: row.seq,
            at: row.entry.at.to_rfc3339(),
            recorded_at: row.recorded_at.to_rfc3339(),
            actor: row.entry.actor,
            what: row.entry.what,
            object: row.entry.object,
            facts: serde_json::from_str(&row.entry.facts).unwrap_or_default(),
        }
    }
}

/// Whether a line may be shown: an inspector does not see who else was cut off.
fn may_see(sender: &Sender, row: &TimelineRow) -> bool {
    let is_order = row.entry.what.starts_with("contain.");
    !is_order || row.entry.object.parse().is_ok_and(|processor| sender.may_see(processor))
}

/// What happened in an incident, oldest first.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("after" = Option<u32>, Query, description = "the line after which to go on"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "lines", body = List<LineBody>),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn timeline(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    page: Page,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let limit = page.limit();
        let mut rows = room::read(&app.vault, id, page.after)?;
        let is_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let last = rows.last().map(|row| u64::from(row.seq)).filter(|_| is_more);
        let shown = rows.into_iter().filter(|row| may_see(&sender, row)).map(LineBody::from);
        json(200, &List { schema: 1, items: shown.collect(), next: last })
    })
    .await
}
