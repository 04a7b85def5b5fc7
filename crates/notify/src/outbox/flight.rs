//! What is on the wire, and what each answer means for its notice.

use std::collections::HashMap;

use doldam_ground::ids::Ordinal;
use doldam_ground::limits;
use doldam_store::notice::{Answer, Attempt, Intended, Refusal};

use super::prepare::Ready;
use crate::sms::pdu::status;

/// A notice on the wire.
struct Sent {
    ready: Ready,
    attempt: Attempt,
    reference: u16,
    parts: Vec<Part>,
    since_us: u64,
    /// Whether the ledger has it in doubt already; a late answer is still welcome.
    is_doubted: bool,
    refused: Option<u32>,
    /// Whether a part was refused for a passing reason other than haste.
    had_passing_fault: bool,
}

/// One short message of a notice.
enum Part {
    /// On the wire.
    Open,
    /// The gateway took it under this id.
    Taken(String),
    /// The gateway put it off: it certainly has not been sent.
    PutOff,
    /// The gateway will never take it.
    Refused,
}

/// What an answer means.
pub(super) enum Fate {
    /// Nothing yet: other parts are open.
    Waiting,
    /// It belongs to nothing that is waiting for an answer.
    Stray,
    /// All parts were taken.
    Accepted(Answer),
    /// It will never be taken.
    Refused(Refusal),
    /// No part was taken: it can be planned again.
    PutOff(Attempt, Box<Ready>),
    /// Some parts were taken and the others must follow.
    Rest(Ordinal),
}

/// What a `command_status` says of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken,
    /// Too much at once: no fault of the message.
    Haste,
    /// A fault of the gateway that may pass.
    Passing,
    Never,
}

pub(super) const fn verdict(command_status: u32) -> Verdict {
    match command_status {
        status::OK => Verdict::Taken,
        status::THROTTLED | status::QUEUE_FULL => Verdict::Haste,
        status::SYSTEM_ERROR | status::TEMPORARY => Verdict::Passing,
        _ => Verdict::Never,
    }
}

/// Everything on the wire.
#[derive(Default)]
pub(super) struct Flight {
    notices: HashMap<Ordinal, Sent>,
    sequences: HashMap<u32, (Ordinal, usize)>,
    held: usize,
}

impl Flight {
    /// Messages that count against the window.
    pub(super) const fn held(&self) -> usize {
        self.held
    }

    /// Puts a notice on the wire. `write` is called for each part with a borrowed view of it and
    /// gives its sequence number.
    pub(super) fn launch(
        &mut self,
        ready: Ready,
        intended: Intended,
        now_us: u64,
        write: &mut dyn FnMut(&Ready, usize, u16) -> u32,
    ) {
        let ordinal = ready.ordinal;
        let count = ready.encoded.parts.len();
        for part in 0..count {
            let sequence = write(&ready, part, intended.reference);
            self.sequences.insert(sequence, (ordinal, part));
        }
        self.held += count;
        let sent = Sent {
            ready,
            attempt: intended.attempt,
            reference: intended.reference,
            parts: (0..count).map(|_| Part::Open).collect(),
            since_us: now_us,
            is_doubted: false,
            refused: None,
            had_passing_fault: false,
        };
        self.notices.insert(ordinal, sent);
    }

    /// Puts the parts of a notice on the wire again that were put off.
    pub(super) fn relaunch(
        &mut self,
        ordinal: Ordinal,
        now_us: u64,
        write: &mut dyn FnMut(&Ready, usize, u16) -> u32,
    ) {
        let Some(sent) = self.notices.get_mut(&ordinal).filter(|sent| !sent.is_doubted) else {
            return;
        };
        sent.since_us = now_us;
        for (place, part) in sent.parts.iter_mut().enumerate() {
            if matches!(part, Part::PutOff) {
                *part = Part::Open;
                let sequence = write(&sent.ready, place, sent.reference);
                self.sequences.insert(sequence, (ordinal, place));
            }
        }
    }

