//! `POST /api/v1/processors/{id}/resume`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{ApprovalId, DomainId, ProcessorId};
use doldam_response::incident;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// With whose consent a processor comes in again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResumeConsent {
    /// The request to which a second person agreed: A-1. The log takes the reason from there.
    approval: String,
}

/// What works again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Resumed {
    /// Always 1.
    schema: u32,
    /// Its number: P-1.
    processor: String,
    /// Its pseudonym domains that work now: M-1. Keys are issued anew.
    domains: Vec<String>,
}

impl Resumed {
    fn new(processor: ProcessorId, domains: &[DomainId]) -> Self {
        let domains = domains.iter().map(ToString::to_string).collect();
        Self { schema: 1, processor: processor.to_string(), domains }
    }
}

/// Undoes a cut, once a second person agreed (`/resume/request`): the domains of the processor work
/// again; keys that were revoked stay revoked. Refused while an open incident names the processor.
#[utoipa::path(post, path = "/api/v1/processors/{id}/resume", tag = "staff",
    request_body = ResumeConsent,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "what works again", body = Resumed),
              (status = 404, description = "no such processor", body = ProblemBody),
              (status = 409, description = "nobody agreed, an open incident, or no cut",
               body = ProblemBody)))]
pub(crate) async fn resume(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<ResumeConsent>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let approval = asked.approval.parse::<ApprovalId>();
        let approval = approval
            .map_err(|_| Problem::bad_request("server.resume", "approval cannot be read"))?;
        app.desk.find(id)?;
        incident::require_uninvolved(&app.vault, id)?;
        let by = app.vault.staff_of(&sender.staff()?.session);
        json(200, &Resumed::new(id, &app.desk.resume(id, approval, by, &sender.actor())?))
    })
    .await
}

/// The answer to a processor that was let in again.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let id = done.object()?;
    json(200, &Resumed::new(id, &app.desk.working_domains(id)?))
}
