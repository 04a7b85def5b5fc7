//! Git repositories: every object of the object database, reachable or not.
//!
//! A file that was committed once and deleted in the next commit is still in the repository, and so
//! is one whose branch was dropped. So this does not follow branches: it lists what is stored, loose
//! and packed, and gives each blob a name by walking the trees of all commits, the oldest first. A
//! blob that no commit holds is named by its object id.
//!
//! Packs are read by a library. It is careful with broken ones; should it panic nevertheless, the
//! panic is caught here and the object is reported as corrupt.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use doldam_ground::limits::{ARCHIVE_RATIO_MAX, GIT_OBJECT_BYTES_MAX};
use gix_hash::{Kind as HashKind, ObjectId, Prefix};
use gix_object::Kind;
use gix_pack::cache::lru::StaticLinkedList;
use gix_pack::data::decode::{entry, header};
use gix_pack::{MMap, data, index};
use gix_zlib::Inflate;

use super::ReadError;
use super::archive::{SkipReason, entry_name};

/// Deepest folder that is followed.
const TREE_DEPTH_MAX: usize = 256;
/// Longest path that is kept, in bytes.
const PATH_BYTES_MAX: usize = 4 << 10;
/// How much of decoded deltas' bases is kept, in bytes.
const CACHE_BYTES: usize = 64 << 20;
/// How many hexadecimal digits of a commit's id a name begins with.
const SHORT_DIGITS: usize = 12;

/// Whether a folder is a git folder (`.git`, or a bare repository).
pub(crate) fn is_git_folder(path: &Path) -> bool {
    path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir()
}

/// Where an object is stored.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Loose,
    Packed { pack: usize, offset: u64 },
}

struct Pack {
    index: index::File<MMap>,
    data: data::File<MMap>,
    /// Largest object that a pack of this length can honestly hold, in bytes: what it says beyond
    /// that would be believed only to make room for it.
    bytes_max: u64,
}

/// What is needed to decode, used again from object to object.
struct Tools {
    inflate: Inflate,
    cache: StaticLinkedList<64>,
}

/// A repository that is open for reading.
pub(crate) struct Repository {
    objects: PathBuf,
    packs: Vec<Pack>,
    /// Packs that cannot be read, by file name.
    faults: Vec<(String, SkipReason)>,
    tools: RefCell<Tools>,
}

impl Repository {
    /// Opens the object database of a git folder; packs that cannot be opened become faults.
    pub(crate) fn open(folder: &Path) -> Self {
        let folder = if folder.join(".git").is_dir() { folder.join(".git") } else { folder.into() };
        let mut repository = Self {
            objects: folder.join("objects"),
            packs: Vec::new(),
            faults: Vec::new(),
            tools: RefCell::new(Tools {
                inflate: Inflate::default(),
                cache: StaticLinkedList::new(CACHE_BYTES),
            }),
        };
        if uses_other_hash(&folder) {
            repository.faults.push(("objects".to_owned(), SkipReason::HashKind));
            return repository;
        }
        for path in files_in(&repository.objects.join("pack")) {
            if path.extension().is_some_and(|ending| ending == "pack") {
                match guarded(|| open_pack(&path)) {
                    Ok(pack) => repository.packs.push(pack),
                    Err(reason) => {
                        let name = path.file_name().unwrap_or_default().to_string_lossy();
                        repository.faults.push((format!("objects/pack/{name}"), reason));
                    }
                }
            }
        }
        repository
    }

    /// The packs that could not be opened, and why.
    pub(crate) fn faults(&self) -> &[(String, SkipReason)] {
        &self.faults
    }

