//! One connection to a gateway, signed in.
//!
//! A thread reads and puts what it read into a bounded queue; the worker writes. So a worker that
//! waits for the disk still hears the gateway, and a worker that is slow makes the gateway wait.

use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::gateway::Gateway;
use super::pdu::{self, Frame, Incoming};
use crate::NotifyError;

/// PDUs that may wait between the reading thread and the worker.
const QUEUE: usize = 4_096;

/// What came over the link.
pub(crate) enum Event {
    /// A PDU.
    Frame(Frame),
    /// The link is gone, or what came over it cannot be followed.
    Closed,
}

/// A connection that is signed in as transceiver.
pub(crate) struct Link {
    stream: TcpStream,
    events: Receiver<Event>,
    reader: Option<JoinHandle<()>>,
    sequence: u32,
    out: Vec<u8>,
}

impl Link {
    /// Connects and signs in.
    pub(crate) fn open(gateway: &Gateway) -> Result<Self, NotifyError> {
        let timeout = Duration::from_micros(gateway.response_us);
        let stream = connect(&gateway.address, timeout).map_err(|_| NotifyError::Unreachable)?;
        let (queue, events) = sync_channel(QUEUE);
        let reader = stream
            .set_nodelay(true)
            .and_then(|()| stream.set_write_timeout(Some(timeout)))
            .and_then(|()| stream.try_clone())
            .and_then(|reading| {
                thread::Builder::new()
                    .name("smpp-reader".to_owned())
                    .spawn(move || read_all(reading, &queue))
            })
            .map_err(|_| NotifyError::Unreachable)?;
        let mut link = Self { stream, events, reader: Some(reader), sequence: 0, out: Vec::new() };
        let sequence = link.next_sequence();
        let password = gateway.password.expose();
        pdu::write_bind(
            &mut link.out,
            sequence,
            &gateway.system_id,
            password,
            &gateway.system_type,
        );
        link.flush().map_err(|_| NotifyError::Unreachable)?;
        match link.wait(timeout) {
            Some(Event::Frame(Frame {
                status: pdu::status::OK,
                incoming: Incoming::BindAnswer,
                ..
            })) => Ok(link),
            Some(Event::Frame(Frame { status, .. })) => Err(NotifyError::Bind { status }),
            Some(Event::Closed) | None => Err(NotifyError::Unreachable),
        }
    }

    /// The next sequence number: 1 to 0x7FFFFFFF, then 1 again (SMPP 3.4, 3.2).
    pub(crate) const fn next_sequence(&mut self) -> u32 {
        self.sequence = if self.sequence >= 0x7FFF_FFFF { 1 } else { self.sequence + 1 };
        self.sequence
    }

    /// Where PDUs are gathered until [`Link::flush`].
    pub(crate) const fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Writes what was gathered, all of it or the link is gone.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let written = self.stream.write_all(&self.out);
        // What was written held texts and numbers of people, or the password.
        zeroize::Zeroize::zeroize(&mut self.out);
        written
    }

    /// The next event, if one comes in time.
    pub(crate) fn wait(&self, timeout: Duration) -> Option<Event> {
        match self.events.recv_timeout(timeout) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Closed),
        }
    }

    /// The next event, if it is there already.
    pub(crate) fn poll(&self) -> Option<Event> {
        match self.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Event::Closed),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // The peer may have closed it already, and then there is nothing to shut.
        let _ = self.stream.shutdown(Shutdown::Both);
        // The reader may wait for room in the queue: make some until it sees the end.
        while !matches!(self.events.recv(), Ok(Event::Closed) | Err(_)) {}
        if let Some(reader) = self.reader.take() {
            // It catches its own errors; a panic of it was printed by the runtime.
            let _ = reader.join();
        }
    }
}

fn connect(address: &str, timeout: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for candidate in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&candidate, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Reads PDUs until the stream ends, or cannot be followed.
fn read_all(stream: TcpStream, queue: &SyncSender<Event>) {
    let mut stream = BufReader::with_capacity(64 << 10, stream);
    let mut bytes = Vec::new();
    while let Some(frame) = read_one(&mut stream, &mut bytes) {
        if queue.send(Event::Frame(frame)).is_err() {
            return;
        }
    }
    // The worker may be gone; then nobody needs to know.
    let _ = queue.send(Event::Closed);
}

fn read_one(stream: &mut impl Read, bytes: &mut Vec<u8>) -> Option<Frame> {
    let mut prefix = [0; 4];
    stream.read_exact(&mut prefix).ok()?;
    let length = pdu::frame_length(prefix)?;
    bytes.clear();
    bytes.extend_from_slice(&prefix);
    bytes.resize(length, 0);
    stream.read_exact(&mut bytes[4..]).ok()?;
    pdu::read(bytes)
}
