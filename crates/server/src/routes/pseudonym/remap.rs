//! `POST /api/v1/pseudonyms/remap`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Kind;
use doldam_ground::limits::{PSEUDONYM_BYTES_MAX, REMAP_MAX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json};
use crate::principal::{Principal, Sender};
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What is to be exchanged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Old {
    /// For what they were given, in the words of the delivery.
    purpose: String,
    /// Which kind they stand for: ci, di, name or email.
    kind: String,
    /// Up to 10,000 pseudonyms.
    pseudonyms: Vec<String>,
}

/// Pseudonyms of the newest epoch.
#[derive(Serialize, ToSchema)]
pub(crate) struct New {
    /// Always 1.
    schema: u32,
    /// One for each that was sent, in that order; null for what was not given to the processor.
    pseudonyms: Vec<Option<String>>,
}

/// Exchanges pseudonyms of an older epoch for those of the newest.
#[utoipa::path(post, path = "/api/v1/pseudonyms/remap", tag = "processors", request_body = Old,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "pseudonyms", body = New),
              (status = 400, description = "nothing of the kind was given", body = ProblemBody),
              (status = 409, description = "the domain is suspended", body = ProblemBody)))]
pub(crate) async fn remap(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<Old>,
) -> Result<Response, Problem> {
    let Principal::Program(caller) = sender.principal.clone() else {
        return Err(Problem::unauthorised());
    };
    app.run(move |app| {
        let refused = |why: &str| Problem::bad_request("server.remap", why);
        let kind = Kind::from_id(&asked.kind).ok_or_else(|| refused("kind cannot be read"))?;
        let is_short = |text: &String| text.len() <= PSEUDONYM_BYTES_MAX;
        if asked.pseudonyms.len() > REMAP_MAX || !asked.pseudonyms.iter().all(is_short) {
            return Err(refused("send at most 10,000 pseudonyms of at most 128 bytes"));
        }
        let texts: Vec<&str> = asked.pseudonyms.iter().map(String::as_str).collect();
        let (whose, actor) = (caller.processor, sender.actor());
        let remapped = app.vault.remap(whose, &asked.purpose, kind, &texts, &actor)?;
        let made = remapped.pseudonyms.iter();
        answer(made.map(|one| one.as_ref().map(|text| text.expose().clone())).collect())
    })
    .await
}

fn answer(pseudonyms: Vec<Option<String>>) -> Result<Response, Problem> {
    json(200, &New { schema: 1, pseudonyms })
}

/// The answer to an exchange that is done.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let kept = done.secret()?;
    let pseudonyms = serde_json::from_str(kept.expose());
    answer(pseudonyms.map_err(|_| Problem::internal("a kept exchange cannot be read"))?)
}
