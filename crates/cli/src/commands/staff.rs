//! `doldam staff`: the controller's own people, who prove with a secret who they are.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_vault::Newcomer;
use serde_json::json;

use crate::context::Context;
use crate::secret;

const ROLES: [&str; 5] = ["privacy-officer", "approver", "engineer", "analyst", "auditor"];

/// Members of staff and their roles
#[derive(Args)]
pub(crate) struct StaffArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the members of staff
    List,
    /// Add a member of staff; asks for the secret on a terminal
    Add {
        /// Login name
        name: String,
        /// What they may do; privacy officers and approvers may agree to what others ask for
        #[arg(long, value_parser = ROLES)]
        role: String,
        /// File with their secret of at least 15 characters
        #[arg(long, value_name = "FILE")]
        new_secret_file: Option<PathBuf>,
        /// Print a one-time password instead; they choose a secret when they first sign in
        #[arg(long, conflicts_with = "new_secret_file")]
        one_time: bool,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &StaffArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    match &args.command {
        Command::List => {
            let staff = session.vault.staff()?;
            let rows: Vec<_> = staff
                .into_iter()
                .map(|(id, name, role)| vec![json!(id.to_string()), json!(name), json!(role)])
                .collect();
            context.output.list("staff", &["id", "name", "role"], &rows)?;
        }
        Command::Add { name, role, one_time: true, .. } => {
            let newcomer =
                Newcomer { name: name.clone(), role: role.clone(), scope: None, expires_at: None };
            let (id, password) = session.vault.staff_invite(&newcomer, &session.actor)?;
            session.checkpoint()?;
            let password = password.expose();
            let facts = json!({
                "id": id.to_string(), "name": name, "role": role, "one_time_password": password,
            });
            context.output.answer(&format!("{id}  {name}  {role}  {password}"), facts)?;
        }
        Command::Add { name, role, new_secret_file, one_time: false } => {
            let secret = secret::read_new(
                new_secret_file.as_deref(),
                "secret of the member of staff",
                "--new-secret-file",
            )?;
            let id = session.vault.staff_add(name, role, &secret, &session.actor)?;
            session.checkpoint()?;
            let facts = json!({ "id": id.to_string(), "name": name, "role": role });
            context.output.answer(&format!("{id}  {name}  {role}"), facts)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
