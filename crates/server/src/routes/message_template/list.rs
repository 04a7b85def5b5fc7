//! `GET /api/v1/processors/{id}/message-templates`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ProcessorId;

use super::TemplateBody;
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// The texts that were registered for a processor, oldest first.
#[utoipa::path(get, path = "/api/v1/processors/{id}/message-templates", tag = "staff",
    params(("id" = String, Path, description = "P-1")),
    responses((status = 200, description = "texts", body = List<TemplateBody>),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        if !sender.may_see(id) {
            return Err(Problem::not_found());
        }
        let items = app.desk.templates(id)?.into_iter().map(TemplateBody::from);
        json(200, &List::whole(items.collect()))
    })
    .await
}
