//! An engine as a file: what a restart begins with instead of the whole log.
//!
//! `DOLDAMFE`, a version, the places in the log, the lists, a BLAKE3 of that much, then the windows
//! with a digest of their own. A snapshot only saves time: one that cannot be read is thrown away
//! and the log is read from its beginning.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use crate::engine::Engine;
use crate::error::FraudError;
use crate::journal::{Entry, Reader, Writer};
use crate::list::Change;
use crate::setup::Setup;
use crate::state::State;

const MAGIC: &[u8; 8] = b"DOLDAMFE";
const VERSION: u8 = 1;
/// Longest head: a million list members of 256 bytes and some.
const HEAD_BYTES_MAX: u64 = 1 << 30;

/// Writes a snapshot beside `path` and puts it in its place once it is on the disk.
///
/// Errors: the file system refused; what stood at `path` before still stands.
pub fn keep(engine: &Engine, path: &Path) -> Result<(), FraudError> {
    let beside = path.with_extension("new");
    // Pseudonyms are in it: nobody else on this machine reads it.
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    let file = options.open(&beside).map_err(refused)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let head = head(engine);
    out.write_all(MAGIC).map_err(refused)?;
    out.write_all(&(head.len() as u64).to_le_bytes()).map_err(refused)?;
    out.write_all(&head).map_err(refused)?;
    out.write_all(blake3::hash(&head).as_bytes()).map_err(refused)?;
    engine.state().write(&mut out)?;
    let file = out.into_inner().map_err(|error| refused(error.into_error()))?;
    file.sync_all().map_err(refused)?;
    fs::rename(&beside, path).map_err(refused)?;
    let folder = path.parent().ok_or(FraudError::Snapshot { why: "it has no folder" })?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(refused)
}

/// Reads the snapshot at `path`. `setup` compiles the set-up that stands at a place of the log.
/// `None` when there is none that can be used: the log has it all.
pub fn restore(
    path: &Path,
    setup: &mut dyn FnMut(u64) -> Result<Arc<Setup>, FraudError>,
) -> Option<Engine> {
    read(path, setup).ok()
}

fn read(
    path: &Path,
    setup: &mut dyn FnMut(u64) -> Result<Arc<Setup>, FraudError>,
) -> Result<Engine, FraudError> {
    let mut from = BufReader::with_capacity(1 << 20, File::open(path).map_err(refused)?);
    let mut start = [0; 16];
    from.read_exact(&mut start).map_err(refused)?;
    let (magic, length) = start.split_at(8);
    let length = u64::from_le_bytes(length.try_into().unwrap_or_default());
    if magic != MAGIC || length > HEAD_BYTES_MAX {
        return Err(FraudError::Snapshot { why: "it is none" });
    }
    let mut head = Vec::new();
    from.by_ref().take(length).read_to_end(&mut head).map_err(refused)?;
    let mut digest = [0; 32];
    from.read_exact(&mut digest).map_err(refused)?;
    if blake3::hash(&head) != digest {
        return Err(FraudError::Snapshot { why: "it is damaged" });
    }
    let mut reader = Reader::new(&head);
    if reader.byte()? != VERSION {
        return Err(FraudError::Snapshot { why: "a newer program wrote it" });
    }
    let (last, setup_at, lists_at) = (reader.count()?, reader.count()?, reader.count()?);
    let setup = setup(setup_at)?;
    let mut changes = Vec::new();
    for _ in 0..reader.size()? {
        let length = reader.size()?;
        if let Entry::List(change) = Entry::read(3, reader.bytes(length)?)? {
            changes.push(change);
        }
    }
    reader.end()?;
    let state = State::read(&setup.features, &mut from)?;
    let mut engine = Engine::with_state(setup, state);
    engine.take_lists(&changes, lists_at);
    engine.stand(last, setup_at);
    Ok(engine)
}

fn head(engine: &Engine) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    writer.count(engine.last());
    writer.count(engine.setup_at());
    writer.count(engine.lists_at());
    writer.size(engine.lists().lists());
    for list in 0..engine.lists().lists() {
        let add = engine.lists().members(list);
        let (by, why) = (String::new(), String::new());
        let change = Entry::List(Change { list, add, remove: Vec::new(), by, why }).write();
        writer.size(change.len());
        writer.raw(&change);
    }
    writer.finish()
}

fn refused(_: std::io::Error) -> FraudError {
    FraudError::Snapshot { why: "the file system refused" }
}
