//! The counter: where a server takes errands.
//!
//! A socket in the data folder, for the owner of the server's process and for root; the kernel says
//! who is at the other end (SO_PEERCRED, unix(7)). Each errand has a thread, which stands in the
//! folder in which the command was typed, so that paths mean what they meant there. Sizes, number
//! and waiting times are bounded, because even our own programs have bugs.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use doldam_vault::Vault;
use rustix::fs::Mode;
use rustix::process::Uid;
use rustix::thread::UnshareFlags;

use super::seat::{self, Caller, Ear};
use super::wire::{self, Kind, Request};
use super::{NAME, Way};
use crate::failure::{ERROR, NOT_READY, failure, file_failure};

/// Most errands at a time.
const ERRANDS_MAX: usize = 16;
/// Longest wait for the next piece of a request.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// Longest wait for what a person types, or for their standard input to go on.
const ANSWER_TIME: Duration = Duration::from_mins(10);
/// Longest wait until what was said is read: somebody may sit in a pager.
const READ_TIME: Duration = Duration::from_hours(1);
/// At the stop: longest wait for errands to end, and then for those whose callers were left.
const STOP_TIME: Duration = Duration::from_secs(30);
const LEAVE_TIME: Duration = Duration::from_secs(5);
/// Pause when the system has no more open files to give.
const PAUSE: Duration = Duration::from_millis(50);
/// What a thread gets for its calls: as much as the main thread, under which commands run elsewhere.
const STACK_BYTES: usize = 8 << 20;
/// The program's version, which must be that of whoever hands in an errand.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs a command line (the program's name first) as a member of staff or as nobody of them, for the
/// caller of this thread, and gives its exit code.
pub(crate) type Run = fn(&[OsString], Option<String>) -> u8;

/// An open counter.
pub(crate) struct Counter {
    desk: Arc<Desk>,
    folder: PathBuf,
    thread: JoinHandle<()>,
}

/// What all errands share.
struct Desk {
    vault: Arc<Vault>,
    run: Run,
    is_closing: AtomicBool,
    visits: Mutex<Vec<Visit>>,
    left: Condvar,
}

/// An errand that is being run: a number, and the way to its caller, to end it by.
struct Visit(u64, UnixStream);

impl Counter {
    /// Opens the counter in a data folder that this process holds. A socket that is there is of a
    /// process that died.
    pub(crate) fn open(folder: &Path, vault: Arc<Vault>, run: Run) -> anyhow::Result<Self> {
        let path = folder.join(NAME);
        match path.symlink_metadata() {
            Ok(there) if there.file_type().is_socket() => {
                std::fs::remove_file(&path)
                    .map_err(|error| file_failure("remove", &path, &error))?;
            }
            Ok(_) => {
                let what = format!("{} is not the socket of a server", path.display());
                return Err(failure(what, "move it away, then repeat"));
            }
            Err(_) => {}
        }
        let listener = listen(folder).map_err(|error| file_failure("listen on", &path, &error))?;
        let desk = Arc::new(Desk {
            vault,
            run,
            is_closing: AtomicBool::new(false),
            visits: Mutex::default(),
            left: Condvar::new(),
        });
        let working = Arc::clone(&desk);
        let thread = Builder::new().name("counter".to_owned()).spawn(move || {
            take_errands(&working, &listener);
        })?;
        Ok(Self { desk, folder: folder.to_owned(), thread })
    }

    /// Takes no more errands, waits for those that run, and removes the socket. An errand that does
    /// not end is left: what it has not written is given up by the next process.
    pub(crate) fn close(self) {
        self.desk.is_closing.store(true, Ordering::SeqCst);
        // A caller of our own wakes the thread that waits for one.
        let woken = Way::to(&self.folder).and_then(|way| UnixStream::connect(&way.path));
        if woken.is_ok() {
            let _ = self.thread.join();
        }
        let _ = std::fs::remove_file(self.folder.join(NAME));
        if !self.desk.wait_until_empty(STOP_TIME) {
            for Visit(_, stream) in self.desk.visits().iter() {
                let _ = stream.shutdown(Shutdown::Both);
            }
            self.desk.wait_until_empty(LEAVE_TIME);
        }
    }
}

impl Desk {
    fn visits(&self) -> MutexGuard<'_, Vec<Visit>> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until_empty(&self, longest: Duration) -> bool {
        let waited = self.left.wait_timeout_while(self.visits(), longest, |all| !all.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_empty()
    }
}

/// Makes the socket so that nobody but its owner could ever have opened it.
fn listen(folder: &Path) -> io::Result<UnixListener> {
    let way = Way::to(folder)?;
    let before = rustix::process::umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
    let listener = UnixListener::bind(&way.path);
    rustix::process::umask(before);
    listener
}

