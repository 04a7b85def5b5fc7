//! Threads that may wait. The rooms below block; here they get a bounded number of threads and a
//! bounded queue, and what does not fit is told to come again.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::app::App;
use crate::problem::Problem;

/// Most requests that run or wait for a thread.
pub(crate) const WAITING_MAX: usize = 256;
/// Most threads that wait for the store, the disk or a key.
pub(crate) const THREADS_MAX: usize = 24;
/// Most secrets that are being checked: each takes 64 MiB.
pub(crate) const PROVING_MAX: usize = 2;

/// The queue before the threads.
pub(crate) struct Blocking {
    waiting: Arc<Semaphore>,
}

impl Default for Blocking {
    fn default() -> Self {
        Self { waiting: Arc::new(Semaphore::new(WAITING_MAX)) }
    }
}

impl App {
    /// Runs `act` on a thread that may wait. [`Problem::busy`] when the queue is full.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_place) = Arc::clone(&self.blocking.waiting).try_acquire_owned() else {
            return Err(Problem::busy());
        };
        let app = Arc::clone(self);
        tokio::task::spawn_blocking(move || act(&app))
            .await
            .unwrap_or_else(|_| Err(Problem::internal("an act of the server panicked")))
    }
}
