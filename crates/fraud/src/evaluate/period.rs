//! Which days are learned from, and which are tested on.

use std::fmt;

use doldam_ground::Instant;

use super::EvaluationFault;
use crate::dataset::Transactions;

pub(super) const DAY_US: i64 = 86_400_000_000;
/// Longest delay of labels, in days.
const DELAY_MAX: u32 = 365;

/// A day, counted from 1970-01-01 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day of a point in time.
    pub const fn of(time: Instant) -> Self {
        Self(time.micros().div_euclid(DAY_US))
    }

    /// Its first instant.
    pub const fn start(self) -> Instant {
        Instant::from_micros(self.0.saturating_mul(DAY_US))
    }

    /// The day after so many days; before, when negative.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    /// `2018-07-25`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.start().to_rfc3339().split('T').next().unwrap_or_default())
    }
}

/// The days of an evaluation; first and last day belong to each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day that is learned from.
    pub train_from: Day,
    /// Last day that is learned from.
    pub train_to: Day,
    /// Days until the label of a transaction is known.
    pub delay_days: u32,
    /// First day that is tested on.
    pub test_from: Day,
    /// Last day that is tested on.
    pub test_to: Day,
}

impl Period {
    /// Checks the order of the days.
    ///
    /// Errors: a period is backwards, the test begins before the labels of training are known, or
    /// the delay is beyond a year.
    pub fn check(&self) -> Result<(), EvaluationFault> {
        if self.train_to < self.train_from {
            return Err(EvaluationFault::Backwards("training"));
        }
        if self.test_to < self.test_from {
            return Err(EvaluationFault::Backwards("test"));
        }
        if self.delay_days > DELAY_MAX {
            return Err(EvaluationFault::Delay);
        }
        if self.test_from <= self.train_to.plus(i64::from(self.delay_days)) {
            return Err(EvaluationFault::Early);
        }
        Ok(())
    }
}

/// The rows of [`Transactions`] that are learned from and tested on, each in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Rows of the training days.
    pub train: Vec<usize>,
    /// Rows of the test days whose customers are not known as defrauded: since training began no
    /// fraud of theirs has been labelled by the end of the day before.
    pub test: Vec<usize>,
}

impl Split {
    /// Parts the transactions.
    ///
    /// Errors: see [`Period::check`]; a period has no rows, or only one class.
    pub fn new(transactions: &Transactions, period: &Period) -> Result<Self, EvaluationFault> {
        period.check()?;
        let known_from = known_from(transactions, period);
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for (row, time) in transactions.times().iter().enumerate() {
            let day = Day::of(*time);
            if (period.train_from..=period.train_to).contains(&day) {
                train.push(row);
            } else if (period.test_from..=period.test_to).contains(&day) {
                let customer = transactions.customers()[row] as usize;
                if known_from[customer].is_none_or(|known| day < known) {
                    test.push(row);
                }
            }
        }
        let frauds =
            |rows: &[usize]| rows.iter().filter(|row| transactions.frauds()[**row]).count();
        for (rows, name) in [(&train, "training"), (&test, "test")] {
            if rows.is_empty() {
                return Err(EvaluationFault::NoRows(name));
            }
            let count = frauds(rows);
            if count == 0 || count == rows.len() {
                return Err(EvaluationFault::OneClass(name));
            }
        }
        Ok(Self { train, test })
    }
}

