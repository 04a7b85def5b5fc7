//! The machine's own time: the only place of the product that asks for it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use doldam_ground::{Clock, Instant};

/// The operating system's clocks.
pub(crate) struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock whose durations count from now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed to all others")]
    pub(crate) fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed to all others")]
    fn now(&self) -> Instant {
        instant_of(SystemTime::now())
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// A time of the operating system (of a file, say) as the product counts it.
pub(crate) fn instant_of(time: SystemTime) -> Instant {
    let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(match time.duration_since(UNIX_EPOCH) {
        Ok(after) => micros(after),
        Err(before) => -micros(before.duration()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_the_epoch_are_negative() {
        assert_eq!(instant_of(UNIX_EPOCH).micros(), 0);
        assert_eq!(instant_of(UNIX_EPOCH - Duration::from_secs(2)).micros(), -2_000_000);
        assert_eq!(instant_of(UNIX_EPOCH + Duration::from_millis(3)).micros(), 3_000);
    }

    #[test]
    fn durations_never_go_back() {
        let clock = SystemClock::new();
        let first = clock.elapsed_us();
        assert!(clock.elapsed_us() >= first);
    }
}
