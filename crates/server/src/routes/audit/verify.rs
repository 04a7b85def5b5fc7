//! `GET /api/v1/audit/verification`

use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use doldam_vault::checkpoint::AuditFault;
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
    /// Signed checkpoints that were compared with it.
    checkpoints: usize,
    /// Whether checkpoints outside the data folder were there to compare with. Without them a log
    /// that was rewritten as a whole looks intact.
    anchored: bool,
    verified_at: String,
    /// What is wrong, in English.
    faults: Vec<String>,
    /// The same, for whoever says it in another language.
    places: Vec<LogFault>,
}

/// One thing that is wrong with the log or its checkpoints.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogFault {
    /// chain, rewritten, rolled_back or forged.
    code: &'static str,
    /// The row; of a forged checkpoint its line in the anchor file.
    row: u64,
    /// When the checkpoint was taken that says otherwise.
    at: Option<String>,
}

impl From<&AuditFault> for LogFault {
    fn from(fault: &AuditFault) -> Self {
        let (code, row, at) = match fault {
            AuditFault::Chain { row, .. } => ("chain", *row, None),
            AuditFault::Rewritten { row, at } => ("rewritten", *row, Some(at.clone())),
            AuditFault::RolledBack { row, at } => ("rolled_back", *row, Some(at.clone())),
            AuditFault::Forged { line } => ("forged", *line as u64, None),
            _ => ("other", 0, None),
        };
        Self { code, row, at }
    }
}

/// Checks the whole log against its checkpoints.
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "staff",
    responses((status = 200, description = "what was found", body = Verification)))]
pub(crate) async fn verify(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let anchor = app.vault.anchor();
        let anchored = anchor.exists();
        let report = app.vault.audit_verify(anchored.then_some(anchor))?;
        let now = app.vault.now();
        let verified = Some((now, report.faults.is_empty()));
        *app.verified.lock().unwrap_or_else(PoisonError::into_inner) = verified;
        json(
            200,
            &Verification {
                schema: 1,
                intact: report.faults.is_empty(),
                rows: report.rows,
                checkpoints: report.checkpoints,
                anchored,
                verified_at: now.to_rfc3339(),
                places: report.faults.iter().map(LogFault::from).collect(),
                faults: report.faults.iter().map(ToString::to_string).collect(),
            },
        )
    })
    .await
}
