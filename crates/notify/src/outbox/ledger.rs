//! One commit a turn: what happened, and what is to happen next.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use doldam_ground::Instant;
use doldam_store::dispatch::{self, Lease};
use doldam_store::notice::{
    self, Answer, Attempt, Intended, Intent, Receipt, ReceiptCounts, Refusal,
};
use doldam_store::{Store, StoreError, Tx};

/// Tries at a commit that the store is too busy for, and the pause between them.
const BUSY_TRIES: u32 = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// What happened since the last commit.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) answers: Vec<Answer>,
    pub(super) doubts: Vec<Answer>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) put_off: Vec<Attempt>,
    pub(super) receipts: Vec<Receipt>,
}

impl Facts {
    pub(super) const fn is_empty(&self) -> bool {
        self.answers.is_empty()
            && self.doubts.is_empty()
            && self.refusals.is_empty()
            && self.put_off.is_empty()
            && self.receipts.is_empty()
    }

    fn record(
        &self,
        tx: &mut Tx<'_>,
        lease: &Lease,
        now: Instant,
    ) -> Result<ReceiptCounts, StoreError> {
        if !self.put_off.is_empty() {
            notice::withdraw(tx, lease, &self.put_off)?;
        }
        if !self.refusals.is_empty() {
            notice::refused(tx, lease, &self.refusals, now)?;
        }
        if !self.answers.is_empty() {
            notice::accepted(tx, lease, &self.answers, now)?;
        }
        if !self.doubts.is_empty() {
            notice::doubted(tx, lease, &self.doubts, now)?;
        }
        if self.receipts.is_empty() {
            return Ok(ReceiptCounts::default());
        }
        notice::receipts(tx, &lease.gateway, &self.receipts, now)
    }
}

/// What a commit gave.
pub(super) struct Turn {
    /// The intents that may be sent now.
    pub(super) intended: Vec<Intended>,
    pub(super) receipts: ReceiptCounts,
    /// Whether the lease is still ours. If not, nothing was intended.
    pub(super) is_held: bool,
}

/// Records facts, keeps the lease and intends what comes next, in one durable transaction. Facts
/// are recorded even when the lease is gone: they are true.
pub(super) fn commit(
    store: &Store,
    lease: &Lease,
    lease_us: u32,
    facts: Facts,
    intents: Vec<Intent>,
    now: Instant,
) -> Result<Turn, StoreError> {
    let work = Arc::new((lease.clone(), facts, intents));
    let mut tries = 0;
    loop {
        let work = Arc::clone(&work);
        let end = store.write("notice.turn", move |tx| {
            let (lease, facts, intents) = &*work;
            let receipts = facts.record(tx, lease, now)?;
            let is_held = match dispatch::renew(tx, lease, now, lease_us) {
                Ok(()) => true,
                Err(StoreError::Conflict { .. }) => false,
                Err(other) => return Err(other),
            };
            let intended = if is_held && !intents.is_empty() {
                notice::intend(tx, lease, intents, now)?
            } else {
                Vec::new()
            };
            Ok(Turn { intended, receipts, is_held })
        });
        tries += 1;
        if !matches!(end, Err(StoreError::Busy)) || tries >= BUSY_TRIES {
            return end;
        }
        thread::park_timeout(BUSY_PAUSE);
    }
}
