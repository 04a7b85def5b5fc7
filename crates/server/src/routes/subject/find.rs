//! `POST /api/v1/subjects/find`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use doldam_ground::Pii;
use doldam_ground::limits::VALUE_BYTES_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SubjectBody, kind, reference};
use crate::answer::Fleeting;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Whom to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    /// Which kind: phone, email, ci, nickname, ...
    kind: String,
    /// The whole value, in any usual spelling.
    value: String,
    /// Why, for the access log: 5 to 200 characters that name the case, not the person.
    purpose: String,
}

/// Who was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// Always 1.
    schema: u32,
    /// How many people hold this very value.
    count: usize,
    /// The one person who holds it; absent when it is nobody's or several people's.
    subject: Option<SubjectBody>,
}

/// Finds the one person who holds a value. The access log has a row first, found or not; when
/// several people hold it only their number is told, and a surer kind must be asked for.
#[utoipa::path(post, path = "/api/v1/subjects/find", tag = "staff", request_body = Search,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "who was found", body = Found),
              (status = 400, description = "no value of that kind", body = ProblemBody),
              (status = 429, description = "too many searches", body = ProblemBody)))]
pub(crate) async fn find(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<Search>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("purpose", &asked.purpose)?;
        let kind = kind(&asked.kind)?;
        let value = Pii::new(asked.value);
        if value.expose().len() > VALUE_BYTES_MAX {
            return Err(Problem::bad_request("server.value", "the value is too long"));
        }
        app.looking.count(sender.staff()?.session.staff, app.vault.now())?;
        let actor = sender.actor();
        let found = app.vault.find_subjects(kind, &value, &actor, &asked.purpose)?;
        let subject = match found.as_slice() {
            [one] => {
                let held = app.vault.look(*one, &actor, &asked.purpose)?;
                Some(SubjectBody::new(reference(app, &sender, *one)?, held))
            }
            _ => None,
        };
        let answer = json(200, &Found { schema: 1, count: found.len(), subject })?;
        Ok((Extension(Fleeting), answer).into_response())
    })
    .await
}
