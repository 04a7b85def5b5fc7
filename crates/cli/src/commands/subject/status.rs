//! `doldam subject status`: how many, without a word on who.

use std::process::ExitCode;

use serde_json::json;

use crate::context::Context;
use crate::output::grouped;

/// Runs the command.
pub(crate) fn run(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let subjects = session.vault.subject_count()?;
    let (erased, pending) = session.vault.erasures()?;
    let text = format!(
        "{} subjects, {} erased, {} of them pending in backups of keys",
        grouped(subjects),
        grouped(erased as u64),
        grouped(pending as u64)
    );
    let erasures = json!({ "total": erased, "pending": pending });
    context.output.answer(&text, json!({ "subjects": subjects, "erasures": erasures }))?;
    Ok(ExitCode::SUCCESS)
}
