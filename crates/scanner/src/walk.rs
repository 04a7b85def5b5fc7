//! Everything there is under a path: files, what is inside archives, the history of repositories.
//!
//! The walk hands out one source after the other, always in the same order, each to be read once
//! while it is open; nothing is unpacked to disk. What cannot be looked into is not passed over in
//! silence: it is handed out as [`Skipped`], with the reason, so that a report can say what was not
//! scanned.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use doldam_ground::limits::{
    ARCHIVE_BYTES_MAX, ARCHIVE_DEPTH_MAX, ARCHIVE_ENTRIES_MAX, GIT_OBJECT_BYTES_MAX,
};
use walkdir::WalkDir;

use crate::locator::Locator;
use crate::read::archive::{self, Begun, Budget, Container, Guarded, Labels, SkipReason};
use crate::read::git::{self, Repository};
use crate::read::{ReadError, gzip, tar, zip};

/// How far the walk goes.
#[derive(Clone, Copy, Debug)]
pub struct WalkOptions {
    /// How many containers deep; at most [`ARCHIVE_DEPTH_MAX`].
    pub depth_max: usize,
    /// Largest archive inside an archive that is held in memory, in bytes; at most
    /// [`archive::MEMORY_BYTES_MAX`].
    pub memory_bytes_max: u64,
    /// Whether the history of repositories is walked, too.
    pub history: bool,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            depth_max: ARCHIVE_DEPTH_MAX,
            memory_bytes_max: archive::MEMORY_BYTES_MAX,
            history: true,
        }
    }
}

/// Something that was not scanned, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What.
    pub locator: Locator,
    /// Why.
    pub reason: SkipReason,
}

/// What the walk hands out.
pub enum Source<'a> {
    /// Bytes to be scanned. If reading fails, the walk hands out a [`Skipped`] for it by itself.
    Data {
        /// Where it is.
        locator: &'a Locator,
        /// Its bytes, while the visit lasts.
        read: &'a mut dyn Read,
    },
    /// Something that cannot be scanned.
    Skipped(Skipped),
}

/// Walks files and folders and hands everything in them to `visit`, folders in the order of names.
///
/// Symbolic links inside folders are not followed; a path that is named itself may be one.
pub fn walk(paths: &[PathBuf], options: &WalkOptions, visit: &mut dyn FnMut(Source<'_>)) {
    let mut walker = Walker { options, visit };
    for path in paths {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => walker.folder(path),
            Ok(found) if found.is_file() => walker.file(path),
            Ok(_) | Err(_) => walker.skip(&Locator::new(path), SkipReason::Unreadable),
        }
    }
}

/// Walks bytes in memory as if they were a file of this name.
pub fn walk_bytes(
    name: &str,
    bytes: &[u8],
    options: &WalkOptions,
    visit: &mut dyn FnMut(Source<'_>),
) {
    let mut walker = Walker { options, visit };
    let budget = Budget::new(bytes.len() as u64, ARCHIVE_ENTRIES_MAX);
    walker.seekable(&Locator::new(name), Cursor::new(bytes), &Level { depth: 0, budget: &budget });
}

struct Walker<'a> {
    options: &'a WalkOptions,
    visit: &'a mut dyn FnMut(Source<'_>),
}

/// How deep the walk is in containers, and what the outermost one may yet unpack to.
#[derive(Clone, Copy)]
struct Level<'a> {
    depth: usize,
    budget: &'a Budget,
}

