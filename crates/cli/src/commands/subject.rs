//! `doldam subject`: the people whose data the house holds.

mod erase;
mod import;
mod reveal;
pub(crate) mod selector;
mod status;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Context;

/// The people whose data is held: import, reveal, erase
#[derive(Args)]
pub(crate) struct SubjectArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Import(import::ImportArgs),
    Reveal(reveal::RevealArgs),
    Erase(erase::EraseArgs),
    /// Count subjects and erasures
    Status,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &SubjectArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Import(args) => import::run(context, args),
        Command::Reveal(args) => reveal::run(context, args),
        Command::Erase(args) => erase::run(context, args),
        Command::Status => status::run(context),
    }
}
