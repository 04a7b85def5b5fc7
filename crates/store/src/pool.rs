//! A bounded set of connections, opened when first needed and kept for the next user.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doldam_ground::limits;

use crate::StoreError;

/// Connections that are lent out one user at a time.
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    returned: Condvar,
    connections_max: usize,
}

struct State<C> {
    idle: Vec<C>,
    lent: usize,
}

impl<C> Pool<C> {
    pub(crate) const fn new(connections_max: usize) -> Self {
        Self {
            state: Mutex::new(State { idle: Vec::new(), lent: 0 }),
            returned: Condvar::new(),
            connections_max,
        }
    }

    /// Lends a connection: an idle one that `usable` accepts, else a new one from `open`. When all
    /// are lent it waits, and gives up with [`StoreError::Busy`].
    pub(crate) fn lend(
        &self,
        usable: impl Fn(&C) -> bool,
        open: impl FnOnce() -> Result<C, StoreError>,
    ) -> Result<Lent<'_, C>, StoreError> {
        let state = self.lock();
        let (mut state, wait) = self
            .returned
            .wait_timeout_while(state, Duration::from_micros(limits::CONNECTION_WAIT_US), |state| {
                state.lent >= self.connections_max
            })
            .unwrap_or_else(PoisonError::into_inner);
        if wait.timed_out() {
            return Err(StoreError::Busy);
        }
        state.lent += 1;
        let mut idle = state.idle.pop();
        while idle.as_ref().is_some_and(|connection| !usable(connection)) {
            idle = state.idle.pop();
        }
        drop(state);
        let mut lent = Lent { pool: self, connection: idle };
        if lent.connection.is_none() {
            lent.connection = Some(open()?);
        }
        Ok(lent)
    }

    /// Closes the connections that nobody uses.
    pub(crate) fn close_idle(&self) {
        self.lock().idle.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. It goes back when dropped, unless its user panicked or discarded it:
/// nobody knows what state such a connection is in.
pub(crate) struct Lent<'p, C> {
    pool: &'p Pool<C>,
    connection: Option<C>,
}

impl<C> Lent<'_, C> {
    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(mut self) {
        self.connection = None;
    }
}

impl<C> Deref for Lent<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection.as_ref().expect("a loan holds its connection until it ends")
    }
}

impl<C> DerefMut for Lent<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("a loan holds its connection until it ends")
    }
}

impl<C> Drop for Lent<'_, C> {
    fn drop(&mut self) {
        let connection = self.connection.take();
        let mut state = self.pool.lock();
        state.lent -= 1;
        if !std::thread::panicking() {
            state.idle.extend(connection);
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
