//! `cargo xtask up`: the first command of the README, from a clone to a traced leak.

use crate::server::{self, OFFICER, PORT, SignIn};
use crate::story::{Scan, Story};
use crate::{command, console, out, tools, workspace};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

/// Traces shown at most: the story is for reading.
const TRACES_SHOWN_MAX: usize = 8;

/// Where the demo stands, in the workspace.
const DATA: &str = "./var";

/// Longest that a rehearsal may take on a slow machine.
const DRILL_LIMIT: Duration = Duration::from_mins(5);

/// What the mark beside the data folder says until the demo is finished.
const BEGUN: &str = "begun";

/// How to make the demo.
#[derive(Args)]
pub(crate) struct Options {
    /// Delete the demo that is there and make a new one
    #[arg(long)]
    reset: bool,
    /// Customers of the demo bank
    #[arg(long, value_name = "N")]
    subjects: Option<u64>,
    /// Never install a missing Debian package, only name it
    #[arg(long)]
    no_install: bool,
    /// Port of the server for staff; processors' programs come in one port above
    #[arg(long, value_name = "N", default_value_t = PORT)]
    port: u16,
    /// Stop the demo's server, and do nothing else
    #[arg(long)]
    stop: bool,
}

/// Makes the demo if it is not there, tells its story, and starts its server.
pub(crate) fn up(options: &Options) -> Result<bool> {
    std::env::set_current_dir(workspace::root()).context("the workspace's folder")?;
    if options.stop {
        let story = Story { binary: PathBuf::new(), data: PathBuf::from(DATA) };
        let was = if server::stop(&story)? { "stopped" } else { "not running" };
        out::say(&format!("the server is {was}"));
        return Ok(true);
    }
    tools::ensure(!options.no_install)?;
    tools::ensure_node(!options.no_install)?;
    // The program takes the console in when it is compiled.
    if !console::build()? {
        return Ok(false);
    }
    let Some(binary) = workspace::build_binary()? else {
        return Ok(false);
    };
    let story = Story { binary, data: PathBuf::from(DATA) };
    // The story is told by the new program, and it alone holds the folder then.
    server::stop(&story)?;
    server::require_free(options.port)?;
    prepare(&story, options)?;
    let is_told = tell(&story)?;
    server::start(&story, options.port)?;
    let sign_in = server::officer(&story)?;
    let is_rehearsed = rehearse(&story)?;
    tell_next(&story, options.port, &sign_in);
    Ok(is_told && is_rehearsed)
}

/// The story of the leak: what is found, whose it is, whose copy; false when something is not found.
fn tell(story: &Story) -> Result<bool> {
    let scan = story.scan()?;
    tell_scan(story, &scan);
    let mut is_told = !scan.leaked.is_empty();
    for locator in scan.leaked.iter().take(TRACES_SHOWN_MAX) {
        let report = story.trace(locator)?;
        tell_trace(locator, &report);
        is_told &= report["subjects"]["total"].as_u64().unwrap_or(0) > 0;
    }
    if scan.leaked.len() > TRACES_SHOWN_MAX {
        out::say(&format!("\n   … and {} more files", scan.leaked.len() - TRACES_SHOWN_MAX));
    }
    Ok(is_told)
}

/// What comes after a trace, rehearsed on people who do not exist.
fn rehearse(story: &Story) -> Result<bool> {
    out::say("\n4  The rehearsal         from a found file to every customer told once\n");
    let ended = command::run(Command::new(&story.binary).arg("drill"), DRILL_LIMIT)?;
    Ok(ended.is_success())
}

/// What stands where the demo goes.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A demo that we finished.
    Finished,
    /// A demo that broke off while it was made.
    Begun,
    /// Data that we did not make.
    Foreign,
}

