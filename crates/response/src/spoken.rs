//! Days as they are read aloud.
//!
//! A notice goes to people of every age, and is read aloud to some of them. "2026-10-25 ~ 2026-11-24"
//! is for machines; "2026년 10월 25일부터 11월 24일 사이" is a sentence.

use doldam_ground::deadline::Day;
use doldam_ground::locale::Language;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as it is read aloud: "2026년 2월 3일", "3 February 2026".
#[must_use]
pub fn day(day: Day, language: Language) -> String {
    let [year, month, date] = parts(day);
    match language {
        Language::Ko => format!("{year}년 {month}월 {date}일"),
        Language::En => format!("{date} {} {year}", name(month)),
    }
}

/// A time that lay between two days, or on one of them; a year that both share is said once.
pub(crate) fn between(first: Day, last: Day, language: Language) -> String {
    let ([year, month, date], [last_year, last_month, last_date]) = (parts(first), parts(last));
    match language {
        _ if first == last => day(first, language),
        Language::Ko if year == last_year => {
            format!("{}부터 {last_month}월 {last_date}일 사이", day(first, language))
        }
        Language::Ko => format!("{}부터 {} 사이", day(first, language), day(last, language)),
        Language::En if year == last_year => {
            format!("Between {date} {} and {}", name(month), day(last, language))
        }
        Language::En => format!("Between {} and {}", day(first, language), day(last, language)),
    }
}

/// Year, month and day of the month.
fn parts(day: Day) -> [usize; 3] {
    let text = day.to_string();
    let mut numbers = text.splitn(3, '-').map(|part| part.parse().unwrap_or_default());
    [(); 3].map(|()| numbers.next().unwrap_or_default())
}

fn name(month: usize) -> &'static str {
    month.checked_sub(1).and_then(|place| MONTHS.get(place)).unwrap_or(&"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_spoken_in_both_languages() {
        assert_eq!(day(of("2026-02-03"), Language::Ko), "2026년 2월 3일");
        assert_eq!(day(of("2026-02-03"), Language::En), "3 February 2026");
    }

    #[test]
    fn a_span_says_a_shared_year_once() {
        let span = |first, last, language| between(of(first), of(last), language);
        let (from, to) = ("2026-10-25", "2026-11-24");
        assert_eq!(span(from, to, Language::Ko), "2026년 10월 25일부터 11월 24일 사이");
        assert_eq!(span(from, to, Language::En), "Between 25 October and 24 November 2026");
        assert_eq!(span(from, from, Language::En), "25 October 2026");
        let early = span("2025-12-31", "2026-01-02", Language::Ko);
        assert_eq!(early, "2025년 12월 31일부터 2026년 1월 2일 사이");
    }
}