impl Level<'_> {
    const fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Walker<'_> {
    fn skip(&mut self, locator: &Locator, reason: SkipReason) {
        (self.visit)(Source::Skipped(Skipped { locator: locator.clone(), reason }));
    }

    fn folder(&mut self, root: &Path) {
        let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry.map_err(|error| {
                let path = error.path().unwrap_or(root).to_owned();
                self.skip(&Locator::new(path), SkipReason::Unreadable);
            }) else {
                continue;
            };
            let path = entry.path();
            if entry.file_type().is_file() {
                self.file(path);
            } else if entry.file_type().is_dir() && self.options.history {
                if git::is_git_folder(path) {
                    self.repository(path);
                } else if is_object_folder(path) {
                    entries.skip_current_dir();
                }
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let locator = Locator::new(path);
        match fs::File::open(path).and_then(|file| Ok((file.metadata()?.len(), file))) {
            Ok((bytes, file)) => {
                let budget = Budget::new(bytes, ARCHIVE_ENTRIES_MAX);
                self.seekable(&locator, file, &Level { depth: 0, budget: &budget });
            }
            Err(_) => self.skip(&locator, SkipReason::Unreadable),
        }
    }

    /// A source that can be sought in: zip archives need it.
    fn seekable<R: Read + Seek>(&mut self, locator: &Locator, source: R, level: &Level<'_>) {
        let mut begun = Begun::new(source);
        if begun.container() == Some(Container::Zip) && level.depth < self.options.depth_max {
            self.zip(locator, begun.into_rest(), level);
        } else {
            let container = begun.container();
            self.flow(locator, &mut begun, container, level);
        }
    }

    /// A source inside a container.
    fn inner(&mut self, locator: &Locator, read: &mut dyn Read, level: &Level<'_>) {
        let mut begun = Begun::new(read);
        let container = begun.container();
        self.flow(locator, &mut begun, container, level);
    }

    fn flow(
        &mut self,
        locator: &Locator,
        read: &mut dyn Read,
        container: Option<Container>,
        level: &Level<'_>,
    ) {
        match container {
            None => self.data(locator, read),
            Some(_) if level.depth >= self.options.depth_max.min(ARCHIVE_DEPTH_MAX) => {
                self.skip(locator, SkipReason::TooDeep);
            }
            Some(Container::Gzip) => {
                let child = locator.child(gzip::label(&locator.name()));
                let mut read = Guarded { read: gzip::open(read), budget: level.budget };
                self.inner(&child, &mut read, &level.deeper());
            }
            Some(Container::Tar) => self.tar(locator, read, level),
            Some(Container::Zip) => {
                let limit = self.options.memory_bytes_max.min(archive::MEMORY_BYTES_MAX);
                match archive::to_memory(read, limit) {
                    Ok(bytes) => self.zip(locator, Cursor::new(bytes), level),
                    Err(error) => self.skip(locator, reason_of(&error)),
                }
            }
        }
    }

    fn zip<R: Read + Seek>(&mut self, locator: &Locator, mut source: R, level: &Level<'_>) {
        let entries = match zip::entries(&mut source) {
            Ok(entries) => entries,
            Err(error) => {
                self.skip(locator, reason_of(&error));
                // Its bytes may still hold something that is stored and not packed.
                if source.seek(SeekFrom::Start(0)).is_ok() {
                    self.data(locator, &mut source);
                }
                return;
            }
        };
        for entry in entries {
            let child = locator.child(&*entry.label);
            if let Some(reason) = spent(level.budget) {
                return self.skip(locator, reason);
            }
            match entry.open(&mut source) {
                Ok(read) => {
                    let mut read = Guarded { read, budget: level.budget };
                    self.inner(&child, &mut read, &level.deeper());
                }
                Err(error) => self.skip(&child, reason_of(&error)),
            }
        }
    }

    fn tar(&mut self, locator: &Locator, read: &mut dyn Read, level: &Level<'_>) {
        let mut labels = Labels::default();
        let mut archive = tar::Archive::default();
        loop {
            match archive.next(read) {
                Ok(Some(entry)) => {
                    if let Some(reason) = spent(level.budget) {
                        return self.skip(locator, reason);
                    }
                    let child = locator.child(labels.unique(&entry.name));
                    let mut data = Exactly { read: &mut *read, left: entry.bytes };
                    self.inner(&child, &mut data, &level.deeper());
                    archive.took(entry.bytes - data.left);
                }
                Ok(None) => return,
                Err(error) => return self.skip(locator, reason_of(&error)),
            }
        }
    }

    /// Hands out bytes; if they cannot be read to their end, says so afterwards.
    fn data(&mut self, locator: &Locator, read: &mut dyn Read) {
        let mut watched = Watched { read, failed: None };
        (self.visit)(Source::Data { locator, read: &mut watched });
        if let Some(kind) = watched.failed {
            self.skip(locator, SkipReason::of(kind));
        }
    }

    fn repository(&mut self, folder: &Path) {
        let repository = Repository::open(folder);
        let locator = Locator::new(folder);
        for (name, reason) in repository.faults() {
            self.skip(&Locator::new(folder.join(name)), *reason);
        }
        let mut commits = Vec::new();
        let mut others = Vec::new();
        for (id, place) in repository.objects() {
            match repository.header(&id, place) {
                Ok((gix_object::Kind::Tree, _)) => {}
                Ok((_, bytes)) if bytes > GIT_OBJECT_BYTES_MAX => {
                    self.skip(&locator.child(id.to_string()), SkipReason::TooLarge);
                }
                Ok((kind, _)) => {
                    commits.extend((kind == gix_object::Kind::Commit).then_some(id));
                    others.push((id, place));
                }
                Err(reason) => self.skip(&locator.child(id.to_string()), reason),
            }
        }
        let names = repository.names(&commits);
        let (mut bytes, mut total) = (Vec::new(), 0);
        for (id, place) in others {
            let child = locator.child(names.of(&id));
            match repository.read(&id, place, &mut bytes) {
                Ok(gix_object::Kind::Blob) => self.blob(&child, &bytes),
                Ok(_) => self.data(&child, &mut git::message(&bytes)),
                Err(reason) => self.skip(&child, reason),
            }
            total += bytes.len() as u64;
            if total > ARCHIVE_BYTES_MAX {
                return self.skip(&locator, SkipReason::Bomb);
            }
        }
    }

    fn blob(&mut self, locator: &Locator, bytes: &[u8]) {
        let budget = Budget::new(bytes.len() as u64, ARCHIVE_ENTRIES_MAX);
        self.seekable(locator, Cursor::new(bytes), &Level { depth: 1, budget: &budget });
    }
}

/// Why the archives of one outermost file are followed no further.
fn spent(budget: &Budget) -> Option<SkipReason> {
    if budget.is_spent() {
        return Some(SkipReason::Bomb);
    }
    (!budget.count_entry()).then_some(SkipReason::TooManyEntries)
}

const fn reason_of(error: &ReadError) -> SkipReason {
    match error {
        ReadError::Container(reason) => *reason,
        ReadError::Io(kind) => SkipReason::of(*kind),
        _ => SkipReason::Unreadable,
    }
}

/// Whether this is the object folder of a git folder, which is read as objects and not as files.
fn is_object_folder(path: &Path) -> bool {
    path.file_name() == Some(OsStr::new("objects")) && path.parent().is_some_and(git::is_git_folder)
}

/// So many bytes of a source, and how many are left; an end before that is a failure.
struct Exactly<'a> {
    read: &'a mut dyn Read,
    left: u64,
}

impl Read for Exactly<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        let read = self.read.read(&mut out[..wanted])?;
        self.left -= read as u64;
        if read == 0 && wanted > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(read)
    }
}

/// Remembers whether reading failed.
struct Watched<'a> {
    read: &'a mut dyn Read,
    failed: Option<io::ErrorKind>,
}

impl Read for Watched<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let result = self.read.read(out);
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failed = Some(error.kind());
        }
        result
    }
}
