//! The worker that sends messages, each once.
//!
//! There is one once-only ledger in this product, that of notices, and this worker fills it: it
//! takes what waits into a sending, plans a notice for each person, and lets
//! [`Sender`](doldam_notify::Sender) do what it does for notices. So a process that dies anywhere
//! has texted nobody twice and forgotten nobody: what was not taken waits, what was planned is
//! planned, what was on the wire is in doubt, and stays so unless a receipt ends it: nobody is told
//! a processor's text a second time on a guess.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use doldam_ground::ids::{DispatchId, MessageId, Ordinal, ProcessorId, TemplateId};
use doldam_ground::limits::{MESSAGE_BATCH_MAX, MESSAGES_PER_PERSON_DAY_MAX};
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant, Kind, Pii};
use doldam_notify::{Gateway, NotifyError, Recipient, Recipients, Sender};
use doldam_store::dispatch::{self, NewDispatch};
use doldam_store::message::{self, NO_INCIDENT, Waiting};
use doldam_store::{StoreError, Tx, notice};
use doldam_vault::{Actor, Vault};
use roaring::RoaringBitmap;
use zeroize::Zeroizing;

use super::text::Checked;
use super::{VALUES_LABEL, Values, place};
use crate::access::Running;
use crate::error::ProcessorsError;
use crate::registry::Processors;

/// What the hash of a telephone number is keyed for: as for notices, because a receipt of the
/// gateway may come to either.
const DESTINATION_LABEL: &str = "doldam 1 notice destination";
/// Days after which a message that still waits is given up: its text is of the past.
const WAIT_DAYS: i64 = 1;
/// Days for which receipts are listened for.
const RECEIPT_DAYS: i64 = 3;
/// Pause when there is nothing to do, and the longest after failures, in microseconds.
const PAUSE_US: u64 = 200_000;
const PAUSE_US_MAX: u64 = 60_000_000;
/// Longest wait for a receipt after a text, in microseconds.
const RECEIPT_WAIT_US_MAX: u64 = 2_000_000;
/// Between two times that receipts alone are listened for, in microseconds.
const LISTEN_US: u64 = 30_000_000;

/// Sends the messages that processors ask for, by one gateway. There is one in a process.
pub struct Messenger {
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    running: Arc<Running>,
    gateway: Gateway,
}

/// What a turn of the worker did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Messages that were taken into a sending.
    pub taken: usize,
    /// Messages that were given up: too old, or too many for one person.
    pub dropped: usize,
    /// Messages whose text may still have to be sent.
    pub left: u64,
}

impl Processors {
    /// The worker that sends messages by this gateway. It waits for receipts no longer than two
    /// seconds at a time: somebody else may be waiting for a text.
    pub fn messenger(&self, gateway: &Gateway) -> Messenger {
        Messenger {
            vault: Arc::clone(&self.vault),
            clock: Arc::clone(&self.clock),
            running: Arc::clone(&self.running),
            gateway: hasty(gateway),
        }
    }
}

/// The same account with a short wait for receipts.
fn hasty(gateway: &Gateway) -> Gateway {
    let (name, address, system_id) = (&gateway.name, &gateway.address, &gateway.system_id);
    Gateway {
        system_type: gateway.system_type.clone(),
        sender: gateway.sender.clone(),
        coding: gateway.coding,
        long_text: gateway.long_text,
        window: gateway.window,
        texts_per_second: gateway.texts_per_second,
        response_us: gateway.response_us,
        enquire_us: gateway.enquire_us,
        throttle_pause_us: gateway.throttle_pause_us,
        reconnect_us: gateway.reconnect_us,
        reconnects_max: gateway.reconnects_max,
        receipt_wait_us: gateway.receipt_wait_us.min(RECEIPT_WAIT_US_MAX),
        asks: gateway.asks,
        lease_us: gateway.lease_us,
        ..Gateway::new(name, address, system_id, gateway.password.duplicate())
    }
}

/// What is taken in one transaction.
#[derive(Default)]
struct Batch {
    ids: Vec<MessageId>,
    people: Vec<Ordinal>,
    stale: Vec<MessageId>,
    excess: Vec<MessageId>,
}

impl Messenger {
    /// Works until `stop` is raised. Failures are told to `report` and tried again, ever more
    /// slowly, up to once a minute.
    pub fn run(&self, stop: &AtomicBool, report: &dyn Fn(&ProcessorsError)) {
        let mut pause_us = PAUSE_US;
        let mut listened_us = 0;
        while !stop.load(Ordering::Acquire) {
            let end = self.turn(stop).and_then(|turn| {
                let now_us = self.clock.elapsed_us();
                if turn.taken == 0 && now_us.saturating_sub(listened_us) >= LISTEN_US {
                    listened_us = now_us;
                    self.listen(stop)?;
                }
                Ok(turn)
            });
            match end {
                Ok(turn) if turn.taken > 0 => pause_us = 0,
                Ok(_) => pause_us = PAUSE_US,
                Err(error) => {
                    report(&error);
                    pause_us = (pause_us.max(PAUSE_US) * 2).min(PAUSE_US_MAX);
                }
            }
            self.pause(pause_us, stop);
        }
    }

