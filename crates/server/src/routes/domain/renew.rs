//! `POST /api/v1/domains/{id}/renew`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::DomainId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::DomainBody;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why a new epoch is opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewReason {
    /// In words without personal data.
    reason: String,
}

/// Opens the next epoch of a domain: pseudonyms given from now on are others. Old ones stay
/// traceable, and the processor may exchange them.
#[utoipa::path(post, path = "/api/v1/domains/{id}/renew", tag = "staff",
    request_body = RenewReason,
    params(("id" = String, Path, description = "M-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "the new epoch", body = DomainBody),
              (status = 404, description = "no such domain", body = ProblemBody),
              (status = 409, description = "it is closed", body = ProblemBody)))]
pub(crate) async fn renew(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<DomainId>,
    Input(asked): Input<RenewReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        let domain = app.vault.domain_renew(id, &sender.actor(), &asked.reason)?;
        json(201, &DomainBody::from(domain))
    })
    .await
}

/// The answer to a renewal that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let id: DomainId = done.object()?;
    let held = app.vault.domains()?.into_iter().find(|domain| domain.id == id);
    // As it was answered, whatever became of it since.
    let held = held.ok_or_else(Problem::not_found)?;
    json(201, &DomainBody { state: "active".to_owned(), ..DomainBody::from(held) })
}
