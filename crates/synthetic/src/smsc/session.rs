//! One connection of the gateway.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use doldam_ground::entropy;

use super::Shared;
use super::log::Owed;
use super::pdu::{self, Message, Pdu};
use crate::seed::SeededEntropy;

/// How long a session waits for bytes before it calls itself idle.
const IDLE: Duration = Duration::from_millis(5);
/// Idle waits before late receipts and slow answers go out.
const IDLE_TICKS: u32 = 4;
/// Receipts that may be unconfirmed at a time.
const RECEIPTS_OPEN: usize = 256;
/// A sequence number that no client uses so early in its life.
const NOBODYS_SEQUENCE: u32 = 0x7000_0000;

struct Session<'s> {
    shared: &'s Shared,
    out: Vec<u8>,
    bound: bool,
    /// Answers that go out when nothing else comes.
    slow: Vec<(u32, Vec<u8>)>,
    /// Receipts that were sent and not confirmed yet.
    unconfirmed: HashMap<u32, Owed>,
    sequence: u32,
}

/// Whether a session goes on.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    HangUp,
}

/// Serves a connection until either side hangs up.
pub(super) fn serve(stream: TcpStream, shared: &Shared) {
    let mut session = Session {
        shared,
        out: Vec::new(),
        bound: false,
        slow: Vec::new(),
        unconfirmed: HashMap::new(),
        sequence: 0,
    };
    // An error on the socket is a hang-up by the other side.
    let _ = session.run(stream);
    // What was not confirmed is sent again to whoever signs in next.
    let mut books = shared.books();
    books.owed.extend(session.unconfirmed.into_values());
}

