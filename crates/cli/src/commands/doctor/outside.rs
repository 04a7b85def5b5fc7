//! What can be seen without a passphrase.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use doldam_store::{Location, Schema, Store, StoreError};
use doldam_vault::keyring::KeyringFile;

use super::{Findings, State};
use crate::clock::instant_of;
use crate::config::Config;
use crate::context::Context;
use crate::output::grouped;

/// Least free disk space, in bytes, below which a warning is given.
const FREE_BYTES_MIN: u64 = 1 << 30;
/// Files by which the machine's time services say that the clock is set from outside.
const CLOCK_SIGNS: [&str; 1] = ["/run/systemd/timesync/synchronized"];
/// Rights of anybody but the owner.
const OTHERS: u32 = 0o077;

/// Looks at everything around the vault.
pub(super) fn look(context: &Context, findings: &mut Findings) {
    findings.add("doldam", State::Ok, env!("CARGO_PKG_VERSION"));
    findings.add("SQLite", State::Ok, doldam_store::sqlite_version());
    clock(context, findings);
    if !context.folder().is_dir() {
        let what = format!("{} is not there; `doldam init` makes it", context.folder().display());
        return findings.add("data folder", State::Fault, what);
    }
    folder(context.folder(), findings);
    disk(context.folder(), findings);
    key_file(context.folder(), findings);
    match context.config() {
        Ok(config) => settings(context, config, findings),
        Err(error) => findings.add("settings", State::Fault, error.to_string()),
    }
}

fn clock(context: &Context, findings: &mut Findings) {
    let now = context.clock().now();
    let newest = [context.folder().join("data/doldam.db"), context.folder().join("lock")]
        .iter()
        .filter_map(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
        .map(instant_of)
        .max();
    if newest.is_some_and(|written| written > now) {
        let what = format!("{now} is before the data was last written; set the clock");
        findings.add("clock", State::Fault, what);
    } else if CLOCK_SIGNS.iter().any(|sign| Path::new(sign).exists()) {
        findings.add("clock", State::Ok, format!("{now}, set by a time server"));
    } else {
        let what = format!("{now}; whether a time server sets it cannot be seen here");
        findings.add("clock", State::Unknown, what);
    }
}

fn folder(folder: &Path, findings: &mut Findings) {
    match folder.metadata().map(|metadata| metadata.permissions().mode()) {
        Ok(mode) if mode & OTHERS == 0 => {
            findings.add(
                "data folder",
                State::Ok,
                format!("{}, closed to others", folder.display()),
            );
        }
        Ok(_) => {
            let what = format!("{0} is open to others: chmod 700 {0}", folder.display());
            findings.add("data folder", State::Warning, what);
        }
        Err(error) => findings.add("data folder", State::Fault, error.kind().to_string()),
    }
}

fn disk(folder: &Path, findings: &mut Findings) {
    let Ok(space) = rustix::fs::statvfs(folder) else {
        return findings.add("disk", State::Unknown, "the file system does not say");
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let state = if free < FREE_BYTES_MIN { State::Warning } else { State::Ok };
    findings.add("disk", state, format!("{} MiB free", grouped(free >> 20)));
}

fn key_file(folder: &Path, findings: &mut Findings) {
    let file = KeyringFile::of(&folder.join("keys"));
    if !file.exists() {
        let what = "keys/keyring.json is missing; `doldam key restore` brings it back";
        return findings.add("key file", State::Fault, what);
    }
    match file.is_exposed() {
        Ok(false) => findings.add("key file", State::Ok, "closed to others"),
        Ok(true) => findings.add("key file", State::Fault, "open to others: chmod 600 it"),
        Err(error) => findings.add("key file", State::Fault, error.to_string()),
    }
}

fn settings(context: &Context, config: &Config, findings: &mut Findings) {
    let what = format!("profile {}, zone {}", config.profile, config.zone);
    findings.add("settings", State::Ok, what);
    if let Some(file) = &config.demo_passphrase_file
        && context.folder().join(file).exists()
    {
        let what = "the passphrase of this demo lies beside the data: never put real data here";
        findings.add("passphrase", State::Warning, what);
    }
    anchor(context, config, findings);
    super::certificate::look(context, findings);
    match context.place(config) {
        Ok(place) => {
            schema("tables of facts", &place.data_location(), Schema::Data, findings);
            schema("tables of keys", &place.keys_location(), Schema::Keys, findings);
        }
        Err(error) => findings.add("tables of facts", State::Fault, error.to_string()),
    }
}

fn anchor(context: &Context, config: &Config, findings: &mut Findings) {
    let Ok(anchor) = context.anchor(config) else {
        return findings.add("anchor", State::Fault, "the data folder has no name");
    };
    let (Ok(whole), Ok(folder)) = (anchor.canonicalize(), context.folder().canonicalize()) else {
        let what = format!("{} is not there; the next act writes it", anchor.display());
        return findings.add("anchor", State::Warning, what);
    };
    let shown = anchor.display();
    if whole.starts_with(folder) {
        let what = format!("{shown} lies in the data folder and is rewritten with it; move it out");
        findings.add("anchor", State::Fault, what);
    } else {
        findings.add("anchor", State::Ok, format!("{shown}; keep copies of it elsewhere"));
    }
}

/// Reachable, ours, and of this program's version?
fn schema(name: &'static str, location: &Location, schema: Schema, findings: &mut Findings) {
    if matches!(location, Location::Sqlite(path) if !path.exists()) {
        return findings.add(name, State::Fault, "the database is missing; restore a backup");
    }
    let newest = Store::plan_migrations(&Location::Sqlite("/nonexistent/new".into()), schema)
        .map_or(0, |plan| plan.len());
    match Store::plan_migrations(location, schema) {
        Ok(pending) if pending.is_empty() => {
            findings.add(name, State::Ok, format!("{}, version {newest}", engine(location)));
        }
        Ok(pending) => {
            let what =
                format!("{} changes are to be made; the next command makes them", pending.len());
            findings.add(name, State::Warning, what);
        }
        Err(error @ StoreError::Busy) => findings.add(name, State::Unknown, error.to_string()),
        Err(error) => findings.add(name, State::Fault, error.to_string()),
    }
}

const fn engine(location: &Location) -> &'static str {
    match location {
        Location::Sqlite(_) => "SQLite",
        Location::Postgres(_) => "PostgreSQL",
    }
}
