//! `GET /api/v1/domains`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::DomainBody;
use crate::app::App;
use crate::input::{List, json};
use crate::principal::Sender;
use crate::problem::Problem;

/// All pseudonym domains; an inspector sees those of one processor.
#[utoipa::path(get, path = "/api/v1/domains", tag = "staff",
    responses((status = 200, description = "domains", body = List<DomainBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let held = app.vault.domains()?.into_iter();
        let seen = held.filter(|domain| sender.may_see(domain.processor));
        json(200, &List::whole(seen.map(DomainBody::from).collect()))
    })
    .await
}
