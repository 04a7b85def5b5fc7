//! Headers that lie, are missing or belong to another column; files as they come.

use std::io::{Cursor, Read};

use doldam_ground::entropy::Entropy;
use doldam_ground::{Instant, MockClock};
use doldam_scanner::read::table::TableOptions;
use doldam_trace::attribution::Verdict;
use doldam_trace::rows::TableRows;
use doldam_trace::{House, InMemoryHouse, Trace, TraceError, trace_file};
use proptest::prelude::*;

use crate::world::{Dice, STRANGERS, World, ci, nickname, phone, sample};

struct Seeded(Dice);

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0.next().to_be_bytes()[0];
        }
    }
}

fn trace_bytes(bytes: &[u8], house: &dyn House) -> Result<Trace, TraceError> {
    let clock = MockClock::new(Instant::from_micros(0));
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn Read>);
    trace_file(&open, TableOptions::default(), house, &clock)
}

fn csv(
    header: &str,
    row: impl Fn(u32) -> Vec<String>,
    people: impl Iterator<Item = u32>,
) -> String {
    let mut text = header.to_owned();
    for person in people {
        text.push_str(&row(person).join(","));
        text.push('\n');
    }
    text
}

#[test]
fn swapped_missing_and_invented_headers_change_nothing() {
    let world = World::new(50_000);
    let full = |person: u32| {
        vec![format!("{}", person * 3), nickname(person), ci(person), phone(person), "x y".into()]
    };
    for header in [
        "id,nickname,ci,phone,note\n",
        "id,ci,phone,nickname,note\n",
        "name,account,email,ci,card\n",
        "a,b,c,d,e\n",
        "",
    ] {
        let text = csv(header, full, 300..800);
        let report = trace_bytes(text.as_bytes(), &world).unwrap().report;
        assert_eq!(
            (report.rows, report.subjects.exact, report.unknown_rows, report.conflicts),
            (500, 500, 0, 0),
            "{header}"
        );
        assert_eq!(report.attribution.verdict, Verdict::Ours, "{header}");
    }
}

#[test]
fn hashes_that_look_like_identities_do_not_make_strangers() {
    let world = World::new(50_000);
    let row = |person| vec![nickname(person), phone(person), ci(STRANGERS + person)];
    let text = csv("user,tel,password_hash\n", row, 0..300);
    let report = trace_bytes(text.as_bytes(), &world).unwrap().report;
    assert_eq!((report.subjects.exact, report.coincidences), (300, 0));
}

#[test]
fn one_customer_among_many_strangers_is_not_passed_over() {
    let world = World::new(50_000);
    let person = |at: u32| if at == 17_003 { 5 } else { STRANGERS + at };
    for header in ["ci,phone\n", ""] {
        let text = csv(header, |at| vec![ci(person(at)), phone(person(at))], 0..20_000);
        let trace = trace_bytes(text.as_bytes(), &world).unwrap();
        assert_eq!(trace.exact.iter().collect::<Vec<_>>(), [5], "{header}");
        assert_eq!(trace.report.unknown_rows, 19_999);
    }
}

#[test]
fn json_lines_and_pasted_text_are_traced_too() {
    let world = World::new(50_000);
    let mut json = String::new();
    for person in 0..300 {
        let key = if person % 2 == 0 { "ci" } else { "user_ci" };
        json.push_str(&format!("{{\"{key}\":\"{}\",\"n\":{person}}}\n", ci(person)));
    }
    let report = trace_bytes(json.as_bytes(), &world).unwrap().report;
    assert_eq!((report.rows, report.subjects.exact), (300, 300));

    let mut log = String::new();
    for person in 0..40 {
        let (one, other) = (phone(person * 2), phone(person * 2 + 1));
        log.push_str(&format!("2026-11-2{} call {one}; then text {other} please\n", person % 10));
    }
    let report = trace_bytes(log.as_bytes(), &world).unwrap().report;
    assert_eq!(report.subjects.exact, 80, "a line may name several people");
}

#[test]
fn escaped_and_decomposed_values_are_recognised() {
    let world = World::new(50_000);
    let escape = |text: String| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let text = csv("ci\n", |person| vec![escape(ci(person))], 0..200);
    assert_eq!(trace_bytes(text.as_bytes(), &world).unwrap().report.subjects.exact, 200);
}

#[test]
fn a_customer_list_alone_says_whose_but_not_whose_copy() {
    let row = |person| vec![ci(person), nickname(person), phone(person)];
    let customers = csv("ci,nickname,phone\n", row, 0..30_000) + "broken\n";
    let mut table = TableRows::open(customers.as_bytes(), TableOptions::default()).unwrap();
    let (house, faults) = InMemoryHouse::read(&mut table, &mut Seeded(Dice(1))).unwrap();
    assert_eq!((faults.len(), house.subject_total().unwrap()), (1, 30_000));
    let mut people = sample(30_000, 3_000, 4);
    let again = people[..70].to_vec();
    people.extend(again);
    people.extend((0..250).map(|n| STRANGERS + n));
    Dice(6).shuffle(&mut people);
    let text = csv("nickname,ci\n", |p| vec![nickname(p), ci(p)], people.iter().copied());
    let report = trace_bytes(text.as_bytes(), &house).unwrap().report;
    assert_eq!(report.rows, 3_320);
    assert_eq!((report.subjects.exact, report.subjects.total), (3_000, 3_000));
    assert_eq!((report.unknown_rows, report.repeats), (250, 70));
    assert_eq!(report.attribution.verdict, Verdict::Ours);
    assert_eq!(report.processors.len(), 1);
    assert_eq!((&*report.processors[0].id, report.processors[0].rows), ("ours", 3_070));
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    for key in [
        "schema",
        "rows",
        "subjects",
        "unknown_rows",
        "canaries",
        "processors",
        "disclosures",
        "elapsed_ms",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_report_never_shows_a_value_or_a_headers_text() {
    let world = World::new(50_000);
    let text = csv("", |person| vec![nickname(person), ci(person)], 0..100)
        + "broken,row,with,010-1234-5678\n";
    let report = trace_bytes(text.as_bytes(), &world).unwrap().report;
    assert_eq!(report.faults.total, 1);
    let json = report.to_json();
    assert!(json.contains("\"line\":101"), "{json}");
    for value in [nickname(0), ci(0), "010".to_owned(), "고래".to_owned()] {
        assert!(!json.contains(&value), "{json}");
    }
}

#[test]
fn files_that_cannot_be_read_are_refused_with_a_code() {
    let world = World::new(10);
    let refused = |bytes: &[u8]| match trace_bytes(bytes, &world) {
        Err(error) => error.code().to_owned(),
        Ok(_) => "traced".to_owned(),
    };
    assert_eq!(refused(b""), "empty");
    assert_eq!(refused(&[0, 1, 2, 0, 0]), "not_text");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_tracer_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = trace_bytes(&bytes, &World::new(1_000));
    }

    #[test]
    fn no_table_makes_it_panic_and_every_row_is_counted_once(
        table in "([a-z0-9@.가-힣+-]{0,9}[,;\t\n]){0,80}",
    ) {
        if let Ok(trace) = trace_bytes(table.as_bytes(), &World::new(1_000)) {
            let report = trace.report;
            let known = report.rows - report.unknown_rows - report.ambiguous_rows;
            prop_assert!(report.subjects.total <= known || report.rows == 0);
        }
    }
}
