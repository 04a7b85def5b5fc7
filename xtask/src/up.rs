//! `cargo xtask up`: the first command of the README, from a clone to a traced leak.

use crate::story::{Scan, Story};
use crate::{out, tools, workspace};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

/// Traces shown at most: the story is for reading.
const TRACES_SHOWN_MAX: usize = 8;

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
}

/// Makes the demo if it is not there, and tells its story.
pub(crate) fn up(options: &Options) -> Result<bool> {
    tools::ensure(!options.no_install)?;
    let Some(binary) = workspace::build_binary()? else {
        return Ok(false);
    };
    let story = Story { binary, data: PathBuf::from("./var") };
    std::env::set_current_dir(workspace::root()).context("the workspace's folder")?;
    prepare(&story, options)?;
    let scan = story.scan()?;
    tell_scan(&story, &scan);
    let mut is_told = !scan.leaked.is_empty();
    for locator in scan.leaked.iter().take(TRACES_SHOWN_MAX) {
        let report = story.trace(locator)?;
        tell_trace(locator, &report);
        is_told &= report["subjects"]["total"].as_u64().unwrap_or(0) > 0;
    }
    if scan.leaked.len() > TRACES_SHOWN_MAX {
        out::say(&format!("\n   … and {} more files", scan.leaked.len() - TRACES_SHOWN_MAX));
    }
    tell_next(&story);
    Ok(is_told)
}

/// Leaves a finished demo alone; makes one where there is none.
///
/// The mark beside the folder says that we made it: `./var` is also where real data would stand,
/// and that must survive a `--reset` typed by habit.
fn prepare(story: &Story, options: &Options) -> Result<()> {
    let mark = story.beside("demo");
    if options.reset && story.data.exists() {
        if !mark.exists() {
            bail!(
                "{} was not made by `cargo xtask up`, so --reset leaves it alone\n\
                 hint: move it away, or delete it yourself",
                story.data.display()
            );
        }
        story.wipe()?;
    }
    if story.data.exists() {
        if !story.developer().is_dir() {
            bail!("the demo is not finished\nhint: cargo xtask up --reset");
        }
        if options.subjects.is_some() {
            out::tell("hint: the demo is there already; --reset makes another one");
        }
        return Ok(());
    }
    std::fs::write(&mark, "./var was made by `cargo xtask up`; --reset may delete it.\n")
        .with_context(|| mark.display().to_string())?;
    story.wipe()?;
    story.init(options.subjects)
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
        "                     {scanned}{} hold personal data, {} of them whole tables of people ({} ms)",
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
    let canaries = report["canaries"].as_array().map_or(0, Vec::len);
    if canaries > 0 {
        out::say(&format!("     canaries      {canaries}"));
    }
    let first = &report["processors"][0];
    out::say(&format!(
        "     whose copy    {}, {:.0} % of the known rows",
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

fn tell_next(story: &Story) {
    out::say("\nA hit is a lead; a person decides. Next:");
    out::say("   target/release/doldam --help");
    out::say(&format!(
        "   target/release/doldam audit verify --anchor {}",
        story.beside("anchor.jsonl").display()
    ));
}

/// A text of a report, or the number or id that stands there instead.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
