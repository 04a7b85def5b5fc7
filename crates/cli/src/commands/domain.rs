//! `doldam domain`: the keys that pseudonyms are made under, one a processor, purpose and kind.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use doldam_ground::ids::{ApprovalId, DomainId};
use doldam_vault::ErasureState;
use serde_json::json;

use crate::context::{Context, Session};
use crate::wording::require_impersonal;

/// Pseudonym domains: contain a processor, hold or destroy a key
#[derive(Args)]
pub(crate) struct DomainArgs {
    #[command(subcommand)]
    command: Command,
}

/// A domain and why.
#[derive(Args)]
struct Why {
    /// Number of the domain, such as M-1
    domain: DomainId,
    /// Why, for the access log
    #[arg(long)]
    purpose: String,
}

#[derive(Subcommand)]
enum Command {
    /// List all domains
    List,
    /// Stop issuing pseudonyms; those that are out stay traceable
    Suspend(Why),
    /// Let a suspended domain work again
    Resume(Why),
    /// Open the next epoch: pseudonyms given from now on are others; old ones stay traceable
    Renew(Why),
    /// Put a legal hold on a domain: its key cannot be destroyed
    Hold(Why),
    /// Lift all holds on a domain
    Release(Why),
    /// Destroy the key for good: nothing can be traced by it any more; a second person must agree
    Destroy {
        #[command(flatten)]
        why: Why,
        /// The consent of the second person, such as A-1
        #[arg(long)]
        approval: Option<ApprovalId>,
    },
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &DomainArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::List => list(context),
        Command::Suspend(why) => change(context, why, "suspended", |session, why| {
            session.vault.domain_suspend(why.domain, &session.actor, &why.purpose)
        }),
        Command::Resume(why) => change(context, why, "active", |session, why| {
            session.vault.domain_resume(why.domain, &session.actor, &why.purpose)
        }),
        Command::Renew(why) => change(context, why, "renewed", |session, why| {
            session.vault.domain_renew(why.domain, &session.actor, &why.purpose).map(drop)
        }),
        Command::Hold(why) => change(context, why, "held", |session, why| {
            session.vault.domain_hold(why.domain, &session.actor, &why.purpose)
        }),
        Command::Release(why) => change(context, why, "released", |session, why| {
            session.vault.domain_release(why.domain, &session.actor, &why.purpose)
        }),
        Command::Destroy { why, approval } => destroy(context, why, *approval),
    }
}

fn list(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let rows: Vec<_> = session
        .vault
        .domains()?
        .into_iter()
        .map(|domain| {
            vec![
                json!(domain.id.to_string()),
                json!(domain.processor.to_string()),
                json!(domain.purpose),
                json!(domain.kind.id()),
                json!(domain.epoch),
                json!(domain.state),
            ]
        })
        .collect();
    let columns = ["id", "processor", "purpose", "kind", "epoch", "state"];
    context.output.list("domains", &columns, &rows)?;
    Ok(ExitCode::SUCCESS)
}

fn change(
    context: &Context,
    why: &Why,
    state: &'static str,
    act: impl FnOnce(&Session, &Why) -> Result<(), doldam_vault::VaultError>,
) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &why.purpose)?;
    let session = context.open()?;
    act(&session, why)?;
    session.checkpoint()?;
    told(context, why.domain, state)
}

fn destroy(context: &Context, why: &Why, approval: Option<ApprovalId>) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &why.purpose)?;
    let session = context.open()?;
    let staff = session.staff_needed("the destruction of a key")?;
    let (vault, actor) = (&session.vault, &session.actor);
    let destroyed = vault.domain_destroy(why.domain, actor, staff, approval, &why.purpose);
    session.checkpoint()?;
    let domain = why.domain.to_string();
    let (text, facts) = match destroyed? {
        ErasureState::Final => (
            format!("{domain} is destroyed: no copy of its key is left"),
            json!({ "domain": domain, "state": "destroyed" }),
        ),
        ErasureState::Pending { until, backups } => {
            let backups: Vec<String> = backups.iter().map(ToString::to_string).collect();
            let text = format!(
                "{domain} is destroyed here; backups of keys hold its key until {until} ({})",
                backups.join(", ")
            );
            let until = until.to_rfc3339();
            let facts = json!({
                "domain": domain, "state": "destroyed", "until": until, "key_backups": backups,
            });
            (text, facts)
        }
    };
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}

fn told(context: &Context, domain: DomainId, state: &str) -> anyhow::Result<ExitCode> {
    let facts = json!({ "domain": domain.to_string(), "state": state });
    context.output.answer(&format!("{domain} is {state}"), facts)?;
    Ok(ExitCode::SUCCESS)
}
