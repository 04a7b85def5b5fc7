//! What rides along with every transaction of one request.
//!
//! A request that has an effect must have it once, even when its process dies between the effect
//! and the answer. So each transaction that the request runs also writes, in the same commit, that
//! it was run and what it gave: after a death the effect and its note are both there, or neither.
//! The server then knows whether to do the act or only to answer it.
//!
//! The rooms below the server know nothing of this. [`ride`] binds a request to the thread that
//! works for it, and [`crate::Store::write`] looks there. Only a secret that is shown once must be
//! handed over by the room that draws it ([`keep_secret`]), before the transaction that makes it
//! work.

use std::any::Any;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use doldam_ground::Instant;
use doldam_ground::ids::{
    ApiKeyId, ApprovalId, CutId, DeliveryId, DisclosureId, DispatchId, DomainId, EvidenceId,
    ImportId, IncidentId, JobId, ProcessorId, StaffId, TraceId,
};

use crate::{Store, StoreError, Tx};

thread_local! {
    static RIDER: RefCell<Option<Arc<Rider>>> = const { RefCell::new(None) };
}

/// A request, as it rides along with its transactions. It has no `Debug`: it may hold a secret.
pub struct Rider {
    /// Which store's transactions: a rehearsal in the same thread has a store of its own.
    store: usize,
    actor: String,
    route: String,
    key: String,
    body_digest: [u8; 32],
    came_at: Instant,
    secret: Mutex<Option<Vec<u8>>>,
}

/// One transaction of a request whose answer is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Its name: `noun.verb`.
    pub transaction: String,
    /// The id or count that it gave; `None` when it gave nothing of the sort.
    pub number: Option<u64>,
    /// What its row of the access log is about; `None` when it wrote none.
    pub object: Option<String>,
}

impl Effect {
    /// Whether it did what it was for: it gave an id or a count, or the access log says so. A
    /// transaction that found nothing to do has neither.
    pub const fn is_done(&self) -> bool {
        self.number.is_some() || self.object.is_some()
    }
}

impl Rider {
    /// A request of `actor` to `route` under `key`, which rides with transactions of `store`.
    pub fn new(
        store: &Store,
        request: &super::answer::Request<'_>,
        body_digest: [u8; 32],
        came_at: Instant,
    ) -> Self {
        Self {
            store: store.identity(),
            actor: request.actor.to_owned(),
            route: request.route.to_owned(),
            key: request.key.to_owned(),
            body_digest,
            came_at,
            secret: Mutex::new(None),
        }
    }

    /// Notes the transaction `tx`, which gave `value`.
    pub(crate) fn mark(&self, tx: &mut Tx<'_>, value: &dyn Any) -> Result<(), StoreError> {
        let line = line(tx.name, number_of(value), tx.logged.as_deref());
        let secret = self.secret.lock().unwrap_or_else(PoisonError::into_inner).clone();
        tx.execute(
            "INSERT INTO answer_effect (actor, route, request_key, body_digest, effects, secret,
                                        created_at_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (actor, route, request_key) DO UPDATE
             SET effects = answer_effect.effects || excluded.effects,
                 secret = COALESCE(excluded.secret, answer_effect.secret)",
            &[
                (&self.actor).into(),
                (&self.route).into(),
                (&self.key).into(),
                (&self.body_digest).into(),
                (&line).into(),
                secret.as_deref().into(),
                self.came_at.micros().into(),
            ],
        )
        .map(drop)
    }
}

/// Runs `work` for a request: the transactions that this thread asks for carry its note.
pub fn ride<T>(rider: Option<Arc<Rider>>, work: impl FnOnce() -> T) -> T {
    let _ends = Ride(RIDER.replace(rider));
    work()
}

/// The rider before, who is back when this one ends, also by a panic.
struct Ride(Option<Arc<Rider>>);

impl Drop for Ride {
    fn drop(&mut self) {
        RIDER.set(self.0.take());
    }
}

