//! `doldam init`: a new installation in an empty folder.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use doldam_ground::locale::{Language, Profile};
use doldam_vault::Vault;
use doldam_vault::keyring::{KeyringFile, Passphrase};
use serde_json::json;

use crate::config::{Address, Config, NAME};
use crate::context::{Context, Session};
use crate::demo;
use crate::failure::failure;
use crate::{files, secret};

/// Make a new installation; asks on a terminal
#[derive(Args)]
pub(crate) struct InitArgs {
    /// Law, language and clock to start with: kr, eu, uk, us, jp
    #[arg(long)]
    profile: Option<Profile>,
    /// Languages of notices, the first for subjects who have none: ko,en
    #[arg(long, value_delimiter = ',')]
    languages: Option<Vec<Language>>,
    /// Time zone of dates without one, such as Asia/Seoul
    #[arg(long)]
    zone: Option<String>,
    /// Let this PostgreSQL database keep the facts instead of SQLite
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
    /// Nobody else may be there to agree: let an officer carry an act alone, logged (break-glass)
    #[arg(long)]
    small_team: bool,
    /// Make a demo bank of people who do not exist, with hand-overs and leaked files
    #[arg(long)]
    demo: bool,
    /// Customers of the demo bank, at least 100
    #[arg(long, value_name = "N", default_value_t = 100_000, requires = "demo",
          value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    subjects: u32,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &InitArgs) -> anyhow::Result<ExitCode> {
    refuse_what_is_there(context, args.demo)?;
    let mut config = settings(args)?;
    let passphrase = if args.demo {
        config.demo_passphrase_file = Some(PathBuf::from(demo::PASSPHRASE));
        secret::draw(&mut crate::entropy::SystemEntropy)
    } else {
        secret::read_new(context.passphrase_file(), "passphrase", "--passphrase-file")?
    };
    let place = context.place(&config)?;
    place.make_folders()?;
    let settings = context.folder().join(NAME);
    files::replace(&settings, config.to_text().as_bytes())?;
    if args.demo {
        demo::write_secret(context.folder(), demo::PASSPHRASE, &passphrase)?;
    }
    let made = Passphrase::for_new_keyring(passphrase.expose())
        .and_then(|passphrase| Vault::create(place, &passphrase));
    let vault = made.inspect_err(|_| {
        // Settings without a vault would be the next try's defaults; if they cannot be removed,
        // the next try replaces them.
        let _ = std::fs::remove_file(&settings);
    })?;
    // Nobody can have proved to be staff of a vault that is new.
    let session = Session { vault: Arc::new(vault), actor: Context::account(), staff: None };
    if args.small_team {
        session.vault.small_team_at_first(&session.actor)?;
    }
    session.checkpoint()?;
    if args.demo {
        return demo::make(context, &session, args.subjects);
    }
    answer(context, &session, &config)
}

fn answer(context: &Context, session: &Session, config: &Config) -> anyhow::Result<ExitCode> {
    let folder = context.folder().display().to_string();
    let anchor = session.vault.anchor().display().to_string();
    let text = format!(
        "a new installation in {folder}\ncheckpoints of the access log go to {anchor}: keep copies \
         of that file elsewhere\nnext: doldam key backup, doldam staff add, doldam subject import"
    );
    let facts = json!({
        "installation": session.vault.installation(),
        "data": folder,
        "anchor": anchor,
        "profile": config.profile.code(),
        "zone": config.zone,
    });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses a folder in which there is, or was, a vault.
fn refuse_what_is_there(context: &Context, is_demo: bool) -> anyhow::Result<()> {
    let folder = context.folder();
    if KeyringFile::of(&folder.join("keys")).exists() {
        return Err(failure(
            format!("there is a vault in {} already", folder.display()),
            "use it, or name another folder with --data",
        ));
    }
    if folder.join("data").join("doldam.db").exists() {
        return Err(failure(
            format!("{} holds data whose keys are gone", folder.display()),
            "bring the keys back with `doldam key restore` and two shares; if nothing was ever \
             enrolled there, remove the folder",
        ));
    }
    let outside = context.beside(demo::OUTSIDE)?;
    if is_demo && outside.exists() {
        return Err(failure(
            format!("{} is there from an earlier demo", outside.display()),
            "remove it, then repeat",
        ));
    }
    Ok(())
}

/// Flags over what is asked for over what the profile says.
fn settings(args: &InitArgs) -> anyhow::Result<Config> {
    let asks = secret::can_ask() && !args.demo;
    let profile = match args.profile {
        Some(profile) => profile,
        None if asks => ask("Profile (kr, eu, uk, us, jp)", Profile::default())?,
        None => Profile::default(),
    };
    let mut config = Config::of_profile(profile);
    config.languages = match &args.languages {
        Some(languages) => languages.clone(),
        None if asks => ask("Languages (ko, en)", Languages(config.languages))?.0,
        None => config.languages,
    };
    config.zone = match &args.zone {
        Some(zone) => zone.clone(),
        None if asks => ask("Time zone", config.zone)?,
        None => config.zone,
    };
    config.postgres = match &args.postgres {
        Some(address) => Some(Address::new(address.clone())),
        None => crate::config::environment("DOLDAM_POSTGRES").map(Address::new),
    };
    config.check()?;
    Ok(config)
}

/// A list of languages, as it is typed.
struct Languages(Vec<Language>);

impl FromStr for Languages {
    type Err = <Language as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl std::fmt::Display for Languages {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes: Vec<&str> = self.0.iter().map(|language| language.code()).collect();
        formatter.write_str(&codes.join(","))
    }
}

/// Asks a question on the terminal until the answer can be read; an empty one is the default.
fn ask<T: FromStr + std::fmt::Display>(question: &str, default: T) -> anyhow::Result<T> {
    loop {
        write!(std::io::stderr(), "{question} [{default}]: ")?;
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(default);
        }
        if let Ok(value) = line.trim().parse() {
            return Ok(value);
        }
        crate::output::tell("that is none of them");
    }
}