/// Leaves a finished demo alone; makes one where there is none.
///
/// `./var` is also where real data would stand, and that must survive a `--reset` typed by habit.
/// So a mark beside the folder says which folder we made; any other one is never deleted.
fn prepare(story: &Story, options: &Options) -> Result<()> {
    let data = story.data.display();
    match (found(story), options.reset) {
        (Found::Foreign, true) => bail!(
            "{data} was not made by `cargo xtask up`, so --reset leaves it alone\n\
             hint: move it away, or delete it yourself"
        ),
        (Found::Foreign, false) if !story.developer().is_dir() => bail!(
            "{data} holds data that are not the demo's\n\
             hint: move them away to see the demo"
        ),
        (Found::Begun, false) => bail!("the demo is not finished\nhint: cargo xtask up --reset"),
        (Found::Finished | Found::Foreign, false) => {
            if options.subjects.is_some() {
                out::tell("hint: the demo is there already; --reset makes another one");
            }
            Ok(())
        }
        (Found::Nothing | Found::Begun | Found::Finished, _) => make(story, options.subjects),
    }
}

fn make(story: &Story, subjects: Option<u64>) -> Result<()> {
    let mark = story.beside("demo");
    let write = |text: &str| {
        std::fs::write(&mark, text).with_context(|| format!("writing {}", mark.display()))
    };
    write(BEGUN)?;
    story.wipe()?;
    story.init(subjects)?;
    write(&identity(&story.data).context("the demo's data folder")?)
}

fn found(story: &Story) -> Found {
    let Ok(identity) = identity(&story.data) else {
        return Found::Nothing;
    };
    match std::fs::read_to_string(story.beside("demo")) {
        Ok(mark) if mark == identity => Found::Finished,
        Ok(mark) if mark == BEGUN => Found::Begun,
        _ => Found::Foreign,
    }
}

/// What tells this folder from another one that stands at its place later.
fn identity(folder: &Path) -> std::io::Result<String> {
    let metadata = std::fs::metadata(folder)?;
    let made = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Ok(format!("{} {}", metadata.ino(), made.map_or(0, |time| time.as_nanos())))
}

fn tell_scan(story: &Story, scan: &Scan) {
    out::say("\nA leaked file in, names and origin out");
    out::say(&format!("\n1  The bank's data   {}", story.data.display()));
    out::say(&format!("2  The scan          {}", story.developer().display()));
    let scanned = match scan.scanned {
        Some(files) => format!("{} files read, ", out::grouped(files)),
        None => String::new(),
    };
    out::say(&format!(
        "                     {scanned}{} with personal data, {} with a table of people ({} ms)",
        scan.with_findings,
        scan.leaked.len(),
        out::grouped(scan.elapsed_ms)
    ));
    out::say("3  The trace");
}

fn tell_trace(locator: &str, report: &Value) {
    let count = |value: &Value| out::grouped(value.as_u64().unwrap_or(0));
    out::say(&format!("\n   {locator}"));
    out::say(&format!(
        "     whose         {} of our customers, {} beyond doubt ({} rows, {} of strangers, {} ms)",
        count(&report["subjects"]["total"]),
        count(&report["subjects"]["exact"]),
        count(&report["rows"]),
        count(&report["unknown_rows"]),
        count(&report["elapsed_ms"])
    ));
    let canaries: u64 = report["canaries"]
        .as_array()
        .map_or(0, |seen| seen.iter().filter_map(|one| one["canaries"].as_u64()).sum());
    if canaries > 0 {
        out::say(&format!("     canaries      {canaries} found in it"));
    }
    let first = &report["processors"][0];
    out::say(&format!(
        "     whose copy    {}, {:.1} % of the known rows",
        text(&first["name"]),
        first["share"].as_f64().unwrap_or(0.0) * 100.0
    ));
    out::say(&format!("                   {}", text(&first["why"])));
    let disclosure = &report["disclosures"][0];
    if !disclosure.is_null() {
        out::say(&format!(
            "     which one     {} (score {:.3})",
            text(&disclosure["id"]),
            disclosure["score"].as_f64().unwrap_or(0.0)
        ));
        out::say(&format!("                   {}", text(&disclosure["why"])));
    }
}

