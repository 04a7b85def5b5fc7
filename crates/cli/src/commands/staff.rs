//! `doldam staff`: the controller's own people, who prove with a secret who they are.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_ground::ids::ProcessorId;
use doldam_store::access::staff_access::{self, StaffAccess};
use doldam_store::staff;
use doldam_vault::{INSPECTOR, Newcomer};
use serde_json::json;

use crate::context::{Context, Session};
use crate::failure::failure;
use crate::secret;
use crate::wording::require_impersonal;

const ROLES: [&str; 6] =
    ["privacy-officer", "approver", "engineer", "analyst", "auditor", INSPECTOR];

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
    Add(AddArgs),
    /// Replace a lost secret by a one-time password, and end all sessions
    Reset(Whom),
    /// End all sessions; the account stays
    SignOut(Whom),
    /// Disable an account for good, and end all sessions
    Disable(Whom),
}

/// Add a member of staff; asks for the secret on a terminal
#[derive(Args)]
struct AddArgs {
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
    /// Of an inspector: the number of the only processor that they see, such as P-1
    #[arg(long)]
    processor: Option<ProcessorId>,
    /// Of an inspector: their last moment
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

/// A member of staff and why.
#[derive(Args)]
struct Whom {
    /// Login name
    name: String,
    /// Why, for the access log
    #[arg(long)]
    purpose: String,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &StaffArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::List => list(context)?,
        Command::Add(args) if args.one_time || args.role == INSPECTOR => invite(context, args)?,
        Command::Add(args) => add(context, args)?,
        Command::Reset(whom) => reset(context, whom)?,
        Command::SignOut(whom) => {
            end(context, whom, "signed out", |session, whom| {
                session.vault.staff_sign_out(&whom.name, &session.actor, &whom.purpose)
            })?;
        }
        Command::Disable(whom) => disable(context, whom)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(context: &Context) -> anyhow::Result<()> {
    let session = context.open()?;
    let now = session.vault.now();
    let people = session.vault.data().read("staff.list", |tx| {
        let mut people = Vec::new();
        for (id, name, role) in staff::list(tx)? {
            let is_disabled = staff::find_by_name(tx, &name)?.is_none_or(|found| found.disabled);
            people.push((id, name, role, is_disabled, staff_access::get(tx, id)?));
        }
        Ok(people)
    })?;
    let over = |at: Option<doldam_ground::Instant>| at.is_some_and(|at| at <= now);
    let state = |is_disabled: bool, access: &StaffAccess| match access.one_time_until {
        _ if is_disabled => "disabled",
        _ if over(access.expires_at) => "expired",
        Some(_) if over(access.one_time_until) => "invitation expired",
        Some(_) => "invited",
        None => "active",
    };
    let rows: Vec<_> = people
        .iter()
        .map(|(id, name, role, is_disabled, access)| {
            vec![
                json!(id.to_string()),
                json!(name),
                json!(role),
                json!(state(*is_disabled, access)),
                json!(access.scope.map(|processor| processor.to_string())),
                json!(access.expires_at.map(doldam_ground::Instant::to_rfc3339)),
            ]
        })
        .collect();
    let columns = ["id", "name", "role", "state", "processor", "until"];
    context.output.list("staff", &columns, &rows)
}

fn add(context: &Context, args: &AddArgs) -> anyhow::Result<()> {
    if args.processor.is_some() || args.until.is_some() {
        return Err(failure(
            "a processor and a last moment are for inspectors",
            "use --role inspector, or leave them out",
        ));
    }
    let (name, role) = (&args.name, &args.role);
    let session = context.open()?;
    let secret = secret::read_new(
        args.new_secret_file.as_deref(),
        "secret of the member of staff",
        "--new-secret-file",
    )?;
    let id = session.vault.staff_add(name, role, &secret, &session.actor)?;
    session.checkpoint()?;
    let facts = json!({ "id": id.to_string(), "name": name, "role": role });
    context.output.answer(&format!("{id}  {name}  {role}"), facts)
}

fn invite(context: &Context, args: &AddArgs) -> anyhow::Result<()> {
    if !args.one_time {
        return Err(failure(
            "an inspector comes in with a one-time password and chooses a secret then",
            "add --one-time",
        ));
    }
    let expires_at = match &args.until {
        Some(text) => Some(context.instant(text, "--until")?),
        None => None,
    };
    let session = context.open()?;
    if let Some(processor) = args.processor
        && session.vault.processors()?.iter().all(|known| known.id != processor)
    {
        let what = format!("there is no processor {processor}");
        return Err(failure(what, "`doldam processor list` shows all processors"));
    }
    let (name, role) = (args.name.clone(), args.role.clone());
    let newcomer = Newcomer { name, role, scope: args.processor, expires_at };
    let (id, password) = session.vault.staff_invite(&newcomer, &session.actor)?;
    session.checkpoint()?;
    let (name, role, password) = (newcomer.name, newcomer.role, password.expose());
    let facts = json!({
        "id": id.to_string(), "name": name, "role": role, "one_time_password": password,
    });
    context.output.answer(&format!("{id}  {name}  {role}  {password}"), facts)
}

fn reset(context: &Context, whom: &Whom) -> anyhow::Result<()> {
    require_impersonal("purpose", &whom.purpose)?;
    let session = context.open()?;
    let (id, password) = session.vault.staff_reset(&whom.name, &session.actor, &whom.purpose)?;
    session.checkpoint()?;
    let (name, password) = (&whom.name, password.expose());
    let facts = json!({ "id": id.to_string(), "name": name, "one_time_password": password });
    context.output.answer(&format!("{id}  {name}  {password}"), facts)
}

fn disable(context: &Context, whom: &Whom) -> anyhow::Result<()> {
    end(context, whom, "disabled", |session, whom| {
        let found = session
            .vault
            .data()
            .read("staff.find", |tx| staff::find_by_name(tx, &whom.name))?
            .filter(|found| !found.disabled);
        let unknown =
            doldam_store::StoreError::NotFound { what: "member of staff with a working account" };
        let id = found.ok_or(unknown)?.id;
        session.vault.staff_disable(id, &session.actor, &whom.purpose)
    })
}

/// Ends somebody's sessions by `act`, which gives how many that were.
fn end(
    context: &Context,
    whom: &Whom,
    state: &'static str,
    act: impl FnOnce(&Session, &Whom) -> Result<u64, doldam_vault::VaultError>,
) -> anyhow::Result<()> {
    require_impersonal("purpose", &whom.purpose)?;
    let session = context.open()?;
    if session.staff.is_some() && session.actor.name == whom.name && state == "disabled" {
        return Err(failure("nobody disables their own account", "ask another privacy officer"));
    }
    let sessions = act(&session, whom)?;
    session.checkpoint()?;
    let facts = json!({ "name": whom.name, "state": state, "sessions": sessions });
    context.output.answer(&format!("{} is {state}; {sessions} sessions ended", whom.name), facts)
}
