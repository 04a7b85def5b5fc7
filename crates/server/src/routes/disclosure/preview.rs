//! `POST /api/v1/disclosures/past/preview`

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use data_encoding::HEXLOWER;
use serde::Serialize;
use utoipa::ToSchema;

use super::past::{PastParams, digest_of, rows};
use crate::app::App;
use crate::gate::PURPOSE;
use crate::input::{Params, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::{purpose_of, require_impersonal};

/// What stands in an old file, in counts and kinds: nobody's data.
#[derive(Serialize, ToSchema)]
pub(crate) struct PastPreview {
    /// Always 1.
    schema: u32,
    /// To whom it was given: P-1.
    processor: String,
    /// Kinds of its columns, in their order.
    fields: Vec<String>,
    /// Rows that are one of our subjects.
    rows: u64,
    /// Different subjects in it.
    subjects: u64,
    /// Rows that are nobody of ours.
    strangers: u64,
    /// Rows that could not be read.
    unreadable: u64,
    /// Its length.
    bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
    /// The disclosure as which this very file is recorded already: D-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_as: Option<String>,
}

/// Looks at a file that was once given to a processor: whose data is in it, in counts. Nothing is
/// recorded but that somebody looked.
#[utoipa::path(post, path = "/api/v1/disclosures/past/preview", tag = "staff",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("Idempotency-Key" = String, Header, description = "another one for each act"),
           ("Doldam-Purpose" = String, Header,
             description = "for what it was given, in ASCII; in other letters as UTF-8\'\' and their bytes as %EA"),
           ("processor" = String, Query, description = "to whom: P-1"),
           ("given_at" = String, Query, description = "when, RFC 3339"),
           ("return_by" = Option<String>, Query, description = "until when, RFC 3339")),
    responses((status = 200, description = "what stands in it", body = PastPreview),
              (status = 400, description = "no table of people", body = ProblemBody),
              (status = 404, description = "no such processor", body = ProblemBody),
              (status = 413, description = "too large", body = ProblemBody)))]
pub(crate) async fn preview(
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
        let mut unreadable = 0;
        let past = app.vault.look_at_past(
            rows(&file, &mut unreadable)?,
            &format!("before an old hand-over to {} is recorded: {purpose}", facts.processor),
            &sender.actor(),
        )?;
        let recorded_as = app.vault.recorded_as(facts.processor, &sha256)?;
        let body = PastPreview {
            schema: 1,
            processor: facts.processor.to_string(),
            fields: past.kinds.iter().map(|kind| kind.id().to_owned()).collect(),
            rows: past.rows,
            subjects: past.subjects,
            strangers: past.strays,
            unreadable,
            bytes: file.len() as u64,
            sha256: HEXLOWER.encode(&sha256),
            recorded_as: recorded_as.map(|id| id.to_string()),
        };
        json(200, &body)
    })
    .await
}
