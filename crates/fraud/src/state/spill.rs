//! Packed keys on disk, for an installation with more idle accounts than memory.
//!
//! The files are memory by other means and nothing that must outlive the process: a snapshot holds
//! the spilled keys too, and a start begins with an empty folder. Keys are appended to files of a
//! fixed size; a file of which little is still used is emptied by the hand that goes around the
//! keys, and is removed when nothing in it is used. Every piece carries a checksum, because a disk
//! that gives back other bytes must not change a decision.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::fault::StateFault;

/// Size at which a file is full, in bytes.
const FILE_BYTES: u64 = 64 << 20;
/// Bytes of the checksum before each piece.
const CHECK: usize = 8;

/// Where a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spilled {
    file: u32,
    offset: u32,
    length: u32,
}

struct Part {
    file: File,
    path: PathBuf,
    /// Bytes written.
    end: u64,
    /// Bytes of pieces that are still used.
    used: u64,
}

/// See the module.
pub(super) struct Spill {
    folder: PathBuf,
    /// `None` where a file has been removed.
    parts: Vec<Option<Part>>,
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    let digest = blake3::hash(bytes);
    *digest.as_bytes().first_chunk().expect("a digest has 32 bytes")
}

impl Spill {
    /// Begins in `folder`, which is made if it is not there; spill files of an earlier process go.
    pub(super) fn open(folder: &Path) -> Result<Self, StateFault> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with("keys-"));
            if ours && path.extension().is_some_and(|extension| extension == "spill") {
                fs::remove_file(path)?;
            }
        }
        Ok(Self { folder: folder.to_owned(), parts: Vec::new() })
    }

    fn open_part(&mut self) -> Result<usize, StateFault> {
        let place = self.parts.len();
        if let Some(Some(part)) = self.parts.last()
            && part.end < FILE_BYTES
        {
            return Ok(place - 1);
        }
        let path = self.folder.join(format!("keys-{place}.spill"));
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        self.parts.push(Some(Part { file, path, end: 0, used: 0 }));
        Ok(place)
    }

    /// Puts a piece on disk.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<Spilled, StateFault> {
        let length = u32::try_from(bytes.len()).map_err(|_| StateFault::Full)?;
        let place = self.open_part()?;
        let part = self.parts[place].as_mut().ok_or(StateFault::Damaged)?;
        part.file.seek(SeekFrom::Start(part.end))?;
        part.file.write_all(&check(bytes))?;
        part.file.write_all(bytes)?;
        let spilled = Spilled {
            file: u32::try_from(place).map_err(|_| StateFault::Full)?,
            offset: u32::try_from(part.end).map_err(|_| StateFault::Full)?,
            length,
        };
        let size = CHECK as u64 + u64::from(length);
        part.end += size;
        part.used += size;
        Ok(spilled)
    }

    /// Reads a piece and checks it.
    pub(super) fn read(&self, place: &Spilled) -> Result<Vec<u8>, StateFault> {
        let part = self.parts.get(place.file as usize).and_then(Option::as_ref);
        let mut file = &part.ok_or(StateFault::Damaged)?.file;
        file.seek(SeekFrom::Start(u64::from(place.offset)))?;
        let mut bytes = vec![0; CHECK + place.length as usize];
        file.read_exact(&mut bytes)?;
        let body = bytes.split_off(CHECK);
        if check(&body) == *bytes { Ok(body) } else { Err(StateFault::Damaged) }
    }

    /// A piece is not needed any more. A full file of which nothing is needed is removed.
    pub(super) fn release(&mut self, place: &Spilled) {
        let newest = self.parts.len() - 1;
        let number = place.file as usize;
        let Some(Some(part)) = self.parts.get_mut(number) else { return };
        part.used -= CHECK as u64 + u64::from(place.length);
        if part.used == 0 && number != newest {
            // A file that stays behind only takes room until the next start.
            let _ = fs::remove_file(&part.path);
            self.parts[number] = None;
        }
    }

    /// Whether most of the file of a piece is not needed any more.
    pub(super) fn is_worn(&self, place: &Spilled) -> bool {
        let part = self.parts.get(place.file as usize).and_then(Option::as_ref);
        part.is_some_and(|part| part.end >= FILE_BYTES && part.used < part.end / 2)
    }

    /// Bytes of pieces that are still used.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().flatten().map(|part| part.used).sum()
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        for part in self.parts.iter().flatten() {
            // The next start removes what could not be removed now.
            let _ = fs::remove_file(&part.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_comes_back_and_a_changed_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::open(folder.path()).unwrap();
        let one = spill.write(b"one").unwrap();
        let two = spill.write(&vec![7; 100_000]).unwrap();
        assert_eq!(spill.read(&one).unwrap(), b"one");
        assert_eq!(spill.read(&two).unwrap(), vec![7; 100_000]);
        spill.release(&one);
        assert_eq!(spill.bytes(), 100_008);
        let path = folder.path().join("keys-0.spill");
        let mut bytes = fs::read(&path).unwrap();
        bytes[50_000] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(spill.read(&two), Err(StateFault::Damaged));
        drop(spill);
        assert!(!path.exists());
    }

    #[test]
    fn a_file_goes_when_nothing_in_it_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::open(folder.path()).unwrap();
        let piece = vec![1; 40 << 20];
        let places: Vec<Spilled> = (0..3).map(|_| spill.write(&piece).unwrap()).collect();
        assert!(!spill.is_worn(&places[0]));
        spill.release(&places[0]);
        assert!(!spill.is_worn(&places[1]));
        spill.release(&places[1]);
        assert!(!folder.path().join("keys-0.spill").exists());
        assert_eq!(spill.read(&places[2]).unwrap(), piece);
        drop(spill);
        fs::write(folder.path().join("keys-9.spill"), b"left behind").unwrap();
        Spill::open(folder.path()).unwrap();
        assert!(!folder.path().join("keys-9.spill").exists());
    }
}
