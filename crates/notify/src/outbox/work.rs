//! The loop of one worker on one dispatch.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use doldam_ground::ids::Ordinal;
use doldam_ground::{Clock, Pii, limits};
use doldam_store::dispatch::Lease;
use doldam_store::notice::{self, Intended, Intent, Receipt};
use doldam_store::{Store, StoreError};

use super::flight::{Fate, Flight, Verdict, verdict};
use super::ledger::{self, Facts};
use super::pace::Pace;
use super::prepare::{self, Ready};
use super::{Recipients, Summary};
use crate::NotifyError;
use crate::sms::gateway::Gateway;
use crate::sms::link::{Event, Link};
use crate::sms::pdu::{self, Deliver, Frame, Incoming, Submit};
use crate::sms::receipt;

/// People that are looked up at once: a look-up is one entry of the access log.
const LOOK_UP: u32 = 1_000;
/// Longest wait for an event, so that the stop flag and overdue answers are seen.
const WAIT_US: u64 = 20_000;
/// How long a turn gathers answers before it pays for a commit.
const LINGER_US: u64 = 500;
/// Longest pause before a new connection.
const RECONNECT_US_MAX: u64 = 30_000_000;
/// How long the gateway may take to say goodbye.
const GOODBYE_US: u64 = 1_000_000;

/// One worker.
pub(super) struct Work<'w> {
    store: &'w Store,
    lease: Lease,
    recipients: &'w dyn Recipients,
    gateway: &'w Gateway,
    clock: &'w dyn Clock,
    stop: &'w AtomicBool,
    link: Option<Link>,
    flight: Flight,
    pace: Pace,
    ready: VecDeque<Ready>,
    /// The last person that was looked up; `None` before the first.
    cursor: Option<Ordinal>,
    is_exhausted: bool,
    facts: Facts,
    /// Receipts of this link that are confirmed once they are durable.
    confirmations: Vec<u32>,
    /// Notices of which some parts must be sent again.
    rests: Vec<Ordinal>,
    /// Questions to the gateway: which message each is about.
    questions: HashMap<u32, String>,
    /// Connections that failed or broke since anything was achieved.
    failures: u32,
    /// Texts that went unanswered since the last answer.
    unanswered: usize,
    renewed_us: u64,
    heard_us: u64,
    enquired_us: Option<u64>,
    summary: Summary,
}

impl<'w> Work<'w> {
    pub(super) fn new(
        store: &'w Store,
        lease: Lease,
        recipients: &'w dyn Recipients,
        gateway: &'w Gateway,
        clock: &'w dyn Clock,
        stop: &'w AtomicBool,
    ) -> Self {
        let now_us = clock.elapsed_us();
        Self {
            store,
            lease,
            recipients,
            gateway,
            clock,
            stop,
            link: None,
            flight: Flight::default(),
            pace: Pace::new(gateway, now_us),
            ready: VecDeque::new(),
            cursor: None,
            is_exhausted: false,
            facts: Facts::default(),
            confirmations: Vec::new(),
            rests: Vec::new(),
            questions: HashMap::new(),
            failures: 0,
            unanswered: 0,
            renewed_us: now_us,
            heard_us: now_us,
            enquired_us: None,
            summary: Summary::default(),
        }
    }

    pub(super) fn into_summary(self) -> Summary {
        self.summary
    }

