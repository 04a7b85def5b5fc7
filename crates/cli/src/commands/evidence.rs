//! `doldam evidence`: the files that turned up, and who had them in hand.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_ground::ids::EvidenceId;
use doldam_store::evidence;
use serde_json::json;

use crate::context::Context;
use crate::failure::failure;

/// The files that turned up, sealed
#[derive(Args)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the chain of custody of a file
    Custody {
        /// The evidence, as E-1
        evidence: EvidenceId,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &EvidenceArgs) -> anyhow::Result<ExitCode> {
    let Command::Custody { evidence: id } = &args.command;
    let session = context.open()?;
    let found = session.vault.data().read("evidence.custody", |tx| {
        Ok(match evidence::find(tx, *id)? {
            Some(_) => Some(evidence::custody(tx, *id)?),
            None => None,
        })
    })?;
    let chain =
        found.ok_or_else(|| failure(format!("there is no evidence {id}"), "check the number"))?;
    let rows: Vec<_> = chain
        .into_iter()
        .map(|entry| vec![json!(entry.at.to_rfc3339()), json!(entry.actor), json!(entry.act)])
        .collect();
    context.output.list("custody", &["at", "actor", "act"], &rows)?;
    Ok(ExitCode::SUCCESS)
}
