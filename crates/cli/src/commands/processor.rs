//! `doldam processor`: the outside parties.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::context::Context;
use crate::wording::require_impersonal;

/// The outside parties that get data
#[derive(Args)]
pub(crate) struct ProcessorArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the processors
    List,
    /// Register a processor
    Add {
        /// Name of the firm
        name: String,
        /// outsourcing (it works for us) or provision (it uses the data for itself)
        #[arg(long, default_value = "outsourcing", value_parser = ["outsourcing", "provision"])]
        relation: String,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ProcessorArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::List => list(context),
        Command::Add { name, relation } => add(context, name, relation),
    }
}

fn list(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let rows: Vec<_> = session
        .vault
        .processors()?
        .into_iter()
        .map(|one| vec![json!(one.id.to_string()), json!(one.name), json!(one.relation)])
        .collect();
    context.output.list("processors", &["id", "name", "relation"], &rows)?;
    Ok(ExitCode::SUCCESS)
}

fn add(context: &Context, name: &str, relation: &str) -> anyhow::Result<ExitCode> {
    require_impersonal("name", name)?;
    let session = context.open()?;
    let (processor, is_new) = session.vault.processor(name, relation, &session.actor)?;
    session.checkpoint()?;
    if !is_new {
        context.output.note("note: it was registered before");
    }
    let (id, name) = (processor.id.to_string(), processor.name);
    let facts = json!({ "id": id, "name": name, "relation": processor.relation, "new": is_new });
    context.output.answer(&format!("{id}  {name}"), facts)?;
    Ok(ExitCode::SUCCESS)
}
