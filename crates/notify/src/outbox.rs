//! The worker that empties a dispatch, once.
//!
//! One loop, one commit a turn: what the gateway said is written down together with what is to be
//! sent next, and only then anything goes on the wire. So a turn costs one flush of the disk
//! however many texts it carries, and at any moment at most a window of texts is unaccounted for.
//! If the process dies, the next worker finds exactly those intents and puts them in doubt.

mod flight;
mod ledger;
mod pace;
mod prepare;
mod work;

use std::sync::atomic::AtomicBool;

use doldam_ground::ids::{DispatchId, Ordinal};
use doldam_ground::{Clock, Pii};
use doldam_store::notice::{self, Counts, ReceiptCounts};
use doldam_store::{Store, dispatch};

use crate::NotifyError;
use crate::sms::gateway::Gateway;

/// One person's text, ready to go.
#[derive(Debug)]
pub struct Recipient {
    /// Whom it is for.
    pub ordinal: Ordinal,
    /// The number as it was collected; `None` when there is none.
    pub number: Option<Pii<String>>,
    /// The text with every hole filled.
    pub text: Pii<String>,
}

/// Whoever knows the people. The access log is theirs to keep: a look-up is a disclosure.
pub trait Recipients: Sync {
    /// Numbers and texts of these people, in any order. Whoever is missing from the answer (erased
    /// since) is recorded as `unknown_subject`. An error stops the dispatch; nobody is skipped.
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError>;

    /// A keyed hash of a normalised number, by which receipts are matched. The ledger never holds
    /// the number.
    fn digest(&self, number: &Pii<String>) -> [u8; 16];
}

/// What a run of the worker did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How the dispatch stands now.
    pub counts: Counts,
    /// Intents that an earlier worker left, and that are in doubt since.
    pub doubted_before: u64,
    /// Short messages that went on the wire.
    pub messages: u64,
    /// Short messages that the gateway put off.
    pub throttled: u64,
    /// How often the link broke.
    pub disconnects: u64,
    /// Answers that belong to nothing we sent.
    pub stray_answers: u64,
    /// Messages from the gateway that are no receipts.
    pub other_messages: u64,
    /// What the receipts said.
    pub receipts: ReceiptCounts,
}

/// Sends dispatches of a store.
#[derive(Clone, Debug)]
pub struct Sender {
    store: Store,
}

impl Sender {
    /// A sender over a ledger.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Sends what is planned of a dispatch, then waits for receipts as long as the gateway's
    /// settings say. With nothing planned it only collects receipts. Raise `stop` to end it early:
    /// it waits for the answers to what is on the wire, and leaves the rest planned.
    ///
    /// After any error the ledger is right: what is not known to be sent is planned, in doubt, or
    /// will be in doubt once the next worker claims the dispatch.
    pub fn run(
        &self,
        dispatch: DispatchId,
        recipients: &dyn Recipients,
        gateway: &Gateway,
        clock: &dyn Clock,
        stop: &AtomicBool,
    ) -> Result<Summary, NotifyError> {
        gateway.check()?;
        let now = clock.now();
        let lease_us = gateway.lease_us;
        let (lease, doubted) = self
            .store
            .write("notice.claim", move |tx| dispatch::claim(tx, dispatch, now, lease_us))?;
        if lease.gateway != gateway.name {
            self.store.write("notice.release", move |tx| dispatch::release(tx, &lease))?;
            let why = "the dispatch was approved for another gateway";
            return Err(NotifyError::Setting { setting: "name", why });
        }
        let mut work =
            work::Work::new(&self.store, lease.clone(), recipients, gateway, clock, stop);
        let end = work.run();
        let mut summary = work.into_summary();
        summary.doubted_before = doubted;
        // A later worker may have the lease by now; then there is nothing to give back.
        let _ = self.store.write("notice.release", move |tx| dispatch::release(tx, &lease));
        end?;
        summary.counts = self.store.read("notice.counts", |tx| notice::counts(tx, dispatch))?;
        Ok(summary)
    }
}
