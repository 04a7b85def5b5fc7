//! `doldam audit`: the access log, and whether it is whole.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_store::audit;
use serde_json::json;

use crate::context::Context;
use crate::failure::{FOUND, failure};
use crate::output::grouped;

/// Rows that are listed at most, so that a list fits into memory.
const LAST_MAX: u32 = 1_000_000;

/// The access log: check it, list it
#[derive(Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check that no row was changed, removed, added or rolled back
    Verify {
        /// File of checkpoints, best a copy kept elsewhere [default: the one beside the data]
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
    },
    /// List the newest rows: who did what, when and why
    List {
        /// How many rows
        #[arg(long, value_name = "N", default_value_t = 50,
              value_parser = clap::value_parser!(u32).range(1..=i64::from(LAST_MAX)))]
        last: u32,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &AuditArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Verify { anchor } => verify(context, anchor.as_ref()),
        Command::List { last } => list(context, *last),
    }
}

fn verify(context: &Context, anchor: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let path = anchor.map_or_else(|| session.vault.anchor(), PathBuf::as_path);
    if !path.is_file() {
        return Err(failure(
            format!("there is no file of checkpoints {}", path.display()),
            "name it with --anchor; every command that changes something writes one beside the \
             data folder",
        ));
    }
    let report = session.vault.audit_verify(Some(path))?;
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "{} rows, {} checkpoints: {}",
        grouped(report.rows),
        grouped(report.checkpoints as u64),
        if faults.is_empty() { "whole" } else { "NOT WHOLE" }
    );
    for fault in &faults {
        text.push_str(&format!("\n  {fault}"));
    }
    if report.checkpoints == 0 {
        context.output.note("note: the file has no checkpoint of this installation");
    }
    let facts = json!({
        "rows": report.rows,
        "checkpoints": report.checkpoints,
        "whole": faults.is_empty(),
        "faults": faults,
    });
    context.output.answer(&text, facts)?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn list(context: &Context, last: u32) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let rows = session.vault.data().read("audit.list", |tx| {
        let after = audit::head(tx)?.seq.saturating_sub(u64::from(last));
        audit::rows(tx, after, last)
    })?;
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            vec![
                json!(row.seq),
                json!(row.at.to_rfc3339()),
                json!(row.actor),
                json!(row.origin),
                json!(row.action),
                json!(row.object),
                json!(row.subject_count),
                json!(row.purpose),
            ]
        })
        .collect();
    let columns = ["row", "at", "actor", "origin", "action", "object", "subjects", "purpose"];
    context.output.list("rows", &columns, &rows)?;
    Ok(ExitCode::SUCCESS)
}
