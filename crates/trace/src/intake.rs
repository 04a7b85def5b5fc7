//! Intake: a file that turned up becomes evidence before anybody looks into it.
//!
//! The bytes are hashed and sealed in one pass, under a key of the file's own; only then are they
//! read, from the sealed copy, so that what was traced is what was kept. Who had it in hand, when
//! and to do what stands in the chain of custody. The result of a run, with its signed list, is
//! durable together with its log row before anything is shown.
//!
//! The sealed file is `evidence/E-n`, as [`doldam_vault::sealed_file`] writes it.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use doldam_ground::Clock;
use doldam_ground::ids::{EvidenceId, TraceId};
use doldam_ground::limits::EVIDENCE_BYTES_MAX;
use doldam_scanner::read::table::TableOptions;
use doldam_store::audit;
use doldam_store::evidence::{self, Evidence, TraceRow};
use doldam_vault::seal::SecretKey;
use doldam_vault::sealed_file::{
    SealError, Sealed, SealedForm, SealedReader, seal_file, sync_folder,
};
use doldam_vault::{Actor, Numbered, Vault, VaultError, members_to_bytes};

use crate::affected::AffectedList;
use crate::house::VaultHouse;
use crate::rows::{Rows, TableRows};
use crate::tracer::{Trace, trace};
use crate::{TraceError, affected};

const FORM: SealedForm =
    SealedForm { magic: *b"DOLDAME1", frame_label: "evidence frame", what: "piece of evidence" };
const KEY_LABEL: &str = "evidence key";
const LIST_LABEL: &str = "doldam 1 affected list";

/// One finished run. No `Debug`: it says who is affected.
pub struct Traced {
    /// The run.
    pub id: TraceId,
    /// The evidence it was made over.
    pub evidence: EvidenceId,
    /// Counts the lists made of this evidence, from 1.
    pub version: u32,
    /// The report and the people.
    pub trace: Trace,
    /// The signed header of the list of exactly matched people.
    pub list: affected::SignedHeader,
}

/// Takes a file into evidence; the same bytes are taken in once and keep their number.
pub fn take_in(
    vault: &Vault,
    source: &mut dyn Read,
    actor: &Actor,
    purpose: &str,
) -> Result<Evidence, TraceError> {
    let _one_at_a_time = vault.numbering(Numbered::Evidence);
    let id = vault.data().read("evidence.next", evidence::next_id).map_err(VaultError::from)?;
    let folder = vault.folder().join("evidence");
    let partial = folder.join(format!("{id}.part"));
    let key = SecretKey::draw(&mut **vault.entropy());
    let number = u64::from(id.number());
    let Sealed { sha256, bytes } =
        seal_file(vault, &FORM, number, &key, source, &partial, EVIDENCE_BYTES_MAX)
            .map_err(not_sealed)?;
    let held = vault
        .data()
        .read("evidence.find", |tx| evidence::find_by_hash(tx, &sha256))
        .map_err(VaultError::from)?;
    if let Some(held) = held {
        fs::remove_file(&partial).map_err(|error| failed("remove", &partial, &error))?;
        note(vault, held.id, actor, "received again", purpose)?;
        return Ok(held);
    }
    let path = folder.join(id.to_string());
    fs::rename(&partial, &path).map_err(|error| failed("rename", &partial, &error))?;
    sync_folder(&folder)?;
    let row = Evidence {
        id,
        sha256,
        bytes,
        sealed_key: vault.seal_secret(KEY_LABEL, &[number], key.expose()),
        received_at: vault.now(),
    };
    let entry = vault.entry(actor, "evidence.receive", id.to_string(), purpose, None);
    let (written, name, now) = (row.clone(), actor.name.clone(), vault.now());
    vault
        .data()
        .write("evidence.receive", move |tx| {
            evidence::insert(tx, &written)?;
            evidence::custody_insert(tx, written.id, &name, "received", now)?;
            audit::append(tx, &entry).map(drop)
        })
        .map_err(VaultError::from)?;
    Ok(row)
}

