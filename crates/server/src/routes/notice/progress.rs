//! `GET /api/v1/incidents/{id}/notices/{notice}/progress`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::IncidentId;
use doldam_response::notice;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CountsBody, found};
use crate::app::App;
use crate::input::{Ids, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::sending::Standing;

/// How a sending stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Progress {
    /// Always 1.
    schema: u32,
    /// sending, or sent when it is finished.
    state: &'static str,
    /// N-1.
    dispatch: Option<String>,
    counts: CountsBody,
    /// What the server does about it.
    worker: WorkerBody,
}

/// What the server does about a sending.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkerBody {
    /// sending, listening, waiting, settled or none.
    state: &'static str,
    /// What it waits for, as a stable word.
    code: Option<String>,
    /// What it waits for, in words.
    detail: Option<String>,
    next_try_at: Option<String>,
}

fn worker(standing: Option<Standing>) -> WorkerBody {
    let state = match &standing {
        Some(Standing::Sending) => "sending",
        Some(Standing::Listening) => "listening",
        Some(Standing::Waiting { .. }) => "waiting",
        Some(Standing::Settled) => "settled",
        Some(Standing::Ended) | None => "none",
    };
    let Some(Standing::Waiting { code, detail, next_try_at }) = standing else {
        return WorkerBody { state, code: None, detail: None, next_try_at: None };
    };
    let next_try_at = Some(next_try_at.to_rfc3339());
    WorkerBody { state, code: Some(code), detail: Some(detail), next_try_at }
}

/// How the sending of a notice stands.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/notices/{notice}/progress", tag = "staff",
    params(("id" = String, Path, description = "L-1"),
           ("notice" = u32, Path, description = "its number in the incident")),
    responses((status = 200, description = "as it is now", body = Progress),
              (status = 404, description = "no such incident or notice", body = ProblemBody),
              (status = 409, description = "it has no sending yet", body = ProblemBody)))]
pub(crate) async fn progress(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Ids(id, number): Ids<IncidentId, u32>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let held = found(app, &sender, id, number)?;
        let counts = notice::progress(&app.vault, id, number)?.into();
        let shown = Progress {
            schema: 1,
            state: held.state.code(),
            dispatch: held.dispatch.map(|dispatch| dispatch.to_string()),
            counts,
            worker: worker(app.sending.standing((id, number))),
        };
        json(200, &shown)
    })
    .await
}