    /// Every object once: pack after pack in the order in which they are stored, then loose ones.
    pub(crate) fn objects(&self) -> Vec<(ObjectId, Place)> {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for (pack, files) in self.packs.iter().enumerate() {
            let mut entries: Vec<_> = guarded(|| {
                Ok(files.index.iter().map(|entry| (entry.pack_offset, entry.oid)).collect())
            })
            .unwrap_or_default();
            entries.sort_unstable();
            for (offset, id) in entries {
                if seen.insert(id) {
                    all.push((id, Place::Packed { pack, offset }));
                }
            }
        }
        for id in self.loose() {
            if seen.insert(id) {
                all.push((id, Place::Loose));
            }
        }
        all
    }

    fn loose(&self) -> Vec<ObjectId> {
        let mut ids = Vec::new();
        for folder in files_in(&self.objects) {
            let first = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if first.len() != 2 || !folder.is_dir() {
                continue;
            }
            for file in files_in(&folder) {
                let rest = file.file_name().unwrap_or_default().to_string_lossy();
                ids.extend(object_id(&format!("{first}{rest}")));
            }
        }
        ids
    }

    /// What an object is, and how many bytes it has, from its header.
    pub(crate) fn header(&self, id: &ObjectId, place: Place) -> Result<(Kind, u64), SkipReason> {
        match place {
            Place::Loose => self.loose_header(id).map(|(kind, bytes, _)| (kind, bytes)),
            Place::Packed { pack, offset } => guarded(|| {
                let pack = &self.packs[pack];
                let tools = &mut *self.tools.borrow_mut();
                let found = pack.data.entry(offset).and_then(|entry| {
                    pack.data.decode_header(entry, &mut tools.inflate, &|base| {
                        base_in(pack, base).map_or(Ok(None), |offset| {
                            pack.data.entry(offset).map(|e| Some(header::ResolvedBase::InPack(e)))
                        })
                    })
                });
                found.map(|found| (found.kind, found.object_size)).map_err(|_| SkipReason::Corrupt)
            }),
        }
    }

    /// Reads an object into `out`; [`SkipReason::TooLarge`] beyond [`GIT_OBJECT_BYTES_MAX`].
    pub(crate) fn read(
        &self,
        id: &ObjectId,
        place: Place,
        out: &mut Vec<u8>,
    ) -> Result<Kind, SkipReason> {
        out.clear();
        let (kind, bytes) = self.header(id, place)?;
        if bytes > GIT_OBJECT_BYTES_MAX {
            return Err(SkipReason::TooLarge);
        }
        match place {
            Place::Loose => {
                let (_, _, rest) = self.loose_header(id)?;
                inflate_whole(rest, bytes, out)?;
            }
            Place::Packed { pack, offset } => guarded(|| {
                let pack = &self.packs[pack];
                let packed = pack.data.entry(offset).map_err(|_| SkipReason::Corrupt)?;
                if packed.header.is_base() {
                    return inflate_whole(inflated(pack, &packed)?, bytes, out);
                }
                if bytes > pack.bytes_max {
                    return Err(SkipReason::TooLarge);
                }
                let tools = &mut *self.tools.borrow_mut();
                let decoded = pack.data.entry(offset).and_then(|packed| {
                    let resolve = |base: &gix_hash::oid, _: &mut Vec<u8>| {
                        base_in(pack, base).map_or(Ok(None), |offset| {
                            pack.data.entry(offset).map(|e| Some(entry::ResolvedBase::InPack(e)))
                        })
                    };
                    let Tools { inflate, cache } = tools;
                    pack.data.decode_entry(packed, out, inflate, &resolve, cache)
                });
                decoded.map(|_| ()).map_err(|_| SkipReason::Corrupt)
            })?,
        }
        Ok(kind)
    }

