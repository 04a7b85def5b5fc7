//! One process at a time on a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::StoreError;

/// The right to use a data folder. The operating system takes it back when the process ends,
/// however it ends, so no stale lock has ever to be removed by hand.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Locks `folder`, which must exist, through the file `lock` in it.
    ///
    /// Fails with [`StoreError::Locked`] while another process, or another lock of this one, holds
    /// it.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
