//! `GET /api/v1/disclosures/{id}`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::DisclosureId;
use serde::Serialize;
use utoipa::ToSchema;

use super::DisclosureBody;
use crate::app::App;
use crate::input::{Id, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A disclosure and its signed manifest.
#[derive(Serialize, ToSchema)]
pub(crate) struct DisclosureShown {
    /// Always 1.
    schema: u32,
    /// The disclosure.
    disclosure: DisclosureBody,
    /// The JSON text that is signed.
    manifest: String,
    /// Ed25519 over the text, hexadecimal.
    signature: String,
}

/// One disclosure.
#[utoipa::path(get, path = "/api/v1/disclosures/{id}", tag = "staff",
    params(("id" = String, Path, description = "D-1")),
    responses((status = 200, description = "the disclosure", body = DisclosureShown),
              (status = 404, description = "no such disclosure", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<DisclosureId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let found = app.vault.disclosure(id)?;
        let facts = found.filter(|facts| sender.may_see(facts.row.processor));
        let facts = facts.ok_or_else(Problem::not_found)?;
        json(
            200,
            &DisclosureShown {
                schema: 1,
                disclosure: (&facts.summary()).into(),
                manifest: facts.row.manifest.clone(),
                signature: data_encoding::HEXLOWER.encode(&facts.row.signature),
            },
        )
    })
    .await
}
