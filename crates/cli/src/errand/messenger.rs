//! The messenger: hands a command line to the server that holds the data folder, and lends it the
//! terminal until it has ended.

use std::ffi::OsString;
use std::io::{ErrorKind, Read as _};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use doldam_ground::Pii;

use super::counter::VERSION;
use super::seat::{self, Ear};
use super::wire::{self, Frame, Kind, Request, Terminal};
use super::{Needs, Way};
use crate::failure::{failure, is_broken_pipe, not_ready};

/// Standard input that is sent at a time, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// Longest that a server may take to read what it asked for.
const SEND_TIME: Duration = Duration::from_mins(1);
/// Columns of a terminal that does not say.
const WIDTH: u16 = 80;

/// A server that holds a data folder.
pub(crate) struct Server {
    stream: UnixStream,
    /// Its process.
    pub(crate) process: i32,
}

/// Who types a command.
pub(crate) struct Sender {
    /// The account of the operating system.
    pub(crate) account: String,
    /// The member of staff as whom the command is to be run, and their secret.
    pub(crate) staff: Option<(String, Pii<String>)>,
}

impl Server {
    /// The server that holds `folder`, if one does.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Ok(way) = Way::to(folder) else { return Ok(None) };
        let stream = match UnixStream::connect(&way.path) {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(not_ready("the server is busy", "repeat in a moment"));
            }
            // There is none, it died, or the folder is not ours: opening the folder will tell.
            Err(_) => return Ok(None),
        };
        let peer = rustix::net::sockopt::socket_peercred(&stream)
            .map_err(|_| failure("nobody knows who listens in the data folder", "check it"))?;
        let owner = std::fs::metadata(folder).map(|folder| folder.uid()).ok();
        let own = rustix::process::geteuid();
        if !peer.uid.is_root() && peer.uid != own && Some(peer.uid.as_raw()) != owner {
            return Err(failure(
                "somebody who does not own the data folder listens in it",
                "check who may write into the folder before anything else",
            ));
        }
        let process = peer.pid.as_raw_nonzero().get();
        Ok(Some(Self { stream, process }))
    }

    /// Refuses a command that must have the folder for itself.
    pub(crate) fn refuse(&self) -> anyhow::Error {
        not_ready(
            format!("a server works on this data folder (process {})", self.process),
            format!("stop it first (kill {}), then repeat", self.process),
        )
    }

    /// Has a command line run, and gives its exit code.
    pub(crate) fn run(mut self, sender: Sender) -> anyhow::Result<ExitCode> {
        let place = std::env::current_dir()
            .map_err(|_| failure("the current folder is gone", "go to one that is there"))?;
        let (staff, secret) = sender.staff.unzip();
        let request = Request {
            version: VERSION.to_owned(),
            arguments: std::env::args_os().map(of_this_process).collect(),
            place,
            account: sender.account,
            staff,
            secret,
            terminal: terminal(),
        };
        let lent = self.stream.set_write_timeout(Some(SEND_TIME));
        // A server that turns somebody away does not read to the end; what it says still comes.
        let sent = lent.and_then(|()| request.send(&mut self.stream));
        match self.lend_terminal() {
            Ok(code) => Ok(code),
            Err(error) if is_broken_pipe(&error) && sent.is_ok() => Ok(ExitCode::SUCCESS),
            Err(error) => Err(error),
        }
    }

    fn lend_terminal(&mut self) -> anyhow::Result<ExitCode> {
        loop {
            let Ok(Frame { kind, bytes }) = wire::read(&mut self.stream) else {
                return Err(gone());
            };
            match kind {
                Kind::Out => seat::say(Ear::Out, &bytes)?,
                // Nobody is left to be told when standard error is closed.
                Kind::Talk => drop(seat::say(Ear::Talk, &bytes)),
                Kind::WantInput => self.send_input()?,
                Kind::WantSecret => self.send_secret(&String::from_utf8_lossy(&bytes))?,
                Kind::End => return Ok(ExitCode::from(bytes.first().copied().unwrap_or(0))),
                _ => return Err(gone()),
            }
        }
    }

    fn send_input(&mut self) -> anyhow::Result<()> {
        let mut piece = vec![0; PIECE_BYTES];
        let (kind, length) = match std::io::stdin().lock().read(&mut piece) {
            Ok(length) => (Kind::Input, length),
            Err(_) => (Kind::NoAnswer, 0),
        };
        wire::write(&mut self.stream, kind, &piece[..length]).map_err(|_| gone())
    }

    fn send_secret(&mut self, prompt: &str) -> anyhow::Result<()> {
        let sent = match seat::ask(prompt) {
            Ok(secret) => wire::write(&mut self.stream, Kind::Answer, secret.expose().as_bytes()),
            Err(_) => wire::write(&mut self.stream, Kind::NoAnswer, &[]),
        };
        sent.map_err(|_| gone())
    }
}

