//! `GET /api/v1/messages/{id}`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::MessageId;

use super::MessageBody;
use crate::app::App;
use crate::input::{Id, json};
use crate::principal::{Principal, Sender};
use crate::problem::{Problem, ProblemBody};

/// How a message of the processor's own stands; why it failed is not said.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "processors",
    params(("id" = String, Path, description = "X-1")),
    responses((status = 200, description = "how it stands", body = MessageBody),
              (status = 404, description = "no such message", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<MessageId>,
) -> Result<Response, Problem> {
    let Principal::Program(caller) = sender.principal.clone() else {
        return Err(Problem::unauthorised());
    };
    app.run(move |app| {
        let state = app.desk.message_state(id, caller.processor)?.word();
        json(200, &MessageBody { schema: 1, message: id.to_string(), state })
    })
    .await
}
