//! Time as a parameter.
//!
//! Nothing below the command line asks the machine for the time; it is handed a [`Clock`]. So a
//! legal deadline of 72 hours is tested in a microsecond, and a story replays exactly.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::logsafe::LogSafe;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, as stored everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant {
    micros_utc: i64,
}

impl Instant {
    /// From microseconds since the Unix epoch, UTC.
    pub const fn from_micros(micros_utc: i64) -> Self {
        Self { micros_utc }
    }

    /// Microseconds since the Unix epoch, UTC.
    pub const fn micros(self) -> i64 {
        self.micros_utc
    }

    /// This instant moved by whole days of 24 hours (negative: back), saturating at the ends.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        const DAY_US: i64 = 86_400_000_000;
        Self { micros_utc: self.micros_utc.saturating_add(days.saturating_mul(DAY_US)) }
    }

    /// Reads `2026-11-23`, `2026-11-23T09:12:00` (both in `zone`) or a full RFC 3339 time stamp.
    ///
    /// `zone` is an IANA name such as `Asia/Seoul`. A bare date means midnight there.
    pub fn parse(text: &str, zone: &str) -> Result<Self, InstantError> {
        if let Ok(stamp) = text.parse::<Timestamp>() {
            return Ok(Self::from_micros(stamp.as_microsecond()));
        }
        let zone = TimeZone::get(zone).map_err(|_| InstantError::Zone)?;
        let local = text
            .parse::<civil::DateTime>()
            .or_else(|_| text.parse::<civil::Date>().map(|date| date.at(0, 0, 0, 0)))
            .map_err(|_| InstantError::Format)?;
        let stamp = zone.to_timestamp(local).map_err(|_| InstantError::Format)?;
        Ok(Self::from_micros(stamp.as_microsecond()))
    }

    /// RFC 3339 in UTC with whole seconds: `2026-11-23T00:12:00Z`.
    pub fn to_rfc3339(self) -> String {
        Timestamp::from_microsecond(self.micros_utc)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }

    /// RFC 3339 in UTC with milliseconds, cut and not rounded: `2026-11-23T00:12:00.042Z`. For
    /// what is measured in them: an order and its proof.
    pub fn to_rfc3339_ms(self) -> String {
        Timestamp::from_microsecond(self.micros_utc)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
            .to_string()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_rfc3339())
    }
}

impl LogSafe for Instant {}

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstantError {
    /// Neither a date, a date with time, nor an RFC 3339 time stamp.
    #[error("not a date: write 2026-11-23, 2026-11-23T09:12:00 or 2026-11-23T09:12:00+09:00")]
    Format,
    /// The machine's time zone data does not know the zone.
    #[error("unknown time zone: use an IANA name such as Asia/Seoul")]
    Zone,
}

/// Where time comes from. The real one lives in the command line; tests use [`MockClock`].
pub trait Clock: Send + Sync {
    /// The wall clock, UTC.
    fn now(&self) -> Instant;

    /// Microseconds since some fixed start, never going back: for durations only.
    fn elapsed_us(&self) -> u64;
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct MockClock {
    now_us: AtomicI64,
    start_us: i64,
}

impl MockClock {
    /// A clock that stands at `start`.
    pub const fn new(start: Instant) -> Self {
        Self { now_us: AtomicI64::new(start.micros()), start_us: start.micros() }
    }

    /// Moves the clock forward by `micros`.
    pub fn advance_us(&self, micros: u32) {
        self.now_us.fetch_add(i64::from(micros), Ordering::SeqCst);
    }

    /// Moves the clock forward by whole days.
    pub fn advance_days(&self, days: u16) {
        let now = self.now();
        self.now_us.store(now.plus_days(i64::from(days)).micros(), Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.now_us.load(Ordering::SeqCst))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.now().micros() - self.start_us).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_midnight_in_the_zone() {
        let seoul = Instant::parse("2026-06-30", "Asia/Seoul").unwrap();
        assert_eq!(seoul.to_rfc3339(), "2026-06-29T15:00:00Z");
        let stamp = Instant::parse("2026-06-30T00:00:00+09:00", "Europe/Paris").unwrap();
        assert_eq!(stamp, seoul);
        assert_eq!(Instant::from_micros(1_999_999).to_rfc3339_ms(), "1970-01-01T00:00:01.999Z");
        assert_eq!(Instant::parse("yesterday", "Asia/Seoul"), Err(InstantError::Format));
        assert_eq!(Instant::parse("2026-06-30", "Asia/Atlantis"), Err(InstantError::Zone));
    }

    #[test]
    fn the_mock_clock_moves_only_when_told() {
        let clock = MockClock::new(Instant::from_micros(1_000));
        assert_eq!(clock.now(), clock.now());
        clock.advance_us(5);
        assert_eq!(clock.elapsed_us(), 5);
        clock.advance_days(1);
        assert_eq!(clock.now().micros(), 86_400_001_005);
    }
}