fn gone() -> anyhow::Error {
    failure(
        "the server ended before the command did; it is not known how far the command came",
        "see with `doldam audit list` what was done, then repeat",
    )
}

/// Hands over, or runs beside: what a command line that needs `needs` of `folder` is to do.
pub(crate) fn server_for(needs: Needs, folder: &Path) -> anyhow::Result<Option<Server>> {
    match needs {
        Needs::Nothing => Ok(None),
        Needs::Vault => Server::of(folder),
        Needs::Alone => match Server::of(folder)? {
            Some(server) => Err(server.refuse()),
            None => Ok(None),
        },
    }
}

/// An argument that names one of this process's own files, such as `/dev/fd/63` of a shell's `<(…)`,
/// as the server must name it.
fn of_this_process(argument: OsString) -> OsString {
    let own = format!("/proc/{}/", std::process::id());
    let mut bytes = argument.into_vec();
    for (from, to) in [
        ("/dev/stdin", format!("{own}fd/0")),
        ("/dev/fd/", format!("{own}fd/")),
        ("/proc/self/", own),
    ] {
        bytes = replace(&bytes, from.as_bytes(), to.as_bytes());
    }
    OsString::from_vec(bytes)
}

/// Replaces `from` where a path begins: at the start, or after `=` or `@`.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let starts = [0].into_iter().chain(
        bytes.iter().enumerate().filter(|(_, byte)| b"=@".contains(byte)).map(|(at, _)| at + 1),
    );
    for start in starts {
        if let Some(rest) = bytes[start..].strip_prefix(from) {
            return [&bytes[..start], to, rest].concat();
        }
    }
    bytes.to_vec()
}

fn terminal() -> Terminal {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stderr());
    let width = size.ok().map(|size| size.ws_col).filter(|columns| *columns > 0);
    Terminal { can_ask: seat::can_ask(), may_draw: seat::may_draw(), width: width.unwrap_or(WIDTH) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_this_process_are_named_so_that_another_one_finds_them() {
        let own = format!("/proc/{}/fd", std::process::id());
        for (argument, expected) in [
            ("/dev/fd/63", format!("{own}/63")),
            ("/dev/stdin", format!("{own}/0")),
            ("ci=@/proc/self/fd/5", format!("ci=@{own}/5")),
            ("--secret-file=/dev/fd/3", format!("--secret-file={own}/3")),
            ("folder/dev/fd/3", "folder/dev/fd/3".to_owned()),
            ("푸른고래", "푸른고래".to_owned()),
        ] {
            assert_eq!(of_this_process(argument.into()), OsString::from(expected));
        }
    }

    #[test]
    fn without_a_socket_there_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Server::of(folder.path()).unwrap().is_none());
        assert!(Server::of(&folder.path().join("none")).unwrap().is_none());
        drop(
            std::os::unix::net::UnixListener::bind(folder.path().join(super::super::NAME)).unwrap(),
        );
        assert!(Server::of(folder.path()).unwrap().is_none(), "its process has died");
    }
}