/// For each customer the first day on which a fraud since the start of training is known: the
/// label of a day's fraud comes `delay_days` later and counts from the next morning.
fn known_from(transactions: &Transactions, period: &Period) -> Vec<Option<Day>> {
    let mut known = vec![None; transactions.customer_count()];
    let rows = transactions.times().iter().zip(transactions.customers());
    for ((time, customer), fraud) in rows.zip(transactions.frauds()) {
        let day = Day::of(*time);
        if *fraud && day >= period.train_from {
            let first = day.plus(i64::from(period.delay_days) + 1);
            let known: &mut Option<Day> = &mut known[*customer as usize];
            if known.is_none_or(|before| first < before) {
                *known = Some(first);
            }
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Column;

    fn day(text: &str) -> Day {
        Day::of(Instant::parse(text, "UTC").unwrap())
    }

    fn period() -> Period {
        Period {
            train_from: day("2018-01-01"),
            train_to: day("2018-01-02"),
            delay_days: 3,
            test_from: day("2018-01-06"),
            test_to: day("2018-01-08"),
        }
    }

    fn transactions(rows: &[(&str, &str, i64)]) -> Transactions {
        let text = |texts: Vec<String>| Column::Text(texts.into_iter().map(Into::into).collect());
        let times = rows.iter().map(|row| Instant::parse(row.0, "UTC").unwrap());
        Transactions::from_columns(vec![
            text((0..rows.len()).map(|row| row.to_string()).collect()),
            Column::Time(times.collect()),
            text(rows.iter().map(|row| row.1.to_owned()).collect()),
            text(rows.iter().map(|_| "t".to_owned()).collect()),
            Column::Whole(vec![100; rows.len()]),
            Column::Whole(rows.iter().map(|row| row.2).collect()),
        ])
        .ok()
        .unwrap()
    }

    #[test]
    fn who_is_known_is_left_out_of_the_test() {
        let rows = [
            ("2017-12-31", "before", 1),
            ("2018-01-01", "early", 1),
            ("2018-01-02T23:59:59", "last", 1),
            ("2018-01-02", "honest", 0),
            ("2018-01-03", "between", 1),
            ("2018-01-06", "early", 1),
            ("2018-01-06", "last", 0),
            ("2018-01-06", "between", 0),
            ("2018-01-06", "before", 0),
            ("2018-01-06", "new", 1),
            ("2018-01-07", "between", 0),
            ("2018-01-08T23:59:59", "honest", 0),
            ("2018-01-09", "honest", 0),
        ];
        let transactions = transactions(&rows);
        let split = Split::new(&transactions, &period()).unwrap();
        let named = |row: usize| {
            let name = rows[transactions.ids()[row].as_str().parse::<usize>().unwrap()];
            format!("{} {}", &name.0[8..10], name.1)
        };
        let train: Vec<String> = split.train.iter().map(|row| named(*row)).collect();
        assert_eq!(train, ["01 early", "02 honest", "02 last"]);
        // The fraud of the 3rd is known on the 6th and counts from the 7th.
        let test: Vec<String> = split.test.iter().map(|row| named(*row)).collect();
        assert_eq!(test, ["06 between", "06 before", "06 new", "08 honest"]);
    }

    #[test]
    fn days_that_cannot_be_are_refused() {
        let fault = |change: fn(&mut Period)| {
            let mut period = period();
            change(&mut period);
            period.check().map_err(|fault| fault.code())
        };
        assert_eq!(fault(|_| {}), Ok(()));
        let back = Err("evaluation-period-backwards");
        assert_eq!(fault(|it| it.train_to = it.train_from.plus(-1)), back);
        assert_eq!(fault(|it| it.test_to = it.test_from.plus(-1)), back);
        assert_eq!(fault(|it| it.test_from = it.test_from.plus(-1)), Err("evaluation-test-early"));
        assert_eq!(fault(|it| it.delay_days = 366), Err("evaluation-delay"));
        let one_class = transactions(&[("2018-01-01", "a", 0), ("2018-01-06", "b", 1)]);
        assert_eq!(Split::new(&one_class, &period()), Err(EvaluationFault::OneClass("training")));
        let nothing = transactions(&[("2018-02-01", "a", 0)]);
        assert_eq!(Split::new(&nothing, &period()), Err(EvaluationFault::NoRows("training")));
        assert_eq!(day("2018-07-25").to_string(), "2018-07-25");
    }
}
