//! `POST /api/v1/incidents/{id}/notices`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice::{self, Stage};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NoticeBody, shown};
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::routes::incident::seen;

/// Which notice is to be written. Its words come from the record and the settings alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNotice {
    /// The duty that it fulfils: kr-pipa-notice-2026.
    duty: String,
    /// first, or supplement: what the first could not say.
    stage: String,
}

/// Writes a notice.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices", tag = "staff",
    request_body = NewNotice,
    params(("id" = String, Path, description = "L-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "written", body = NoticeBody),
              (status = 404, description = "no such incident", body = ProblemBody),
              (status = 409, description = "not to be written yet", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
    Input(asked): Input<NewNotice>,
) -> Result<Response, Problem> {
    let stage = [Stage::First, Stage::Supplement].into_iter().find(|it| it.code() == asked.stage);
    let stage = stage
        .ok_or_else(|| Problem::bad_request("server.notice", "a stage is first or supplement"))?;
    app.run(move |app| {
        seen(app, &sender, id)?;
        let channels = &app.settings.channels;
        let (company, rules) = (channels.company()?, channels.rules()?);
        let (author, actor) = (app.vault.staff_of(&sender.staff()?.session), sender.actor());
        let (vault, duty) = (&app.vault, &asked.duty);
        let number = notice::write(vault, id, duty, stage, company, rules, author, &actor)?;
        json(201, &shown(app, id, number)?)
    })
    .await
}

/// The answer to a notice that is written.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(201, &shown(app, done.object()?, done.id()?)?)
}