    fn pause(&self, pause_us: u64, stop: &AtomicBool) {
        let until_us = self.clock.elapsed_us() + pause_us;
        loop {
            let left_us = until_us.saturating_sub(self.clock.elapsed_us());
            if left_us == 0 || stop.load(Ordering::Acquire) {
                return;
            }
            thread::park_timeout(Duration::from_micros(left_us.min(PAUSE_US)));
        }
    }

    /// Finishes what was taken before, then takes what waits and sends it.
    pub fn turn(&self, stop: &AtomicBool) -> Result<Turn, ProcessorsError> {
        let mut turn = Turn::default();
        for dispatch in self.vault.data().read("message.unfinished", message::unfinished)? {
            turn.left += self.send(dispatch, stop)?;
        }
        if stop.load(Ordering::Acquire) {
            return Ok(turn);
        }
        let (dispatch, taken, dropped) = self.take()?;
        (turn.taken, turn.dropped) = (taken, dropped);
        if let Some(dispatch) = dispatch {
            turn.left += self.send(dispatch, stop)?;
        }
        Ok(turn)
    }

    /// Listens for receipts of what was sent before.
    pub fn listen(&self, stop: &AtomicBool) -> Result<(), ProcessorsError> {
        let since = self.vault.now().plus_days(-RECEIPT_DAYS);
        let name = self.gateway.name.clone();
        let found = self
            .vault
            .data()
            .read("message.listening", |tx| message::listening(tx, &name, since))?;
        found.map_or(Ok(()), |dispatch| self.send(dispatch, stop).map(drop))
    }

    /// Takes what waits into a sending; gives it, how many it has, and how many were given up.
    fn take(&self) -> Result<(Option<DispatchId>, usize, usize), ProcessorsError> {
        let (now, gateway) = (self.vault.now(), self.gateway.name.clone());
        let running = Arc::clone(&self.running);
        let waits = self.vault.data().read("message.waits", |tx| message::queued(tx, 0, 1))?;
        if waits.is_empty() {
            return Ok((None, 0, 0));
        }
        Ok(self.vault.data().write("message.take", move |tx| {
            let batch = choose(tx, &|processor| running.is_barred(processor), now)?;
            message::drop_queued(tx, &batch.stale, "stale")?;
            message::drop_queued(tx, &batch.excess, "too_many")?;
            let dropped = batch.stale.len() + batch.excess.len();
            let Some(first) = batch.ids.first() else { return Ok((None, 0, dropped)) };
            let approved = NewDispatch {
                incident: NO_INCIDENT,
                // The oldest message of a sending is in no other one.
                stage: format!("message-{}", first.number()),
                channel: "sms".to_owned(),
                gateway: gateway.clone(),
                // Each message names its own text, which two people agreed to.
                template: "message".to_owned(),
                template_version: 0,
                template_digest: [0; 32],
            };
            let dispatch = dispatch::create(tx, &approved, now)?;
            message::take(tx, dispatch, &batch.ids, &batch.people)?;
            Ok((Some(dispatch), batch.ids.len(), dropped))
        })?)
    }

    /// Sends what is planned of a sending; gives how many texts may still have to be sent.
    fn send(&self, dispatch: DispatchId, stop: &AtomicBool) -> Result<u64, ProcessorsError> {
        let (held, found) = self.vault.data().read("message.sending", |tx| {
            Ok((message::of_dispatch(tx, dispatch)?, dispatch::find(tx, dispatch)?))
        })?;
        let left = held.len() as u64;
        let counts = self.vault.data().read("message.counts", |tx| notice::counts(tx, dispatch))?;
        // What another gateway was to send waits for that gateway.
        if found.is_none_or(|found| found.approved.gateway != self.gateway.name) {
            return Ok(left);
        }
        if counts.all() > 0 {
            let letters = Letters::new(&self.vault, dispatch, held)?;
            let sender = Sender::new(self.vault.data().clone());
            let end = sender.run(dispatch, &letters, &self.gateway, self.clock.as_ref(), stop);
            match end {
                Ok(_) => {}
                // A worker that died holds it a little longer.
                Err(NotifyError::Store(StoreError::Conflict { .. })) => return Ok(left),
                Err(error) => {
                    self.settle(dispatch)?;
                    return Err(error.into());
                }
            }
        }
        self.settle(dispatch)
    }

