//! `doldam affected`: the signed list of a trace, and proofs of being on it.
//!
//! A proof is handed to one person (or a court) and shows that they are on the list that was signed
//! then, without showing anybody else who is. Checking a proof needs no installation.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER as HEX;
use doldam_ground::Instant;
use doldam_ground::ids::{Ordinal, TraceId};
use doldam_store::evidence::{self, Evidence, TraceRow};
use doldam_trace::affected::{AffectedList, Header, Leaf, MembershipProof};
use doldam_trace::intake::list_key;
use doldam_vault::keyring::signature_holds;
use doldam_vault::{Vault, VaultError, members_from_bytes};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::subject::selector;
use crate::context::Context;
use crate::errand::Needs;
use crate::failure::{FOUND, failure, file_failure};
use crate::output::grouped;
use crate::wording::require_impersonal;

/// The signed lists of affected people
#[derive(Args)]
pub(crate) struct AffectedArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the signed header of a trace's list, and check it
    Show {
        /// The trace, as T-1
        trace: TraceId,
    },
    /// Prove that one person is on a trace's list
    Proof {
        /// The trace, as T-1
        trace: TraceId,
        /// Whom: KIND=VALUE, KIND=@FILE or KIND=- for standard input
        #[arg(value_name = "SELECTOR")]
        selector: String,
        /// Why, for the access log
        #[arg(long)]
        purpose: String,
    },
    /// Check a proof; needs no installation
    Verify {
        /// What `affected proof` wrote
        file: PathBuf,
    },
}

/// A proof as it is handed out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofFile {
    schema: u32,
    trace: String,
    evidence_sha256: String,
    version: u32,
    traced_at_us: i64,
    people: u64,
    root: String,
    signature: String,
    public_key: String,
    leaf_ordinal: u32,
    leaf_nonce: String,
    index: u64,
    path: Vec<String>,
}

impl AffectedArgs {
    /// What it needs of the data folder.
    pub(crate) const fn needs(&self) -> Needs {
        if matches!(self.command, Command::Verify { .. }) { Needs::Nothing } else { Needs::Vault }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &AffectedArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Show { trace } => show(context, *trace),
        Command::Proof { trace, selector, purpose } => proof(context, *trace, selector, purpose),
        Command::Verify { file } => verify(context, file),
    }
}

/// A stored list with everything that its header is made of.
struct Held {
    row: TraceRow,
    evidence: Evidence,
    members: RoaringBitmap,
    header: Header,
}

fn held(vault: &Vault, id: TraceId) -> anyhow::Result<Held> {
    let row = vault.data().read("trace.find", |tx| evidence::trace_find(tx, id))?;
    let row = row.ok_or_else(|| failure(format!("there is no trace {id}"), "check the number"))?;
    let found = vault.data().read("evidence.find", |tx| evidence::find(tx, row.evidence))?;
    let evidence = found.ok_or(VaultError::Damaged { what: "piece of evidence" })?;
    let members = members_from_bytes(&row.members)?;
    let key = list_key(vault, &evidence.sha256, row.version);
    let header =
        AffectedList::new(&members, &key).header(evidence.sha256, row.version, row.traced_at);
    Ok(Held { row, evidence, members, header })
}

fn show(context: &Context, id: TraceId) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let held = held(&session.vault, id)?;
    let public = session.vault.verifying_key();
    let holds = held.header.root.as_slice() == held.row.root.as_slice()
        && signature_holds(&public, &held.header.message(), &held.row.signature);
    let text = format!(
        "{id}: {} people, list version {} of {}, made {}; signature {}",
        grouped(held.header.people),
        held.header.version,
        held.row.evidence,
        held.header.traced_at,
        if holds { "holds" } else { "DOES NOT HOLD" },
    );
    let facts = json!({
        "trace": id.to_string(), "evidence": held.row.evidence.to_string(),
        "evidence_sha256": HEX.encode(&held.evidence.sha256),
        "version": held.header.version, "people": held.header.people,
        "traced_at": held.header.traced_at.to_rfc3339(), "root": HEX.encode(&held.header.root),
        "signature": HEX.encode(&held.row.signature), "public_key": HEX.encode(&public),
        "holds": holds,
    });
    context.output.answer(&text, facts)?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn proof(
    context: &Context,
    id: TraceId,
    selector: &str,
    purpose: &str,
) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", purpose)?;
    let session = context.open()?;
    let vault = &session.vault;
    let (kind, value) = selector::read(selector)?;
    let ordinal = vault.subject_by_value(kind, &value)?;
    let held = held(vault, id)?;
    let members = RoaringBitmap::from_iter([ordinal.number()]);
    vault.log(&session.actor, "affected.proof", id.to_string(), purpose, Some(&members))?;
    let key = list_key(vault, &held.evidence.sha256, held.row.version);
    let list = AffectedList::new(&held.members, &key);
    let proof = list.prover().proof(ordinal)?;
    session.checkpoint()?;
    let file = ProofFile {
        schema: 1,
        trace: id.to_string(),
        evidence_sha256: HEX.encode(&held.evidence.sha256),
        version: held.header.version,
        traced_at_us: held.header.traced_at.micros(),
        people: held.header.people,
        root: HEX.encode(&held.header.root),
        signature: HEX.encode(&held.row.signature),
        public_key: HEX.encode(&vault.verifying_key()),
        leaf_ordinal: proof.leaf.ordinal.number(),
        leaf_nonce: HEX.encode(&proof.leaf.nonce),
        index: proof.index,
        path: proof.path.iter().map(|hash| HEX.encode(hash)).collect(),
    };
    context.output.json(&serde_json::to_value(&file)?)?;
    Ok(ExitCode::SUCCESS)
}

fn verify(context: &Context, path: &PathBuf) -> anyhow::Result<ExitCode> {
    let text = std::fs::read(path).map_err(|error| file_failure("read", path, &error))?;
    let refused = || failure("this is not a proof of ours", "give what `affected proof` wrote");
    let file: ProofFile = serde_json::from_slice(&text).map_err(|_| refused())?;
    let hash = |text: &str| -> anyhow::Result<[u8; 32]> {
        let bytes = HEX.decode(text.as_bytes()).map_err(|_| refused())?;
        bytes.try_into().map_err(|_| refused())
    };
    let header = Header {
        evidence_sha256: hash(&file.evidence_sha256)?,
        version: file.version,
        traced_at: Instant::from_micros(file.traced_at_us),
        people: file.people,
        root: hash(&file.root)?,
    };
    let proof = MembershipProof {
        leaf: Leaf { ordinal: Ordinal::new(file.leaf_ordinal), nonce: hash(&file.leaf_nonce)? },
        index: file.index,
        path: file.path.iter().map(|text| hash(text)).collect::<anyhow::Result<_>>()?,
    };
    let signature = HEX.decode(file.signature.as_bytes()).map_err(|_| refused())?;
    let signed = signature_holds(&hash(&file.public_key)?, &header.message(), &signature);
    let is_member = header.admits(&proof);
    let text = format!(
        "{}; the list is {}signed by the key {}",
        if is_member { "the person is on the list" } else { "this proves nothing" },
        if signed { "" } else { "NOT " },
        &file.public_key[..file.public_key.len().min(16)],
    );
    let facts = json!({
        "member": is_member, "signed": signed, "public_key": file.public_key,
        "people": file.people, "version": file.version,
    });
    context.output.answer(&text, facts)?;
    Ok(if signed && is_member { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}
