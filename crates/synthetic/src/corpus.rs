//! A developer's repository with leaked files in it, and much that only looks like them.
//!
//! The file of the story lay on a developer platform. Nobody leaves such a file at the top: it is
//! in an archive in a folder called `old`, or it was committed once, in an archive, and deleted in
//! the next commit, so that it is gone for whoever looks at the files and there for whoever looks
//! at the history. Around it stand the ordinary contents of a repository: sources, a lock file
//! whose integrity lines are 88 base64 characters like a CI, logs full of long numbers.

mod files;
mod git;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::SyntheticError;
use crate::seed::Seed;
use git::Repository;

/// Where the archive lies that was never committed.
const FOLDER_ARCHIVE: &str = "old/2025/handover/backup_20250902.zip";
/// Where the archive lay that was committed and deleted.
const HISTORY_ARCHIVE: &str = "data/import/members.zip";
/// Seconds since 1970 of the first commit: 2025-09-03, 10:12 in Korea. A commit a day follows.
const FIRST_COMMIT_S: u64 = 1_756_861_920;

/// A file to be hidden.
#[derive(Clone, Copy)]
pub struct Hidden<'a> {
    /// Its name inside the archive, slashes allowed: `2025-09/members.csv`.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Where everything went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The archive with the files hidden in a folder, relative to the repository.
    pub folder_archive: PathBuf,
    /// The archive with the files hidden in history, relative to the repository; not among the
    /// files any more.
    pub history_archive: PathBuf,
    /// The commit that added it, 40 hexadecimal digits.
    pub added_in: String,
    /// The commit that deleted it.
    pub deleted_in: String,
    /// Number of ordinary files, in none of which there is a person.
    pub ordinary_files: usize,
}

/// Writes the repository into `directory`, which must be empty or not exist yet.
///
/// `in_folder` is hidden in an archive among the files, `in_history` in one that was committed and
/// deleted. The same seed and files give the same commits. Errors:
/// [`SyntheticError::NotEmpty`], [`SyntheticError::Io`], [`SyntheticError::Archive`].
pub fn write(
    seed: &Seed,
    directory: &Path,
    in_folder: &[Hidden<'_>],
    in_history: &[Hidden<'_>],
) -> Result<Planted, SyntheticError> {
    fs::create_dir_all(directory)?;
    if fs::read_dir(directory)?.next().is_some() {
        return Err(SyntheticError::NotEmpty);
    }
    let committed = files::committed(&seed.child("committed"));
    let uncommitted = files::uncommitted(&seed.child("uncommitted"));
    for (path, bytes) in committed.iter().chain(&uncommitted) {
        put(directory, path, bytes)?;
    }
    put(directory, FOLDER_ARCHIVE, &archive(in_folder)?)?;
    let (added_in, deleted_in) = history(directory, &committed, &archive(in_history)?)?;
    Ok(Planted {
        folder_archive: FOLDER_ARCHIVE.into(),
        history_archive: HISTORY_ARCHIVE.into(),
        added_in,
        deleted_in,
        ordinary_files: committed.len() + uncommitted.len(),
    })
}

/// Five commits; the archive comes with the third and goes with the fourth.
fn history(
    directory: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    archive: &[u8],
) -> Result<(String, String), SyntheticError> {
    let repository = Repository::create(&directory.join(".git"))?;
    let part = |keep: fn(&str) -> bool| -> BTreeMap<String, Vec<u8>> {
        let kept = files.iter().filter(|(path, _)| keep(path));
        kept.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    };
    let start = part(|path| !path.contains('/'));
    let sources = part(|path| !path.starts_with("test/"));
    let mut with_archive = sources.clone();
    with_archive.insert(HISTORY_ARCHIVE.to_owned(), archive.to_vec());
    let steps = [
        ("Set the project up", start),
        ("Add collections, drops and the wallet", sources.clone()),
        ("Import the pre-registered members", with_archive),
        ("Remove the import file", sources),
        ("Add tests", files.clone()),
    ];
    let mut commits: Vec<git::ObjectId> = Vec::new();
    for (day, (message, snapshot)) in (0_u64..).zip(&steps) {
        let tree = repository.tree(snapshot)?;
        let time_s = FIRST_COMMIT_S + day * 86_400;
        commits.push(repository.commit(tree, commits.last().copied(), time_s, message)?);
    }
    repository.point_branch(commits[4])?;
    Ok((commits[2].to_string(), commits[3].to_string()))
}

fn put(directory: &Path, path: &str, bytes: &[u8]) -> Result<(), SyntheticError> {
    let path = directory.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, bytes)?)
}

/// A ZIP archive (deflate, times fixed at the format's first day) of the files and a note.
fn archive(hidden: &[Hidden<'_>]) -> Result<Vec<u8>, SyntheticError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::DEFAULT);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let note = Hidden {
        name: "note.txt", bytes: "받은 파일. 테스트 후 삭제할 것.\n".as_bytes()
    };
    for file in hidden.iter().chain([&note]) {
        writer.start_file(file.name, options).map_err(|_| SyntheticError::Archive)?;
        writer.write_all(file.bytes)?;
    }
    let done = writer.finish().map_err(|_| SyntheticError::Archive)?;
    Ok(done.into_inner())
}
