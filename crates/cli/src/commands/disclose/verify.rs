//! `doldam disclose verify`: whether a manifest is ours and its file is the one that was given.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use data_encoding::HEXLOWER as HEX;
use doldam_ground::Instant;
use doldam_ground::ids::{DisclosureId, ProcessorId};
use doldam_vault::keyring::signature_holds;
use serde::Deserialize;
use serde_json::json;

use super::record::hash;
use crate::context::Context;
use crate::failure::{FOUND, failure, file_failure};

/// Largest manifest, in bytes.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;
/// What a manifest's name ends with.
const ENDING: &str = ".manifest.json";

/// Check a manifest's signature and the hash of its file
#[derive(Args)]
pub(super) struct VerifyArgs {
    /// The manifest, such as drop.csv.manifest.json
    manifest: PathBuf,
    /// The file that it is about [default: the manifest's name without .manifest.json]
    #[arg(long)]
    file: Option<PathBuf>,
    /// The controller's public key in hexadecimal; without it the vault is opened for its own
    #[arg(long, value_name = "HEX")]
    public_key: Option<String>,
}

impl VerifyArgs {
    /// Whether the key was given, so that no vault is needed.
    pub(super) const fn has_key(&self) -> bool {
        self.public_key.is_some()
    }
}

/// The file of a manifest.
#[derive(Deserialize)]
struct Signed {
    manifest: String,
    signature: String,
}

/// What of a manifest's text is checked.
#[derive(Deserialize)]
struct Body {
    disclosure: String,
    processor: String,
    given_at: String,
    file_sha256: String,
    file_bytes: u64,
}

impl Body {
    fn named(&self) -> Option<(DisclosureId, ProcessorId, Instant)> {
        let given_at = Instant::parse(&self.given_at, "UTC").ok()?;
        Some((self.disclosure.parse().ok()?, self.processor.parse().ok()?, given_at))
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let signed = read(&args.manifest)?;
    let body: Body =
        serde_json::from_str(&signed.manifest).map_err(|_| no_manifest(&args.manifest))?;
    // The text is not trusted yet, so only what reads as an id or a time is repeated.
    let (disclosure, processor, given_at) =
        body.named().ok_or_else(|| no_manifest(&args.manifest))?;
    let key = match &args.public_key {
        Some(text) => public_key(text)?,
        None => context.open()?.vault.verifying_key(),
    };
    let mut faults = Vec::new();
    let signature = HEX.decode(signed.signature.as_bytes()).unwrap_or_default();
    if !signature_holds(&key, signed.manifest.as_bytes(), &signature) {
        faults.push("the signature is not that of this installation");
    }
    let (sha256, bytes) = hash(&file_of(args)?)?;
    if HEX.encode(&sha256) != body.file_sha256 || bytes != body.file_bytes {
        faults.push("the file is not the one that was given");
    }
    let verdict = if faults.is_empty() { "holds" } else { "does not hold" };
    let mut text = format!("{disclosure} to {processor} of {given_at}: {verdict}");
    for fault in &faults {
        text.push_str(&format!("\n  {fault}"));
    }
    let facts = json!({
        "disclosure": disclosure.to_string(),
        "processor": processor.to_string(),
        "given_at": given_at.to_rfc3339(),
        "holds": faults.is_empty(),
        "faults": faults,
    });
    context.output.answer(&text, facts)?;
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn no_manifest(path: &Path) -> anyhow::Error {
    failure(
        format!("{} is no manifest", path.display()),
        "name the file that `doldam disclose` wrote beside the data",
    )
}

fn read(path: &Path) -> anyhow::Result<Signed> {
    let failed = |error| file_failure("read", path, &error);
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > MANIFEST_BYTES_MAX {
        return Err(no_manifest(path));
    }
    let text = std::fs::read(path).map_err(failed)?;
    serde_json::from_slice(&text).map_err(|_| no_manifest(path))
}

fn public_key(text: &str) -> anyhow::Result<[u8; 32]> {
    HEX.decode(text.to_lowercase().as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| failure("--public-key is not a key", "write 64 hexadecimal digits"))
}

fn file_of(args: &VerifyArgs) -> anyhow::Result<PathBuf> {
    let by_name = || {
        let name = args.manifest.to_str()?.strip_suffix(ENDING)?;
        Some(PathBuf::from(name))
    };
    args.file.clone().or_else(by_name).ok_or_else(|| {
        failure("it is not clear which file the manifest is about", "name it with --file")
    })
}
