//! `GET /api/v1/subjects/{id}`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_vault::VaultError;
use serde::Serialize;
use utoipa::ToSchema;

use super::erase::ErasureBody;
use super::{PAGE, SubjectBody, meant};
use crate::app::App;
use crate::input::{Id, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A person, or that they were erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubjectShown {
    /// Always 1.
    schema: u32,
    /// The person under masks; absent once they are erased.
    subject: Option<SubjectBody>,
    /// How far the erasure is; absent while none was ordered.
    erasure: Option<ErasureBody>,
}

/// One person under masks, or how far their erasure is. The access log has a row first.
#[utoipa::path(get, path = "/api/v1/subjects/{id}", tag = "staff",
    params(("id" = String, Path, description = "as a search or a list gave it")),
    responses((status = 200, description = "the person", body = SubjectShown),
              (status = 404, description = "no such reference", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<String>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let person = meant(app, &sender, &id)?;
        let (subject, erasure) = match app.vault.look(person, &sender.actor(), PAGE) {
            Ok(held) => (Some(SubjectBody::new(id, held)), None),
            Err(VaultError::NoSubject) => (None, Some(app.vault.erasure_state(person)?.into())),
            Err(error) => return Err(error.into()),
        };
        json(200, &SubjectShown { schema: 1, subject, erasure })
    })
    .await
}