/// Keeps a sealed secret with the next transaction, so that it can be shown although the process
/// dies before it was. Gives whether a request is riding; without one there is nobody to show it to
/// again.
pub fn keep_secret(seal: impl FnOnce() -> Vec<u8>) -> bool {
    let Some(rider) = RIDER.with_borrow(Clone::clone) else { return false };
    *rider.secret.lock().unwrap_or_else(PoisonError::into_inner) = Some(seal());
    true
}

/// The request for which this thread works on `store`.
pub(crate) fn current(store: &Store) -> Option<Arc<Rider>> {
    RIDER.with_borrow(|rider| rider.clone().filter(|rider| rider.store == store.identity()))
}

fn line(transaction: &str, number: Option<u64>, object: Option<&str>) -> String {
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    let object = object.map(|text| format!("\t{}", text.replace(char::is_control, " ")));
    format!("{transaction}\t{number}{}\n", object.unwrap_or_default())
}

/// Reads what [`Rider::mark`] wrote.
pub(crate) fn parse(text: &str) -> Result<Vec<Effect>, StoreError> {
    let wrong = StoreError::Shape { what: "effects of a request" };
    text.lines()
        .map(|line| {
            let mut parts = line.split('\t');
            let (transaction, number) = parts.next().zip(parts.next()).ok_or(wrong.clone())?;
            let number = match number {
                "" => None,
                digits => Some(digits.parse().map_err(|_| wrong.clone())?),
            };
            let object = parts.next().map(str::to_owned);
            Ok(Effect { transaction: transaction.to_owned(), number, object })
        })
        .collect()
}

/// The number of an id or of a count.
fn number_of(value: &dyn Any) -> Option<u64> {
    macro_rules! id {
        ($($kind:ty),*) => {
            $(if let Some(id) = value.downcast_ref::<$kind>() {
                return Some(u64::from(id.number()));
            })*
        };
    }
    id!(
        ApiKeyId,
        ApprovalId,
        CutId,
        DeliveryId,
        DisclosureId,
        DispatchId,
        DomainId,
        EvidenceId,
        ImportId,
        IncidentId,
        JobId,
        ProcessorId,
        StaffId,
        TraceId
    );
    let small = value.downcast_ref::<u32>().map(|number| u64::from(*number));
    small.or_else(|| value.downcast_ref::<u64>().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_back() {
        let text = line("staff.invite", Some(7), Some("S-7"))
            + &line("session.touch", None, None)
            + &line("staff.disable", None, Some(""));
        let effects = parse(&text).unwrap();
        assert_eq!(effects[0].number, Some(7));
        assert_eq!(effects[0].object.as_deref(), Some("S-7"));
        assert_eq!(effects.iter().map(Effect::is_done).collect::<Vec<_>>(), [true, false, true]);
        assert!(parse("one word\n").is_err());
        assert!(parse("a\tb\n").is_err());
        let odd = parse(&line("a.b", None, Some("P-1\t\nP-2"))).unwrap();
        assert_eq!(odd[0].object.as_deref(), Some("P-1  P-2"));
    }

    #[test]
    fn ids_and_counts_are_numbers() {
        assert_eq!(number_of(&StaffId::new(3)), Some(3));
        assert_eq!(number_of(&9_u64), Some(9));
        assert_eq!(number_of(&()), None);
        assert_eq!(number_of(&false), None);
        assert_eq!(number_of(&Some(ProcessorId::new(1))), None);
    }

    #[test]
    fn a_ride_ends_with_its_work() {
        assert!(!keep_secret(Vec::new));
        let rider = Arc::new(Rider {
            store: 0,
            actor: String::new(),
            route: String::new(),
            key: String::new(),
            body_digest: [0; 32],
            came_at: Instant::from_micros(0),
            secret: Mutex::new(None),
        });
        ride(Some(rider), || {
            assert!(keep_secret(Vec::new));
            ride(None, || assert!(!keep_secret(Vec::new)));
            assert!(keep_secret(Vec::new));
        });
        assert!(!keep_secret(Vec::new));
    }
}
