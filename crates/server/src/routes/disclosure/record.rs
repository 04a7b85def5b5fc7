//! `POST /api/v1/disclosures/past`

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use doldam_ground::ids::DisclosureId;
use doldam_vault::disclosure::PastOrder;
use serde::Serialize;
use utoipa::ToSchema;

use super::DisclosureBody;
use super::past::{PastParams, digest_of, rows};
use crate::app::App;
use crate::gate::PURPOSE;
use crate::input::{Params, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::{purpose_of, require_impersonal};

/// A hand-over of the past that is on record now.
#[derive(Serialize, ToSchema)]
pub(crate) struct PastRecorded {
    /// Always 1.
    schema: u32,
    /// The disclosure.
    disclosure: DisclosureBody,
    /// Rows of the file that are nobody of ours.
    strangers: u32,
}

/// Records a file that was once given to a processor, so that copies of it are traced to there. The
/// file itself is not kept. Larger ones go by the command line.
#[utoipa::path(post, path = "/api/v1/disclosures/past", tag = "staff",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("Idempotency-Key" = String, Header, description = "another one for each act"),
           ("Doldam-Purpose" = String, Header,
             description = "for what it was given, in ASCII; in other letters as UTF-8\'\' and their bytes as %EA"),
           ("processor" = String, Query, description = "to whom: P-1"),
           ("given_at" = String, Query, description = "when, RFC 3339"),
           ("return_by" = Option<String>, Query, description = "until when, RFC 3339")),
    responses((status = 201, description = "recorded", body = PastRecorded),
              (status = 400, description = "no table of people, or nobody of ours", body = ProblemBody),
              (status = 404, description = "no such processor", body = ProblemBody),
              (status = 409, description = "this file is recorded", body = ProblemBody),
              (status = 413, description = "too large", body = ProblemBody)))]
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Params(asked): Params<PastParams>,
    headers: HeaderMap,
    file: Bytes,
) -> Result<Response, Problem> {
    let purpose = purpose_of(headers.get(PURPOSE))?.unwrap_or_default();
    app.run(move |app| {
        require_impersonal("purpose", &purpose)?;
        let facts = asked.check(app)?;
        let sha256 = digest_of(&file)?;
        if let Some(id) = app.vault.recorded_as(facts.processor, &sha256)? {
            let why = format!("this very file is recorded as {id}");
            return Err(Problem::new(StatusCode::CONFLICT, "server.recorded", why));
        }
        let order = PastOrder {
            processor: facts.processor.to_string(),
            relation: String::new(),
            purpose,
            given_at: facts.given_at,
            return_by: facts.return_by,
            sha256,
            bytes: file.len() as u64,
        };
        let mut unreadable = 0;
        let rows = rows(&file, &mut unreadable)?;
        let recorded = app.vault.record_past(&order, rows, &sender.actor())?;
        answer(app, recorded.id)
    })
    .await
}

fn answer(app: &App, id: DisclosureId) -> Result<Response, Problem> {
    let facts = app.vault.disclosure(id)?.ok_or_else(Problem::not_found)?;
    let disclosure = DisclosureBody::from(&facts.summary());
    json(201, &PastRecorded { schema: 1, disclosure, strangers: facts.row.stray_count })
}

/// The answer to a hand-over that is recorded.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(app, done.object()?)
}
