//! Where a command sits: at its own terminal, or in a server, for somebody at another one.
//!
//! Words, questions, standard input and the account belong to whoever typed the command. In a server
//! several commands run at once, each on a thread of its own, so the seat is the thread's. Everything
//! that speaks to a person goes through here and is the same in both places.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IsTerminal as _, Read, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

use doldam_ground::Pii;
use doldam_vault::Vault;
use indicatif::{ProgressDrawTarget, TermLike};

use super::wire::{self, Frame, Kind, Terminal};
use crate::failure::failure;

/// How often another's terminal is drawn on, per second.
const DRAWINGS_PER_SECOND: u8 = 10;

thread_local! {
    static CALLER: RefCell<Option<Arc<Caller>>> = const { RefCell::new(None) };
}

/// Somebody at another terminal, for whom this thread runs a command.
pub(crate) struct Caller {
    /// The server's vault.
    pub(crate) vault: Arc<Vault>,
    /// Their account of the operating system.
    pub(crate) account: String,
    /// The secret of the member of staff as whom they act.
    pub(crate) secret: Option<Pii<String>>,
    pub(super) terminal: Terminal,
    pub(super) stream: Mutex<UnixStream>,
}

/// Where words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ear {
    /// Standard output.
    Out,
    /// Standard error.
    Talk,
}

/// From now on this thread works for `caller`.
pub(super) fn take(caller: Arc<Caller>) {
    CALLER.with_borrow_mut(|seat| *seat = Some(caller));
}

/// For whom this thread works, when it is not for the process's own terminal.
pub(crate) fn caller() -> Option<Arc<Caller>> {
    CALLER.with_borrow(Clone::clone)
}

/// Writes bytes and sees that they go out. [`ErrorKind::BrokenPipe`] when nobody reads any more.
pub(crate) fn say(ear: Ear, bytes: &[u8]) -> io::Result<()> {
    match (caller(), ear) {
        (Some(caller), Ear::Out) => caller.send(Kind::Out, bytes),
        (Some(caller), Ear::Talk) => caller.send(Kind::Talk, bytes),
        (None, Ear::Out) => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
        (None, Ear::Talk) => io::stderr().lock().write_all(bytes),
    }
}

/// Whether somebody can be asked.
pub(crate) fn can_ask() -> bool {
    match caller() {
        Some(caller) => caller.terminal.can_ask,
        None => io::stdin().is_terminal() && io::stderr().is_terminal(),
    }
}

/// Asks for a secret without showing it.
pub(crate) fn ask(prompt: &str) -> anyhow::Result<Pii<String>> {
    let answer = match caller() {
        Some(caller) => caller.ask(prompt),
        None => rpassword::prompt_password(prompt),
    };
    let text =
        answer.map_err(|_| failure("the terminal cannot be read", "give the secret in a file"))?;
    Ok(Pii::new(text))
}

/// Standard input.
pub(crate) fn input() -> Box<dyn Read + Send> {
    match caller() {
        Some(caller) => Box::new(Input { caller, piece: Vec::new(), at: 0, is_over: false }),
        None => Box::new(io::stdin()),
    }
}

/// Whether standard error is a terminal that may be drawn on.
pub(crate) fn may_draw() -> bool {
    match caller() {
        Some(caller) => caller.terminal.may_draw,
        None => io::stderr().is_terminal(),
    }
}

/// Standard error, to be drawn on.
pub(crate) fn screen() -> ProgressDrawTarget {
    match caller() {
        Some(caller) => {
            ProgressDrawTarget::term_like_with_hz(Box::new(Screen(caller)), DRAWINGS_PER_SECOND)
        }
        None => ProgressDrawTarget::stderr(),
    }
}

impl Caller {
    pub(super) fn send(&self, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        wire::write(&mut *stream, kind, bytes).map_err(|_| ErrorKind::BrokenPipe.into())
    }

    /// Says something to which the command at the other end answers.
    fn exchange(&self, kind: Kind, bytes: &[u8]) -> io::Result<Frame> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        wire::write(&mut *stream, kind, bytes).map_err(|_| ErrorKind::BrokenPipe)?;
        wire::read(&mut *stream).map_err(|_| ErrorKind::BrokenPipe.into())
    }

    fn ask(&self, prompt: &str) -> io::Result<String> {
        match self.exchange(Kind::WantSecret, prompt.as_bytes())? {
            Frame { kind: Kind::Answer, bytes } => wire::text(bytes),
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}

/// The standard input of somebody at another terminal, a piece at a time.
struct Input {
    caller: Arc<Caller>,
    piece: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.is_over {
            match self.caller.exchange(Kind::WantInput, &[])? {
                Frame { kind: Kind::Input, bytes } => (self.piece, self.at) = (bytes, 0),
                _ => return Err(ErrorKind::InvalidData.into()),
            }
            self.is_over = self.piece.is_empty();
        }
        let rest = &self.piece[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

/// The terminal of somebody else, drawn on with ECMA-48 control sequences.
struct Screen(Arc<Caller>);

impl std::fmt::Debug for Screen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Screen")
    }
}

impl Screen {
    fn go(&self, steps: usize, direction: char) -> io::Result<()> {
        if steps == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{steps}{direction}")) }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        self.0.terminal.width
    }

    fn move_cursor_up(&self, steps: usize) -> io::Result<()> {
        self.go(steps, 'A')
    }

    fn move_cursor_down(&self, steps: usize) -> io::Result<()> {
        self.go(steps, 'B')
    }

    fn move_cursor_right(&self, steps: usize) -> io::Result<()> {
        self.go(steps, 'C')
    }

    fn move_cursor_left(&self, steps: usize) -> io::Result<()> {
        self.go(steps, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(&format!("{text}\r\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.send(Kind::Talk, text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
