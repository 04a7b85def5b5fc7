//! `POST /api/v1/incidents/{id}/notices/{notice}/send`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use doldam_store::incident::draft::DraftState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{found, shown};
use crate::app::App;
use crate::channels::missing;
use crate::input::{Ids, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::sending::Sending;

/// By what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByGateway {
    /// The name of a gateway in the settings.
    gateway: String,
}

/// Where to look.
#[derive(Serialize, ToSchema)]
pub(crate) struct OnItsWay {
    /// Always 1.
    schema: u32,
    /// The sending: N-1.
    dispatch: Option<String>,
    /// Where its progress is to be seen.
    progress: String,
}

/// Starts to send a notice that two people agreed to. Answers at once; the texts go out in the
/// background, and the progress says how it goes.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{notice}/send", tag = "staff",
    request_body = ByGateway,
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 202, description = "on its way", body = OnItsWay),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "not to be sent", body = ProblemBody)))]
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
    Input(asked): Input<ByGateway>,
) -> Result<Response, Problem> {
    let actor = sender.actor();
    let shown = app
        .run(move |app| {
            let before = found(app, &sender, id, number)?;
            let gateway = app.settings.channels.gateway(&asked.gateway);
            let gateway = gateway.ok_or_else(|| {
                missing("the settings have no [[gateway]] of that name: texts need one")
            })?;
            // What is on its way already is only looked after again.
            if before.state != DraftState::Sending {
                notice::plan(&app.vault, id, number, &gateway.name, &sender.actor())?;
            }
            shown(app, id, number)
        })
        .await?;
    Sending::start(&app, (id, number), actor)?;
    on_its_way(id, number, shown.dispatch)
}

fn on_its_way(id: IncidentId, number: u32, dispatch: Option<String>) -> Result<Response, Problem> {
    let progress = format!("/api/v1/incidents/{id}/notices/{number}/progress");
    json(202, &OnItsWay { schema: 1, dispatch, progress })
}

/// The answer to a sending that is planned; the server that died left it to the next one's start.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let (id, number) = (done.object()?, done.second_number()?);
    on_its_way(id, number, shown(app, id, number)?.dispatch)
}
