//! What all containers have in common: how they are recognised, named, limited and given up.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};

use doldam_ground::LogSafe;
use doldam_ground::limits::{ARCHIVE_BYTES_MAX, ARCHIVE_RATIO_MAX};

use super::ReadError;
use super::text::from_cp949;
use super::zip::is_zip;

/// Largest archive inside an archive that is held in memory to be read, in bytes.
pub const MEMORY_BYTES_MAX: u64 = 256 << 20;

/// Enough of a file to recognise a container by.
const HEAD_BYTES: usize = 512;

/// Why something was not scanned, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It unpacks to more than the limits allow.
    Bomb,
    /// Its bytes are not what its format asks for.
    Corrupt,
    /// It is encrypted.
    Encrypted,
    /// It is compressed by a method that is not read here.
    Method,
    /// Something inside was named, and it is no container.
    NotAContainer,
    /// It cannot be opened or read.
    Unreadable,
    /// A git repository with another hash than SHA-1.
    HashKind,
    /// It is larger than is held in memory.
    TooLarge,
    /// Containers in containers, deeper than is followed.
    TooDeep,
    /// More entries than are followed.
    TooManyEntries,
}

impl SkipReason {
    /// A stable word for scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bomb => "bomb",
            Self::Corrupt => "corrupt",
            Self::Encrypted => "encrypted",
            Self::Method => "method",
            Self::NotAContainer => "not_a_container",
            Self::Unreadable => "unreadable",
            Self::HashKind => "hash_kind",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::TooManyEntries => "too_many_entries",
        }
    }

    /// What a failed read means for what was read.
    pub(crate) const fn of(kind: io::ErrorKind) -> Self {
        match kind {
            io::ErrorKind::FileTooLarge => Self::Bomb,
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other => Self::Corrupt,
            _ => Self::Unreadable,
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bomb => "unpacks to more than the limits allow: unpack it where there is room",
            Self::Corrupt => "broken or cut off: what could be read was scanned",
            Self::Encrypted => "encrypted: decrypt it first",
            Self::Method => "a compression method that is not read here: unpack it first",
            Self::NotAContainer => "not an archive: nothing can be inside",
            Self::Unreadable => "cannot be read: check that it exists and may be read",
            Self::HashKind => "a git repository with another hash than SHA-1",
            Self::TooLarge => "too large to be held in memory: unpack it first",
            Self::TooDeep => "archives in archives, deeper than is followed: unpack the outer ones",
            Self::TooManyEntries => "more entries than are followed: unpack it first",
        })
    }
}

impl LogSafe for SkipReason {}

/// The containers that are entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Gzip,
    Tar,
    Zip,
}

/// Which container begins with these bytes.
fn recognise(head: &[u8]) -> Option<Container> {
    if head.starts_with(&[0x1F, 0x8B, 8]) {
        Some(Container::Gzip)
    } else if is_zip(head) {
        Some(Container::Zip)
    } else if super::tar::is_tar(head) {
        Some(Container::Tar)
    } else {
        None
    }
}

/// A source of which enough was read to recognise a container; it is read again from its beginning.
pub(crate) struct Begun<R> {
    head: io::Cursor<Vec<u8>>,
    failed: Option<io::Error>,
    rest: R,
}

impl<R: Read> Begun<R> {
    /// Reads the head. A failure on the way is kept for whoever reads on to there.
    pub(crate) fn new(mut read: R) -> Self {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        let failed = read.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).err();
        Self { head: io::Cursor::new(head), failed, rest: read }
    }

    /// Which container it is.
    pub(crate) fn container(&self) -> Option<Container> {
        recognise(self.head.get_ref())
    }

    /// The source itself, wherever it stands.
    pub(crate) fn into_rest(self) -> R {
        self.rest
    }
}

impl<R: Read> Read for Begun<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.head.read(out)? {
            0 => self.failed.take().map_or_else(|| self.rest.read(out), Err),
            read => Ok(read),
        }
    }
}

/// Reads a source into memory; [`SkipReason::TooLarge`] beyond `limit` bytes.
pub(crate) fn to_memory(read: &mut (impl Read + ?Sized), limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    read.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::Container(SkipReason::TooLarge));
    }
    Ok(bytes)
}

/// The name of an entry as text: UTF-8, else CP949 (what Korean Windows writes), else what of it is
/// UTF-8.
pub(crate) fn entry_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => from_cp949(raw).map_or_else(
            || String::from_utf8_lossy(raw).into_owned(),
            std::borrow::Cow::into_owned,
        ),
    }
}

/// Gives every entry of one archive a name of its own, in the order of the archive.
#[derive(Default)]
pub(crate) struct Labels {
    seen: HashSet<u64>,
}

impl Labels {
    /// The name, or the name with `#2`, `#3`, … for later entries of the same name.
    pub(crate) fn unique(&mut self, name: &str) -> String {
        let mut label = name.to_owned();
        let mut count = 1_u32;
        while !self.seen.insert(digest(&label)) {
            count += 1;
            label = format!("{name}#{count}");
        }
        label
    }
}

/// A digest that is the same in every run; two names that share it only get a number they need not.
fn digest(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// How much one outermost file may yet unpack to, in all its layers together.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: std::cell::Cell<u64>,
    entries: std::cell::Cell<usize>,
}

impl Budget {
    /// For a file of `packed` bytes: no sound compression by deflate exceeds the ratio, but layers
    /// upon layers of it, and entries that share their packed bytes, do.
    pub(crate) fn new(packed: u64, entries: usize) -> Self {
        let allowed = packed.saturating_mul(ARCHIVE_RATIO_MAX).saturating_add(1 << 20);
        Self { bytes: allowed.min(ARCHIVE_BYTES_MAX).into(), entries: entries.into() }
    }

    /// Whether nothing more may be unpacked.
    pub(crate) fn is_spent(&self) -> bool {
        self.bytes.get() == 0
    }

    /// Counts one more entry; `false` when there are too many.
    pub(crate) fn count_entry(&self) -> bool {
        let left = self.entries.get();
        self.entries.set(left.saturating_sub(1));
        left > 0
    }
}

/// Charges what is unpacked to a budget, and fails when it is spent.
pub(crate) struct Guarded<'a, R> {
    pub(crate) read: R,
    pub(crate) budget: &'a Budget,
}

impl<R: Read> Read for Guarded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.budget.is_spent() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.read.read(out)?;
        self.budget.bytes.set(self.budget.bytes.get().saturating_sub(read as u64));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_the_same_name_are_told_apart() {
        let mut labels = Labels::default();
        let given = ["a", "a", "a#2", "a"].map(|name| labels.unique(name));
        assert_eq!(given, ["a", "a#2", "a#2#2", "a#3"]);
    }

    #[test]
    fn names_are_read_in_korean_encodings() {
        let legacy = encoding_rs::EUC_KR.encode("고객.csv").0.into_owned();
        assert_eq!(entry_name(&legacy), "고객.csv");
        assert_eq!(entry_name("고객.csv".as_bytes()), "고객.csv");
        assert_eq!(entry_name(b"\xff\xff"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_budget_is_spent_and_says_so() {
        let budget = Budget::new(0, 1);
        let mut out = Vec::new();
        let read = io::repeat(0).take(2 << 20);
        let error = Guarded { read, budget: &budget }.read_to_end(&mut out).unwrap_err();
        assert_eq!(SkipReason::of(error.kind()), SkipReason::Bomb);
        assert!(budget.is_spent() && out.len() <= (1 << 20) + (64 << 10));
        assert!(budget.count_entry() && !budget.count_entry());
    }
}