/// Traces a piece of evidence and makes the run durable before it is answered.
pub fn trace_evidence(
    vault: &Vault,
    held: &Evidence,
    options: &TableOptions,
    actor: &Actor,
    purpose: &str,
    clock: &dyn Clock,
) -> Result<Traced, TraceError> {
    note(vault, held.id, actor, "traced", purpose)?;
    let house = VaultHouse::new(vault)?;
    let open = || -> Result<Box<dyn Rows>, TraceError> {
        let reader = open_evidence(vault, held)?;
        Ok(Box::new(TableRows::open(reader, *options)?))
    };
    let mut trace = trace(&open, &house, clock)?;
    let started_us = clock.elapsed_us();
    let one_at_a_time = vault.numbering(Numbered::Trace);
    let (id, version) = vault
        .data()
        .read("trace.next", |tx| evidence::trace_next(tx, held.id))
        .map_err(VaultError::from)?;
    let key = list_key(vault, &held.sha256, version);
    let now = vault.now();
    let header = AffectedList::new(&trace.exact, &key).header(held.sha256, version, now);
    let signature = vault.sign(&header.message()).to_vec();
    let report = serde_json::to_string(&trace.report).expect("a report of counts serialises");
    let row = TraceRow {
        id,
        evidence: held.id,
        version,
        traced_at: now,
        subject_count: u32::try_from(trace.exact.len()).unwrap_or(u32::MAX),
        members: members_to_bytes(&trace.exact),
        root: header.root.to_vec(),
        signature: signature.clone(),
        report,
    };
    let entry =
        vault.entry(actor, "evidence.trace", id.to_string(), purpose, Some(&trace.subjects));
    vault
        .data()
        .write("trace.insert", move |tx| {
            evidence::trace_insert(tx, &row)?;
            audit::append(tx, &entry).map(drop)
        })
        .map_err(VaultError::from)?;
    drop(one_at_a_time);
    trace.report.elapsed_ms += clock.elapsed_us().saturating_sub(started_us) / 1_000;
    let list = affected::SignedHeader { header, signature };
    Ok(Traced { id, evidence: held.id, version, trace, list })
}

/// The key under which the leaves of a list are hidden; the same again for later proofs.
pub fn list_key(vault: &Vault, sha256: &[u8; 32], version: u32) -> [u8; 32] {
    let matter = [sha256.as_slice(), &version.to_be_bytes()].concat();
    *vault.derive_key(LIST_LABEL, &matter)
}

/// Notes in the chain of custody and in the log who has evidence in hand.
fn note(
    vault: &Vault,
    id: EvidenceId,
    actor: &Actor,
    act: &'static str,
    purpose: &str,
) -> Result<(), TraceError> {
    let entry = vault.entry(actor, "evidence.handle", id.to_string(), purpose, None);
    let (name, now) = (actor.name.clone(), vault.now());
    vault
        .data()
        .write("evidence.handle", move |tx| {
            evidence::custody_insert(tx, id, &name, act, now)?;
            audit::append(tx, &entry).map(drop)
        })
        .map_err(VaultError::from)?;
    Ok(())
}

/// Opens the sealed file of a piece of evidence for reading.
pub fn open_evidence(vault: &Vault, held: &Evidence) -> Result<SealedReader, TraceError> {
    let number = u64::from(held.id.number());
    let key = vault.open_secret(KEY_LABEL, &[number], &held.sealed_key)?;
    let key = SecretKey::from_slice(key.expose())?;
    let path = vault.folder().join("evidence").join(held.id.to_string());
    Ok(SealedReader::open(&FORM, number, key, &path)?)
}

fn not_sealed(error: SealError) -> TraceError {
    match error {
        SealError::TooLarge { most } => TraceError::TooLarge { most },
        SealError::Vault(error) => error.into(),
        other => TraceError::Read {
            code: "trace.unreadable",
            message: other.to_string().replace("kept", "taken in"),
        },
    }
}

fn failed(act: &'static str, path: &Path, error: &io::Error) -> TraceError {
    VaultError::File { act, what: path.display().to_string(), kind: error.kind() }.into()
}