fn tell_next(story: &Story, port: u16, sign_in: &SignIn) {
    out::say(&format!(
        "\n5  The console           http://localhost:{port} in a browser, for staff; processors' \
         programs come in by http://localhost:{}; log {}",
        port + 1,
        server::log(story).display()
    ));
    out::say(&format!("   {}", sentence(sign_in)));
    out::say("\nA hit is a lead; a person decides. Next (the commands go through the server):");
    out::say("   target/release/doldam --help");
    out::say("   target/release/doldam doctor");
    out::say(&format!(
        "   target/release/doldam audit verify --anchor {}",
        story.beside("anchor.jsonl").display()
    ));
}

/// How to sign in, as a person reads it.
fn sentence(sign_in: &SignIn) -> String {
    match sign_in {
        SignIn::OneTime { password, is_again: false } => {
            format!(
                "sign in as {OFFICER} with the one-time password {password} (it works for a day)"
            )
        }
        SignIn::OneTime { password, is_again: true } => format!(
            "{OFFICER} has not chosen a passphrase yet: the earlier password is replaced by {password}"
        ),
        SignIn::Chosen => format!(
            "sign in as {OFFICER} with the passphrase that was chosen; if it is lost: \
             target/release/doldam staff reset {OFFICER} --purpose \"passphrase lost\""
        ),
        SignIn::Not(state) => {
            format!("the account of {OFFICER} is {state}: nobody can sign in by it")
        }
    }
}

/// A text of a report, or the number or id that stands there instead.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::testing::fake;

    fn options(reset: bool) -> Options {
        Options { reset, subjects: Some(50), no_install: true, port: PORT, stop: false }
    }

    #[test]
    fn a_demo_is_made_once_and_again_after_a_reset() {
        let (_folder, story) = fake();
        assert_eq!(found(&story), Found::Nothing);
        prepare(&story, &options(false)).expect("there is nothing in the way");
        assert_eq!(found(&story), Found::Finished);
        let first = story.data.join("made");
        std::fs::write(story.data.join("kept"), "").expect("the folder is writable");
        prepare(&story, &options(false)).expect("the demo is there");
        assert!(first.exists() && story.data.join("kept").exists());
        prepare(&story, &options(true)).expect("the demo is ours");
        assert!(first.exists() && !story.data.join("kept").exists());
    }

    #[test]
    fn data_that_we_did_not_make_are_never_deleted() {
        let (_folder, story) = fake();
        prepare(&story, &options(false)).expect("there is nothing in the way");
        let aside = story.beside("aside");
        std::fs::rename(&story.data, &aside).expect("the demo moves");
        std::fs::create_dir(&story.data).expect("other data take its place");
        assert_eq!(found(&story), Found::Foreign);
        assert!(prepare(&story, &options(true)).is_err());
        assert!(story.data.is_dir() && story.developer().is_dir());
        prepare(&story, &options(false)).expect("what is there is shown");
        std::fs::remove_dir_all(story.beside("outside")).expect("the repository goes");
        assert!(prepare(&story, &options(false)).is_err());
    }

    #[test]
    fn a_password_is_said_only_when_it_is_new() {
        let password = "abc-def".to_owned();
        let said = |sign_in| sentence(&sign_in);
        let first = said(SignIn::OneTime { password: password.clone(), is_again: false });
        assert!(first.contains("abc-def") && first.contains("for a day"), "{first}");
        let again = said(SignIn::OneTime { password, is_again: true });
        assert!(again.contains("abc-def") && again.contains("replaced"), "{again}");
        assert!(said(SignIn::Chosen).contains("staff reset"));
        assert!(said(SignIn::Not("disabled".to_owned())).contains("disabled"));
    }

    #[test]
    fn a_demo_that_broke_off_asks_for_a_reset() {
        let (_folder, story) = fake();
        std::fs::create_dir(&story.data).expect("the folder is new");
        std::fs::write(story.beside("demo"), BEGUN).expect("the mark is written");
        assert!(prepare(&story, &options(false)).is_err());
        prepare(&story, &options(true)).expect("the demo is ours");
        assert_eq!(found(&story), Found::Finished);
    }
}
