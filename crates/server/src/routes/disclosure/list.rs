//! `GET /api/v1/disclosures`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::DisclosureBody;
use crate::app::App;
use crate::input::{List, json};
use crate::principal::Sender;
use crate::problem::Problem;

/// All disclosures; an inspector sees those of the processor to inspect.
#[utoipa::path(get, path = "/api/v1/disclosures", tag = "staff",
    responses((status = 200, description = "disclosures", body = List<DisclosureBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let all = app.vault.disclosure_summaries()?;
        let seen = all.iter().filter(|facts| sender.may_see(facts.row.processor));
        json(200, &List::whole(seen.map(DisclosureBody::from).collect()))
    })
    .await
}
