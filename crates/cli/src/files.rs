//! Files that we write for people: readable by their owner only, whole or not there, never over
//! something that was there before.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::file_failure;

/// The folder of a file; the current one for a bare name.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Refuses a path where there is something already, before any work is done for it.
pub(crate) fn require_new(path: &Path) -> anyhow::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(file_failure("write", path, &std::io::ErrorKind::AlreadyExists.into()));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(file_failure("write into", &folder, &std::io::ErrorKind::NotFound.into()));
    }
    Ok(())
}

/// Writes a new file: beside its place first, flushed, then put there in one step.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    put(path, bytes, false)
}

/// Writes a file in one step, over the one that was there.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    put(path, bytes, true)
}

fn put(path: &Path, bytes: &[u8], over: bool) -> anyhow::Result<()> {
    let failed = |error: std::io::Error| file_failure("write", path, &error);
    let folder = folder_of(path);
    let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    if over {
        file.persist(path).map_err(|error| failed(error.error))?;
    } else {
        file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    }
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_was_there_stays_and_what_is_new_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drop.csv");
        require_new(&path).unwrap();
        write_new(&path, b"one").unwrap();
        assert!(require_new(&path).is_err());
        assert!(write_new(&path, b"two").is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        replace(&path, b"three").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(require_new(&folder.path().join("none/drop.csv")).is_err());
    }
}
