//! A leaked file of any bytes against a customer list of any bytes.

#![no_main]

use std::io::Read;

use doldam_fuzz::{Counting, parts};
use doldam_ground::{Instant, MockClock};
use doldam_scanner::read::table::TableOptions;
use doldam_trace::rows::TableRows;
use doldam_trace::{InMemoryHouse, trace_file};
use libfuzzer_sys::fuzz_target;

/// The list that the first byte may choose instead of one of its own.
const CUSTOMERS: &[u8] = include_bytes!("../seeds/customers.csv");

fuzz_target!(|bytes: &[u8]| {
    let [list, leak] = parts(bytes, 2)[..] else { return };
    let list = if list.is_empty() { CUSTOMERS } else { list };
    let Ok(mut table) = TableRows::open(list, TableOptions::default()) else { return };
    let Ok((house, _)) = InMemoryHouse::read(&mut table, &mut Counting(4)) else { return };
    let clock = MockClock::new(Instant::from_micros(0));
    let leak = leak.to_vec();
    let open = || Ok(Box::new(std::io::Cursor::new(leak.clone())) as Box<dyn Read>);
    let Ok(traced) = trace_file(&open, TableOptions::default(), &house, &clock) else { return };
    assert!(traced.exact.is_subset(&traced.subjects));
    assert!(traced.subjects.len() <= list.len() as u64);
    let report = serde_json::to_string(&traced.report).expect("a report serialises");
    assert!(report.contains("\"schema\":1"));
});