    /// Lets go of the values that are not needed any more, and closes what is over.
    fn settle(&self, dispatch: DispatchId) -> Result<u64, ProcessorsError> {
        Ok(self.vault.data().write("message.settle", move |tx| {
            let left = message::settle(tx, dispatch)?;
            let counts = notice::counts(tx, dispatch)?;
            if left + counts.accepted + counts.in_doubt + counts.planned + counts.intent == 0 {
                dispatch::close(tx, dispatch)?;
            }
            Ok(left)
        })?)
    }
}

/// Chooses what is sent next: oldest first, at most one text to a person.
fn choose(
    tx: &mut Tx<'_>,
    is_barred: &dyn Fn(ProcessorId) -> bool,
    now: Instant,
) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    let mut seen = BTreeSet::new();
    for waiting in message::queued(tx, 0, MESSAGE_BATCH_MAX)? {
        let person = waiting.ordinal.filter(|ordinal| !ordinal.is_canary());
        if waiting.created_at <= now.plus_days(-WAIT_DAYS) {
            batch.stale.push(waiting.id);
        } else if is_barred(waiting.processor) {
            // A cut is on its way to it.
        } else if let Some(person) = person {
            if !seen.insert(person) {
                continue;
            }
            if message::sent_since(tx, person, now.plus_days(-1))? >= MESSAGES_PER_PERSON_DAY_MAX {
                batch.excess.push(waiting.id);
            } else {
                batch.ids.push(waiting.id);
                batch.people.push(person);
            }
        } else {
            batch.ids.push(waiting.id);
        }
    }
    Ok(batch)
}

/// The messages of one sending, as the sender's address book. The row of the access log that says
/// whose telephone number is opened is durable before it is.
struct Letters<'v> {
    vault: &'v Vault,
    dispatch: DispatchId,
    held: HashMap<Ordinal, Waiting>,
    texts: BTreeMap<TemplateId, Checked>,
    actor: Actor,
    key: Zeroizing<[u8; 32]>,
}

impl<'v> Letters<'v> {
    fn new(
        vault: &'v Vault,
        dispatch: DispatchId,
        held: Vec<Waiting>,
    ) -> Result<Self, ProcessorsError> {
        let mut texts = BTreeMap::new();
        for id in held.iter().map(|waiting| waiting.template).collect::<BTreeSet<_>>() {
            let found =
                vault.data().read("message.template_find", |tx| message::template_find(tx, id))?;
            texts.extend(found.and_then(|held| Some((id, Checked::read(&held).ok()?))));
        }
        let held =
            held.into_iter().filter_map(|waiting| Some((waiting.ordinal?, waiting))).collect();
        let actor = Actor { name: "messenger".to_owned(), origin: "local".to_owned() };
        let key = vault.derive_key(DESTINATION_LABEL, b"");
        Ok(Self { vault, dispatch, held, texts, actor, key })
    }

    /// The text of a message in a language.
    fn text(&self, waiting: &Waiting, language: &str) -> Result<Pii<String>, ProcessorsError> {
        let gone = ProcessorsError::Invalid("the values of a message are gone");
        let sealed = waiting.content.as_ref().ok_or(gone)?;
        let place = place(waiting.processor, waiting.template, &waiting.target);
        let plain = self.vault.open_secret(VALUES_LABEL, &place, sealed)?;
        let broken = |_| ProcessorsError::Unfit("its values cannot be read".to_owned());
        let values = Values::new(serde_json::from_slice(plain.expose()).map_err(broken)?);
        let text = self.texts.get(&waiting.template).ok_or(ProcessorsError::NoTemplate)?;
        let language = language.parse::<Language>().unwrap_or(self.vault.language());
        text.fill(language, values.inner())
    }
}

impl Recipients for Letters<'_> {
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError> {
        let members: RoaringBitmap = ordinals.iter().map(|ordinal| ordinal.number()).collect();
        let object = self.dispatch.to_string();
        let purpose = "messages that processors asked for";
        let opened = self
            .vault
            .reveal_many(members, &[Kind::PHONE], &self.actor, object, purpose)
            .and_then(|reveal| reveal.open(ordinals))
            .map_err(|error| NotifyError::Recipients { code: error.code() })?;
        let mut found = Vec::with_capacity(ordinals.len());
        for (ordinal, revealed) in ordinals.iter().zip(opened) {
            // Erased since, or nobody's message: the ledger notes that there was nobody to tell.
            let Some((revealed, waiting)) = revealed.zip(self.held.get(ordinal)) else { continue };
            // One that cannot be read must not hold up the others: it ends as failed.
            let Ok(text) = self.text(waiting, &revealed.language) else { continue };
            let number = revealed.attributes.get(Kind::PHONE).map(Pii::duplicate);
            found.push(Recipient { ordinal: *ordinal, number, text });
        }
        Ok(found)
    }

    fn digest(&self, number: &Pii<String>) -> [u8; 16] {
        let hash = blake3::keyed_hash(&self.key, number.expose().as_bytes());
        let (short, _) = hash.as_bytes().split_at(16);
        short.try_into().expect("half of 32 bytes are 16")
    }
}
