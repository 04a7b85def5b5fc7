//! A gateway that lies: it takes texts like any other and answers what a test makes up.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const ANSWER: u32 = 0x8000_0000;
pub(crate) const QUERY: u32 = 3;
pub(crate) const SUBMIT: u32 = 4;
pub(crate) const DELIVER: u32 = 5;
pub(crate) const UNBIND: u32 = 6;
pub(crate) const BIND: u32 = 9;
pub(crate) const ENQUIRE: u32 = 0x15;
pub(crate) const NACK: u32 = 0;

/// A text that came.
pub(crate) struct Heard {
    pub(crate) sequence: u32,
    pub(crate) number: String,
    pub(crate) reference: u16,
    /// Counts the texts from 1.
    pub(crate) serial: u32,
}

/// What it does once it has said something.
pub(crate) enum Next {
    GoOn,
    /// Says this over and over and listens no more.
    Flood(Vec<u8>),
}

/// What it says to a text.
pub(crate) type Lie = fn(&Heard, &mut Vec<u8>) -> Next;

pub(crate) struct Liar {
    pub(crate) address: SocketAddr,
    texted: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Liar {
    pub(crate) fn start(lie: Lie) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let texted = Arc::new(Mutex::new(BTreeMap::new()));
        let books = Arc::clone(&texted);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let books = Arc::clone(&books);
                // A broken pipe is how most of its conversations end.
                std::thread::spawn(move || converse(stream.unwrap(), &books, lie));
            }
        });
        Self { address, texted }
    }

    /// How often each number was texted.
    pub(crate) fn texted(&self) -> BTreeMap<String, u32> {
        self.texted.lock().unwrap().clone()
    }
}

/// Appends an answer to a command.
pub(crate) fn answer(out: &mut Vec<u8>, command: u32, status: u32, sequence: u32, body: &[u8]) {
    pdu(out, command | ANSWER, status, sequence, body);
}

/// Appends any PDU.
pub(crate) fn pdu(out: &mut Vec<u8>, command: u32, status: u32, sequence: u32, body: &[u8]) {
    let length = u32::try_from(16 + body.len()).unwrap();
    for word in [length, command, status, sequence] {
        out.extend(word.to_be_bytes());
    }
    out.extend(body);
}

/// Appends a receipt that says "delivered".
pub(crate) fn receipt(out: &mut Vec<u8>, message_id: &str, number: &str, reference: Option<u16>) {
    let text = format!("id:{message_id} stat:DELIVRD err:000");
    let mut body = vec![0, 0, 1];
    body.extend(number.as_bytes());
    body.extend([0, 0, 1]);
    body.extend(b"15990000");
    body.extend([0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    body.push(u8::try_from(text.len()).unwrap());
    body.extend(text.as_bytes());
    if let Some(reference) = reference {
        body.extend([2, 4, 0, 2]);
        body.extend(reference.to_be_bytes());
    }
    pdu(out, DELIVER, 0, 7, &body);
}

fn converse(
    mut stream: TcpStream,
    books: &Mutex<BTreeMap<String, u32>>,
    lie: Lie,
) -> std::io::Result<()> {
    loop {
        let mut head = [0; 16];
        stream.read_exact(&mut head)?;
        let word = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().unwrap());
        let (command, sequence) = (word(4), word(12));
        let mut body = vec![0; word(0) as usize - 16];
        stream.read_exact(&mut body)?;
        let mut out = Vec::new();
        let mut next = Next::GoOn;
        match command {
            BIND => answer(&mut out, BIND, 0, sequence, b"liar\0"),
            ENQUIRE | UNBIND => answer(&mut out, command, 0, sequence, &[]),
            SUBMIT => next = lie(&hear(&body, sequence, books), &mut out),
            _ => {}
        }
        stream.write_all(&out)?;
        if let Next::Flood(flood) = next {
            loop {
                stream.write_all(&flood)?;
            }
        }
    }
}

fn hear(body: &[u8], sequence: u32, books: &Mutex<BTreeMap<String, u32>>) -> Heard {
    // An empty service_type, then a type and a plan before the sender and before the number; the
    // types are 0. The reference is the last parameter.
    let number = body.split(|byte| *byte == 0).nth(4).unwrap();
    let number = String::from_utf8(number[1..].to_vec()).unwrap();
    let reference = u16::from_be_bytes(body[body.len() - 2..].try_into().unwrap());
    let mut books = books.lock().unwrap();
    *books.entry(number.clone()).or_default() += 1;
    let serial = books.values().sum();
    Heard { sequence, number, reference, serial }
}
