//! Where something is, through all containers: `dev-repo/.git!4be1c2d0a1b2:old/backup.zip!users.csv`.
//!
//! A finding inside a zip inside a commit is of use only if it can be looked at again. A locator
//! names every step, reads back what it shows, and [`Locator::open`] goes the same way as the walk
//! did, in memory, so that `trace` reads exactly the file that `scan` reported.
//!
//! Steps are divided by `!`. A `!` inside a name is shown as `%21`, and a `%21` that was there
//! before as `%2521`; nothing else is escaped.

use std::fmt;
use std::fs;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::read::archive::{self, Begun, Container, Labels, SkipReason};
use crate::read::git::Repository;
use crate::read::{ReadError, gzip, tar, zip};

/// A file, or something inside containers that are inside a file or repository.
///
/// Names inside containers come from outside and may hold anything, a person's name too; the path
/// is the user's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locator {
    path: PathBuf,
    inner: Vec<String>,
}

impl Locator {
    /// A file or directory.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), inner: Vec::new() }
    }

    /// What has this name inside the container that `self` is.
    #[must_use]
    pub fn child(&self, name: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.inner.push(name.into());
        child
    }

    /// The file or directory in the file system.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names inside containers, outermost first.
    pub fn inner(&self) -> &[String] {
        &self.inner
    }

    /// The last name: of the innermost entry, or of the file.
    pub fn name(&self) -> String {
        self.inner.last().cloned().unwrap_or_else(|| {
            self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        })
    }

    /// Reads a locator as a person may have typed it: the longest part up to a `!` that exists as a
    /// file or directory is the path, whatever it contains.
    pub fn resolve(text: &str) -> Self {
        let ends = text.match_indices('!').map(|(end, _)| end).rev();
        for end in std::iter::once(text.len()).chain(ends) {
            if end > 0 && Path::new(&text[..end]).exists() {
                let rest = text[end..].strip_prefix('!');
                let inner = rest.map_or_else(Vec::new, |rest| rest.split('!').map(plain).collect());
                return Self { path: text[..end].into(), inner };
            }
        }
        let mut names = text.split('!').map(plain);
        Self { path: names.next().unwrap_or_default().into(), inner: names.collect() }
    }

    /// Opens what the locator names, without unpacking anything to disk.
    ///
    /// Zip archives inside other containers are held in memory while they are read, up to
    /// [`archive::MEMORY_BYTES_MAX`]; git objects, too. Fails with [`ReadError::NotFound`] when a
    /// step is not there, [`ReadError::Container`] when a container on the way is broken, and
    /// [`ReadError::Io`] when the file cannot be read.
    pub fn open(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        let mut names = self.inner.iter();
        let mut stream = if self.path.is_dir() {
            let name = names.next().ok_or(ReadError::Io(std::io::ErrorKind::IsADirectory))?;
            let bytes = Repository::open(&self.path).read_named(name)?;
            Stream::Memory(Cursor::new(bytes))
        } else {
            Stream::File(fs::File::open(&self.path)?)
        };
        let mut above = Self::new(&self.path);
        above.inner.extend(self.inner.first().filter(|_| self.path.is_dir()).cloned());
        for name in names {
            stream = stream.enter(&above, name)?;
            above.inner.push(name.clone());
        }
        Ok(match stream {
            Stream::File(file) => Box::new(file),
            Stream::Memory(bytes) => Box::new(bytes),
            Stream::Flow(flow) => flow,
        })
    }
}

/// What is open on the way: what can be sought in, and what only flows.
enum Stream {
    File(fs::File),
    Memory(Cursor<Vec<u8>>),
    Flow(Box<dyn Read + Send>),
}

impl Stream {
    /// Opens the entry `name` of the container that this is.
    fn enter(self, above: &Locator, name: &str) -> Result<Self, ReadError> {
        match self {
            Self::File(file) => enter_seekable(file, above, name),
            Self::Memory(bytes) => enter_seekable(bytes, above, name),
            Self::Flow(flow) => {
                let mut begun = Begun::new(flow);
                let container = begun.container();
                if container == Some(Container::Zip) {
                    let bytes = archive::to_memory(&mut begun, archive::MEMORY_BYTES_MAX)?;
                    return enter_seekable(Cursor::new(bytes), above, name);
                }
                enter_flow(Box::new(begun), container, above, name)
            }
        }
    }
}

