//! `doldam approve`: a second person agrees to what another has asked for, or one officer of a small
//! team carries it alone.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use doldam_ground::ids::ApprovalId;
use doldam_store::break_glass::Agreed;
use serde_json::json;

use crate::context::{Context, Session};
use crate::wording::require_impersonal;

/// Agree to a colleague's request; without a number, list what waits
#[derive(Args)]
pub(crate) struct ApproveArgs {
    /// Number of the request, such as A-1
    approval: Option<ApprovalId>,
    /// Carry your own request alone, as an officer of a small team: logged, an hour after you asked,
    /// three times within thirty days
    #[arg(long, requires = "approval", requires = "reason")]
    break_glass: bool,
    /// Declare that nobody else may be there to agree, or take that back
    #[arg(
        long,
        value_enum,
        value_name = "on|off",
        conflicts_with = "approval",
        requires = "reason"
    )]
    small_team: Option<Switch>,
    /// Why, in words without personal data; kept in the access log
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ApproveArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let reason = args.reason.as_deref().unwrap_or_default();
    require_impersonal("reason", reason)?;
    match (args.approval, args.small_team) {
        (Some(id), _) if args.break_glass => alone(context, &session, id, reason)?,
        (Some(id), _) => agree(context, &session, id)?,
        (None, Some(switch)) => declare(context, &session, switch, reason)?,
        (None, None) => list(context, &session)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(context: &Context, session: &Session) -> anyhow::Result<()> {
    let mut held: Vec<_> =
        session.vault.approvals_open()?.into_iter().map(|held| (held, "open")).collect();
    for glass in session.vault.broken_glass()? {
        if let Agreed::Request(id) = glass.agreed
            && let Some(request) = session.vault.approval(id)?
        {
            held.push((request, "by break-glass"));
        }
    }
    let rows: Vec<_> = held
        .into_iter()
        .map(|(request, state)| {
            vec![
                json!(request.id.to_string()),
                json!(request.summary),
                json!(request.requested_by.to_string()),
                json!(request.expires_at.to_rfc3339()),
                json!(state),
            ]
        })
        .collect();
    let columns = ["id", "summary", "requested_by", "expires_at", "state"];
    context.output.list("requests", &columns, &rows)
}

fn agree(context: &Context, session: &Session, id: ApprovalId) -> anyhow::Result<()> {
    let staff = session.staff_needed("consent")?;
    session.vault.approve(id, staff, &session.actor)?;
    session.checkpoint()?;
    let text = format!("{id} is agreed to; it can be used once, within a day");
    context.output.answer(&text, json!({ "approval": id.to_string(), "state": "agreed" }))
}

fn alone(context: &Context, session: &Session, id: ApprovalId, reason: &str) -> anyhow::Result<()> {
    let staff = session.staff_needed("consent")?;
    session.vault.break_glass(id, staff, reason, &session.actor)?;
    session.checkpoint()?;
    let text = format!(
        "{id} is agreed to by break-glass: it can be used once, and the access log says so for ever"
    );
    context.output.answer(&text, json!({ "approval": id.to_string(), "state": "by break-glass" }))
}

fn declare(
    context: &Context,
    session: &Session,
    switch: Switch,
    reason: &str,
) -> anyhow::Result<()> {
    let staff = session.staff_needed("that declaration")?;
    let is_on = matches!(switch, Switch::On);
    session.vault.set_small_team(is_on, staff, reason, &session.actor)?;
    session.checkpoint()?;
    let text = if is_on {
        "a small team: from an hour on, an officer may carry their own request alone"
    } else {
        "no small team: a second person agrees to everything that needs one"
    };
    context.output.answer(text, json!({ "small_team": is_on }))
}
