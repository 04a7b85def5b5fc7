//! `doldam backup`: all data, and no keys.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::config::NAME;
use crate::context::Context;
use crate::files;

/// Back up all data into a new folder; keys have backups of their own
#[derive(Args)]
pub(crate) struct BackupArgs {
    /// New folder for the backup
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &BackupArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    session.vault.backup(&args.out, &session.actor)?;
    // The address of a database may hold its password, so it stays at home.
    let mut settings = context.config()?.clone();
    settings.postgres = None;
    settings.demo_passphrase_file = None;
    files::write_new(&args.out.join(NAME), settings.to_text().as_bytes())?;
    session.checkpoint()?;
    let out = args.out.display().to_string();
    let text = format!(
        "a backup of all data in {out}; it is of use only with a backup of the keys \
         (`doldam key backup`)"
    );
    context.output.answer(&text, json!({ "folder": out }))?;
    Ok(ExitCode::SUCCESS)
}
