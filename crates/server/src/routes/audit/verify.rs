//! `GET /api/v1/audit/verification`

use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::Problem;

/// What a check of the whole log found.
#[derive(Serialize, ToSchema)]
pub(crate) struct Verification {
    /// Always 1.
    schema: u32,
    /// Whether nothing is wrong.
    intact: bool,
    rows: u64,
    checkpoints: usize,
    /// What is wrong.
    faults: Vec<String>,
}

/// Checks the whole log against its checkpoints.
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "staff",
    responses((status = 200, description = "what was found", body = Verification)))]
pub(crate) async fn verify(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let anchor = app.vault.anchor();
        let report = app.vault.audit_verify(anchor.exists().then_some(anchor))?;
        let verified = Some((app.vault.now(), report.faults.is_empty()));
        *app.verified.lock().unwrap_or_else(PoisonError::into_inner) = verified;
        json(
            200,
            &Verification {
                schema: 1,
                intact: report.faults.is_empty(),
                rows: report.rows,
                checkpoints: report.checkpoints,
                faults: report.faults.iter().map(ToString::to_string).collect(),
            },
        )
    })
    .await
}