    /// Takes an answer in.
    pub(super) fn answer(&mut self, sequence: u32, status: u32, message_id: String) -> Fate {
        let Some((ordinal, place)) = self.sequences.remove(&sequence) else { return Fate::Stray };
        let Some(sent) = self.notices.get_mut(&ordinal) else { return Fate::Stray };
        sent.parts[place] = match verdict(status) {
            Verdict::Taken => Part::Taken(message_id),
            Verdict::Haste => Part::PutOff,
            Verdict::Passing => {
                sent.had_passing_fault = true;
                Part::PutOff
            }
            Verdict::Never => {
                sent.refused = Some(status);
                Part::Refused
            }
        };
        if sent.parts.iter().any(|part| matches!(part, Part::Open)) {
            return Fate::Waiting;
        }
        self.settle(ordinal)
    }

    /// Every part of the notice was answered: what now?
    fn settle(&mut self, ordinal: Ordinal) -> Fate {
        let Some(sent) = self.notices.get(&ordinal) else { return Fate::Stray };
        let put_off = sent.parts.iter().any(|part| matches!(part, Part::PutOff));
        let taken = sent.parts.iter().any(|part| matches!(part, Part::Taken(_)));
        if put_off && taken && sent.refused.is_none() && !sent.is_doubted {
            return Fate::Rest(ordinal);
        }
        let Some(mut sent) = self.remove(ordinal) else { return Fate::Stray };
        if let Some(status) = sent.refused {
            return Fate::Refused(refusal(sent.attempt, status));
        }
        if !put_off {
            return Fate::Accepted(sent.answer());
        }
        if sent.is_doubted {
            // The ledger has it in doubt, and only a person takes a notice from there to "planned".
            return Fate::Stray;
        }
        sent.ready.refusals += u32::from(sent.had_passing_fault);
        if sent.ready.refusals >= limits::NOTICE_ATTEMPTS_MAX {
            return Fate::Refused(refusal(sent.attempt, status::SYSTEM_ERROR));
        }
        Fate::PutOff(sent.attempt, Box::new(sent.ready))
    }

    fn remove(&mut self, ordinal: Ordinal) -> Option<Sent> {
        let sent = self.notices.remove(&ordinal)?;
        if !sent.is_doubted {
            self.held -= sent.parts.len();
        }
        Some(sent)
    }

    /// The notices that have waited too long for an answer: in doubt from here on.
    pub(super) fn overdue(&mut self, now_us: u64, response_us: u64) -> Vec<Answer> {
        let mut overdue = Vec::new();
        for sent in self.notices.values_mut() {
            if !sent.is_doubted && now_us.saturating_sub(sent.since_us) >= response_us {
                sent.is_doubted = true;
                self.held -= sent.parts.len();
                overdue.push(sent.answer());
            }
        }
        self.forget_doubted();
        overdue
    }

    /// Late answers are waited for by so many notices at most; beyond that receipts must tell.
    fn forget_doubted(&mut self) {
        let doubted = self.notices.values().filter(|sent| sent.is_doubted).count();
        if doubted > limits::NOTICE_WINDOW_MAX {
            self.notices.retain(|_, sent| !sent.is_doubted);
            self.sequences.retain(|_, (ordinal, _)| self.notices.contains_key(ordinal));
        }
    }

    /// The link is gone: everything on it is in doubt.
    pub(super) fn lost(&mut self) -> Vec<Answer> {
        self.held = 0;
        self.sequences.clear();
        self.notices
            .drain()
            .filter(|(_, sent)| !sent.is_doubted)
            .map(|(_, sent)| sent.answer())
            .collect()
    }
}

impl Sent {
    fn answer(&self) -> Answer {
        let ids = self.parts.iter().filter_map(|part| match part {
            Part::Taken(id) => Some(id.clone()),
            _ => None,
        });
        Answer { attempt: self.attempt, message_ids: ids.collect() }
    }
}

fn refusal(attempt: Attempt, status: u32) -> Refusal {
    Refusal { attempt, outcome: format!("smpp.{status:08x}") }
}

#[cfg(test)]
mod tests {
    use doldam_ground::Pii;

    use super::*;
    use crate::encode::Encoded;

