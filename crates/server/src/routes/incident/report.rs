//! `POST /api/v1/incidents/{id}/report`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::report as room;
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// Which report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReport {
    /// The duty that asks for it: kr-pipa-report-2026.
    duty: String,
}

/// Drafts a report to a regulator from the record; what is not known says unknown. A person
/// completes and files it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/report", tag = "staff",
    request_body = NewReport,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the draft", body = Object),
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
        json(200, &room::draft(&app.vault, id, &asked.duty, institution, contact, &actor)?)
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
    json(200, &room::compose(&app.vault, done.object()?, &duty, institution, contact)?)
}
