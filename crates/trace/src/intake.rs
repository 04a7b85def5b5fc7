//! Intake: a file that turned up becomes evidence before anybody looks into it.
//!
//! The bytes are hashed and sealed in one pass, under a key of the file's own; only then are they
//! read, from the sealed copy, so that what was traced is what was kept. Who had it in hand, when
//! and to do what stands in the chain of custody. The result of a run, with its signed list, is
//! durable together with its log row before anything is shown.
//!
//! ```text
//! evidence/E-n   "DOLDAME1" ‖ frames of: length (4, big endian) ‖ box
//! ```
//!
//! Each box is bound to the file, to its place and to whether it is the last, so that a sealed file
//! that was cut, joined or reordered does not open.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use doldam_ground::ids::{EvidenceId, TraceId};
use doldam_ground::limits::EVIDENCE_BYTES_MAX;
use doldam_ground::{Clock, Pii};
use doldam_scanner::read::table::TableOptions;
use doldam_store::audit;
use doldam_store::evidence::{self, Evidence, TraceRow};
use doldam_vault::seal::{SecretKey, context};
use doldam_vault::{Actor, Vault, VaultError, members_to_bytes};
use sha2::{Digest as _, Sha256};

use crate::affected::AffectedList;
use crate::house::VaultHouse;
use crate::rows::{Rows, TableRows};
use crate::tracer::{Trace, trace};
use crate::{TraceError, affected};

const MAGIC: &[u8; 8] = b"DOLDAME1";
/// Plain bytes of a frame.
const FRAME_BYTES: usize = 1 << 20;
/// Longest box of a frame.
const BOX_BYTES_MAX: usize = FRAME_BYTES + doldam_vault::seal::BOX_OVERHEAD;
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
    let id = vault.data().read("evidence.next", evidence::next_id).map_err(VaultError::from)?;
    let folder = vault.folder().join("evidence");
    let partial = folder.join(format!("{id}.part"));
    let key = SecretKey::draw(&mut **vault.entropy());
    let (sha256, bytes) = seal_file(vault, id, &key, source, &partial)?;
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
        sealed_key: vault.seal_secret(KEY_LABEL, &[u64::from(id.number())], key.expose()),
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
        let reader = EvidenceReader::open(vault, held)?;
        Ok(Box::new(TableRows::open(reader, *options)?))
    };
    let mut trace = trace(&open, &house, clock)?;
    let started_us = clock.elapsed_us();
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

/// Hashes and seals a file in one pass.
fn seal_file(
    vault: &Vault,
    id: EvidenceId,
    key: &SecretKey,
    source: &mut dyn Read,
    path: &Path,
) -> Result<([u8; 32], u64), TraceError> {
    let written = |error: io::Error| failed("write", path, &error);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(written)?;
    let mut file = BufWriter::new(file);
    file.write_all(MAGIC).map_err(written)?;
    let (mut hasher, mut total, mut place) = (Sha256::new(), 0_u64, 0_u64);
    let mut frame = Pii::new(read_frame(source).map_err(|error| unreadable(&error))?);
    loop {
        let next = Pii::new(read_frame(source).map_err(|error| unreadable(&error))?);
        let is_last = next.expose().is_empty();
        hasher.update(frame.expose());
        total += frame.expose().len() as u64;
        if total > EVIDENCE_BYTES_MAX {
            let _ = fs::remove_file(path);
            return Err(TraceError::TooLarge { most: EVIDENCE_BYTES_MAX });
        }
        let place_of_frame = frame_context(id, place, is_last);
        let sealed = key.seal(&mut **vault.entropy(), &place_of_frame, frame.expose());
        let length = u32::try_from(sealed.len()).expect("a frame is a mebibyte");
        file.write_all(&length.to_be_bytes()).map_err(written)?;
        file.write_all(&sealed).map_err(written)?;
        if is_last {
            break;
        }
        frame = next;
        place += 1;
    }
    let file = file.into_inner().map_err(|error| written(error.into_error()))?;
    file.sync_all().map_err(written)?;
    Ok((hasher.finalize().into(), total))
}

/// Up to [`FRAME_BYTES`] bytes; fewer only at the end.
fn read_frame(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut frame = Vec::new();
    source.take(FRAME_BYTES as u64).read_to_end(&mut frame)?;
    Ok(frame)
}

fn frame_context(id: EvidenceId, place: u64, is_last: bool) -> Vec<u8> {
    context("evidence frame", &[u64::from(id.number()), place, u64::from(is_last)])
}

/// Reads a sealed file back; any change of it is an error, never other bytes.
pub struct EvidenceReader {
    file: BufReader<File>,
    id: EvidenceId,
    key: SecretKey,
    frame: Pii<Vec<u8>>,
    read: usize,
    place: u64,
    ended: bool,
}

impl EvidenceReader {
    /// Opens the sealed file of a piece of evidence.
    pub fn open(vault: &Vault, held: &Evidence) -> Result<Self, TraceError> {
        let number = u64::from(held.id.number());
        let key = vault.open_secret(KEY_LABEL, &[number], &held.sealed_key)?;
        let key = SecretKey::from_slice(key.expose())?;
        let path: PathBuf = vault.folder().join("evidence").join(held.id.to_string());
        let file = File::open(&path).map_err(|error| failed("read", &path, &error))?;
        let mut file = BufReader::new(file);
        let mut magic = [0; 8];
        file.read_exact(&mut magic).map_err(|error| failed("read", &path, &error))?;
        if magic != *MAGIC {
            return Err(VaultError::Damaged { what: "piece of evidence" }.into());
        }
        let frame = Pii::new(Vec::new());
        Ok(Self { file, id: held.id, key, frame, read: 0, place: 0, ended: false })
    }

    /// Opens the next frame. A frame that ends the file opens only as the last one.
    fn next_frame(&mut self) -> io::Result<()> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "evidence was changed");
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > BOX_BYTES_MAX {
            return Err(damaged());
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed)?;
        for is_last in [false, true] {
            let place = frame_context(self.id, self.place, is_last);
            if let Ok(frame) = self.key.open(&place, &sealed, "piece of evidence") {
                (self.frame, self.read, self.ended) = (frame, 0, is_last);
                self.place += 1;
                return Ok(());
            }
        }
        Err(damaged())
    }
}

impl Read for EvidenceReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.frame.expose().len() {
            if self.ended {
                return Ok(0);
            }
            self.next_frame()?;
        }
        let left = &self.frame.expose()[self.read..];
        let count = left.len().min(out.len());
        out[..count].copy_from_slice(&left[..count]);
        self.read += count;
        Ok(count)
    }
}

fn sync_folder(folder: &Path) -> Result<(), TraceError> {
    let opened = File::open(folder).map_err(|error| failed("open", folder, &error))?;
    opened.sync_all().map_err(|error| failed("flush", folder, &error))
}

fn failed(act: &'static str, path: &Path, error: &io::Error) -> TraceError {
    VaultError::File { act, what: path.display().to_string(), kind: error.kind() }.into()
}

/// The file that is taken in could not be read to its end.
fn unreadable(error: &io::Error) -> TraceError {
    let message = format!("the file cannot be read ({}); nothing was taken in", error.kind());
    TraceError::Read { code: "trace.unreadable", message }
}
