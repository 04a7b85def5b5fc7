//! Requests of processors that run now.
//!
//! A key that was revoked lets nobody in any more, but a download that began a second earlier would
//! still run for an hour. So each request of a processor holds a pass, the pass knows how to stop
//! it, and a cut uses that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doldam_ground::ids::{ApiKeyId, ProcessorId};

/// How a request is stopped from outside: cheap, and never waits.
type Stop = Box<dyn Fn() + Send + Sync>;

/// All requests of processors that run now, and whom nothing is let in of.
#[derive(Default)]
pub struct Running {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    next: u64,
    requests: BTreeMap<u64, Request>,
    barred: BTreeSet<ProcessorId>,
}

struct Request {
    processor: ProcessorId,
    key: ApiKeyId,
    stopped: Arc<AtomicBool>,
    stop: Stop,
}

/// A running request's place in the list; it leaves the list when it is dropped.
pub struct Pass {
    running: Arc<Running>,
    number: u64,
    stopped: Arc<AtomicBool>,
}

impl Pass {
    /// Whether the request was ordered to stop: nothing more may be sent.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.running.lock().requests.remove(&self.number);
    }
}

impl Running {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request in, or gives `None` when its processor is being cut off. `stop` is called at
    /// most once, from another thread.
    pub fn enter(
        self: &Arc<Self>,
        processor: ProcessorId,
        key: ApiKeyId,
        stop: impl Fn() + Send + Sync + 'static,
    ) -> Option<Pass> {
        let mut inside = self.lock();
        if inside.barred.contains(&processor) {
            return None;
        }
        let number = inside.next;
        inside.next += 1;
        let stopped = Arc::new(AtomicBool::new(false));
        let request =
            Request { processor, key, stopped: Arc::clone(&stopped), stop: Box::new(stop) };
        inside.requests.insert(number, request);
        Some(Pass { running: Arc::clone(self), number, stopped })
    }

    /// Whether nothing of this processor is let in.
    pub fn is_barred(&self, processor: ProcessorId) -> bool {
        self.lock().barred.contains(&processor)
    }

    /// How many requests run.
    pub fn count(&self) -> usize {
        self.lock().requests.len()
    }

    /// Lets nothing of a processor in and stops what runs; gives how many requests that were.
    pub(crate) fn bar(&self, processor: ProcessorId) -> u64 {
        let mut inside = self.lock();
        inside.barred.insert(processor);
        inside.stop(|request| request.processor == processor)
    }

    /// Lets a processor's requests in again, as far as its keys work.
    pub(crate) fn unbar(&self, processor: ProcessorId) {
        self.lock().barred.remove(&processor);
    }

    /// Stops the requests of one key.
    pub(crate) fn stop_key(&self, key: ApiKeyId) -> u64 {
        self.lock().stop(|request| request.key == key)
    }
}

impl Inside {
    fn stop(&mut self, which: impl Fn(&Request) -> bool) -> u64 {
        let mut count = 0;
        for request in self.requests.values().filter(|request| which(request)) {
            if !request.stopped.swap(true, Ordering::SeqCst) {
                (request.stop)();
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn a_bar_stops_what_runs_and_lets_nothing_in() {
        let running = Arc::new(Running::default());
        let calls = Arc::new(AtomicU32::new(0));
        let enter = |processor, key| {
            let calls = Arc::clone(&calls);
            running.enter(ProcessorId::new(processor), ApiKeyId::new(key), move || {
                calls.fetch_add(1, Ordering::SeqCst);
            })
        };
        let (one, two, other) = (enter(1, 1).unwrap(), enter(1, 2).unwrap(), enter(2, 3).unwrap());
        assert_eq!(running.stop_key(ApiKeyId::new(2)), 1);
        assert!(two.is_stopped() && !one.is_stopped());
        assert_eq!(running.bar(ProcessorId::new(1)), 1, "one was stopped before");
        assert!(one.is_stopped() && !other.is_stopped());
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert!(enter(1, 1).is_none() && enter(2, 3).is_some());
        drop((one, two, other));
        assert_eq!(running.count(), 0);
        running.unbar(ProcessorId::new(1));
        assert!(enter(1, 1).is_some());
    }
}
