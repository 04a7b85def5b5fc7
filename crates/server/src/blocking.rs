//! Threads that may wait. The rooms below block; here they get a bounded number of threads and a
//! bounded queue, and what does not fit is told to come again.

use std::sync::Arc;

use doldam_store::access::rider::{Rider, ride};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::app::App;
use crate::problem::Problem;

/// Most requests that run or wait for a thread.
pub(crate) const WAITING_MAX: usize = 256;
/// Most threads that wait for the store, the disk or a key.
pub(crate) const THREADS_MAX: usize = 64;
/// Most secrets that are being checked: each takes 64 MiB.
pub(crate) const PROVING_MAX: usize = 2;

/// Most sign-ins that wait for their secret to be checked.
pub(crate) const PROVING_WAITING_MAX: usize = 64;

tokio::task_local! {
    /// The request whose transactions note themselves.
    pub(crate) static RIDER: Arc<Rider>;
    /// Set where a request has its place already.
    static INSIDE: ();
}

/// The queue before the threads.
pub(crate) struct Blocking {
    waiting: Arc<Semaphore>,
    proving: Semaphore,
}

impl Default for Blocking {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            proving: Semaphore::new(PROVING_WAITING_MAX),
        }
    }
}

/// A place among the requests that are worked on.
pub(crate) struct Placed {
    _place: OwnedSemaphorePermit,
}

/// Runs what belongs to a request that has its place: none of its steps is turned away.
pub(crate) fn inside<F: Future>(work: F) -> impl Future<Output = F::Output> {
    INSIDE.scope((), work)
}

impl App {
    /// A place for a whole request, so that it is turned away before anything is done or not at
    /// all. [`Problem::busy`] when there is none.
    pub(crate) fn place(&self) -> Result<Placed, Problem> {
        let place = Arc::clone(&self.blocking.waiting).try_acquire_owned();
        place.map(|permit| Placed { _place: permit }).map_err(|_| Problem::busy())
    }

    /// A turn to check a secret. [`Problem::busy`] when too many wait for theirs.
    pub(crate) async fn proving_turn(
        &self,
    ) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>), Problem> {
        let waiting = self.blocking.proving.try_acquire().map_err(|_| Problem::busy())?;
        let turn = self.proving.acquire().await.map_err(|_| Problem::busy())?;
        Ok((turn, waiting))
    }

    /// Runs `act` on a thread that may wait; the transactions that it asks for note themselves when
    /// a request with an effect is behind it. [`Problem::busy`] when the queue is full.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let is_inside = INSIDE.try_with(|()| ()).is_ok();
        let _place = if is_inside { None } else { Some(self.place()?) };
        let rider = RIDER.try_with(Arc::clone).ok();
        let app = Arc::clone(self);
        tokio::task::spawn_blocking(move || ride(rider, || act(&app)))
            .await
            .unwrap_or_else(|_| Err(Problem::internal("an act of the server panicked")))
    }
}
