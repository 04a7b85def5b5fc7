//! `doldam disclose`: gives data to a processor, and knows ever after what was given.

mod issue;
mod list;
mod record;
mod verify;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::errand::Needs;

/// Give data to a processor: pseudonyms, canaries, a signed manifest
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct DiscloseArgs {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    issue: Option<issue::IssueArgs>,
}

#[derive(Subcommand)]
enum Command {
    /// List all disclosures
    List,
    Record(record::RecordArgs),
    Verify(verify::VerifyArgs),
}

impl DiscloseArgs {
    /// What it needs of the data folder.
    pub(crate) const fn needs(&self) -> Needs {
        match &self.command {
            Some(Command::Verify(args)) if args.has_key() => Needs::Nothing,
            _ => Needs::Vault,
        }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &DiscloseArgs) -> anyhow::Result<ExitCode> {
    match (&args.command, &args.issue) {
        (Some(Command::List), _) => list::run(context),
        (Some(Command::Record(args)), _) => record::run(context, args),
        (Some(Command::Verify(args)), _) => verify::run(context, args),
        (None, Some(args)) => issue::run(context, args),
        (None, None) => Err(crate::failure::failure(
            "it is not said what to give to whom",
            "`doldam disclose --help` shows the flags",
        )),
    }
}