    fn loose_header(&self, id: &ObjectId) -> Result<(Kind, u64, impl Read + use<>), SkipReason> {
        let name = id.to_string();
        let path = self.objects.join(&name[..2]).join(&name[2..]);
        let file = fs::File::open(path).map_err(|_| SkipReason::Unreadable)?;
        let mut inflated = flate2::read::ZlibDecoder::new(file);
        let mut header = Vec::new();
        let mut byte = [1];
        while byte[0] != 0 && header.len() < 32 {
            inflated.read_exact(&mut byte).map_err(|_| SkipReason::Corrupt)?;
            header.push(byte[0]);
        }
        header.pop();
        let text = std::str::from_utf8(&header).map_err(|_| SkipReason::Corrupt)?;
        let (kind, bytes) = text.split_once(' ').ok_or(SkipReason::Corrupt)?;
        let kind = Kind::from_bytes(kind.as_bytes()).map_err(|_| SkipReason::Corrupt)?;
        let bytes = bytes.parse().map_err(|_| SkipReason::Corrupt)?;
        Ok((kind, bytes, inflated))
    }

    /// Where an object is stored, if it is.
    fn place(&self, id: &ObjectId) -> Option<Place> {
        let packed = self.packs.iter().enumerate().find_map(|(pack, files)| {
            base_in(files, id).map(|offset| Place::Packed { pack, offset })
        });
        packed.or_else(|| self.loose_header(id).is_ok().then_some(Place::Loose))
    }

    fn read_kind(&self, id: &ObjectId, wanted: Kind) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let kind = self.read(id, self.place(id)?, &mut out).ok()?;
        (kind == wanted).then_some(out)
    }

    /// Reads `commit:path/to/file`, or an object by its id; ids may be shortened.
    ///
    /// Of a commit or tag this is the message.
    pub(crate) fn read_named(&self, name: &str) -> Result<Vec<u8>, ReadError> {
        let (short, path) =
            name.split_once(':').map_or((name, None), |(id, path)| (id, Some(path)));
        let mut id = self.find(short).ok_or(ReadError::NotFound)?;
        if let Some(path) = path {
            let commit = self.read_kind(&id, Kind::Commit).ok_or(ReadError::NotFound)?;
            id = Commit::parse(id, &commit).ok_or(ReadError::NotFound)?.tree;
            for step in path.split('/') {
                let tree = self.read_kind(&id, Kind::Tree).ok_or(ReadError::NotFound)?;
                let found = tree_entries(&tree).find(|entry| entry_name(entry.name) == step);
                id = found.ok_or(ReadError::NotFound)?.id;
            }
        }
        let place = self.place(&id).ok_or(ReadError::NotFound)?;
        let mut out = Vec::new();
        let kind = self.read(&id, place, &mut out).map_err(ReadError::Container)?;
        if matches!(kind, Kind::Commit | Kind::Tag) {
            out = message(&out).to_vec();
        }
        Ok(out)
    }

    /// The one object whose id begins with these digits.
    fn find(&self, short: &str) -> Option<ObjectId> {
        if let Some(id) = object_id(short) {
            return Some(id);
        }
        let prefix = Prefix::from_hex(short).ok()?;
        let matches = |id: &ObjectId| prefix.cmp_oid(id).is_eq();
        let mut found = self.loose().into_iter().filter(matches);
        found.next().or_else(|| {
            self.packs.iter().find_map(|pack| {
                guarded(|| {
                    let entry = pack.index.lookup_prefix(prefix, None);
                    let entry = entry.and_then(Result::ok).ok_or(SkipReason::Corrupt)?;
                    Ok(pack.index.oid_at_index(entry).to_owned())
                })
                .ok()
            })
        })
    }

    /// Names every blob that one of these commits holds: `commit:path`, in the oldest of them.
    pub(crate) fn names(&self, commits: &[ObjectId]) -> Names {
        let mut commits: Vec<Commit> = commits
            .iter()
            .filter_map(|id| Commit::parse(*id, &self.read_kind(id, Kind::Commit)?))
            .collect();
        commits.sort_unstable_by_key(|commit| (commit.seconds, commit.id));
        let mut names = Names { commits: Vec::new(), paths: HashMap::new() };
        let mut seen = HashSet::new();
        for commit in commits {
            names.commits.push(commit.id);
            self.name_tree(commit.tree, &mut names, &mut seen);
        }
        names
    }

    /// Names the blobs under one tree; trees that were seen under another commit are not new.
    fn name_tree(&self, root: ObjectId, names: &mut Names, seen: &mut HashSet<ObjectId>) {
        let commit = names.commits.len() - 1;
        let mut left = vec![(root, String::new(), 0)];
        while let Some((id, path, depth)) = left.pop() {
            if depth > TREE_DEPTH_MAX || path.len() > PATH_BYTES_MAX || !seen.insert(id) {
                continue;
            }
            let Some(tree) = self.read_kind(&id, Kind::Tree) else {
                continue;
            };
            for entry in tree_entries(&tree) {
                let name = entry_name(entry.name);
                let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                match entry.mode {
                    b"40000" | b"040000" => left.push((entry.id, path, depth + 1)),
                    b"160000" => {}
                    _ => {
                        names.paths.entry(entry.id).or_insert_with(|| (commit, path.into()));
                    }
                }
            }
        }
    }
}

