//! Sealed files: evidence that was taken in, deliveries that wait to be fetched.
//!
//! ```text
//! magic (8) ‖ frames of: length (4, big endian) ‖ box
//! ```
//!
//! A file is hashed and sealed in one pass, a mebibyte at a time, under a key of its own. Each box
//! is bound to the file, to its place and to whether it is the last, so that a sealed file that was
//! cut, joined or reordered does not open. Reading never holds more than one frame in the clear.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use doldam_ground::Pii;
use sha2::{Digest as _, Sha256};

use crate::error::VaultError;
use crate::seal::{BOX_OVERHEAD, SecretKey, context};
use crate::vault::{Vault, file_error};

/// Plain bytes of a frame.
pub const FRAME_BYTES: usize = 1 << 20;
/// Longest box of a frame.
const BOX_BYTES_MAX: usize = FRAME_BYTES + BOX_OVERHEAD;

/// What a sealed file is of: its first bytes, what its boxes are bound to, and a word for errors.
#[derive(Debug)]
pub struct SealedForm {
    /// The first eight bytes.
    pub magic: [u8; 8],
    /// The label of a frame's place.
    pub frame_label: &'static str,
    /// The word for errors: "piece of evidence".
    pub what: &'static str,
}

/// What was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the plain bytes.
    pub sha256: [u8; 32],
    /// Length of the plain bytes.
    pub bytes: u64,
}

/// Why a file was not sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// What was to be sealed cannot be read to its end.
    #[error("the file cannot be read ({0}); nothing was kept")]
    Source(io::ErrorKind),
    /// It is longer than what may be sealed.
    #[error("the file is longer than {most} bytes; nothing was kept")]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// The sealed file cannot be written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Hashes and seals what `source` gives into a new file at `path`, durably. `number` is the file's
/// own, to which its boxes are bound. Nothing is left when it fails.
pub fn seal_file(
    vault: &Vault,
    form: &SealedForm,
    number: u64,
    key: &SecretKey,
    source: &mut dyn Read,
    path: &Path,
    bytes_max: u64,
) -> Result<Sealed, SealError> {
    let sealed = write_frames(vault, form, number, key, source, path, bytes_max);
    if sealed.is_err() {
        // It may not have been made at all.
        let _ = fs::remove_file(path);
    }
    sealed
}

fn write_frames(
    vault: &Vault,
    form: &SealedForm,
    number: u64,
    key: &SecretKey,
    source: &mut dyn Read,
    path: &Path,
    bytes_max: u64,
) -> Result<Sealed, SealError> {
    let written = |error: io::Error| SealError::Vault(file_error("write", path, &error));
    let unreadable = |error: io::Error| SealError::Source(error.kind());
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(written)?;
    let mut file = BufWriter::new(file);
    file.write_all(&form.magic).map_err(written)?;
    let (mut hasher, mut total, mut place) = (Sha256::new(), 0_u64, 0_u64);
    let mut frame = Pii::new(read_frame(source).map_err(unreadable)?);
    loop {
        let next = Pii::new(read_frame(source).map_err(unreadable)?);
        let is_last = next.expose().is_empty();
        hasher.update(frame.expose());
        total += frame.expose().len() as u64;
        if total > bytes_max {
            return Err(SealError::TooLarge { most: bytes_max });
        }
        let place_of_frame = frame_context(form, number, place, is_last);
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
    Ok(Sealed { sha256: hasher.finalize().into(), bytes: total })
}

/// Up to [`FRAME_BYTES`] bytes; fewer only at the end.
fn read_frame(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut frame = Vec::new();
    source.take(FRAME_BYTES as u64).read_to_end(&mut frame)?;
    Ok(frame)
}

fn frame_context(form: &SealedForm, number: u64, place: u64, is_last: bool) -> Vec<u8> {
    context(form.frame_label, &[number, place, u64::from(is_last)])
}

/// Makes names in a folder durable.
pub fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    let opened = File::open(folder).map_err(|error| file_error("open", folder, &error))?;
    opened.sync_all().map_err(|error| file_error("flush", folder, &error))
}

/// Reads a sealed file back; any change of it is an error, never other bytes. It has no `Debug`.
pub struct SealedReader {
    file: BufReader<File>,
    form: &'static SealedForm,
    number: u64,
    key: SecretKey,
    frame: Pii<Vec<u8>>,
    read: usize,
    place: u64,
    ended: bool,
}

impl SealedReader {
    /// Opens the sealed file of `number` at `path`.
    pub fn open(
        form: &'static SealedForm,
        number: u64,
        key: SecretKey,
        path: &Path,
    ) -> Result<Self, VaultError> {
        let unreadable = |error: io::Error| file_error("read", path, &error);
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let mut magic = [0; 8];
        file.read_exact(&mut magic).map_err(unreadable)?;
        if magic != form.magic {
            return Err(VaultError::Damaged { what: form.what });
        }
        let frame = Pii::new(Vec::new());
        Ok(Self { file, form, number, key, frame, read: 0, place: 0, ended: false })
    }

    /// Opens the next frame. A frame that ends the file opens only as the last one.
    fn next_frame(&mut self) -> io::Result<()> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a sealed file was changed");
        let mut length = [0; 4];
        self.file.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > BOX_BYTES_MAX {
            return Err(damaged());
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed)?;
        for is_last in [false, true] {
            let place = frame_context(self.form, self.number, self.place, is_last);
            if let Ok(frame) = self.key.open(&place, &sealed, self.form.what) {
                (self.frame, self.read, self.ended) = (frame, 0, is_last);
                self.place += 1;
                return Ok(());
            }
        }
        Err(damaged())
    }
}

impl Read for SealedReader {
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
