//! `POST /api/v1/messages`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Pii;
use doldam_ground::ids::MessageId;
use doldam_processors::{MessageState, Values};
use serde::Deserialize;
use utoipa::ToSchema;

use super::MessageBody;
use crate::app::App;
use crate::input::{Input, json};
use crate::principal::{Principal, Sender};
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What is to be said to whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessage {
    /// A pseudonym that the processor was given: a CI, DI, name or e-mail address of ours.
    to: String,
    /// The name of a text that staff registered for the processor.
    template: String,
    /// What stands in its holes: up to 60 characters each, no links, no telephone numbers.
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// Has a text sent to whoever a pseudonym stands for. The answer is the same whether it stands for
/// anybody or not.
#[utoipa::path(post, path = "/api/v1/messages", tag = "processors", request_body = NewMessage,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 202, description = "it waits", body = MessageBody),
              (status = 400, description = "no such text, or unfit values", body = ProblemBody),
              (status = 429, description = "too many in a day", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewMessage>,
) -> Result<Response, Problem> {
    let Principal::Program(caller) = sender.principal.clone() else {
        return Err(Problem::unauthorised());
    };
    app.run(move |app| {
        let (to, values) = (Pii::new(asked.to), Values::new(asked.values));
        let actor = sender.actor();
        answer(app.desk.message_ask(&caller, &to, &asked.template, &values, &actor)?)
    })
    .await
}

fn answer(id: MessageId) -> Result<Response, Problem> {
    let state = MessageState::Queued.word();
    json(202, &MessageBody { schema: 1, message: id.to_string(), state })
}

/// The answer to a message that is taken.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(done.object()?)
}