/// The names of a repository's blobs.
pub(crate) struct Names {
    commits: Vec<ObjectId>,
    paths: HashMap<ObjectId, (usize, Box<str>)>,
}

impl Names {
    /// `commit:path` of a blob, or its id when no commit holds it.
    pub(crate) fn of(&self, id: &ObjectId) -> String {
        match self.paths.get(id) {
            Some((commit, path)) => {
                let commit = self.commits[*commit].to_string();
                format!("{}:{path}", &commit[..SHORT_DIGITS])
            }
            None => id.to_string(),
        }
    }
}

struct Commit {
    id: ObjectId,
    tree: ObjectId,
    seconds: i64,
}

impl Commit {
    /// Reads tree and commit time; a time that is not there counts as the oldest.
    fn parse(id: ObjectId, bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let tree = lines.next()?.strip_prefix(b"tree ")?;
        let tree = object_id(std::str::from_utf8(tree).ok()?)?;
        let committer = lines
            .take_while(|line| !line.is_empty())
            .find_map(|line| line.strip_prefix(b"committer "))
            .unwrap_or(b"");
        let seconds = committer.rsplit(|byte| *byte == b' ').nth(1).unwrap_or(b"");
        let seconds = std::str::from_utf8(seconds).ok().and_then(|text| text.parse().ok());
        Some(Self { id, tree, seconds: seconds.unwrap_or(i64::MIN) })
    }
}

/// What stands behind the header of a commit or tag.
pub(crate) fn message(bytes: &[u8]) -> &[u8] {
    memchr::memmem::find(bytes, b"\n\n").map_or(&[], |at| &bytes[at + 2..])
}

struct TreeEntry<'a> {
    mode: &'a [u8],
    name: &'a [u8],
    id: ObjectId,
}

/// The entries of a tree object, up to the first that is broken.
fn tree_entries(mut rest: &[u8]) -> impl Iterator<Item = TreeEntry<'_>> {
    std::iter::from_fn(move || {
        let blank = memchr::memchr(b' ', rest)?;
        let end = memchr::memchr(0, rest)?;
        let name = rest.get(blank + 1..end)?;
        let id = ObjectId::try_from(rest.get(end + 1..end + 21)?).ok()?;
        let mode = &rest[..blank];
        rest = &rest[end + 21..];
        Some(TreeEntry { mode, name, id })
    })
}

/// A whole SHA-1 id.
fn object_id(hex: &str) -> Option<ObjectId> {
    (hex.len() == 40).then(|| ObjectId::from_hex(hex.as_bytes()).ok()).flatten()
}

fn base_in(pack: &Pack, id: &gix_hash::oid) -> Option<u64> {
    guarded(|| {
        let entry = pack.index.lookup(id).ok_or(SkipReason::Corrupt)?;
        Ok(pack.index.pack_offset_at_index(entry))
    })
    .ok()
}

