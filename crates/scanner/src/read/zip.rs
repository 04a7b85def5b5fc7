//! Zip archives: their directory is read by a library, their entries by plain inflation, so that an
//! opened entry owns its source and can be handed on.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::ReadError;
use super::archive::{Labels, SkipReason, entry_name};

/// Whether a file that begins like this is a zip archive.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| head.starts_with(magic))
}

/// One file of an archive.
pub(crate) struct Entry {
    pub(crate) label: String,
    start: u64,
    packed: u64,
    checksum: u32,
    method: Result<Method, SkipReason>,
}

#[derive(Clone, Copy)]
enum Method {
    Stored,
    Deflated,
}

/// The files of the archive, in its own order; what follows is where they are opened.
pub(crate) fn entries<R: Read + Seek>(source: &mut R) -> Result<Vec<Entry>, ReadError> {
    let corrupt = ReadError::Container(SkipReason::Corrupt);
    let Ok(mut archive) = ZipArchive::new(source) else {
        return Err(corrupt);
    };
    let mut labels = Labels::default();
    let mut entries = Vec::new();
    for number in 0..archive.len() {
        let Ok(file) = archive.by_index_raw(number) else {
            entries.push(Entry {
                label: labels.unique(&format!("entry {}", number + 1)),
                start: 0,
                packed: 0,
                checksum: 0,
                method: Err(SkipReason::Corrupt),
            });
            continue;
        };
        if file.is_dir() || file.is_symlink() {
            continue;
        }
        let start = file.data_start();
        let method = match file.compression() {
            _ if start.is_none() => Err(SkipReason::Corrupt),
            _ if file.encrypted() => Err(SkipReason::Encrypted),
            CompressionMethod::Stored => Ok(Method::Stored),
            CompressionMethod::Deflated => Ok(Method::Deflated),
            _ => Err(SkipReason::Method),
        };
        entries.push(Entry {
            label: labels.unique(&entry_name(file.name_raw())),
            start: start.unwrap_or(0),
            packed: file.compressed_size(),
            checksum: file.crc32(),
            method,
        });
    }
    Ok(entries)
}

impl Entry {
    /// Opens the entry; `source` is the archive. Reading fails at the end if the checksum does.
    pub(crate) fn open<R: Read + Seek>(&self, mut source: R) -> Result<Unpacked<R>, ReadError> {
        let method = self.method.map_err(ReadError::Container)?;
        source.seek(SeekFrom::Start(self.start))?;
        let packed = BufReader::new(source.take(self.packed));
        let read = match method {
            Method::Stored => Layer::Stored(packed),
            Method::Deflated => Layer::Deflated(DeflateDecoder::new(packed)),
        };
        Ok(Unpacked { read, sum: flate2::Crc::new(), checksum: self.checksum })
    }
}

enum Layer<R> {
    Stored(BufReader<io::Take<R>>),
    Deflated(DeflateDecoder<BufReader<io::Take<R>>>),
}

/// An entry that is being unpacked, and its checksum so far.
pub(crate) struct Unpacked<R> {
    read: Layer<R>,
    sum: flate2::Crc,
    checksum: u32,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.read {
            Layer::Stored(read) => read.read(out)?,
            Layer::Deflated(read) => read.read(out)?,
        };
        self.sum.update(&out[..read]);
        if read == 0 && self.sum.sum() != self.checksum {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(read)
    }
}
