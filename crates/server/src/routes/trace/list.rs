//! `GET /api/v1/traces`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER;
use doldam_store::evidence::{self, TraceHead};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, Page, json};
use crate::problem::Problem;

/// A run of the tracer in a line.
#[derive(Serialize, ToSchema)]
pub(crate) struct TraceLine {
    /// Its number: T-1.
    trace: String,
    /// The file: E-1.
    evidence: String,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
    /// The file's length.
    bytes: u64,
    /// Counts the runs over that file from 1.
    version: u32,
    traced_at: String,
    /// Rows that could be read.
    rows: u64,
    /// Different people on the signed list.
    subjects: u32,
    /// Where it came from, in one word: a lead, and a person decides.
    verdict: String,
    /// The likeliest holder of the copy, with its part of the known rows.
    processor: Option<TraceHolder>,
}

/// Who held a copy.
#[derive(Serialize, ToSchema)]
pub(crate) struct TraceHolder {
    /// P-1, or `ours`.
    id: String,
    name: String,
    /// The probability that the file holds rows of its copies.
    score: f64,
    share: f64,
}

/// Runs of the tracer, newest first.
#[utoipa::path(get, path = "/api/v1/traces", tag = "staff",
    params(("after" = Option<u32>, Query, description = "the number after which to go on, downwards"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "runs", body = List<TraceLine>)))]
pub(crate) async fn list(State(app): State<Arc<App>>, page: Page) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = page.limit();
        let before = (page.after > 0).then_some(page.after);
        let heads =
            app.vault.data().read("trace.list", |tx| evidence::traces(tx, before, limit))?;
        let last = heads.last().map(|head| u64::from(head.id.number()));
        let items: Result<Vec<TraceLine>, Problem> = heads.iter().map(line).collect();
        json(200, &List::page(items?, limit, last))
    })
    .await
}

fn line(head: &TraceHead) -> Result<TraceLine, Problem> {
    let report: Value = serde_json::from_str(&head.report)
        .map_err(|_| Problem::internal("a kept report is no JSON"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let processor = report["processors"].get(0).map(|best| TraceHolder {
        id: text(&best["id"]),
        name: text(&best["name"]),
        score: number(&best["score"]),
        share: number(&best["share"]),
    });
    Ok(TraceLine {
        trace: head.id.to_string(),
        evidence: head.evidence.to_string(),
        sha256: HEXLOWER.encode(&head.sha256),
        bytes: head.bytes,
        version: head.version,
        traced_at: head.traced_at.to_rfc3339(),
        rows: report["rows"].as_u64().unwrap_or_default(),
        subjects: head.subject_count,
        verdict: text(&report["attribution"]["verdict"]),
        processor,
    })
}