/// The bytes behind an entry's header, unpacked as they are asked for.
fn inflated<'a>(pack: &'a Pack, packed: &data::Entry) -> Result<impl Read + use<'a>, SkipReason> {
    let rest = packed.data_offset..pack.data.pack_end() as u64;
    let rest = pack.data.entry_slice(rest).ok_or(SkipReason::Corrupt)?;
    Ok(flate2::read::ZlibDecoder::new(rest))
}

/// Unpacks exactly `bytes` bytes into `out`, which grows with what really comes: what a header says
/// makes no room.
fn inflate_whole(packed: impl Read, bytes: u64, out: &mut Vec<u8>) -> Result<(), SkipReason> {
    packed.take(bytes.saturating_add(1)).read_to_end(out).map_err(|_| SkipReason::Corrupt)?;
    if out.len() as u64 == bytes { Ok(()) } else { Err(SkipReason::Corrupt) }
}

fn open_pack(path: &Path) -> Result<Pack, SkipReason> {
    let index = index::File::at(path.with_extension("idx"), HashKind::Sha1);
    let data = data::File::at(path, HashKind::Sha1);
    let (Ok(index), Ok(data)) = (index, data) else {
        return Err(SkipReason::Corrupt);
    };
    // Walks the whole index once, so that a broken one shows here and not as missing objects.
    if index.iter().count() != usize::try_from(data.num_objects()).unwrap_or(usize::MAX) {
        return Err(SkipReason::Corrupt);
    }
    let bytes_max = (data.data_len() as u64).saturating_mul(ARCHIVE_RATIO_MAX);
    let bytes_max = bytes_max.min(GIT_OBJECT_BYTES_MAX);
    let limit = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    Ok(Pack { index, data: data.with_alloc_limit_bytes(Some(limit)), bytes_max })
}

/// Runs a step of the library and takes a panic of it for corruption.
fn guarded<T>(step: impl FnOnce() -> Result<T, SkipReason>) -> Result<T, SkipReason> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or(Err(SkipReason::Corrupt))
}

fn uses_other_hash(folder: &Path) -> bool {
    let config = fs::read_to_string(folder.join("config")).unwrap_or_default();
    config.lines().any(|line| {
        let line = line.to_ascii_lowercase().replace([' ', '\t'], "");
        line.strip_prefix("objectformat=").is_some_and(|hash| hash != "sha1")
    })
}

