//! A ledger, people who do not exist, and what their notices must look like in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};
use doldam_ground::{Clock, Instant, Pii};
use doldam_notify::{Gateway, NotifyError, Recipient, Recipients, Sender, Summary};
use doldam_store::dispatch::{self, NewDispatch};
use doldam_store::notice::{self, Standing};
use doldam_store::{Location, Schema, Store, StoreError};
use doldam_synthetic::smsc::Log;

pub(crate) const INCIDENT: IncidentId = IncidentId::new(1);
pub(crate) const STAGE: &str = "first";
/// The first dispatch of every ledger.
pub(crate) const DISPATCH: DispatchId = DispatchId::new(1);

/// The machine's clock: timeouts are what is tested here.
pub(crate) struct MachineClock(std::time::Instant);

#[expect(clippy::disallowed_methods, reason = "time-outs of a real socket need the real time")]
pub(crate) fn machine_clock() -> Arc<dyn Clock> {
    Arc::new(MachineClock(std::time::Instant::now()))
}

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "leases must outlive the process that had them")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("the year is not 1969");
        Instant::from_micros(i64::try_from(since.as_micros()).expect("nor 292,000"))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).expect("the test is short")
    }
}

/// People, each with a number made from the ordinal.
pub(crate) struct People {
    pub(crate) text: &'static str,
    /// Numbers that are something else instead.
    pub(crate) odd: BTreeMap<u32, Option<&'static str>>,
    /// People that were erased since they were planned.
    pub(crate) gone: BTreeSet<u32>,
    /// From this person on, nobody can be looked up.
    pub(crate) fails_from: u32,
}

impl People {
    pub(crate) fn with(text: &'static str) -> Self {
        Self { text, odd: BTreeMap::new(), gone: BTreeSet::new(), fails_from: u32::MAX }
    }
}

pub(crate) fn number_of(ordinal: u32) -> String {
    format!("010{:08}", 20_000_000 + ordinal)
}

impl Recipients for People {
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError> {
        if ordinals.iter().any(|ordinal| ordinal.number() >= self.fails_from) {
            return Err(NotifyError::Recipients { code: "test.locked" });
        }
        let here = ordinals.iter().filter(|ordinal| !self.gone.contains(&ordinal.number()));
        let found = here.map(|ordinal| {
            let number = match self.odd.get(&ordinal.number()) {
                Some(odd) => odd.map(str::to_owned),
                None => Some(number_of(ordinal.number())),
            };
            Recipient {
                ordinal: *ordinal,
                number: number.map(Pii::new),
                text: Pii::new(self.text.to_owned()),
            }
        });
        // In any order: the other way round.
        Ok(found.rev().collect())
    }

    fn digest(&self, number: &Pii<String>) -> [u8; 16] {
        // The key of a test world protects nobody; what counts is that equal numbers are equal.
        let digits = number.expose().bytes().filter(u8::is_ascii_digit);
        digits.fold(7_u128, |sum, digit| sum * 31 + u128::from(digit)).to_be_bytes()
    }
}

pub(crate) fn open(folder: &Path) -> Store {
    open_at(&Location::Sqlite(folder.join("data.db")))
}

pub(crate) fn open_at(location: &Location) -> Store {
    Store::open(location, Schema::Data, machine_clock()).unwrap()
}

/// Approves a dispatch and plans a notice for each of `people` persons.
pub(crate) fn plan(store: &Store, people: u32) -> DispatchId {
    let approved = NewDispatch {
        incident: INCIDENT,
        stage: STAGE.to_owned(),
        channel: "sms".to_owned(),
        gateway: "test".to_owned(),
        template: "leak".to_owned(),
        template_version: 1,
        template_digest: [0; 32],
    };
    let ordinals: Vec<Ordinal> = (0..people).map(Ordinal::new).collect();
    store
        .write("test.plan", move |tx| {
            let id = dispatch::create(tx, &approved, Instant::from_micros(0))?;
            notice::plan(tx, id, &ordinals)?;
            Ok(id)
        })
        .unwrap()
}

/// An account with short time-outs.
pub(crate) fn gateway(address: &str) -> Gateway {
    let mut gateway = Gateway::new("test", address, "bank", Pii::new("secret".to_owned()));
    "15990000".clone_into(&mut gateway.sender);
    gateway.response_us = 400_000;
    gateway.throttle_pause_us = 500;
    gateway.reconnect_us = 1_000;
    gateway.receipt_wait_us = 250_000;
    gateway.lease_us = 400_000;
    gateway
}

/// Runs the worker to its end; waits for the lease of one that was killed.
pub(crate) fn run(
    store: &Store,
    id: DispatchId,
    people: &People,
    gateway: &Gateway,
) -> Result<Summary, NotifyError> {
    let clock = machine_clock();
    let stop = AtomicBool::new(false);
    loop {
        let end = Sender::new(store.clone()).run(id, people, gateway, &*clock, &stop);
        if !matches!(end, Err(NotifyError::Store(StoreError::Conflict { .. }))) {
            return end;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
}

pub(crate) fn standings(store: &Store) -> Vec<Standing> {
    store.read("test.list", |tx| notice::list(tx, INCIDENT, STAGE, None, u32::MAX)).unwrap()
}

/// Holds the ledger against the gateway's own account: nobody was texted twice, nobody is
/// forgotten, and only those are in doubt of whom the gateway owes word.
pub(crate) fn audit(standings: &[Standing], log: &Log, people: u32) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(text);
    if standings.len() != people as usize {
        fault(format!("{} of {people} are in the ledger", standings.len()));
    }
    if log.texted_twice() > 0 {
        fault(format!("{} were texted twice", log.texted_twice()));
    }
    for standing in standings {
        let ordinal = standing.attempt.ordinal.number();
        let number = number_of(ordinal);
        let texted = log.texted.get(&number).copied().unwrap_or(0);
        let outcome = standing.outcome.as_deref().unwrap_or_default();
        let is_right = match standing.state.as_str() {
            "delivered" => texted == 1 && !log.incomplete.contains(&number),
            "accepted" => texted == 1 && log.receipts_withheld.contains(&number),
            "failed" if outcome.starts_with("receipt.") => texted == 1,
            "failed" => texted == 0 && log.refused.contains(&number),
            "in_doubt" => texted == 0 || log.receipts_withheld.contains(&number),
            _ => false,
        };
        if !is_right {
            fault(format!("person {ordinal} is {} {outcome}, texted {texted}", standing.state));
        }
    }
    faults
}
