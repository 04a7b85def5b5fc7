//! Parts of a point in time: the hour in Seoul, the day of the week.
//!
//! Zones come from the table that is built into the program and not from the machine's, so that two
//! machines give one answer.

use doldam_ground::Instant;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::fault::Fault;

/// What of a time is asked for; numbering as in CEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `getFullYear`.
    Year,
    /// `getMonth`, from 0.
    Month,
    /// `getDate`, the day of the month from 1.
    Date,
    /// `getDayOfMonth`, from 0.
    DayOfMonth,
    /// `getDayOfWeek`, Sunday is 0.
    DayOfWeek,
    /// `getDayOfYear`, from 0.
    DayOfYear,
    /// `getHours`, 0 to 23.
    Hours,
    /// `getMinutes`, 0 to 59.
    Minutes,
    /// `getSeconds`, 0 to 59.
    Seconds,
    /// `getMilliseconds`, 0 to 999.
    Milliseconds,
}

impl Part {
    /// Every part by the name of its method.
    pub(super) const ALL: [(&'static str, Self); 10] = [
        ("getFullYear", Self::Year),
        ("getMonth", Self::Month),
        ("getDate", Self::Date),
        ("getDayOfMonth", Self::DayOfMonth),
        ("getDayOfWeek", Self::DayOfWeek),
        ("getDayOfYear", Self::DayOfYear),
        ("getHours", Self::Hours),
        ("getMinutes", Self::Minutes),
        ("getSeconds", Self::Seconds),
        ("getMilliseconds", Self::Milliseconds),
    ];

    /// Microseconds of one unit, for the parts that a length of time has.
    pub(super) const fn of_span(self) -> Option<i64> {
        match self {
            Self::Hours => Some(3_600_000_000),
            Self::Minutes => Some(60_000_000),
            Self::Seconds => Some(1_000_000),
            Self::Milliseconds => Some(1_000),
            _ => None,
        }
    }
}

/// The clock on whose wall a part is read.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// A distance from UTC that never changes.
    Fixed(Offset),
    /// A zone of the IANA database.
    Named(TimeZone),
}

impl Zone {
    /// UTC.
    pub(super) const UTC: Self = Self::Fixed(Offset::UTC);

    /// Reads `Asia/Seoul`, `UTC`, `+09:00` or `-05:30`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "UTC" {
            return Some(Self::UTC);
        }
        if let Some(rest) = text.strip_prefix(['+', '-']) {
            let (hours, minutes) = rest.split_once(':')?;
            let two = |digits: &str, most: i32| {
                let fits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
                digits.parse::<i32>().ok().filter(|number| fits && *number <= most)
            };
            let seconds = two(hours, 14)? * 3_600 + two(minutes, 59)? * 60;
            let sign = if text.starts_with('-') { -1 } else { 1 };
            return Offset::from_seconds(sign * seconds).ok().map(Self::Fixed);
        }
        TimeZoneDatabase::bundled().get(text).ok().map(Self::Named)
    }

    /// One part of a time on this clock.
    ///
    /// Errors: [`Fault::Overflow`] for times outside of the years -9999 to 9999.
    pub(super) fn read(&self, time: Instant, part: Part) -> Result<i64, Fault> {
        let stamp = Timestamp::from_microsecond(time.micros()).map_err(|_| Fault::Overflow)?;
        let offset = match self {
            Self::Fixed(offset) => *offset,
            Self::Named(zone) => zone.to_offset(stamp),
        };
        let wall = offset.to_datetime(stamp);
        Ok(match part {
            Part::Year => wall.year().into(),
            Part::Month => i64::from(wall.month()) - 1,
            Part::Date => wall.day().into(),
            Part::DayOfMonth => i64::from(wall.day()) - 1,
            Part::DayOfWeek => wall.weekday().to_sunday_zero_offset().into(),
            Part::DayOfYear => i64::from(wall.day_of_year()) - 1,
            Part::Hours => wall.hour().into(),
            Part::Minutes => wall.minute().into(),
            Part::Seconds => wall.second().into(),
            Part::Milliseconds => wall.millisecond().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_on_the_right_clock() {
        let time = Instant::parse("2026-11-22T15:30:45.678Z", "UTC").unwrap();
        let read = |zone: &str, part| Zone::parse(zone).unwrap().read(time, part).unwrap();
        assert_eq!(read("UTC", Part::Hours), 15);
        assert_eq!(read("Asia/Seoul", Part::Hours), 0);
        assert_eq!(read("+09:00", Part::Hours), 0);
        assert_eq!(read("-05:30", Part::Hours), 10);
        let seoul = Part::ALL.map(|(_, part)| read("Asia/Seoul", part));
        assert_eq!(seoul, [2026, 10, 23, 22, 1, 326, 0, 30, 45, 678]);
        assert_eq!(read("UTC", Part::DayOfWeek), 0, "a Sunday");
    }

    #[test]
    fn zones_and_times_that_do_not_exist_are_refused() {
        for text in ["", "Seoul/Asia", "+9:00", "+15:00", "+09:60", "+09", "+-9:00", "KST9"] {
            assert!(Zone::parse(text).is_none(), "{text}");
        }
        let far = Instant::from_micros(i64::MAX);
        assert_eq!(Zone::UTC.read(far, Part::Year), Err(Fault::Overflow));
    }
}
