//! The console: npm's part of the two commands.
//!
//! Its files are built before the program that holds them. npm is asked only when something
//! changed: packages when the lock file did, the build when a source did. Both are remembered
//! beside the packages, so that `npm ci`, which empties that folder, makes them forgotten.

use crate::{command, out, workspace};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

const INSTALL_LIMIT: Duration = Duration::from_mins(10);
const BUILD_LIMIT: Duration = Duration::from_mins(10);
const TEST_LIMIT: Duration = Duration::from_mins(5);
/// The story itself takes up to 4 minutes on two idle cores.
const STORY_LIMIT: Duration = Duration::from_mins(20);

/// What remembers the lock file whose packages are there.
const INSTALLED: &str = "node_modules/.doldam-installed";
/// What remembers the sources that were built.
const BUILT: &str = "node_modules/.doldam-built";
/// What the build reads: everything in these, and the files beside them.
const SOURCES: [&str; 4] = ["src", "static", "messages", "scripts"];

fn folder() -> PathBuf {
    workspace::root().join("console")
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(folder());
    npm
}

/// Builds the console if its sources or packages changed; false when it does not build.
pub(crate) fn build() -> Result<bool> {
    let folder = folder();
    let is_installed =
        install(&folder, &mut |npm| Ok(command::run(npm, INSTALL_LIMIT)?.is_success()))?;
    if !is_installed {
        return Ok(false);
    }
    let sources = sources(&folder)?;
    if folder.join("build/index.html").exists() && remembers(&folder.join(BUILT), &sources) {
        return Ok(true);
    }
    out::tell("console: building");
    if !command::run(&mut npm(&["run", "--silent", "build"]), BUILD_LIMIT)?.is_success() {
        return Ok(false);
    }
    std::fs::write(folder.join(BUILT), sources).context("remembering what was built")?;
    Ok(true)
}

/// The unit tests; types, words, lints and the weight of the first load belong to the build.
pub(crate) fn test() -> Result<bool> {
    Ok(command::run(&mut npm(&["test", "--silent"]), TEST_LIMIT)?.is_success())
}

/// The measurement of every page in a large bank; its flags are in the head of `e2e/bench.mjs`.
pub(crate) fn bench(binary: &Path, flags: &[String]) -> Command {
    let mut bench = Command::new("node");
    bench.arg("e2e/bench.mjs").args(flags).current_dir(folder()).env("DOLDAM_BINARY", binary);
    bench
}

/// The console by a real browser against the program; gives how many checks passed and failed.
/// Pictures of every page go to `target/screenshots`.
pub(crate) fn story(binary: &Path) -> Result<(u64, u64)> {
    let shots = workspace::target().join("screenshots");
    if shots.exists() {
        std::fs::remove_dir_all(&shots).context("the pictures of last time")?;
    }
    let mut story = npm(&["run", "--silent", "e2e", "--", "--shots"]);
    story.arg(&shots).env("DOLDAM_BINARY", binary);
    let mut counts = None;
    let ended = command::run_lines(&mut story, STORY_LIMIT, &mut |line| {
        counts = read_counts(line).or(counts);
    })?;
    match counts {
        Some((passed, failed)) if ended.is_success() == (failed == 0) => Ok((passed, failed)),
        _ => bail!("the story of the browser broke off: {}", ended.reason()),
    }
}

/// The numbers of `12 passed, 0 failed`.
fn read_counts(line: &str) -> Option<(u64, u64)> {
    let (passed, failed) = line.split_once(" passed, ")?;
    Some((passed.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
}

/// Fetches the packages when the lock file is another one than last time.
fn install(folder: &Path, run: &mut dyn FnMut(&mut Command) -> Result<bool>) -> Result<bool> {
    let lock = std::fs::read_to_string(folder.join("package-lock.json"))
        .context("console/package-lock.json")?;
    let mark = folder.join(INSTALLED);
    if remembers(&mark, &lock) {
        return Ok(true);
    }
    out::tell("console: fetching packages");
    if !run(&mut npm(&["ci", "--no-audit", "--no-fund"]))? {
        out::tell("hint: npm needs the network once, or a mirror in its own settings");
        return Ok(false);
    }
    std::fs::write(mark, lock).context("remembering the packages")?;
    Ok(true)
}

fn remembers(mark: &Path, text: &str) -> bool {
    std::fs::read_to_string(mark).is_ok_and(|held| held == text)
}

/// What the build depends on: a line a file, with its size and time.
fn sources(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).context("the folder console")? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    for name in SOURCES {
        walk(&folder.join(name), &mut files)?;
    }
    files.sort();
    let mut text = String::new();
    for file in files {
        let metadata = std::fs::metadata(&file)?;
        let time = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = file.strip_prefix(folder).unwrap_or(&file).display();
        let _ = writeln!(text, "{name} {} {}", metadata.len(), time.as_nanos());
    }
    Ok(text)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_fetched_once_for_each_lock_file() {
        let folder = tempfile::TempDir::new().expect("the system has a folder");
        std::fs::create_dir(folder.path().join("node_modules")).expect("the folder is new");
        let lock = folder.path().join("package-lock.json");
        let mut asked = 0;
        for (text, wanted) in [("one", 1), ("one", 1), ("two", 2)] {
            std::fs::write(&lock, text).expect("the folder is writable");
            let is_there = install(folder.path(), &mut |npm| {
                assert_eq!(command::shown(npm), "npm ci --no-audit --no-fund");
                asked += 1;
                Ok(true)
            });
            assert!(is_there.expect("there is a lock file"));
            assert_eq!(asked, wanted, "{text}");
        }
        std::fs::write(&lock, "three").expect("the folder is writable");
        assert!(!install(folder.path(), &mut |_| Ok(false)).expect("there is a lock file"));
        assert!(!remembers(&folder.path().join(INSTALLED), "three"));
    }

    #[test]
    fn a_new_a_changed_and_a_lost_source_are_seen() {
        let folder = tempfile::TempDir::new().expect("the system has a folder");
        let path = |name: &str| folder.path().join(name);
        for name in SOURCES {
            std::fs::create_dir(path(name)).expect("the folder is new");
        }
        let write = |name: &str, text: &str| std::fs::write(path(name), text).expect("writable");
        write("package.json", "{}");
        write("src/a", "1");
        let first = sources(folder.path()).expect("the sources are there");
        assert_eq!(sources(folder.path()).expect("the sources are there"), first);
        write("src/a", "12");
        let changed = sources(folder.path()).expect("the sources are there");
        write("messages/b", "");
        let added = sources(folder.path()).expect("the sources are there");
        std::fs::remove_file(path("src/a")).expect("it is there");
        let lost = sources(folder.path()).expect("the sources are there");
        assert!(first != changed && changed != added && added != lost && lost != changed);
    }

    #[test]
    fn the_last_line_of_the_story_is_read() {
        assert_eq!(read_counts("12 passed, 3 failed"), Some((12, 3)));
        assert_eq!(read_counts("12 passed, 3 failed, 1 lost"), None);
        assert_eq!(read_counts("ok   12 passed"), None);
    }
}
