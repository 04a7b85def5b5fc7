//! `doldam subject reveal`: shows one person's data, after the access log has the row.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::selector;
use crate::context::Context;
use crate::people::parse_kinds;
use crate::wording::require_impersonal;

/// Show one subject's data; the access log has it first
#[derive(Args)]
pub(crate) struct RevealArgs {
    /// KIND=- (the value on standard input), KIND=@FILE, or KIND=VALUE
    selector: String,
    /// Why, for the access log
    #[arg(long)]
    purpose: String,
    /// Kinds to show [default: all but resident numbers]
    #[arg(long, value_name = "KINDS")]
    fields: Option<String>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &RevealArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &args.purpose)?;
    let kinds = match &args.fields {
        Some(list) => parse_kinds(list, "--fields")?,
        None => Vec::new(),
    };
    let session = context.open()?;
    let (kind, value) = selector::read(&args.selector)?;
    let ordinal = session.vault.subject_by_value(kind, &value)?;
    let revealed = session.vault.reveal(ordinal, &kinds, &session.actor, &args.purpose)?;
    session.checkpoint()?;
    let rows: Vec<_> = revealed
        .attributes
        .iter()
        .zip(&revealed.received)
        .map(|((kind, value), import)| {
            let import = import.map(|import| import.to_string());
            vec![json!(kind.id()), json!(value.expose()), json!(import)]
        })
        .collect();
    let columns = ["kind", "value", "import"];
    context.output.list("attributes", &columns, &rows)?;
    Ok(ExitCode::SUCCESS)
}
