//! Commands that are run by the server, for somebody at a terminal.
//!
//! A server holds its data folder, and with it the keys in memory. A second process could not open
//! the folder, and should not: two would write one chain. So a command that needs the vault is an
//! *errand*: it hands its arguments to the server through a socket in the data folder, the server
//! runs the very same function over its open vault, and the words come back. No command has a
//! second implementation, and none has to know where it runs.
//!
//! Whoever may read the folder's keys may hand in errands: the socket is for its owner only, and the
//! server asks the kernel who is at the other end. So no passphrase is asked for; a member of staff
//! still proves who they are.

pub(crate) mod counter;
pub(crate) mod messenger;
pub(crate) mod seat;
mod wire;

use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

/// The socket's name in a data folder.
pub(crate) const NAME: &str = "doldam.sock";

/// What a command needs of a data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing: it runs beside anything.
    Nothing,
    /// The open vault: a server's, or its own.
    Vault,
    /// The folder for itself: nobody else may hold it.
    Alone,
}

/// A way to the socket that is short however long the folder's path is: the name of a socket has at
/// most 107 bytes (unix(7)), and the way through an open folder has few. The folder must stay open
/// while the way is used.
struct Way {
    _folder: OwnedFd,
    path: PathBuf,
}

impl Way {
    fn to(folder: &Path) -> std::io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(folder, flags, Mode::empty())?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd()));
        Ok(Self { _folder: folder, path })
    }
}
