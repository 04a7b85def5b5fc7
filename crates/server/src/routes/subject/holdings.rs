//! `GET /api/v1/subjects/{id}/holdings`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ProcessorId;
use doldam_store::processor::Processor;
use serde::Serialize;
use utoipa::ToSchema;

use super::{PAGE, meant};
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::disclosure::DisclosureBody;

/// What a processor has of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct Holding {
    /// Its number: P-1.
    processor: String,
    /// The name of the firm.
    name: String,
    /// outsourcing or provision.
    relation: String,
    /// The disclosures that the person is in, oldest first.
    disclosures: Vec<DisclosureBody>,
}

/// What each processor has of a person. The access log has a row first.
#[utoipa::path(get, path = "/api/v1/subjects/{id}/holdings", tag = "staff",
    params(("id" = String, Path, description = "as a search or a list gave it")),
    responses((status = 200, description = "by processor", body = List<Holding>),
              (status = 404, description = "no such reference", body = ProblemBody)))]
pub(crate) async fn holdings(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<String>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let person = meant(app, &sender, &id)?;
        let given = app.vault.holdings(person, &sender.actor(), PAGE)?;
        let of = |processor: ProcessorId| -> Vec<DisclosureBody> {
            let its = given.iter().filter(|one| one.row.processor == processor);
            its.map(DisclosureBody::from).collect()
        };
        let holding = |held: Processor| Holding {
            processor: held.id.to_string(),
            disclosures: of(held.id),
            name: held.name,
            relation: held.relation,
        };
        let all = app.desk.list()?.into_iter().map(holding);
        json(200, &List::whole(all.filter(|one| !one.disclosures.is_empty()).collect()))
    })
    .await
}