fn enter_seekable<R: Read + Seek + Send + 'static>(
    source: R,
    above: &Locator,
    name: &str,
) -> Result<Stream, ReadError> {
    let begun = Begun::new(source);
    let container = begun.container();
    if container != Some(Container::Zip) {
        return enter_flow(Box::new(begun), container, above, name);
    }
    let mut source = begun.into_rest();
    let entries = zip::entries(&mut source)?;
    let entry = entries.into_iter().find(|entry| entry.label == name).ok_or(ReadError::NotFound)?;
    Ok(Stream::Flow(Box::new(entry.open(source)?)))
}

fn enter_flow(
    mut flow: Box<dyn Read + Send>,
    container: Option<Container>,
    above: &Locator,
    name: &str,
) -> Result<Stream, ReadError> {
    match container {
        Some(Container::Gzip) if gzip::label(&above.name()) == name => {
            Ok(Stream::Flow(Box::new(gzip::open(flow))))
        }
        Some(Container::Tar) => {
            let mut labels = Labels::default();
            let mut archive = tar::Archive::default();
            while let Some(entry) = archive.next(&mut flow)? {
                if labels.unique(&entry.name) == name {
                    return Ok(Stream::Flow(Box::new(flow.take(entry.bytes))));
                }
            }
            Err(ReadError::NotFound)
        }
        Some(Container::Gzip) => Err(ReadError::NotFound),
        Some(Container::Zip) | None => Err(ReadError::Container(SkipReason::NotAContainer)),
    }
}

/// Escapes a name, so that its `!` is no divider.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(['!', '%']) {
        out.push_str(&rest[..at]);
        if rest[at..].starts_with('!') {
            out.push_str("%21");
        } else if is_escape(&rest[at..]) {
            out.push_str("%25");
        } else {
            out.push('%');
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

/// Undoes [`escaped`].
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if is_escape(rest) {
            out.push(if rest.starts_with("%21") { '!' } else { '%' });
            rest = &rest[3..];
        } else {
            out.push('%');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Whether a text begins with `%`, any number of `25`, and `21`.
fn is_escape(text: &str) -> bool {
    text.strip_prefix('%').is_some_and(|rest| rest.trim_start_matches("25").starts_with("21"))
}

impl fmt::Display for Locator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&escaped(&self.path.to_string_lossy()))?;
        for name in &self.inner {
            write!(formatter, "!{}", escaped(name))?;
        }
        Ok(())
    }
}

impl FromStr for Locator {
    type Err = std::convert::Infallible;

    /// Reads what `Display` shows, without a look at the file system.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut names = text.split('!').map(plain);
        let path = names.next().unwrap_or_default().into();
        Ok(Self { path, inner: names.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_that_exists_wins_over_the_divider() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("a!b.csv");
        fs::write(&odd, "x").unwrap();
        let typed = odd.to_str().unwrap();
        assert_eq!(Locator::resolve(typed).path(), odd);
        let deeper = Locator::resolve(&format!("{typed}!c%21d"));
        assert_eq!((deeper.path(), deeper.inner()), (&*odd, &["c!d".to_owned()][..]));
        let absent = Locator::resolve("/nowhere/a.zip!b.csv");
        assert_eq!(absent.path(), Path::new("/nowhere/a.zip"));
        let shown = Locator::new(&odd).to_string();
        assert_eq!(Ok(Locator::new(&odd)), shown.parse());
    }

    proptest! {
        #[test]
        fn a_locator_reads_back(path in "[a-z!%125/]{1,12}", inner in proptest::collection::vec("[a!%125 가:/]{0,8}", 0..4)) {
            let mut locator = Locator::new(path);
            for name in inner {
                locator = locator.child(name);
            }
            prop_assert_eq!(locator.to_string().parse(), Ok(locator));
        }
    }
}
