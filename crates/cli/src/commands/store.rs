//! `doldam store`: the tables under everything.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_store::{FolderLock, Schema, Store};
use serde_json::json;

use crate::context::Context;

/// The tables: bring them to this program's version
#[derive(Args)]
pub(crate) struct StoreArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the tables to this program's version
    Migrate {
        /// Only list what would be changed
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &StoreArgs) -> anyhow::Result<ExitCode> {
    let Command::Migrate { dry_run } = args.command;
    context.require_vault()?;
    let place = context.place(context.config()?)?;
    let _lock = FolderLock::take(&place.folder)?;
    let mut rows = Vec::new();
    for (name, location, schema) in [
        ("data", place.data_location(), Schema::Data),
        ("keys", place.keys_location(), Schema::Keys),
    ] {
        for plan in Store::plan_migrations(&location, schema)? {
            let statements = plan.statements.len();
            rows.push(vec![json!(name), json!(plan.version), json!(plan.name), json!(statements)]);
        }
        if !dry_run {
            Store::open(&location, schema, context.shared_clock())?;
        }
    }
    let columns = ["store", "version", "name", "statements"];
    context.output.list("migrations", &columns, &rows)?;
    context.output.note(match (rows.is_empty(), dry_run) {
        (true, _) => "the tables are of this program's version",
        (false, true) => "nothing was changed; without --dry-run this would be done",
        (false, false) => "done",
    });
    Ok(ExitCode::SUCCESS)
}
