//! A gateway that misbehaves on demand.
//!
//! It speaks SMPP 3.4 on the loopback address, keeps its own account of whom it texted and how
//! often, and commits the faults that real gateways commit: it throttles, hangs up in the middle of
//! a window, forgets to answer, answers late or under a wrong number, and loses, delays, repeats
//! and shuffles receipts. Which message meets which fault follows from the seed and the order in
//! which messages come. What it believes a PDU to be is its own: it shares no line with `notify`.

mod log;
mod pdu;
mod session;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::error::SyntheticError;
use crate::seed::Seed;

use self::log::Books;
pub use self::log::Log;

/// What the gateway does wrong. Rates are in a thousand messages; 0 is never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each n-th message is told to come later (`ESME_RTHROTTLED`); 0 is never.
    pub throttle_every: u32,
    /// At each n-th message it hangs up, having taken it or not; 0 is never.
    pub disconnect_every: u32,
    /// Messages refused for good (`ESME_RINVDSTADR`).
    pub refuse: u16,
    /// Messages taken without an answer.
    pub lose_answer: u16,
    /// Messages answered only when nothing else comes any more.
    pub slow_answer: u16,
    /// Messages answered under a sequence number that nobody used.
    pub wrong_sequence: u16,
    /// Messages whose receipt never comes.
    pub lose_receipt: u16,
    /// Receipts that come only when nothing else comes any more.
    pub late_receipt: u16,
    /// Receipts that come twice.
    pub repeat_receipt: u16,
    /// Receipts that come before the answer.
    pub early_receipt: u16,
    /// Messages that turn out to be undeliverable.
    pub undeliverable: u16,
    /// Whether receipts leave our reference out, as most real gateways do.
    pub hides_reference: bool,
}

impl Faults {
    /// Everything goes wrong now and then.
    pub const fn all() -> Self {
        Self {
            throttle_every: 97,
            disconnect_every: 701,
            refuse: 2,
            lose_answer: 3,
            slow_answer: 3,
            wrong_sequence: 2,
            lose_receipt: 10,
            late_receipt: 50,
            repeat_receipt: 50,
            early_receipt: 30,
            undeliverable: 10,
            hides_reference: false,
        }
    }
}

/// A running gateway; it stops when dropped.
pub struct Smsc {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

/// What the threads of the gateway share.
struct Shared {
    seed: Seed,
    faults: Faults,
    stops: AtomicBool,
    books: Mutex<Books>,
}

impl Shared {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Smsc {
    /// Starts a gateway on a free port of the loopback address. It takes every account.
    pub fn start(seed: Seed, faults: Faults) -> Result<Self, SyntheticError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            seed,
            faults,
            stops: AtomicBool::new(false),
            books: Mutex::new(Books::default()),
        });
        let desk = Arc::clone(&shared);
        let listener = thread::Builder::new()
            .name("smsc-listener".to_owned())
            .spawn(move || listen(&listener, &desk))?;
        Ok(Self { address, shared, listener: Some(listener) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its account so far.
    pub fn log(&self) -> Log {
        self.shared.books().log()
    }

    /// How many messages came so far: cheaper than the whole account.
    pub fn messages(&self) -> u64 {
        self.shared.books().figures.messages
    }

    /// Hangs up on everybody and takes no new connections. What it took stays in its log.
    pub fn stop(&mut self) {
        self.shared.stops.store(true, Ordering::Release);
        // The listener waits for a connection: give it one.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            // A panic of the thread was printed by the runtime; there is nothing to add.
            let _ = listener.join();
        }
    }
}

impl Drop for Smsc {
    fn drop(&mut self) {
        self.stop();
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut sessions = Vec::new();
    for stream in listener.incoming() {
        if shared.stops.load(Ordering::Acquire) {
            break;
        }
        let Ok(stream) = stream else { continue };
        let desk = Arc::clone(shared);
        let session = thread::Builder::new()
            .name("smsc-session".to_owned())
            .spawn(move || session::serve(stream, &desk));
        sessions.extend(session.ok());
    }
    for session in sessions {
        // As above: a panic was printed.
        let _ = session.join();
    }
}
