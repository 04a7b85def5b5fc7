//! The tools that the tasks need, and how to get the ones that are missing.
//!
//! A fresh Debian machine needs nothing done by hand: as root, or with a sudo that asks nothing,
//! a missing package is installed; otherwise the exact line to run is printed.

use crate::{command, out};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const ASK_LIMIT: Duration = Duration::from_secs(20);
const INSTALL_LIMIT: Duration = Duration::from_mins(10);

/// The oldest cargo that understands the workspace: `rust-version` in Cargo.toml.
const CARGO_MIN: (u32, u32) = (1, 95);

/// The oldest Node that builds the console: `engines` in console/package.json.
const NODE_MIN: (u32, u32) = (20, 19);

/// Makes sure that cargo is new enough and that a C compiler and git are there.
pub(crate) fn ensure(may_install: bool) -> Result<()> {
    let text = answer("cargo", &["--version"]).unwrap_or_default();
    let Some(version) = cargo_version(&text).filter(|version| *version >= CARGO_MIN) else {
        let (major, minor) = CARGO_MIN;
        bail!("cargo {major}.{minor} or newer is needed\nhint: rustup toolchain install stable");
    };
    out::tell(&format!("tools: cargo {}.{}", version.0, version.1));
    let missing: Vec<&str> = [("cc", "gcc libc6-dev"), ("git", "git")]
        .iter()
        .filter(|(program, _)| answer(program, &["--version"]).is_none())
        .map(|(_, packages)| *packages)
        .collect();
    install(&missing.join(" "), may_install)
}

/// Makes sure that Python can make virtual environments: some tests speak with peers from PyPI.
pub(crate) fn ensure_python(may_install: bool) -> Result<()> {
    if answer("python3", &["-c", "import ensurepip, venv"]).is_some() {
        return Ok(());
    }
    install("python3 python3-venv", may_install)
}

/// Makes sure that Node and npm, which build the console, are there and new enough.
pub(crate) fn ensure_node(may_install: bool) -> Result<()> {
    let held = || {
        answer("npm", &["--version"])?;
        node_version(&answer("node", &["--version"])?)
    };
    if held().is_none_or(|version| version < NODE_MIN) {
        install("nodejs npm", may_install)?;
    }
    let (major, minor) = NODE_MIN;
    match held() {
        Some(version) if version >= NODE_MIN => Ok(()),
        Some((old_major, old_minor)) => bail!(
            "Node {major}.{minor} or newer is needed; here is {old_major}.{old_minor}\n\
             hint: Debian 13 has it; otherwise take it from https://nodejs.org"
        ),
        None => bail!("Node {major}.{minor} or newer and npm are needed to build the console"),
    }
}

/// Makes sure that Chromium, the letters that the pages show, and the program by which the story lets
/// an hour pass in the data are there.
pub(crate) fn ensure_browser(may_install: bool) -> Result<()> {
    let is_there = |path: &str| Path::new(path).exists();
    let missing: Vec<&str> = [
        ("/usr/bin/chromium", "chromium"),
        ("/usr/bin/sqlite3", "sqlite3"),
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
        ("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "fonts-noto-color-emoji"),
    ]
    .into_iter()
    .filter(|(path, _)| !is_there(path))
    .map(|(_, package)| package)
    .collect();
    install(&missing.join(" "), may_install)
}

/// The folder of PostgreSQL's server programs, installing Debian's package when it is missing.
pub(crate) fn ensure_postgres(may_install: bool) -> Result<PathBuf> {
    if let Some(folder) = postgres_folder() {
        return Ok(folder);
    }
    install("postgresql", may_install)?;
    match postgres_folder() {
        Some(folder) => Ok(folder),
        None => bail!("PostgreSQL is installed, but initdb and pg_ctl are not found"),
    }
}

/// Debian keeps the server's programs outside of the search path, a folder for each version.
fn postgres_folder() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let elsewhere = answer("pg_config", &["--bindir"]).map(|line| PathBuf::from(line.trim()));
    versions
        .into_iter()
        .rev()
        .map(|version| version.1)
        .chain(elsewhere)
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

/// Installs Debian packages (names between spaces), or says how.
fn install(packages: &str, may_install: bool) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get update && apt-get install -y --no-install-recommends {packages}");
    let is_debian = answer("apt-get", &["--version"]).is_some();
    let Some(mut shell) = privileged_shell().filter(|_| may_install && is_debian) else {
        bail!("not installed: {packages}\nhint: sudo sh -c '{line}'");
    };
    out::tell(&format!("tools: installing {packages}"));
    shell.arg(format!("export DEBIAN_FRONTEND=noninteractive; {line}")).stdout(Stdio::null());
    let ended = command::run(&mut shell, INSTALL_LIMIT)?;
    if !ended.is_success() {
        bail!("installing {packages}: {}\nhint: sudo sh -c '{line}'", ended.reason());
    }
    Ok(())
}

/// A shell with the rights to install: `None` when we are not root and sudo would ask.
fn privileged_shell() -> Option<Command> {
    if is_root() {
        let mut shell = Command::new("sh");
        shell.arg("-c");
        return Some(shell);
    }
    answer("sudo", &["-n", "true"])?;
    let mut shell = Command::new("sudo");
    shell.args(["-n", "sh", "-c"]);
    Some(shell)
}

/// True when the task runs with the rights of root.
pub(crate) fn is_root() -> bool {
    answer("id", &["-u"]).is_some_and(|text| text.trim() == "0")
}

/// What a program prints; `None` when it is missing or fails.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stderr(Stdio::null());
    let (ended, text) = command::capture(&mut command, ASK_LIMIT).ok()?;
    ended.is_success().then_some(text)
}

/// The version in `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`.
fn cargo_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("cargo ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The version in `v20.19.2`.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(node_version("v20.19.2\n"), Some((20, 19)));
        assert_eq!(node_version("v22.0.0-nightly"), Some((22, 0)));
        assert_eq!(node_version("20.19.2"), None);
        let wanted = std::fs::read_to_string(crate::workspace::root().join("console/package.json"))
            .expect("the console is there");
        let (major, minor) = NODE_MIN;
        assert!(wanted.contains(&format!("\"node\": \">={major}.{minor}\"")));
    }

    #[test]
    fn cargo_versions_are_read() {
        assert_eq!(cargo_version("cargo 1.95.0 (f2d3ce0bd 2026-03-21)"), Some((1, 95)));
        assert_eq!(cargo_version("cargo 1.100.0-nightly"), Some((1, 100)));
        assert_eq!(cargo_version(""), None);
        assert!((1, 100) > CARGO_MIN && (1, 94) < CARGO_MIN);
    }

    #[test]
    fn without_leave_a_missing_package_is_named_with_the_line_to_run() {
        let error = install("gcc git", false).expect_err("nothing may be installed");
        assert_eq!(
            error.to_string(),
            "not installed: gcc git\nhint: sudo sh -c 'apt-get update && \
             apt-get install -y --no-install-recommends gcc git'"
        );
        assert!(install("", false).is_ok());
    }

    #[test]
    fn a_missing_program_gives_no_answer() {
        assert_eq!(answer("doldam-there-is-no-such-program", &[]), None);
    }
}
