//! The hidden files can be got back, from the folder and from history, by other software.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use doldam_synthetic::Seed;
use doldam_synthetic::corpus::{Hidden, Planted, write};

const IN_FOLDER: Hidden<'_> =
    Hidden { name: "2025-09/members.csv", bytes: b"nickname,ci\nfolder,x\n" };
const IN_HISTORY: Hidden<'_> = Hidden { name: "members.csv", bytes: b"nickname,ci\nhistory,x\n" };

fn plant(directory: &Path) -> Planted {
    write(&Seed::new(1), directory, &[IN_FOLDER], &[IN_HISTORY]).unwrap()
}

fn unzip(archive: Vec<u8>, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Runs git in `directory`; none when there is no git on this machine.
fn git(directory: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let done = command.current_dir(directory).args(arguments).output().ok()?;
    let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "git {arguments:?}: {complaint}");
    Some(done.stdout)
}

fn all_files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_archive_in_the_folder_holds_the_file_and_nothing_else_does() {
    let directory = tempfile::tempdir().unwrap();
    let planted = plant(directory.path());
    let archive = fs::read(directory.path().join(&planted.folder_archive)).unwrap();
    assert_eq!(unzip(archive, IN_FOLDER.name), IN_FOLDER.bytes);
    assert!(!directory.path().join(&planted.history_archive).exists());
    let ordinary = all_files(directory.path())
        .into_iter()
        .filter(|(path, _)| !path.starts_with(".git/"))
        .filter(|(path, _)| Path::new(path).extension() != Some(OsStr::new("zip")))
        .inspect(|(path, bytes)| {
            assert!(!bytes.windows(6).any(|six| six == b"folder" || six == b"histor"), "{path}");
        })
        .count();
    assert_eq!(ordinary, planted.ordinary_files);
}

#[test]
fn git_finds_no_fault_and_gives_the_deleted_archive_back() {
    let directory = tempfile::tempdir().unwrap();
    let planted = plant(directory.path());
    let at = directory.path();
    let Some(_) = git(at, &["fsck", "--full", "--strict"]) else {
        return;
    };
    let count = git(at, &["rev-list", "--count", "HEAD"]).unwrap();
    assert_eq!(count, b"5\n");
    let path = planted.history_archive.to_string_lossy();
    let archive = git(at, &["show", &format!("{}:{path}", planted.added_in)]).unwrap();
    assert_eq!(unzip(archive, IN_HISTORY.name), IN_HISTORY.bytes);
    let changes = git(at, &["show", "--name-status", "--format=", &planted.deleted_in]).unwrap();
    assert_eq!(String::from_utf8(changes).unwrap(), format!("D\t{path}\n"));
    git(at, &["reset", "-q"]).unwrap();
    assert_eq!(git(at, &["status", "--porcelain"]).unwrap(), b"");
}

#[test]
fn the_same_seed_gives_the_same_files_and_commits() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(plant(one.path()), plant(other.path()));
    assert_eq!(all_files(one.path()), all_files(other.path()));
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("mine.txt"), "mine").unwrap();
    let error = write(&Seed::new(1), directory.path(), &[], &[]).unwrap_err();
    assert_eq!(error.code(), "synthetic.not_empty");
    assert_eq!(all_files(directory.path()).len(), 1);
}

#[test]
fn the_lock_file_is_full_of_what_looks_like_a_ci() {
    let directory = tempfile::tempdir().unwrap();
    plant(directory.path());
    let lock = fs::read_to_string(directory.path().join("package-lock.json")).unwrap();
    let alike = lock
        .split("sha512-")
        .skip(1)
        .filter(|rest| doldam_ground::kind::ci_is_canonical(&rest[..88]))
        .count();
    assert_eq!(alike, 180);
}
