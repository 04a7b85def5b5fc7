//! A bounded set of connections, opened when first needed and kept for the next user.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::StoreError;

/// Connections that are lent out one user at a time.
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    returned: Condvar,
    connections_max: usize,
    wait_us: u64,
}

struct State<C> {
    idle: Vec<C>,
    lent: usize,
}

impl<C> Pool<C> {
    /// At most `connections_max` are lent at a time; whoever needs one more waits `wait_us`
    /// microseconds.
    pub(crate) const fn new(connections_max: usize, wait_us: u64) -> Self {
        Self {
            state: Mutex::new(State { idle: Vec::new(), lent: 0 }),
            returned: Condvar::new(),
            connections_max,
            wait_us,
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
            .wait_timeout_while(state, Duration::from_micros(self.wait_us), |state| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_kept_and_bounded() {
        let pool = Pool::new(1, 1_000);
        let first = pool.lend(|_| true, || Ok(1)).unwrap();
        assert_eq!(pool.lend(|_| true, || Ok(2)).map(|lent| *lent), Err(StoreError::Busy));
        drop(first);
        assert_eq!(*pool.lend(|_| true, || Ok(3)).unwrap(), 1, "an idle one is used again");
        assert_eq!(*pool.lend(|kept| *kept != 1, || Ok(4)).unwrap(), 4, "unless it is no good");
        pool.lend(|_| true, || Ok(5)).unwrap().discard();
        assert_eq!(*pool.lend(|_| true, || Ok(6)).unwrap(), 6);
        let failed = pool.lend(|_| false, || Err(StoreError::Unreachable)).map(drop);
        assert_eq!(failed, Err(StoreError::Unreachable));
        assert_eq!(*pool.lend(|_| true, || Ok(7)).unwrap(), 7, "a failure takes no place");
    }
}
