//! Days, zones and business days: what a legal deadline is counted in.
//!
//! The law counts in days of a place, not in multiples of 24 hours: "ten days" end at midnight in
//! Seoul, a month from 31 January ends on the last of February, a night in March has 23 hours in
//! Brussels. So a deadline is computed from a [`Day`] in a [`Zone`], never by adding seconds. Only
//! hours are exact: 72 hours are 72 hours whatever the clocks on the wall do.
//!
//! Nothing here panics at the ends of time: a day or an instant beyond the year 9999 stays there.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil};

use crate::clock::Instant;
use crate::logsafe::LogSafe;

const HOUR_US: i64 = 3_600_000_000;

/// Why a text is not a day or a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeadlineError {
    /// Not of the form `2026-09-11`, or no such day.
    #[error("not a day: write it as 2026-09-11")]
    Day,
    /// The machine's time zone data does not know the zone.
    #[error("unknown time zone: use an IANA name such as Asia/Seoul")]
    Zone,
}

/// A day of the calendar, in no zone yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(civil::Date);

impl Day {
    /// The day `days` later (negative: earlier), held at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let span = Span::new().try_days(days);
        let end = if days < 0 { civil::Date::MIN } else { civil::Date::MAX };
        Self(span.and_then(|span| self.0.checked_add(span)).unwrap_or(end))
    }

    /// The same day number `months` later, or the last day of that month if it has none.
    ///
    /// Source: Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c); Korean Civil Act Art. 160(3).
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let span = Span::new().try_months(i64::from(months));
        Self(span.and_then(|span| self.0.checked_add(span)).unwrap_or(civil::Date::MAX))
    }

    /// The last day of this day's calendar year.
    #[must_use]
    pub fn year_end(self) -> Self {
        Self(self.0.last_of_year())
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
    }
}

impl FromStr for Day {
    type Err = DeadlineError;

