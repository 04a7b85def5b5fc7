use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use doldam_scanner::SkipReason;
use doldam_scanner::walk::{WalkOptions, walk};
use proptest::prelude::*;

use crate::corpus::{Met, customers, reopened, zip};

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Nobody", "-c", "user.email=nobody@host.invalid"])
        .args(["-c", "init.defaultBranch=main", "-c", "gc.auto=0"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git is needed: this test makes a repository");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository in which nothing is left in the working tree but what was there once is not gone:
/// a zip that was added and deleted, a file that grew, a branch that was dropped.
fn repository() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("dev-repo");
    fs::create_dir_all(root.join("old")).unwrap();
    git(&root, &["init", "-q"]);
    fs::write(root.join("readme.md"), "nothing here\n").unwrap();
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "Begin"]);
    let table = customers(10, 40);
    fs::write(root.join("old/backup.zip"), zip(&[("export/users.csv", table.as_bytes())])).unwrap();
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "Add a backup"]);
    let added = git(&root, &["rev-parse", "HEAD"]);
    git(&root, &["rm", "-rq", "old"]);
    git(&root, &["commit", "-qm", "Remove it; call 010-1234-5678 about it"]);
    for rows in [50, 51, 52] {
        fs::write(root.join("grows.csv"), customers(11, rows)).unwrap();
        git(&root, &["add", "."]);
        git(&root, &["commit", "-qm", "Grow"]);
    }
    git(&root, &["rm", "-q", "grows.csv"]);
    git(&root, &["commit", "-qm", "Stop growing"]);
    fs::write(root.join("dropped.txt"), "010-9999-0000\n").unwrap();
    git(&root, &["hash-object", "-w", "dropped.txt"]);
    fs::remove_file(root.join("dropped.txt")).unwrap();
    (folder, root, added)
}

fn met(root: &Path) -> Met {
    let mut met = Met::default();
    walk(&[root.to_owned()], &WalkOptions::default(), &mut |source| met.visit(source));
    met
}

#[test]
fn what_was_deleted_is_found_in_history_loose_and_packed() {
    let (_folder, root, added) = repository();
    let loose = met(&root);
    assert_eq!(loose.skipped, []);
    let place =
        format!("{}!{}:old/backup.zip!export/users.csv", root.join(".git").display(), &added[..12]);
    assert_eq!(loose.found[&place]["ci"], 40);
    assert_eq!(reopened(&place), customers(10, 40));
    let by_seven = place.replace(&added[..12], &added[..7]);
    assert_eq!(reopened(&by_seven), customers(10, 40));
    assert_eq!(loose.total("ci"), 40 + 50 + 51 + 52);

    let dangling = loose
        .found
        .keys()
        .find(|place| loose.found[*place].len() == 1 && reopened(place).contains("010-9999-0000"));
    assert!(dangling.is_some_and(|place| place.rsplit('!').next().unwrap().len() == 40));
    let message = loose.found.keys().find(|place| {
        place.rsplit('!').next().unwrap().len() == 40 && reopened(place).contains("call 010")
    });
    assert!(message.is_some(), "messages are scanned, too");

    git(&root, &["gc", "-q", "--prune=never"]);
    assert!(fs::read_dir(root.join(".git/objects/pack")).unwrap().count() > 0);
    assert_eq!(met(&root), loose);
    assert_eq!(reopened(&place), customers(10, 40));

    git(&root, &["clone", "-q", "--bare", "--no-local", ".", "../bare.git"]);
    let bare = met(&root.with_file_name("bare.git"));
    assert_eq!(bare.total("ci"), loose.total("ci"));
}

#[test]
fn history_can_be_left_out() {
    let (_folder, root, _) = repository();
    let options = WalkOptions { history: false, ..WalkOptions::default() };
    let mut met = Met::default();
    walk(&[root], &options, &mut |source| met.visit(source));
    assert_eq!(met.total("ci"), 0);
}

#[test]
fn other_hashes_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "--object-format=sha256"]);
    let met = met(folder.path());
    assert_eq!(
        met.skipped.iter().map(|skipped| skipped.1).collect::<Vec<_>>(),
        [SkipReason::HashKind]
    );
}

/// All files of the packed repository, read once and damaged again and again.
fn packed() -> Vec<(PathBuf, Vec<u8>)> {
    let (_folder, root, _) = repository();
    git(&root, &["gc", "-q", "--prune=now"]);
    let git_folder = root.join(".git");
    let mut files = vec![(PathBuf::from("HEAD"), b"ref: refs/heads/main\n".to_vec())];
    for entry in fs::read_dir(git_folder.join("objects/pack")).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_owned();
        if ending == "pack" || ending == "idx" {
            files.push((
                Path::new("objects/pack/pack-x").with_extension(ending),
                fs::read(path).unwrap(),
            ));
        }
    }
    assert_eq!(files.len(), 3);
    files
}

#[test]
fn damaged_packs_never_panic_and_are_reported() {
    let files = packed();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    let damage = (
        any::<bool>(),
        proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        prop::option::of(any::<prop::sample::Index>()),
    );
    runner
        .run(&damage, |(in_index, changes, cut)| {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join("objects/pack")).unwrap();
            fs::create_dir_all(folder.path().join("refs")).unwrap();
            for (path, bytes) in &files {
                let mut bytes = bytes.clone();
                let is_index = path.extension().is_some_and(|ending| ending == "idx");
                if path.extension().is_some() && is_index == in_index {
                    for (place, value) in &changes {
                        let place = place.index(bytes.len());
                        bytes[place] ^= value;
                    }
                    if let Some(cut) = cut {
                        bytes.truncate(cut.index(bytes.len()));
                    }
                }
                fs::write(folder.path().join(path), bytes).unwrap();
            }
            let met = met(folder.path());
            prop_assert!(met.total("ci") >= 193 || !met.skipped.is_empty() || in_index);
            Ok(())
        })
        .unwrap();
}
