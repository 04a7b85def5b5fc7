//! One process at a time.

use doldam_store::{FolderLock, StoreError};

#[test]
fn a_folder_is_held_once() {
    let folder = tempfile::tempdir().unwrap();
    let lock = FolderLock::take(folder.path()).unwrap();
    assert_eq!(FolderLock::take(folder.path()).map(drop), Err(StoreError::Locked));
    drop(lock);
    let again = FolderLock::take(folder.path()).unwrap();
    let other = tempfile::tempdir().unwrap();
    FolderLock::take(other.path()).unwrap();
    drop(again);
}

#[test]
fn a_missing_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    assert!(matches!(FolderLock::take(&missing), Err(StoreError::Io { .. })));
}
