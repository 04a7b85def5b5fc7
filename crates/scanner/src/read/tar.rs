//! Tar archives, entry by entry from a stream (POSIX.1-1988 ustar, pax, GNU).
//!
//! The headers are read by a library; the walk from one to the next is our own, because long names
//! must be bounded, and because the stream must stand exactly at an entry's data when it is named.

use std::io::{self, Read};

use super::ReadError;
use super::archive::{SkipReason, entry_name};

const BLOCK_BYTES: usize = 512;
/// Longest name, or set of pax records, in bytes.
const NAME_BYTES_MAX: u64 = 64 << 10;

/// Whether a file that begins like this is a tar archive: the checksum of its first header holds.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    head.first_chunk::<BLOCK_BYTES>().is_some_and(|block| block[0] != 0 && is_sound(block))
}

/// Whether the checksum of a header holds: the sum of its bytes with blanks for the checksum.
fn is_sound(block: &[u8; BLOCK_BYTES]) -> bool {
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(place, byte)| if (148..156).contains(&place) { 32 } else { u32::from(*byte) })
        .sum();
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|stored| stored == sum)
}

/// An entry with data; the stream stands at its first byte.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// Where the walk through an archive stands.
#[derive(Default)]
pub(crate) struct Archive {
    /// Bytes of the last entry and of its padding that lie before the next header.
    pending: u64,
    long_name: Option<String>,
    long_size: Option<u64>,
}

impl Archive {
    /// Goes to the next file, skipping what is left of the last one.
    ///
    /// `taken` of the last entry's bytes must have been told by [`Archive::took`].
    pub(crate) fn next(
        &mut self,
        read: &mut (impl Read + ?Sized),
    ) -> Result<Option<Entry>, ReadError> {
        loop {
            skip(read, self.pending)?;
            self.pending = 0;
            let mut block = [0; BLOCK_BYTES];
            if !fill(read, &mut block)? || block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            if !is_sound(&block) {
                return Err(ReadError::Container(SkipReason::Corrupt));
            }
            let found = self.header(read, tar::Header::from_byte_slice(&block))?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Says that so many bytes of the current entry were read.
    pub(crate) const fn took(&mut self, bytes: u64) {
        self.pending = self.pending.saturating_sub(bytes);
    }

    fn header(
        &mut self,
        read: &mut (impl Read + ?Sized),
        header: &tar::Header,
    ) -> Result<Option<Entry>, ReadError> {
        let kind = header.entry_type();
        let stored = header.entry_size()?;
        if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
            let text = long_text(read, stored)?;
            if kind.is_gnu_longname() {
                self.long_name =
                    Some(entry_name(text.split(|byte| *byte == 0).next().unwrap_or(&text)));
            } else {
                self.pax_records(&text);
            }
            return Ok(None);
        }
        let bytes = self.long_size.take().unwrap_or(stored);
        self.pending = padded(bytes)?;
        if kind.is_gnu_longlink() || kind.is_pax_global_extensions() {
            return Ok(None);
        }
        let name = self.long_name.take();
        if kind.is_gnu_sparse() {
            skip_sparse_headers(read, header)?;
        } else if !(kind.is_file() || kind.is_contiguous()) {
            return Ok(None);
        }
        let name = name.unwrap_or_else(|| entry_name(&header.path_bytes()));
        Ok(Some(Entry { name, bytes }))
    }

    /// Takes name and size out of pax records, `length key=value\n` each.
    fn pax_records(&mut self, text: &[u8]) {
        for record in text.split(|byte| *byte == b'\n') {
            let after = record.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
            if let Some(path) = record[after..].strip_prefix(b"path=") {
                self.long_name = Some(entry_name(path));
            } else if let Some(size) = record[after..].strip_prefix(b"size=") {
                self.long_size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
        }
    }
}

fn padded(bytes: u64) -> Result<u64, ReadError> {
    bytes
        .checked_next_multiple_of(BLOCK_BYTES as u64)
        .ok_or(ReadError::Container(SkipReason::Corrupt))
}

fn long_text(read: &mut (impl Read + ?Sized), bytes: u64) -> Result<Vec<u8>, ReadError> {
    if bytes > NAME_BYTES_MAX {
        return Err(ReadError::Container(SkipReason::Corrupt));
    }
    let mut text = Vec::new();
    read.take(bytes).read_to_end(&mut text)?;
    skip(read, padded(bytes)? - bytes)?;
    Ok(text)
}

/// A sparse file's further headers stand before its data, which is then scanned as it is stored.
fn skip_sparse_headers(
    read: &mut (impl Read + ?Sized),
    header: &tar::Header,
) -> Result<(), ReadError> {
    let mut more = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
    while more {
        let mut block = [0; BLOCK_BYTES];
        if !fill(read, &mut block)? {
            return Err(ReadError::Container(SkipReason::Corrupt));
        }
        more = block[504] == 1;
    }
    Ok(())
}

/// Reads and drops; fails when the source ends before.
fn skip(read: &mut (impl Read + ?Sized), bytes: u64) -> Result<(), ReadError> {
    if io::copy(&mut read.take(bytes), &mut io::sink())? < bytes {
        return Err(ReadError::Container(SkipReason::Corrupt));
    }
    Ok(())
}

/// Fills a block; `false` when the source ends before its first byte.
fn fill(read: &mut (impl Read + ?Sized), block: &mut [u8; BLOCK_BYTES]) -> Result<bool, ReadError> {
    let mut have = 0;
    while have < block.len() {
        match read.read(&mut block[have..]) {
            Ok(0) if have == 0 => return Ok(false),
            Ok(0) => return Err(ReadError::Container(SkipReason::Corrupt)),
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}
