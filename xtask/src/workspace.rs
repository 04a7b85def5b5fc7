//! Where things are, and what cargo says about the workspace.

use crate::command;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const METADATA_LIMIT: Duration = Duration::from_mins(5);
/// A cold build of the product on two cores, with room to spare.
const BUILD_LIMIT: Duration = Duration::from_mins(40);

/// The folder that holds the workspace's Cargo.toml.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace")
}

/// A cargo command that runs in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root());
    command
}

/// `cargo metadata` with further arguments, parsed.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Value> {
    let mut command = cargo(&["metadata", "--format-version", "1"]);
    let text = command::capture_success(command.args(arguments), METADATA_LIMIT)?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// The folder of build products: this program stands in its `release` folder, wherever the
/// settings of cargo have put it.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(|program| program.ancestors().nth(2));
    folder.map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// The binary that the tests of the command line have just been run with; built when it is not
/// there. Building it by itself would build most of the workspace again, because the features of
/// tests differ.
pub(crate) fn tested_binary() -> Result<Option<PathBuf>> {
    let binary = target().join("release").join("doldam");
    if binary.exists() { Ok(Some(binary)) } else { build_binary() }
}

/// Builds the product and returns the path of its binary; `None` when it does not build.
pub(crate) fn build_binary() -> Result<Option<PathBuf>> {
    let mut build = cargo(&["build", "--release", "--package", "doldam-cli"]);
    let ended = command::run(&mut build, BUILD_LIMIT)?;
    Ok(ended.is_success().then(|| target().join("release").join("doldam")))
}
