//! `cargo xtask fuzz [TARGET] [--seconds N]`: random bytes into every reader of outside bytes.
//!
//! The targets stand in fuzz/, outside the workspace. They are built without a sanitizer, because
//! the product forbids unsafe code; so the compiler that builds the product is enough. What is found
//! is left in fuzz/artifacts, one file an input.

use crate::{command, out, tools, workspace};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const BUILD_LIMIT: Duration = Duration::from_mins(40);
/// Longest that one input may take, in seconds.
const INPUT_SECONDS_MAX: u32 = 10;
/// Most memory that one target may take, in mebibytes.
const MEMORY_MEBIBYTES_MAX: u32 = 2_048;
/// Longest input, in bytes.
const INPUT_BYTES_MAX: u32 = 16_384;

/// What to run, and how long.
#[derive(Args)]
pub(crate) struct Options {
    /// The target: a file of fuzz/fuzz_targets without its ending [default: all]
    target: Option<String>,
    /// Seconds for each target, the build not counted
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Builds and runs the targets one after the other; false when one found something.
pub(crate) fn fuzz(options: &Options) -> Result<bool> {
    if tools::answer("cargo", &["fuzz", "--version"]).is_none() {
        bail!("cargo-fuzz is missing: run `cargo install cargo-fuzz`, then this again");
    }
    let all = targets(&workspace::root().join("fuzz").join("fuzz_targets"))?;
    let chosen: Vec<&String> = match &options.target {
        None => all.iter().collect(),
        Some(name) => {
            let found = all.iter().find(|target| *target == name);
            vec![found.with_context(|| format!("no such target; there are {}", all.join(", ")))?]
        }
    };
    if !command::run(&mut cargo_fuzz(&["build"]), BUILD_LIMIT)?.is_success() {
        bail!("the targets do not build");
    }
    let mut faults = Vec::new();
    for target in chosen {
        if !run(target, options.seconds)? {
            faults.push(target.as_str());
        }
    }
    if !faults.is_empty() {
        out::tell(&format!("fuzz: look into fuzz/artifacts: {}", faults.join(", ")));
    }
    Ok(faults.is_empty())
}

fn run(target: &str, seconds: u32) -> Result<bool> {
    out::tell(&format!("\n=== fuzz {target} ({seconds} s)"));
    // The first folder is written to; git ignores it.
    let corpus = format!("fuzz/corpus/{target}");
    std::fs::create_dir_all(workspace::root().join(&corpus)).context("fuzz/corpus")?;
    let mut fuzz = cargo_fuzz(&["run"]);
    fuzz.args([target, &corpus, &format!("fuzz/seeds/{target}"), "--"])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
        .arg(format!("-rss_limit_mb={MEMORY_MEBIBYTES_MAX}"))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"));
    let limit = Duration::from_secs(u64::from(seconds)) + BUILD_LIMIT;
    Ok(command::run(&mut fuzz, limit)?.is_success())
}

/// `cargo fuzz …` at a low priority, in the root of the workspace.
fn cargo_fuzz(arguments: &[&str]) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "10", "cargo", "fuzz"]).args(arguments).args(["--sanitizer", "none"]);
    command.current_dir(workspace::root());
    command
}

/// The names of the targets, sorted.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_built_has_seeds_and_stands_in_the_readme() {
        let folder = workspace::root().join("fuzz");
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("it is there");
        let readme = std::fs::read_to_string(folder.join("README.md")).expect("it is there");
        let targets = targets(&folder.join("fuzz_targets")).expect("there are targets");
        assert!(targets.len() >= 12);
        for target in targets {
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
            assert!(readme.contains(&format!("| `{target}` |")), "{target}");
            let seeds = std::fs::read_dir(folder.join("seeds").join(&target));
            assert!(seeds.is_ok_and(|mut seeds| seeds.next().is_some()), "{target}");
        }
    }
}