    fn from_str(text: &str) -> Result<Self, DeadlineError> {
        let shaped =
            text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = text.parse::<civil::Date>().map_err(|_| DeadlineError::Day)?;
        if shaped { Ok(Self(date)) } else { Err(DeadlineError::Day) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl LogSafe for Day {}

/// A place's time: which day it is there, and when that day begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone with this IANA name (`Asia/Seoul`).
    pub fn named(name: &str) -> Result<Self, DeadlineError> {
        TimeZone::get(name).map(Self).map_err(|_| DeadlineError::Zone)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that it is here at `instant`.
    pub fn day_of(&self, instant: Instant) -> Day {
        Day(self.0.to_datetime(timestamp(instant)).date())
    }

    /// Minutes since midnight here at `instant`, as the clock on the wall shows them: 0 to 1439.
    pub fn minute_of_day(&self, instant: Instant) -> u16 {
        let local = self.0.to_datetime(timestamp(instant));
        u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
    }

    /// The instant at which `day` begins here.
    pub fn start_of(&self, day: Day) -> Instant {
        self.at(day, 0)
    }

    /// The instant at which `day` is over here: the beginning of the next one.
    pub fn end_of(&self, day: Day) -> Instant {
        if day.0 == civil::Date::MAX {
            Instant::from_micros(i64::MAX)
        } else {
            self.at(day.plus_days(1), 0)
        }
    }

    /// The instant at which the clock here shows `hour` (0 to 23) on `day`.
    ///
    /// An hour that a change to summer time leaves out is the instant just after the gap.
    pub fn at(&self, day: Day, hour: i8) -> Instant {
        let local = day.0.at(hour.clamp(0, 23), 0, 0, 0);
        let end = if day.0.year() < 0 { i64::MIN } else { i64::MAX };
        let stamp = self.0.to_timestamp(local).map(Timestamp::as_microsecond);
        Instant::from_micros(stamp.unwrap_or(end))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl LogSafe for Zone {}

/// The days on which an authority rests, besides Saturdays and Sundays.
///
/// A holiday that is missing makes a deadline come earlier, never later; so only holidays that are
/// sure belong here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Day>);

impl Holidays {
    /// Whether work is done on `day`.
    pub fn is_business_day(&self, day: Day) -> bool {
        !day.is_weekend() && !self.0.contains(&day)
    }

    /// `day` itself if it is a business day, else the next one.
    #[must_use]
    pub fn business_day_from(&self, day: Day) -> Day {
        let mut day = day;
        while !self.is_business_day(day) && day.0 != civil::Date::MAX {
            day = day.plus_days(1);
        }
        day
    }

    /// The `count`-th business day after `day`; `day` itself is not counted.
    #[must_use]
    pub fn plus_business_days(&self, day: Day, count: u32) -> Day {
        (0..count).fold(day, |day, _| self.business_day_from(day.plus_days(1)))
    }
}

impl FromIterator<Day> for Holidays {
    fn from_iter<T: IntoIterator<Item = Day>>(days: T) -> Self {
        Self(days.into_iter().collect())
    }
}

/// The instant exactly `hours` later, held at the end of time.
pub const fn hours_after(instant: Instant, hours: u32) -> Instant {
    Instant::from_micros(instant.micros().saturating_add((hours as i64).saturating_mul(HOUR_US)))
}

fn timestamp(instant: Instant) -> Timestamp {
    let end = if instant.micros() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(instant.micros()).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_in_one_spelling_only() {
        assert_eq!(day("2026-09-11").to_string(), "2026-09-11");
        for text in ["", "2026-9-11", "20260911", "2026-02-29", "2026-09-11T00:00", "11.9.2026"] {
            assert_eq!(text.parse::<Day>(), Err(DeadlineError::Day), "{text}");
        }
    }

    #[test]
    fn a_month_from_the_31st_ends_with_the_month() {
        assert_eq!(day("2027-01-31").plus_months(1), day("2027-02-28"));
        assert_eq!(day("2028-01-31").plus_months(1), day("2028-02-29"));
        assert_eq!(day("2028-02-29").plus_months(12), day("2029-02-28"));
        assert_eq!(day("2028-02-28").plus_days(1), day("2028-02-29"));
    }

    #[test]
    fn a_day_ends_at_midnight_there() {
        let seoul = Zone::named("Asia/Seoul").unwrap();
        assert_eq!(seoul.end_of(day("2026-06-30")).to_rfc3339(), "2026-06-30T15:00:00Z");
        let last = Instant::parse("2026-09-10T23:59:59", "Asia/Seoul").unwrap();
        assert_eq!(seoul.day_of(last), day("2026-09-10"));
        assert_eq!(seoul.day_of(hours_after(last, 1)), day("2026-09-11"));
        assert_eq!(seoul.minute_of_day(last), 23 * 60 + 59);
    }

    #[test]
    fn hours_are_exact_where_summer_time_begins() {
        let brussels = Zone::named("Europe/Brussels").unwrap();
        let before = Instant::parse("2026-03-27T12:00:00", "Europe/Brussels").unwrap();
        let after = Instant::parse("2026-03-30T13:00:00", "Europe/Brussels").unwrap();
        assert_eq!(hours_after(before, 72), after);
        let length = brussels.end_of(day("2026-03-29")).micros()
            - brussels.start_of(day("2026-03-29")).micros();
        assert_eq!(length, 23 * HOUR_US);
    }

    #[test]
    fn business_days_skip_weekends_and_holidays() {
        let holidays: Holidays = [day("2026-11-26")].into_iter().collect();
        // A Tuesday before Thanksgiving: Wednesday, Friday, Monday, Tuesday.
        assert_eq!(holidays.plus_business_days(day("2026-11-24"), 4), day("2026-12-01"));
        assert_eq!(holidays.business_day_from(day("2026-11-28")), day("2026-11-30"));
        assert_eq!(holidays.plus_business_days(day("2026-11-24"), 0), day("2026-11-24"));
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        assert_eq!(Zone::named("Asia/Atlantis"), Err(DeadlineError::Zone));
    }

    proptest! {
        #[test]
        fn no_instant_and_no_length_panics(micros: i64, days: i64, months: u32, hours: u32) {
            let zone = Zone::named("America/New_York").unwrap();
            let instant = Instant::from_micros(micros);
            let day = zone.day_of(instant);
            prop_assert!(zone.minute_of_day(instant) < 1440);
            prop_assert!(zone.start_of(day) <= zone.end_of(day));
            prop_assert!(hours_after(instant, hours) >= instant);
            prop_assert!(day.plus_months(months) >= day);
            prop_assert!((day.plus_days(days) >= day) == (days >= 0) || day.0 == civil::Date::MIN);
            let _ = Holidays::default().plus_business_days(day, hours % 100);
        }

        #[test]
        fn never_panics_on_any_text(text: String) {
            let _ = text.parse::<Day>();
            let _ = Zone::named(&text);
        }
    }
}