impl Session<'_> {
    fn run(&mut self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        let mut buffer = vec![0; 64 << 10];
        let mut bytes = Vec::new();
        let mut idle_ticks = 0;
        while !self.shared.stops.load(Ordering::Acquire) {
            match stream.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    bytes.extend_from_slice(&buffer[..count]);
                    idle_ticks = 0;
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    idle_ticks += 1;
                }
                Err(error) => return Err(error),
            }
            let next = self.handle_all(&mut bytes);
            if next == Next::GoOn && self.bound {
                if idle_ticks >= IDLE_TICKS {
                    self.release_late();
                }
                self.send_receipts();
            }
            stream.write_all(&self.out)?;
            self.out.clear();
            if next == Next::HangUp {
                return Ok(());
            }
        }
        Ok(())
    }

    fn handle_all(&mut self, bytes: &mut Vec<u8>) -> Next {
        loop {
            match pdu::split(bytes) {
                Ok(Some(pdu)) => {
                    if self.handle(&pdu) == Next::HangUp {
                        return Next::HangUp;
                    }
                }
                Ok(None) => return Next::GoOn,
                Err(()) => return Next::HangUp,
            }
        }
    }

    fn handle(&mut self, pdu: &Pdu) -> Next {
        let Pdu { command, sequence, body } = pdu;
        let answer = command | pdu::ANSWER;
        match *command {
            pdu::BIND_TRANSCEIVER | pdu::BIND_RECEIVER | pdu::BIND_TRANSMITTER => {
                self.bound = true;
                self.shared.books().figures.binds += 1;
                self.answer(answer, pdu::OK, *sequence, b"smsc\0");
            }
            pdu::ENQUIRE => self.answer(answer, pdu::OK, *sequence, &[]),
            pdu::UNBIND => {
                self.answer(answer, pdu::OK, *sequence, &[]);
                return Next::HangUp;
            }
            _ if !self.bound => self.answer(answer, pdu::NOT_BOUND, *sequence, &[]),
            pdu::SUBMIT => return self.submit(*sequence, body),
            pdu::QUERY => self.query(*sequence, body),
            command if command == pdu::DELIVER | pdu::ANSWER => {
                if self.unconfirmed.remove(sequence).is_some() {
                    self.shared.books().figures.receipts_confirmed += 1;
                }
            }
            command if command & pdu::ANSWER != 0 => {}
            _ => self.answer(pdu::NACK, pdu::BAD_COMMAND, *sequence, &[]),
        }
        Next::GoOn
    }

    fn answer(&mut self, command: u32, status: u32, sequence: u32, body: &[u8]) {
        pdu::write(&mut self.out, command, status, sequence, body);
    }

    fn submit(&mut self, sequence: u32, body: &[u8]) -> Next {
        const ANSWER: u32 = pdu::SUBMIT | pdu::ANSWER;
        let Some(message) = pdu::read_message(body) else {
            self.answer(ANSWER, pdu::BAD_PARAMETERS, sequence, &[]);
            return Next::GoOn;
        };
        let faults = self.shared.faults;
        let serial = {
            let mut books = self.shared.books();
            books.figures.messages += 1;
            books.figures.messages
        };
        let mut dice = Dice(self.shared.seed.child("message").numbered(serial).entropy());
        let each = |every: u32| every > 0 && serial.is_multiple_of(u64::from(every));
        if each(faults.throttle_every) {
            self.shared.books().figures.throttled += 1;
            self.answer(ANSWER, pdu::THROTTLED, sequence, &[]);
            return Next::GoOn;
        }
        if dice.falls(faults.refuse) {
            self.shared.books().figures.refused.insert(message.number);
            self.answer(ANSWER, pdu::BAD_DESTINATION, sequence, &[]);
            return Next::GoOn;
        }
        if each(faults.disconnect_every) {
            self.shared.books().figures.disconnects += 1;
            if dice.falls(500) {
                self.take(&message, serial, &mut dice);
            }
            return Next::HangUp;
        }
        let message_id = self.take(&message, serial, &mut dice);
        self.answer_submit(sequence, &message_id, &mut dice);
        Next::GoOn
    }

    /// Takes a message: from here on its number has been texted.
    fn take(&mut self, message: &Message, serial: u64, dice: &mut Dice) -> String {
        let faults = self.shared.faults;
        let message_id = format!("{:x}", serial.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let is_delivered = !dice.falls(faults.undeliverable);
        let owed = Owed {
            message_id: message_id.clone(),
            number: message.number.clone(),
            sender: message.sender.clone(),
            reference: message.reference.filter(|_| !faults.hides_reference),
            is_delivered,
        };
        let mut books = self.shared.books();
        books.take(&message.number, message.part.0, message.part.1);
        books.messages.insert(message_id.clone(), is_delivered);
        if !message.wants_receipt {
            return message_id;
        }
        if dice.falls(faults.lose_receipt) {
            books.figures.receipts_withheld.insert(owed.number);
        } else if dice.falls(faults.late_receipt) {
            books.late.push_back(owed);
        } else {
            if dice.falls(faults.repeat_receipt) {
                books.late.push_back(owed.clone());
            }
            if dice.falls(faults.early_receipt) {
                drop(books);
                self.send_receipt(owed);
            } else if dice.falls(200) {
                books.owed.push_front(owed);
            } else {
                books.owed.push_back(owed);
            }
        }
        message_id
    }

    fn answer_submit(&mut self, sequence: u32, message_id: &str, dice: &mut Dice) {
        const ANSWER: u32 = pdu::SUBMIT | pdu::ANSWER;
        let faults = self.shared.faults;
        let body = [message_id.as_bytes(), b"\0"].concat();
        if dice.falls(faults.lose_answer) {
            self.shared.books().figures.answers_lost += 1;
        } else if dice.falls(faults.wrong_sequence) {
            self.shared.books().figures.answers_lost += 1;
            self.answer(ANSWER, pdu::OK, NOBODYS_SEQUENCE | sequence, &body);
        } else if dice.falls(faults.slow_answer) {
            self.slow.push((sequence, body));
        } else {
            self.answer(ANSWER, pdu::OK, sequence, &body);
        }
    }

    fn query(&mut self, sequence: u32, body: &[u8]) {
        const ANSWER: u32 = pdu::QUERY | pdu::ANSWER;
        let asked = pdu::read_query(body);
        let known = asked.and_then(|id| {
            let is_delivered = *self.shared.books().messages.get(&id)?;
            Some((id, is_delivered))
        });
        match known {
            Some((id, is_delivered)) => {
                let state = if is_delivered { 2 } else { 5 };
                let body = [id.as_bytes(), &[0, 0, state, 0]].concat();
                self.answer(ANSWER, pdu::OK, sequence, &body);
            }
            None => self.answer(ANSWER, pdu::QUERY_FAILED, sequence, &[0, 0, 0, 0]),
        }
    }

    /// Nothing else happens: out with what was held back.
    fn release_late(&mut self) {
        for (sequence, body) in std::mem::take(&mut self.slow) {
            self.answer(pdu::SUBMIT | pdu::ANSWER, pdu::OK, sequence, &body);
        }
        let mut books = self.shared.books();
        let late = std::mem::take(&mut books.late);
        books.owed.extend(late);
    }

    fn send_receipts(&mut self) {
        while self.unconfirmed.len() < RECEIPTS_OPEN {
            let Some(owed) = self.shared.books().owed.pop_front() else { break };
            self.send_receipt(owed);
        }
    }

    fn send_receipt(&mut self, owed: Owed) {
        self.sequence += 1;
        let body = pdu::receipt_body(&owed);
        pdu::write(&mut self.out, pdu::DELIVER, pdu::OK, self.sequence, &body);
        self.unconfirmed.insert(self.sequence, owed);
    }
}

/// The chance of one message.
struct Dice(SeededEntropy);

impl Dice {
    fn falls(&mut self, per_mille: u16) -> bool {
        entropy::below(&mut self.0, 1_000) < u64::from(per_mille)
    }
}
