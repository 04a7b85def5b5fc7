//! `doldam restore`: a backup of data and a backup of keys become an installation again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use doldam_vault::keyring::{Passphrase, Share};
use doldam_vault::{MissingKeys, Vault};
use serde_json::json;

use crate::config::{Address, Config, NAME, environment};
use crate::context::{Context, Session};
use crate::output::grouped;
use crate::{files, people, secret};

/// Make an installation of a backup, in the empty data folder
#[derive(Args)]
pub(crate) struct RestoreArgs {
    /// Folder of the backup of data
    backup: PathBuf,
    /// The backup of keys, such as K-1.keys
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// A share of that backup; give two
    #[arg(long = "share", value_name = "FILE", required = true)]
    shares: Vec<PathBuf>,
    /// The anchor file of the lost installation: whoever was erased since the backup is again
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
    /// File with the passphrase of the restored installation
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
    /// Let this PostgreSQL database keep the facts instead of SQLite
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let shares = read_shares(&args.shares)?;
    if let Some(anchor) = &args.anchor {
        // It is read last, when the vault is there already and cannot be restored once more.
        people::open(anchor)?;
    }
    let passphrase = new_passphrase(context, args.new_passphrase_file.as_deref())?;
    let mut config = Config::read(&args.backup.join(NAME))?;
    // The backup's own database may still be in use, and the passphrase of a demo is not in it.
    config.demo_passphrase_file = None;
    config.postgres =
        args.postgres.clone().or_else(|| environment("DOLDAM_POSTGRES")).map(Address::new);
    let place = context.place(&config)?;
    let vault = Vault::restore(place, &args.backup, &args.keys, &shares, &passphrase)?;
    files::replace(&context.folder().join(NAME), config.to_text().as_bytes())?;
    let (actor, staff) = context.actor(&vault)?;
    let session = Session { vault: Arc::new(vault), actor, staff };
    let (vault, actor) = (&session.vault, &session.actor);
    vault.log(actor, "restore", String::new(), "restore from a backup", None)?;
    let erased = if let Some(anchor) = &args.anchor {
        vault.heed_tombstones(anchor, actor)?
    } else {
        let note = "note: without --anchor nobody knows who was erased after the backup was made";
        context.output.note(note);
        0
    };
    session.checkpoint()?;
    let subjects = vault.subject_count()?;
    let missing = vault.missing_keys()?;
    if missing != MissingKeys::default() {
        context.output.note(&format!(
            "warning: the backup of keys is older than the data: {} subjects and {} domains have no \
             key, so they are in no answer; restore with a newer backup of keys, if there is one",
            grouped(missing.subjects),
            missing.domains.len(),
        ));
    }
    let folder = context.folder().display().to_string();
    let mut text = format!("{} subjects are restored in {folder}", grouped(subjects));
    if erased > 0 {
        text.push_str(&format!("; {} who had been erased are again", grouped(erased)));
    }
    context
        .output
        .answer(&text, json!({ "data": folder, "subjects": subjects, "erased_again": erased, "without_key": missing.subjects }))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads shares of a backup of keys.
pub(super) fn read_shares(paths: &[PathBuf]) -> anyhow::Result<Vec<Share>> {
    paths.iter().map(|path| Ok(Share::parse(secret::read(path)?.expose())?)).collect()
}

/// The passphrase of an installation whose old one may be lost.
pub(super) fn new_passphrase(context: &Context, file: Option<&Path>) -> anyhow::Result<Passphrase> {
    let file = file.or_else(|| context.passphrase_file());
    let secret = secret::read_new(file, "passphrase", "--new-passphrase-file")?;
    Ok(Passphrase::for_new_keyring(secret.expose())?)
}
