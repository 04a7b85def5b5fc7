//! `POST /api/v1/processors/{id}/api-keys`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{ApiKeyId, ProcessorId};
use doldam_processors::{ProcessorsError, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What a new key is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// deliveries:read, sandbox:read, messages:write, pseudonyms:remap, transactions:decide.
    scopes: Vec<String>,
    /// For how many days it works, 1 to 366.
    days: u16,
}

/// A new key.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyIssued {
    /// Always 1.
    schema: u32,
    /// Its number: Y-1.
    id: String,
    /// Shown once: send it as `Authorization: Bearer …`.
    key: String,
    /// Its last moment.
    expires_at: String,
}

/// Makes a key for a processor's programs.
#[utoipa::path(post, path = "/api/v1/processors/{id}/api-keys", tag = "staff",
    request_body = NewKey,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "the key", body = KeyIssued),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<NewKey>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let scopes: Result<Vec<Scope>, ProcessorsError> =
            asked.scopes.iter().map(|word| word.parse()).collect();
        let days = i64::from(asked.days);
        let issued = app.desk.keys().issue(id, &scopes?, days, &sender.actor())?;
        json(
            201,
            &KeyIssued {
                schema: 1,
                id: issued.id.to_string(),
                key: issued.secret.expose().clone(),
                expires_at: issued.expires_at.to_rfc3339(),
            },
        )
    })
    .await
}

/// The answer to an issue that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let id = ApiKeyId::new(done.id()?);
    let held = app.desk.keys().list(done.object()?)?.into_iter().find(|key| key.id == id);
    let expires_at = held.ok_or_else(Problem::not_found)?.expires_at.to_rfc3339();
    let key = done.secret()?.expose().clone();
    json(201, &KeyIssued { schema: 1, id: id.to_string(), key, expires_at })
}