    /// Everything, from the first text to the last receipt.
    pub(super) fn run(&mut self) -> Result<(), NotifyError> {
        let end = self.send_all().and_then(|()| self.listen()).and_then(|()| self.ask());
        if !matches!(end, Err(NotifyError::Store(_))) {
            // Whatever else failed, what is on the wire may still be answered, and what is known
            // is written down.
            self.land()?;
            let doubts = self.flight.lost();
            self.facts.doubts.extend(doubts);
            self.turn(Vec::new())?;
        }
        self.say_goodbye();
        end
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn send_all(&mut self) -> Result<(), NotifyError> {
        while !self.is_stopped() {
            self.connect()?;
            self.refill()?;
            if self.is_done() && !self.plans_anew()? {
                break;
            }
            let picked = self.pick();
            self.turn(picked)?;
            self.hear();
        }
        self.land()
    }

    /// Waits for the answers to what is on the wire, or for their time to run out.
    fn land(&mut self) -> Result<(), NotifyError> {
        while self.flight.held() > 0 {
            self.turn(Vec::new())?;
            self.hear();
        }
        self.turn(Vec::new())
    }

    fn is_done(&self) -> bool {
        self.is_exhausted
            && self.ready.is_empty()
            && self.flight.held() == 0
            && self.rests.is_empty()
    }

    /// Whether somebody was planned behind our back: a person decided to send again.
    fn plans_anew(&mut self) -> Result<bool, NotifyError> {
        self.turn(Vec::new())?;
        self.cursor = None;
        self.is_exhausted = false;
        self.refill()?;
        Ok(!self.is_done())
    }

    /// Looks the next people up.
    fn refill(&mut self) -> Result<(), NotifyError> {
        while !self.is_exhausted && self.ready.len() < self.gateway.window {
            let (dispatch, cursor) = (self.lease.dispatch, self.cursor);
            let ordinals = self
                .store
                .read("notice.planned", |tx| notice::planned(tx, dispatch, cursor, LOOK_UP))?;
            self.is_exhausted = ordinals.len() < LOOK_UP as usize;
            let Some(last) = ordinals.last() else { break };
            self.cursor = Some(*last);
            self.look_up(&ordinals)?;
            // Those who cannot be told are written down now, or the next look finds them again.
            self.turn(Vec::new())?;
        }
        Ok(())
    }

    fn look_up(&mut self, ordinals: &[Ordinal]) -> Result<(), NotifyError> {
        let mut found: HashMap<Ordinal, _> = self
            .recipients
            .look_up(ordinals)?
            .into_iter()
            .map(|recipient| (recipient.ordinal, recipient))
            .collect();
        for ordinal in ordinals {
            // One that was put off is planned in the ledger and ready here at the same time.
            if self.ready.iter().any(|ready| ready.ordinal == *ordinal) {
                continue;
            }
            let prepared = match found.remove(ordinal) {
                Some(recipient) => prepare::prepare(&recipient, self.gateway, self.recipients),
                None => Err(prepare::never(*ordinal, "unknown_subject")),
            };
            match prepared {
                Ok(ready) => self.ready.push_back(ready),
                Err(refusal) => self.facts.refusals.push(refusal),
            }
        }
        Ok(())
    }

    /// The notices that may go out now.
    fn pick(&mut self) -> Vec<Ready> {
        if self.link.is_none() {
            return Vec::new();
        }
        let mut room = self.pace.room(self.clock.elapsed_us(), self.flight.held());
        let mut picked = Vec::new();
        while let Some(next) = self.ready.front() {
            let parts = next.encoded.parts.len();
            // A text of more parts than the window goes alone.
            let goes_alone = self.flight.held() == 0 && picked.is_empty() && room > 0;
            if parts > room && !goes_alone {
                break;
            }
            room = room.saturating_sub(parts);
            self.pace.spent(parts);
            picked.extend(self.ready.pop_front());
        }
        picked
    }

    /// One commit, then the wire.
    fn turn(&mut self, picked: Vec<Ready>) -> Result<(), NotifyError> {
        let now_us = self.clock.elapsed_us();
        let is_quiet =
            now_us.saturating_sub(self.renewed_us) < u64::from(self.gateway.lease_us) / 3;
        if picked.is_empty() && self.facts.is_empty() && is_quiet {
            self.write(Vec::new());
            return Ok(());
        }
        let intents = picked
            .iter()
            .map(|ready| Intent {
                ordinal: ready.ordinal,
                destination: ready.digest,
                parts: u32::try_from(ready.encoded.parts.len()).unwrap_or(u32::MAX),
            })
            .collect();
        let facts = std::mem::take(&mut self.facts);
        let (lease_us, now) = (self.gateway.lease_us, self.clock.now());
        let turn = ledger::commit(self.store, &self.lease, lease_us, facts, intents, now)?;
        self.renewed_us = now_us;
        self.summary.receipts.new += turn.receipts.new;
        self.summary.receipts.repeated += turn.receipts.repeated;
        self.summary.receipts.stray += turn.receipts.stray;
        let mut intended: HashMap<Ordinal, Intended> =
            turn.intended.into_iter().map(|one| (one.attempt.ordinal, one)).collect();
        // A pick that the ledger did not take is not planned any more: somebody else's decision.
        let launched = picked
            .into_iter()
            .filter_map(|ready| Some((intended.remove(&ready.ordinal)?, ready)))
            .collect();
        self.write(launched);
        if turn.is_held {
            return Ok(());
        }
        let what = "another worker took the dispatch over, or it was closed";
        Err(StoreError::Conflict { what }.into())
    }

    /// Puts confirmations and texts on the wire, in one write.
    fn write(&mut self, launched: Vec<(Intended, Ready)>) {
        let now_us = self.clock.elapsed_us();
        let Some(link) = self.link.as_mut() else { return };
        for sequence in self.confirmations.drain(..) {
            pdu::write_deliver_answer(link.out(), sequence);
        }
        let gateway = self.gateway;
        let mut messages = 0;
        let mut put = |ready: &Ready, place: usize, reference: u16| {
            messages += 1;
            let sequence = link.next_sequence();
            write_part(link.out(), sequence, gateway, ready, place, reference);
            sequence
        };
        if self.pace.pause_left_us(now_us) == 0 {
            for ordinal in self.rests.drain(..) {
                self.flight.relaunch(ordinal, now_us, &mut put);
            }
        }
        for (intended, ready) in launched {
            self.flight.launch(ready, intended, now_us, &mut put);
        }
        self.summary.messages += messages;
        if !link.out().is_empty() && link.flush().is_err() {
            self.lose_link();
        }
    }

    fn lose_link(&mut self) {
        if self.link.take().is_none() {
            return;
        }
        self.summary.disconnects += 1;
        self.failures += 1;
        self.unanswered = 0;
        self.pace.broke();
        self.facts.doubts.extend(self.flight.lost());
        self.confirmations.clear();
        self.rests.clear();
        self.questions.clear();
        self.enquired_us = None;
    }

    /// Makes sure that there is a link, with pauses that double.
    fn connect(&mut self) -> Result<(), NotifyError> {
        while self.link.is_none() && !self.is_stopped() {
            if self.failures > 0 {
                if self.failures > self.gateway.reconnects_max {
                    return Err(NotifyError::Unreachable);
                }
                self.pause(self.gateway.reconnect_us << (self.failures - 1).min(16))?;
            }
            match Link::open(self.gateway) {
                Ok(link) => {
                    self.link = Some(link);
                    self.heard_us = self.clock.elapsed_us();
                }
                Err(NotifyError::Unreachable) => self.failures += 1,
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Waits, keeping the lease alive and an eye on the stop flag.
    fn pause(&mut self, pause_us: u64) -> Result<(), NotifyError> {
        let until_us = self.clock.elapsed_us() + pause_us.min(RECONNECT_US_MAX);
        loop {
            self.turn(Vec::new())?;
            let left_us = until_us.saturating_sub(self.clock.elapsed_us());
            if left_us == 0 || self.is_stopped() {
                return Ok(());
            }
            thread::park_timeout(Duration::from_micros(left_us.min(WAIT_US)));
        }
    }

    /// Takes in what the gateway says: waits for a first word, then gathers what follows closely.
    fn hear(&mut self) {
        let now_us = self.clock.elapsed_us();
        let can_send = !self.ready.is_empty() && self.pace.room(now_us, self.flight.held()) > 0;
        let pause_us = self.pace.pause_left_us(now_us);
        let mut wait_us = match (can_send, pause_us) {
            (true, _) => 0,
            (false, 0) => WAIT_US,
            (false, left) => left.min(WAIT_US),
        };
        let most = 4 * self.gateway.window + 256;
        for _ in 0..most {
            let Some(link) = self.link.as_ref() else { break };
            let event = match wait_us {
                0 => link.poll(),
                wait => link.wait(Duration::from_micros(wait)),
            };
            match event {
                Some(Event::Frame(frame)) => self.handle(frame),
                Some(Event::Closed) => self.lose_link(),
                None => break,
            }
            let half_open = 2 * self.flight.held() > self.gateway.window;
            wait_us = if half_open { LINGER_US } else { 0 };
        }
        self.look_at_the_clock();
    }

    /// Silence: answers that are overdue, a link that may be dead.
    fn look_at_the_clock(&mut self) {
        let now_us = self.clock.elapsed_us();
        let overdue = self.flight.overdue(now_us, self.gateway.response_us);
        self.unanswered += overdue.len();
        self.facts.doubts.extend(overdue);
        if self.unanswered > 0 && self.pace.is_silence(self.unanswered) {
            // It takes texts and says nothing: every further one would only be one more doubt.
            return self.lose_link();
        }
        if self.enquired_us.is_some_and(|at| now_us.saturating_sub(at) >= self.gateway.response_us)
        {
            return self.lose_link();
        }
        let is_silent = now_us.saturating_sub(self.heard_us) >= self.gateway.enquire_us;
        if is_silent
            && self.enquired_us.is_none()
            && let Some(link) = self.link.as_mut()
        {
            let sequence = link.next_sequence();
            pdu::write_enquire(link.out(), sequence);
            self.enquired_us = Some(now_us);
        }
    }

    fn handle(&mut self, frame: Frame) {
        let Frame { status, sequence, incoming } = frame;
        self.heard_us = self.clock.elapsed_us();
        self.enquired_us = None;
        match incoming {
            Incoming::SubmitAnswer { message_id } => self.answered(sequence, status, &message_id),
            Incoming::Nack => self.answered(sequence, status.max(1), ""),
            Incoming::Deliver(deliver) => self.delivered(sequence, &deliver),
            Incoming::QueryAnswer { state, error, .. } => {
                self.informed(sequence, status, state, error);
            }
            Incoming::EnquireLink => self.reply(|out| pdu::write_enquire_answer(out, sequence)),
            Incoming::Unbind => {
                // What is not durable yet is not confirmed: it comes again on the next link.
                self.confirmations.clear();
                self.rests.clear();
                self.reply(|out| pdu::write_unbind_answer(out, sequence));
                self.write(Vec::new());
                self.lose_link();
            }
            Incoming::Other { is_answer: false } => {
                self.reply(|out| pdu::write_nack(out, sequence));
            }
            Incoming::BindAnswer
            | Incoming::EnquireLinkAnswer
            | Incoming::UnbindAnswer
            | Incoming::Other { is_answer: true } => {}
        }
    }

    fn reply(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if let Some(link) = self.link.as_mut() {
            write(link.out());
        }
    }

    fn answered(&mut self, sequence: u32, status: u32, message_id: &str) {
        let fate = self.flight.answer(sequence, status, receipt::message_id(message_id));
        if matches!(fate, Fate::Stray) {
            // It says nothing about what we sent, and not that the link is any good.
            self.summary.stray_answers += 1;
            return;
        }
        self.failures = 0;
        self.unanswered = 0;
        match verdict(status) {
            Verdict::Taken => self.pace.accepted(),
            Verdict::Haste | Verdict::Passing => {
                self.summary.throttled += 1;
                self.pace.throttled(self.clock.elapsed_us());
            }
            Verdict::Never => {}
        }
        match fate {
            Fate::Waiting | Fate::Stray => {}
            Fate::Accepted(answer) => self.facts.answers.push(answer),
            Fate::Refused(refusal) => self.facts.refusals.push(refusal),
            Fate::PutOff(attempt, ready) => {
                self.facts.put_off.push(attempt);
                self.ready.push_front(*ready);
            }
            Fate::Rest(ordinal) => self.rests.push(ordinal),
        }
    }

    fn delivered(&mut self, sequence: u32, deliver: &Deliver) {
        if self.flight.held() == 0 && self.ready.is_empty() {
            // While texts are sent, only answers to them show that the link is any good.
            self.failures = 0;
        }
        self.confirmations.push(sequence);
        let Some(report) = receipt::read(deliver) else {
            self.summary.other_messages += 1;
            return;
        };
        let Some(settled) = report.settled else { return };
        let number =
            prepare::phone(&deliver.source).unwrap_or_else(|| Pii::new(deliver.source.clone()));
        self.facts.receipts.push(Receipt {
            message_id: report.message_id,
            reference: report.reference,
            destination: Some(self.recipients.digest(&number)),
            settled,
        });
    }

    fn informed(&mut self, sequence: u32, status: u32, state: u8, error: u8) {
        let Some(message_id) = self.questions.remove(&sequence) else {
            self.summary.stray_answers += 1;
            return;
        };
        let settled = receipt::of_state(state, &error.to_string());
        if let (pdu::status::OK, Some(settled)) = (status, settled) {
            let receipt = Receipt { message_id, reference: None, destination: None, settled };
            self.facts.receipts.push(receipt);
        }
    }

    /// Waits for receipts until none has come for a while, or none is missing.
    fn listen(&mut self) -> Result<(), NotifyError> {
        let mut heard_us = self.clock.elapsed_us();
        while !self.is_stopped() && self.is_waiting()? {
            if self.clock.elapsed_us().saturating_sub(heard_us) >= self.gateway.receipt_wait_us {
                break;
            }
            self.connect()?;
            self.hear();
            if !self.facts.is_empty() {
                heard_us = self.clock.elapsed_us();
            }
            self.turn(Vec::new())?;
        }
        Ok(())
    }

    /// Whether a receipt could still say something new.
    fn is_waiting(&self) -> Result<bool, NotifyError> {
        if self.gateway.receipt_wait_us == 0 {
            return Ok(false);
        }
        let dispatch = self.lease.dispatch;
        let counts = self.store.read("notice.counts", |tx| notice::counts(tx, dispatch))?;
        Ok(counts.accepted + counts.in_doubt > 0)
    }

    /// Asks the gateway about messages that no receipt came for.
    fn ask(&mut self) -> Result<(), NotifyError> {
        if !self.gateway.asks || self.is_stopped() {
            return Ok(());
        }
        let (dispatch, now) = (self.lease.dispatch, self.clock.now());
        let most = u32::try_from(limits::NOTICE_WINDOW_MAX).unwrap_or(u32::MAX);
        let ids =
            self.store.read("notice.unsettled", |tx| notice::unsettled(tx, dispatch, now, most))?;
        for chunk in ids.chunks(self.gateway.window) {
            self.connect()?;
            if let Some(link) = self.link.as_mut() {
                for id in chunk {
                    let sequence = link.next_sequence();
                    pdu::write_query(link.out(), sequence, id, &self.gateway.sender);
                    self.questions.insert(sequence, id.clone());
                }
            }
            let asked_us = self.clock.elapsed_us();
            while !self.questions.is_empty()
                && self.clock.elapsed_us().saturating_sub(asked_us) < self.gateway.response_us
            {
                self.turn(Vec::new())?;
                self.hear();
            }
            self.questions.clear();
        }
        self.turn(Vec::new())
    }

    /// Signs off. Receipts that come meanwhile are not confirmed, and come again.
    fn say_goodbye(&mut self) {
        let Some(mut link) = self.link.take() else { return };
        let sequence = link.next_sequence();
        pdu::write_unbind(link.out(), sequence);
        if link.flush().is_err() {
            return;
        }
        let until_us = self.clock.elapsed_us() + GOODBYE_US;
        loop {
            let left_us = until_us.saturating_sub(self.clock.elapsed_us());
            match link.wait(Duration::from_micros(left_us.max(1))) {
                Some(
                    Event::Frame(Frame { incoming: Incoming::UnbindAnswer, .. }) | Event::Closed,
                )
                | None => return,
                Some(Event::Frame(_)) => {}
            }
        }
    }
}

fn write_part(
    out: &mut Vec<u8>,
    sequence: u32,
    gateway: &Gateway,
    ready: &Ready,
    place: usize,
    reference: u16,
) {
    let mut message = ready.encoded.parts[place].clone();
    if ready.encoded.has_headers {
        // The fourth byte of the header tells the texts to one phone apart.
        message[3] = reference.to_be_bytes()[1];
    }
    let submit = Submit {
        sender: &gateway.sender,
        destination: ready.number.expose(),
        data_coding: gateway.coding.data_coding(),
        has_header: ready.encoded.has_headers,
        is_payload: ready.encoded.is_payload,
        message: &message,
        reference,
    };
    pdu::write_submit(out, sequence, &submit);
    zeroize::Zeroize::zeroize(&mut message);
}
