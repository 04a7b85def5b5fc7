//! `doldam disclose list`: what was given to whom.

use std::process::ExitCode;

use serde_json::json;

use crate::context::Context;

const COLUMNS: [&str; 10] = [
    "id",
    "processor",
    "purpose",
    "fields",
    "origin",
    "state",
    "given_at",
    "return_by",
    "subjects",
    "canaries",
];

/// Runs the command.
pub(super) fn run(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let rows: Vec<_> = session
        .vault
        .disclosure_summaries()?
        .into_iter()
        .map(|facts| {
            let form = |raw: bool| if raw { "raw " } else { "" };
            let fields: Vec<String> = facts
                .fields
                .iter()
                .map(|field| format!("{}{}", form(field.raw), field.kind.id()))
                .collect();
            let row = facts.row;
            vec![
                json!(row.id.to_string()),
                json!(row.processor.to_string()),
                json!(row.purpose),
                json!(fields),
                json!(row.origin),
                json!(row.state),
                json!(row.given_at.to_rfc3339()),
                json!(row.return_by.map(doldam_ground::Instant::to_rfc3339)),
                json!(row.subject_count),
                json!(row.canary_count),
            ]
        })
        .collect();
    context.output.list("disclosures", &COLUMNS, &rows)?;
    Ok(ExitCode::SUCCESS)
}
