//! As much of git as it takes to leave a history behind.
//!
//! Written here, so that the demo needs no git program on the machine: loose objects, each its
//! header and content under SHA-1 and zlib, a branch and a HEAD ("Git Internals" in the Pro Git
//! book, and gitformat-loose of git's documentation). There is no index: the folder can be cloned
//! and checked, and `git reset` gives it one.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest, Sha1};

use crate::error::SyntheticError;

/// Who made every commit: an address under a reserved domain (RFC 2606).
const AUTHOR: &str = "neoulbit-dev <dev@neoulbit.example>";
const BRANCH: &str = "refs/heads/main";

/// The SHA-1 name of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ObjectId([u8; 20]);

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// A `.git` folder that is being filled.
pub(super) struct Repository {
    folder: PathBuf,
}

/// A folder of files while a tree is made: name to content.
#[derive(Default)]
struct Folder<'a> {
    files: BTreeMap<&'a str, &'a [u8]>,
    folders: BTreeMap<&'a str, Self>,
}

impl Repository {
    /// An empty repository in `folder`, with HEAD on the branch `main`.
    pub(super) fn create(folder: &Path) -> Result<Self, SyntheticError> {
        for below in ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"] {
            fs::create_dir_all(folder.join(below))?;
        }
        fs::write(folder.join("HEAD"), format!("ref: {BRANCH}\n"))?;
        let config = "[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = false\n";
        fs::write(folder.join("config"), config)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Writes the files (path with slashes to content) as blobs and trees.
    pub(super) fn tree(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> Result<ObjectId, SyntheticError> {
        let mut root = Folder::default();
        for (path, bytes) in files {
            let mut folder = &mut root;
            let mut rest = path.as_str();
            while let Some((name, below)) = rest.split_once('/') {
                folder = folder.folders.entry(name).or_default();
                rest = below;
            }
            folder.files.insert(rest, bytes);
        }
        self.folder_tree(&root)
    }

    fn folder_tree(&self, folder: &Folder<'_>) -> Result<ObjectId, SyntheticError> {
        // Git sorts a folder as if its name ended with a slash.
        let mut entries = BTreeMap::new();
        for (name, bytes) in &folder.files {
            let id = self.object("blob", bytes)?;
            entries.insert((*name).to_owned(), ("100644", *name, id));
        }
        for (name, below) in &folder.folders {
            let id = self.folder_tree(below)?;
            entries.insert(format!("{name}/"), ("40000", *name, id));
        }
        let mut content = Vec::new();
        for (mode, name, id) in entries.values() {
            content.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            content.extend_from_slice(&id.0);
        }
        self.object("tree", &content)
    }

    /// Writes a commit. `time_s` is in seconds since 1970, UTC; the zone shown is Korea's.
    pub(super) fn commit(
        &self,
        tree: ObjectId,
        parent: Option<ObjectId>,
        time_s: u64,
        message: &str,
    ) -> Result<ObjectId, SyntheticError> {
        let parent = parent.map_or_else(String::new, |id| format!("parent {id}\n"));
        let content = format!(
            "tree {tree}\n{parent}author {AUTHOR} {time_s} +0900\n\
             committer {AUTHOR} {time_s} +0900\n\n{message}\n"
        );
        self.object("commit", content.as_bytes())
    }

    /// Lets the branch end at a commit.
    pub(super) fn point_branch(&self, commit: ObjectId) -> Result<(), SyntheticError> {
        Ok(fs::write(self.folder.join(BRANCH), format!("{commit}\n"))?)
    }

    /// Writes one object, unless it is there, and gives its name.
    fn object(&self, kind: &str, content: &[u8]) -> Result<ObjectId, SyntheticError> {
        let header = format!("{kind} {}\0", content.len());
        let mut hash = Sha1::new();
        hash.update(header.as_bytes());
        hash.update(content);
        let id = ObjectId(hash.finalize().into());
        let name = id.to_string();
        let folder = self.folder.join("objects").join(&name[..2]);
        let path = folder.join(&name[2..]);
        if !path.exists() {
            fs::create_dir_all(&folder)?;
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
            packed.write_all(header.as_bytes())?;
            packed.write_all(content)?;
            fs::write(path, packed.finish()?)?;
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_the_names_that_git_gives_them() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::create(&folder.path().join(".git")).unwrap();
        let names = [
            ("blob", &b""[..], "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
            ("tree", b"", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
            ("blob", b"what is up, doc?", "bd9dbf5aae1a3862dd1526723246b20206e5fc37"),
        ];
        for (kind, content, name) in names {
            assert_eq!(repository.object(kind, content).unwrap().to_string(), name);
        }
    }
}
