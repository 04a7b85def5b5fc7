//! What every command stands on: global flags, settings, the clock, and the open vault.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use doldam_ground::{Clock, Instant, Pii};
use doldam_vault::keyring::{KeyringFile, Passphrase};
use doldam_vault::{Actor, Place, StaffMember, Vault, VaultError};

use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::entropy::SystemEntropy;
use crate::errand::messenger::Sender;
use crate::errand::seat;
use crate::failure::failure;
use crate::output::{Format, Output};
use crate::secret;

/// From where somebody acts who runs this binary.
const LOCAL: &str = "local";

/// Flags that every command takes.
#[derive(Args, Debug)]
pub(crate) struct Globals {
    /// Data folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "./var",
        help_heading = "Global"
    )]
    pub(crate) data: PathBuf,
    /// Settings [default: doldam.toml in the data folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global")]
    pub(crate) config: Option<PathBuf>,
    /// How data is written to standard output
    #[arg(long, global = true, value_enum, default_value_t, help_heading = "Global")]
    pub(crate) format: Format,
    /// File with the passphrase that opens the keys
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "DOLDAM_PASSPHRASE_FILE",
        hide_env_values = true,
        help_heading = "Global"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Act as this member of staff
    #[arg(
        long = "as",
        global = true,
        value_name = "NAME",
        env = "DOLDAM_STAFF",
        hide_env_values = true,
        help_heading = "Global"
    )]
    pub(crate) staff: Option<String>,
    /// File with the secret of the member of staff
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "DOLDAM_SECRET_FILE",
        hide_env_values = true,
        help_heading = "Global"
    )]
    pub(crate) secret_file: Option<PathBuf>,
    /// Only errors on standard error
    #[arg(long, short, global = true, help_heading = "Global")]
    pub(crate) quiet: bool,
}

/// What a command works with.
pub(crate) struct Context {
    globals: Globals,
    /// Where its words go.
    pub(crate) output: Output,
    clock: Arc<SystemClock>,
    config: OnceCell<Config>,
}

/// An open vault, and who works on it.
pub(crate) struct Session {
    /// The vault: its own, or the server's in which the command runs.
    pub(crate) vault: Arc<Vault>,
    /// Who acts, for the access log.
    pub(crate) actor: Actor,
    /// The member of staff who has proved who they are, if any.
    pub(crate) staff: Option<StaffMember>,
}

impl Session {
    /// Appends a checkpoint of the access log to the anchor: the end of every command that changed
    /// something or showed somebody's data.
    pub(crate) fn checkpoint(&self) -> anyhow::Result<()> {
        self.vault.checkpoint().map(drop).map_err(|error| match error {
            VaultError::File { kind, .. } => failure(
                format!(
                    "the act is done, but no checkpoint could be written to {}: {kind}",
                    self.vault.anchor().display()
                ),
                "make that file writable, or set another one; the next command writes the checkpoint",
            ),
            other => other.into(),
        })
    }

    /// The member of staff, where an act needs one.
    pub(crate) fn staff_needed(&self, act: &str) -> anyhow::Result<StaffMember> {
        self.staff.ok_or_else(|| {
            failure(
                format!("{act} is for members of staff"),
                "say who you are: --as NAME --secret-file FILE",
            )
        })
    }
}

impl Globals {
    /// Names the data folder and the settings from the root, for a process that is to outlive the
    /// place where it was started.
    pub(crate) fn make_absolute(&mut self) -> anyhow::Result<()> {
        self.data = std::path::absolute(&self.data)?;
        self.config = self.config.as_ref().map(std::path::absolute).transpose()?;
        Ok(())
    }

    /// What an errand brings along in place of what the server's own environment says.
    pub(crate) fn of_errand(self, staff: Option<String>) -> Self {
        Self { staff, secret_file: None, passphrase_file: None, ..self }
    }
}

impl Context {
    /// From the flags of the command line.
    pub(crate) fn new(globals: Globals) -> Self {
        let output = Output { format: globals.format, quiet: globals.quiet };
        Self { globals, output, clock: Arc::new(SystemClock::new()), config: OnceCell::new() }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.globals.data
    }

    /// The data folder's neighbour: `var` and `outside` give `var.outside`.
    pub(crate) fn beside(&self, suffix: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder();
        let folder = match folder.file_name() {
            Some(_) => folder.to_owned(),
            None => std::path::absolute(folder)
                .and_then(|folder| folder.canonicalize())
                .unwrap_or_else(|_| folder.to_owned()),
        };
        let name = folder.file_name().ok_or_else(|| {
            failure(
                "the data folder cannot be the root or a folder that is not there",
                "check --data",
            )
        })?;
        let mut name = name.to_owned();
        name.push(".");
        name.push(suffix);
        Ok(folder.with_file_name(name))
    }

