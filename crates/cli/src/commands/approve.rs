//! `doldam approve`: a second person agrees to what another has asked for.

use std::process::ExitCode;

use clap::Args;
use doldam_ground::ids::ApprovalId;
use serde_json::json;

use crate::context::Context;

/// Agree to a colleague's request; without a number, list what waits
#[derive(Args)]
pub(crate) struct ApproveArgs {
    /// Number of the request, such as A-1
    approval: Option<ApprovalId>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ApproveArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let Some(id) = args.approval else {
        let rows: Vec<_> = session
            .vault
            .approvals_open()?
            .into_iter()
            .map(|request| {
                vec![
                    json!(request.id.to_string()),
                    json!(request.summary),
                    json!(request.requested_by.to_string()),
                    json!(request.expires_at.to_rfc3339()),
                ]
            })
            .collect();
        let columns = ["id", "summary", "requested_by", "expires_at"];
        context.output.list("requests", &columns, &rows)?;
        return Ok(ExitCode::SUCCESS);
    };
    let staff = session.staff_needed("consent")?;
    session.vault.approve(id, staff, &session.actor)?;
    session.checkpoint()?;
    let text = format!("{id} is agreed to; it can be used once, within a day");
    context.output.answer(&text, json!({ "approval": id.to_string(), "state": "agreed" }))?;
    Ok(ExitCode::SUCCESS)
}
