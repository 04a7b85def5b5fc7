//! `POST /api/v1/incidents/{id}/report`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::report as room;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::seen;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::duty::TextBody;

/// Which report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReport {
    /// The duty that asks for it: kr-pipa-report-2026.
    duty: String,
}

/// A report to a regulator as far as the record answers it.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportDraft {
    /// Always 1.
    schema: u32,
    /// Always report_draft.
    document: String,
    /// L-1
    incident: String,
    /// The duty that asks for it.
    duty: String,
    title: TextBody,
    /// The instrument and the article.
    source: String,
    /// The digest of the rule table.
    rule_table: String,
    prepared_at: String,
    /// The last moment, or `unknown`.
    deadline: String,
    /// Where it goes: one of each list.
    recipients: Vec<Vec<String>>,
    /// What is asked, by its name in the rule table.
    items: BTreeMap<String, ReportItem>,
}

/// What a report is asked.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportItem {
    asks: TextBody,
    /// What the record says, in words, lists and counts of its own; `unknown` where it says nothing.
    answer: Value,
}

impl ReportDraft {
    fn of(draft: Value) -> Result<Self, Problem> {
        serde_json::from_value(draft).map_err(|_| Problem::internal("a draft has another shape"))
    }
}

/// Drafts a report to a regulator from the record; what is not known says unknown. A person
/// completes and files it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/report", tag = "staff",
    request_body = NewReport,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the draft", body = ReportDraft),
              (status = 404, description = "no such incident", body = ProblemBody),
              (status = 409, description = "no such report", body = ProblemBody)))]
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewReport>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        seen(app, &sender, id)?;
        let (institution, contact) = company(app);
        let (institution, contact, actor) = (institution, contact.as_deref(), sender.actor());
        let draft = room::draft(&app.vault, id, &asked.duty, institution, contact, &actor)?;
        json(200, &ReportDraft::of(draft)?)
    })
    .await
}

/// Who reports, and whom to ask.
fn company(app: &App) -> (Option<&str>, Option<String>) {
    let company = app.settings.channels.company.as_ref();
    let contact = company.map(|it| format!("{} {}", it.department.ko, it.telephone));
    (company.map(|company| company.name.ko.as_str()), contact)
}

/// The answer to a draft that is on the timeline.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let duty = done.second()?;
    let (institution, contact) = company(app);
    let contact = contact.as_deref();
    let draft = room::compose(&app.vault, done.object()?, &duty, institution, contact)?;
    json(200, &ReportDraft::of(draft)?)
}