/// The entries of a folder, sorted; none when it cannot be read.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const BLOB: u8 = 3;
    const OFFSET_DELTA: u8 = 6;
    const HEAD: usize = 12;

    /// A type and a size as they stand before an entry of a pack (gitformat-pack).
    fn entry_header(kind: u8, mut bytes: u64) -> Vec<u8> {
        let mut header = vec![(kind << 4) | (bytes & 15) as u8];
        bytes >>= 4;
        while bytes > 0 {
            *header.last_mut().unwrap() |= 0x80;
            header.push((bytes & 127) as u8);
            bytes >>= 7;
        }
        header
    }

    fn varint(mut number: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while number > 127 {
            out.push(0x80 | (number & 127) as u8);
            number >>= 7;
        }
        out.push(u8::try_from(number).unwrap());
        out
    }

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    /// A repository with one pack of these entries, whose ids are 01…, 02…, in that order.
    fn repository(entries: &[Vec<u8>]) -> (tempfile::TempDir, Repository) {
        let folder = tempfile::tempdir().unwrap();
        let packs = folder.path().join("objects/pack");
        fs::create_dir_all(&packs).unwrap();
        let count = u32::try_from(entries.len()).unwrap().to_be_bytes();
        let mut pack = [&b"PACK"[..], &2_u32.to_be_bytes(), &count].concat();
        let mut offsets = Vec::new();
        for entry in entries {
            offsets.extend(u32::try_from(pack.len()).unwrap().to_be_bytes());
            pack.extend(entry);
        }
        pack.extend([7; 20]);
        let mut index = [&[0xFF][..], b"tOc", &2_u32.to_be_bytes()].concat();
        for first in 0..256 {
            let below = first.min(entries.len());
            index.extend(u32::try_from(below).unwrap().to_be_bytes());
        }
        for number in 1..=entries.len() {
            index.extend([u8::try_from(number).unwrap(); 20]);
        }
        index.extend(vec![0; 4 * entries.len()]);
        index.extend(offsets);
        index.extend([7; 40]);
        fs::write(packs.join("pack-a.pack"), pack).unwrap();
        fs::write(packs.join("pack-a.idx"), index).unwrap();
        let repository = Repository::open(folder.path());
        assert!(repository.faults().is_empty());
        (folder, repository)
    }

    /// What comes of the object that is stored at `offset`, and the room that was made for it.
    fn read(repository: &Repository, offset: usize) -> (Result<Vec<u8>, SkipReason>, usize) {
        let mut out = Vec::new();
        let id = ObjectId::from_hex([b'1'; 40].as_slice()).unwrap();
        let place = Place::Packed { pack: 0, offset: offset as u64 };
        let end = repository.read(&id, place, &mut out);
        let room = out.capacity();
        (end.map(|_| out), room)
    }

    #[test]
    fn an_honest_pack_is_read() {
        let plain = b"nickname,ci\n".repeat(50);
        let blob = [entry_header(BLOB, plain.len() as u64), packed(&plain)].concat();
        // Copies all of the base, then adds two bytes.
        let bytes = u16::try_from(plain.len()).unwrap().to_le_bytes();
        let copy = [&[0x80 | 0x30][..], &bytes, &[2, b'o', b'k']].concat();
        let sizes = [varint(plain.len() as u64), varint(plain.len() as u64 + 2)].concat();
        let delta = [sizes, copy].concat();
        let distance = u8::try_from(blob.len()).unwrap();
        let second =
            [entry_header(OFFSET_DELTA, delta.len() as u64), vec![distance], packed(&delta)]
                .concat();
        let at = HEAD + blob.len();
        let (_folder, repository) = repository(&[blob, second]);
        assert_eq!(read(&repository, HEAD).0, Ok(plain.clone()));
        assert_eq!(read(&repository, at).0, Ok([&plain[..], b"ok"].concat()));
    }

    #[test]
    fn what_a_small_pack_claims_makes_no_room() {
        let huge = GIT_OBJECT_BYTES_MAX - 1;
        let liar = [entry_header(BLOB, huge), packed(b"a few bytes")].concat();
        let (_folder, repository) = repository(&[liar]);
        let (end, room) = read(&repository, HEAD);
        assert_eq!(end, Err(SkipReason::Corrupt));
        assert!(room < 1 << 20, "{room} bytes of room");

        let blob = [entry_header(BLOB, 4), packed(b"base")].concat();
        let delta = [varint(4), varint(huge), vec![0x90, 4]].concat();
        let distance = u8::try_from(blob.len()).unwrap();
        let liar = [entry_header(OFFSET_DELTA, delta.len() as u64), vec![distance], packed(&delta)]
            .concat();
        let at = HEAD + blob.len();
        let (_folder, repository) = self::repository(&[blob, liar]);
        let (end, room) = read(&repository, at);
        assert_eq!(end, Err(SkipReason::TooLarge));
        assert!(room < 1 << 20, "{room} bytes of room");
    }

    #[test]
    fn a_blob_that_says_less_than_it_holds_is_corrupt() {
        let blob = [entry_header(BLOB, 3), packed(b"more than three")].concat();
        let (_folder, repository) = repository(&[blob]);
        assert_eq!(read(&repository, HEAD).0, Err(SkipReason::Corrupt));
    }
}
