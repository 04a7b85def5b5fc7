//! `doldam key`: backups of keys in shares, rotation, and bringing lost keys back.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use doldam_ground::limits::KEY_BACKUP_DAYS;
use doldam_vault::Vault;
use doldam_vault::keyring::Passphrase;
use serde_json::json;

use super::restore::{new_passphrase, read_shares};
use crate::config::NAME;
use crate::context::{Context, Session};
use crate::errand::Needs;
use crate::files;

/// Back up, rotate and restore keys
#[derive(Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Back up all keys: one sealed file, and three shares of which two open it
    Backup {
        /// Folder for the backup; give each share to another person
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Days after which the backup must be destroyed; erasures are pending until then
        #[arg(long, value_name = "N", default_value_t = KEY_BACKUP_DAYS,
              value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: u32,
    },
    /// Draw a new root key and wrap all keys anew
    Rotate {
        /// File with a new passphrase [default: the old one stays]
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Bring lost keys back into a data folder
    Restore {
        /// The backup of keys, such as K-1.keys
        file: PathBuf,
        /// A share of that backup; give two
        #[arg(long = "share", value_name = "FILE", required = true)]
        shares: Vec<PathBuf>,
        /// File with the passphrase that is to seal the keys
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

impl KeyArgs {
    /// What it needs of the data folder.
    pub(crate) const fn needs(&self) -> Needs {
        if matches!(self.command, Command::Backup { .. }) { Needs::Vault } else { Needs::Alone }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &KeyArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Backup { out, days } => backup(context, out, *days),
        Command::Rotate { new_passphrase_file } => rotate(context, new_passphrase_file.as_ref()),
        Command::Restore { file, shares, new_passphrase_file } => {
            restore(context, file, shares, new_passphrase_file.as_ref())
        }
    }
}

fn backup(context: &Context, out: &std::path::Path, days: u32) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let made = session.vault.key_backup(out, Some(days), &session.actor)?;
    session.checkpoint()?;
    let shares: Vec<String> = made.shares.iter().map(|share| share.display().to_string()).collect();
    let file = made.file.display().to_string();
    let text = format!(
        "{} in {file}, to be destroyed within {days} days\ngive each share to another person, and \
         keep none of them with the backup:\n  {}",
        made.id,
        shares.join("\n  ")
    );
    let facts =
        json!({ "key_backup": made.id.to_string(), "file": file, "shares": shares, "days": days });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}

fn rotate(context: &Context, new_file: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let passphrase = match new_file {
        Some(file) => new_passphrase(context, Some(file))?,
        None => Passphrase::new(context.passphrase()?.expose()),
    };
    let mut session = context.open()?;
    let vault = Arc::get_mut(&mut session.vault).expect("a command that needs the folder alone");
    let generation = vault.key_rotate(&passphrase, &session.actor)?;
    session.checkpoint()?;
    let text = format!(
        "the keys are of generation {generation}; make a new backup of them (`doldam key backup`)"
    );
    context.output.answer(&text, json!({ "generation": generation }))?;
    Ok(ExitCode::SUCCESS)
}

fn restore(
    context: &Context,
    file: &std::path::Path,
    shares: &[PathBuf],
    new_file: Option<&PathBuf>,
) -> anyhow::Result<ExitCode> {
    let shares = read_shares(shares)?;
    let mut config = context.config()?.clone();
    let passphrase = new_passphrase(context, new_file.map(PathBuf::as_path))?;
    let vault = Vault::key_restore(context.place(&config)?, file, &shares, &passphrase)?;
    if config.demo_passphrase_file.take().is_some() {
        files::replace(&context.folder().join(NAME), config.to_text().as_bytes())?;
    }
    let (actor, staff) = context.actor(&vault)?;
    let session = Session { vault: Arc::new(vault), actor, staff };
    let (vault, actor) = (&session.vault, &session.actor);
    vault.log(actor, "key.restore", String::new(), "restore of lost keys", None)?;
    session.checkpoint()?;
    let folder = context.folder().display().to_string();
    context.output.answer(&format!("the keys are back in {folder}"), json!({ "data": folder }))?;
    Ok(ExitCode::SUCCESS)
}
