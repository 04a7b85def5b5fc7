//! `POST /api/v1/staff`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::{ProcessorId, StaffId};
use doldam_vault::Newcomer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// Who is to be brought in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStaff {
    /// Login name.
    name: String,
    /// privacy-officer, approver, engineer, analyst, auditor or inspector.
    role: String,
    /// Of an inspector: the processor to inspect, P-1.
    #[serde(default)]
    processor: Option<String>,
    /// Of an inspector: the last moment, RFC 3339.
    #[serde(default)]
    expires_at: Option<String>,
}

/// Who was brought in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    /// Always 1.
    schema: u32,
    /// Their number: S-2.
    id: String,
    /// Shown once: works for a day and lets them choose a secret.
    one_time_password: String,
}

/// Brings a member of staff in, with a one-time password.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", request_body = NewStaff,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "brought in", body = Invited),
              (status = 409, description = "the name is taken", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewStaff>,
) -> Result<Response, Problem> {
    let refused =
        |what: &str| Problem::bad_request("server.staff", format!("{what} cannot be read"));
    let scope = asked.processor.map(|text| text.parse::<ProcessorId>()).transpose();
    let expires_at = asked.expires_at.map(|text| Instant::parse(&text, "UTC")).transpose();
    let newcomer = Newcomer {
        name: asked.name,
        role: asked.role,
        scope: scope.map_err(|_| refused("processor"))?,
        expires_at: expires_at.map_err(|_| refused("expires_at"))?,
    };
    app.run(move |app| {
        if let Some(processor) = newcomer.scope {
            app.desk.find(processor)?;
        }
        let (id, password) = app.vault.staff_invite(&newcomer, &sender.actor())?;
        let one_time_password = password.expose().clone();
        json(201, &Invited { schema: 1, id: id.to_string(), one_time_password })
    })
    .await
}

/// The answer to an invitation that is done.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let one_time_password = done.secret()?.expose().clone();
    json(201, &Invited { schema: 1, id: StaffId::new(done.id()?).to_string(), one_time_password })
}
