//! The tools that the tasks need, and how to get the ones that are missing.
//!
//! A fresh Debian machine needs nothing done by hand: as root, or with a sudo that asks nothing,
//! a missing package is installed; otherwise the exact line to run is printed.

use crate::{command, out};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

const ASK_LIMIT: Duration = Duration::from_secs(20);
const INSTALL_LIMIT: Duration = Duration::from_mins(10);

/// The oldest cargo that understands the workspace: `rust-version` in Cargo.toml.
const CARGO_MIN: (u32, u32) = (1, 95);

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

#[cfg(test)]
mod tests {
    use super::*;

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
