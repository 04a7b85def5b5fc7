//! `GET /api/v1/processors`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::ProcessorBody;
use crate::app::App;
use crate::input::{List, json};
use crate::principal::Sender;
use crate::problem::Problem;

/// All processors; an inspector sees the one to inspect.
#[utoipa::path(get, path = "/api/v1/processors", tag = "staff",
    responses((status = 200, description = "processors", body = List<ProcessorBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let held = app.desk.list()?.into_iter().filter(|held| sender.may_see(held.id));
        json(200, &List::whole(held.map(ProcessorBody::from).collect()))
    })
    .await
}