fn take_errands(desk: &Arc<Desk>, listener: &UnixListener) {
    let mut number = 0;
    loop {
        let accepted = listener.accept();
        if desk.is_closing.load(Ordering::SeqCst) {
            return;
        }
        let Ok((stream, _)) = accepted else {
            // Too many open files: wait for one to be closed.
            std::thread::park_timeout(PAUSE);
            continue;
        };
        let Ok(handle) = stream.try_clone() else { continue };
        if desk.visits().len() >= ERRANDS_MAX {
            let what = "the server runs as many commands as it may";
            refuse(&stream, NOT_READY, what, "wait until one has ended, then repeat");
            continue;
        }
        number += 1;
        desk.visits().push(Visit(number, handle));
        let leaving = Leaving(Arc::clone(desk), number);
        // When the system has no thread to give, the closure is dropped, and its visit with it.
        let _ = Builder::new().name("errand".to_owned()).stack_size(STACK_BYTES).spawn(move || {
            receive(&leaving.0, stream);
            drop(leaving);
        });
    }
}

/// Takes a visit off the list, however it ends.
struct Leaving(Arc<Desk>, u64);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.visits().retain(|visit| visit.0 != self.1);
        self.0.left.notify_all();
    }
}

/// Finds out who is there and what they ask, and does it.
fn receive(desk: &Desk, mut stream: UnixStream) {
    let times = stream
        .set_read_timeout(Some(REQUEST_TIME))
        .and_then(|()| stream.set_write_timeout(Some(READ_TIME)));
    let Ok(peer) = rustix::net::sockopt::socket_peercred(&stream) else { return };
    if times.is_err() || !is_ours(peer.uid, rustix::process::geteuid()) {
        let what = "this server works for another account";
        return refuse(&stream, ERROR, what, "run the command as the account of the server");
    }
    let request = match Request::receive(&mut stream) {
        Ok(request) if request.version == VERSION => request,
        Ok(_) => {
            let what = format!("the server is of version {VERSION}, this program is of another");
            return refuse(&stream, ERROR, &what, "start the server anew, then repeat");
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return refuse(&stream, ERROR, "this is no errand", "use `doldam`");
        }
        Err(_) => return,
    };
    if stream.set_read_timeout(Some(ANSWER_TIME)).is_ok() {
        run(desk, stream, request);
    }
}

/// The account of the server, and root, who could read its memory anyway.
fn is_ours(caller: Uid, own: Uid) -> bool {
    caller == own || caller.is_root()
}

fn run(desk: &Desk, stream: UnixStream, request: Request) {
    let caller = Arc::new(Caller {
        vault: Arc::clone(&desk.vault),
        account: request.account,
        secret: request.secret,
        terminal: request.terminal,
        stream: Mutex::new(stream),
    });
    seat::take(Arc::clone(&caller));
    let standing = stand(&request.place);
    let code = match &standing {
        Ok(_) => {
            let act = AssertUnwindSafe(|| (desk.run)(&request.arguments, request.staff));
            catch_unwind(act).unwrap_or_else(|_| {
                // The panic itself stands in the server's log.
                let _ = seat::say(Ear::Talk, b"error: the command broke off; please report it\n");
                ERROR
            })
        }
        Err(error) => {
            let text = format!("error: the server cannot work in this folder: {}\n", error.kind());
            let _ = seat::say(Ear::Talk, text.as_bytes());
            ERROR
        }
    };
    // Whoever has gone does not want to know.
    let _ = caller.send(Kind::End, &[code]);
}

/// Where the thread stands; released when dropped.
type Standing = Option<MutexGuard<'static, ()>>;

/// Goes to where the command was typed: this thread alone, or, where the system forbids that (some
/// containers do), the whole process, one errand at a time. The server itself uses no path that
/// does not begin at the root.
fn stand(place: &Path) -> io::Result<Standing> {
    static PROCESS: Mutex<()> = Mutex::new(());
    #[expect(deprecated, reason = "it is unsafe with CLONE_FILES only, which is not asked for")]
    let is_alone = rustix::thread::unshare(UnshareFlags::FS).is_ok();
    let guard = (!is_alone).then(|| PROCESS.lock().unwrap_or_else(PoisonError::into_inner));
    std::env::set_current_dir(place)?;
    Ok(guard)
}

fn refuse(mut stream: &UnixStream, code: u8, message: &str, hint: &str) {
    let text = format!("error: {message}\nhint: {hint}\n");
    // Whoever has gone does not want to know.
    let _ = stream.set_write_timeout(Some(REQUEST_TIME));
    let _ = wire::write(&mut stream, Kind::Talk, text.as_bytes())
        .and_then(|()| wire::write(&mut stream, Kind::End, &[code]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_account_and_root_are_served() {
        let [root, own, other] = [0, 1_000, 1_001].map(Uid::from_raw);
        assert!(is_ours(own, own) && is_ours(root, own) && is_ours(root, root));
        assert!(!is_ours(other, own) && !is_ours(own, root));
    }

    #[test]
    fn threads_stand_where_their_callers_do() {
        let before = std::env::current_dir().unwrap();
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let threads = folders.map(|folder| {
            std::thread::spawn(move || {
                for _ in 0..20 {
                    let _standing = stand(folder.path()).unwrap();
                    let here = std::env::current_dir().unwrap().canonicalize().unwrap();
                    assert_eq!(here, folder.path().canonicalize().unwrap());
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(std::env::current_dir().unwrap(), before);
    }
}
