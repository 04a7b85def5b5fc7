//! `doldam subject erase`: forgets one person for good.

use std::process::ExitCode;

use clap::Args;
use doldam_vault::ErasureState;
use serde_json::json;

use super::selector;
use crate::context::Context;
use crate::wording::require_impersonal;

/// Forget one subject for good: the key of their data is destroyed
#[derive(Args)]
pub(crate) struct EraseArgs {
    /// KIND=- (the value on standard input), KIND=@FILE, or KIND=VALUE
    selector: String,
    /// Why, for the access log
    #[arg(long)]
    purpose: String,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &EraseArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &args.purpose)?;
    let session = context.open()?;
    let (kind, value) = selector::read(&args.selector)?;
    let ordinal = session.vault.subject_by_value(kind, &value)?;
    let state = session.vault.erase(ordinal, &session.actor, &args.purpose)?;
    session.checkpoint()?;
    let (text, facts) = match state {
        ErasureState::Final => {
            ("erased: final, no copy of the key is left".to_owned(), json!({ "state": "final" }))
        }
        ErasureState::Pending { until, backups } => {
            let backups: Vec<String> = backups.iter().map(ToString::to_string).collect();
            let text = format!(
                "erased here: pending until {until}, when the last backup of keys that holds the \
                 key expires ({})",
                backups.join(", ")
            );
            let until = until.to_rfc3339();
            (text, json!({ "state": "pending", "until": until, "key_backups": backups }))
        }
    };
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}