    /// The settings.
    pub(crate) fn config(&self) -> anyhow::Result<&Config> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let path = match &self.globals.config {
            Some(path) if !path.is_file() => {
                return Err(failure(
                    format!("there is no file {}", path.display()),
                    "check --config",
                ));
            }
            Some(path) => path.clone(),
            None => self.folder().join(config::NAME),
        };
        let mut config = Config::read(&path)?;
        if let Some(address) = config::environment("DOLDAM_POSTGRES") {
            config.postgres = Some(config::Address::new(address));
        }
        Ok(self.config.get_or_init(|| config))
    }

    /// The time.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The clock, to be kept by a vault or a store.
    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// A date or time that the user wrote, in the zone of the settings.
    pub(crate) fn instant(&self, text: &str, flag: &str) -> anyhow::Result<Instant> {
        Instant::parse(text, &self.config()?.zone).map_err(|_| {
            failure(
                format!("{flag} is not a date"),
                "write 2026-11-23, 2026-11-23T09:12:00 or 2026-11-23T09:12:00+09:00",
            )
        })
    }

    /// Where checkpoints of the access log go.
    pub(crate) fn anchor(&self, config: &Config) -> anyhow::Result<PathBuf> {
        match &config.anchor {
            Some(anchor) => Ok(self.folder().join(anchor)),
            None => self.beside("anchor.jsonl"),
        }
    }

    /// Where the vault is, by these settings.
    pub(crate) fn place(&self, config: &Config) -> anyhow::Result<Place> {
        Ok(Place {
            folder: self.folder().to_owned(),
            postgres: config.postgres.as_ref().map(|address| address.expose().to_owned()),
            anchor: self.anchor(config)?,
            language: config.language(),
            clock: self.shared_clock(),
            entropy: Box::new(SystemEntropy),
        })
    }

    /// Opens the vault and finds out who acts.
    pub(crate) fn open(&self) -> anyhow::Result<Session> {
        if let Some(caller) = seat::caller() {
            let vault = Arc::clone(&caller.vault);
            let (actor, staff) = self.actor(&vault)?;
            return Ok(Session { vault, actor, staff });
        }
        self.require_vault()?;
        let place = self.place(self.config()?)?;
        let passphrase = Passphrase::new(self.passphrase()?.expose());
        let vault = Arc::new(Vault::open(place, &passphrase)?);
        let (actor, staff) = self.actor(&vault)?;
        Ok(Session { vault, actor, staff })
    }

    /// Refuses a folder without a vault before anybody is asked for a passphrase.
    pub(crate) fn require_vault(&self) -> anyhow::Result<()> {
        let keys = self.folder().join("keys");
        if !keys.is_dir() {
            return Err(failure(
                format!("there is no vault in {}", self.folder().display()),
                "make one with `doldam init`, or name its folder with --data",
            ));
        }
        if !KeyringFile::of(&keys).exists() {
            return Err(VaultError::KeyringMissing.into());
        }
        Ok(())
    }

    /// The passphrase: from the file, from a demo's file, or asked for.
    pub(crate) fn passphrase(&self) -> anyhow::Result<Pii<String>> {
        if let Some(path) = &self.globals.passphrase_file {
            return secret::read(path);
        }
        if let Some(name) = &self.config()?.demo_passphrase_file {
            return secret::read(&self.folder().join(name));
        }
        if secret::can_ask() {
            return secret::ask("Passphrase: ");
        }
        Err(failure(
            "there is no terminal to ask for the passphrase",
            "give it in a file: --passphrase-file FILE, or DOLDAM_PASSPHRASE_FILE",
        ))
    }

    /// The file that the passphrase was given in, if any.
    pub(crate) fn passphrase_file(&self) -> Option<&Path> {
        self.globals.passphrase_file.as_deref()
    }

    /// The member of staff who proves who they are, else the account of the operating system.
    pub(crate) fn actor(&self, vault: &Vault) -> anyhow::Result<(Actor, Option<StaffMember>)> {
        let Some(name) = &self.globals.staff else {
            return Ok((Self::account(), None));
        };
        let secret = self.staff_secret()?;
        let staff = vault.staff_prove(name, &secret)?;
        Ok((Actor { name: name.clone(), origin: LOCAL.to_owned() }, Some(staff)))
    }

    /// The secret of the member of staff: brought along to a server, from the file, or asked for.
    fn staff_secret(&self) -> anyhow::Result<Pii<String>> {
        if let Some(caller) = seat::caller() {
            let secret = caller.secret.as_ref().map(|secret| Pii::new(secret.expose().clone()));
            return secret.ok_or_else(|| VaultError::StaffRefused.into());
        }
        match &self.globals.secret_file {
            Some(path) => secret::read(path),
            None if secret::can_ask() => secret::ask("Your secret: "),
            None => Err(failure(
                "there is no terminal to ask for the secret of the member of staff",
                "give it in a file: --secret-file FILE, or DOLDAM_SECRET_FILE",
            )),
        }
    }

    /// Who hands a command in at a server: what the server cannot find out by itself.
    pub(crate) fn sender(&self) -> anyhow::Result<Sender> {
        let staff = match &self.globals.staff {
            Some(name) => Some((name.clone(), self.staff_secret()?)),
            None => None,
        };
        Ok(Sender { account: Self::account().name, staff })
    }

    /// The account of the operating system, as far as the environment can be believed.
    pub(crate) fn account() -> Actor {
        let name = seat::caller()
            .map(|caller| caller.account.clone())
            .or_else(|| config::environment("USER"))
            .or_else(|| config::environment("LOGNAME"))
            .unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        Actor { name, origin: LOCAL.to_owned() }
    }
}