    fn launch(flight: &mut Flight, number: u32, parts: usize, first: u32) {
        let encoded =
            Encoded { parts: vec![vec![1]; parts], has_headers: parts > 1, is_payload: false };
        let ordinal = Ordinal::new(number);
        let number = Pii::new("01012345678".to_owned());
        let ready = Ready { ordinal, number, digest: [0; 16], encoded, refusals: 0 };
        let intended = Intended { attempt: Attempt { ordinal, number: 1 }, reference: 7 };
        let mut next = first;
        flight.launch(ready, intended, 100, &mut |_, _, _| {
            next += 1;
            next - 1
        });
    }

    fn taken(flight: &mut Flight, sequence: u32) -> Fate {
        flight.answer(sequence, status::OK, format!("m{sequence}"))
    }

    #[test]
    fn a_notice_in_parts_is_accepted_with_its_last_part() {
        let mut flight = Flight::default();
        launch(&mut flight, 1, 3, 1);
        assert_eq!(flight.held(), 3);
        assert!(matches!(taken(&mut flight, 2), Fate::Waiting));
        assert!(matches!(flight.answer(3, status::THROTTLED, String::new()), Fate::Waiting));
        assert!(matches!(taken(&mut flight, 2), Fate::Stray), "an answer counts once");
        let Fate::Rest(ordinal) = taken(&mut flight, 1) else { panic!("one part must follow") };
        let mut again = Vec::new();
        flight.relaunch(ordinal, 200, &mut |_, place, reference| {
            again.push((place, reference));
            9
        });
        assert_eq!(again, [(2, 7)]);
        let Fate::Accepted(answer) = taken(&mut flight, 9) else { panic!("all parts are taken") };
        assert_eq!(answer.message_ids, ["m1", "m2", "m9"]);
        assert_eq!(flight.held(), 0);
    }

    #[test]
    fn what_was_put_off_is_ready_again_and_not_for_ever() {
        let mut flight = Flight::default();
        launch(&mut flight, 1, 1, 1);
        let fate = flight.answer(1, status::QUEUE_FULL, String::new());
        let Fate::PutOff(_, ready) = fate else { panic!("haste is no fault") };
        assert_eq!(ready.refusals, 0);
        let mut ready = *ready;
        for turn in 1..=limits::NOTICE_ATTEMPTS_MAX {
            let attempt = Attempt { ordinal: ready.ordinal, number: turn };
            let intended = Intended { attempt, reference: 0 };
            flight.launch(ready, intended, 0, &mut |_, _, _| 5);
            match flight.answer(5, status::SYSTEM_ERROR, String::new()) {
                Fate::PutOff(_, again) => ready = *again,
                Fate::Refused(refusal) => {
                    assert_eq!(turn, limits::NOTICE_ATTEMPTS_MAX);
                    return assert_eq!(refusal.outcome, "smpp.00000008");
                }
                _ => panic!("it is answered"),
            }
        }
        panic!("it was tried for ever");
    }

    #[test]
    fn silence_is_doubt_and_a_late_answer_ends_it() {
        let mut flight = Flight::default();
        launch(&mut flight, 1, 1, 1);
        launch(&mut flight, 2, 2, 2);
        launch(&mut flight, 3, 1, 4);
        assert!(flight.overdue(149, 50).is_empty());
        assert!(matches!(taken(&mut flight, 2), Fate::Waiting));
        let mut doubts = flight.overdue(150, 50);
        doubts.sort_by_key(|answer| answer.attempt.ordinal);
        let ids: Vec<usize> = doubts.iter().map(|answer| answer.message_ids.len()).collect();
        assert_eq!((ids, flight.held()), (vec![0, 1, 0], 0));
        assert!(flight.overdue(999, 50).is_empty(), "a doubt is told once");
        assert!(matches!(taken(&mut flight, 1), Fate::Accepted(_)));
        let late = flight.answer(4, status::THROTTLED, String::new());
        assert!(matches!(late, Fate::Stray), "a doubt is never planned again by the program");
        launch(&mut flight, 5, 1, 6);
        assert_eq!(flight.lost().len(), 1, "of what was in doubt nobody is told twice");
        assert!(matches!(taken(&mut flight, 3), Fate::Stray));
    }
}
