//! `GET /api/v1/events`

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::telling::stream::{Listener, open};

/// Most words by which a page says what it cares for.
const WORDS_MAX: usize = 16;

/// What a page cares for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    #[serde(default)]
    about: String,
}

/// Says that something changed, as it happens: `{ noun, what, ids }`, where `what` is the act of the
/// access log and `ids` whatever it was about; for a sending `notice.progress` with its counts, for a
/// drill `step.begun` and `step.done`. `stream.look-again` means that something was missed. Ends with
/// the session.
#[utoipa::path(get, path = "/api/v1/events", tag = "staff",
    params(("about" = Option<String>, Query,
            description = "nouns and ids, with commas: incident,L-1; everything that one may read when absent"),
           ("Last-Event-ID" = Option<String>, Header, description = "the last event that was seen")),
    responses((status = 200, description = "events", body = String,
               content_type = "text/event-stream"),
              (status = 429, description = "too many of one's own are open", body = ProblemBody),
              (status = 503, description = "too many are open", body = ProblemBody)))]
pub(crate) async fn listen(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    about: Result<Query<About>, QueryRejection>,
) -> Result<Response, Problem> {
    let staff = sender.staff()?;
    let refused = |_| Problem::bad_request("server.query", "a stream has only the words about");
    let Query(About { about }) = about.map_err(refused)?;
    let words = about.split(',').map(str::trim).filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(WORDS_MAX).map(str::to_owned).collect();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let listener = Listener { role: staff.role, digest: staff.digest, words, last };
    let body = open(&app, staff, listener).await?;
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], body).into_response())
}
