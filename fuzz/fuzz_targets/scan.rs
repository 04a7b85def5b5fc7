//! The scanner over any bytes: what it finds lies in them, in order, however they are handed out.

#![no_main]

use std::io::Read;

use doldam_scanner::{Confidence, Finding, ScanOptions, scan, scan_read};
use libfuzzer_sys::fuzz_target;

/// Hands out few bytes at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = out.len().min(7);
        self.0.read(&mut out[..length])
    }
}

fn facts(found: &[Finding]) -> Vec<(u8, &'static str, u64, u64, u64, &str)> {
    found
        .iter()
        .map(|one| {
            let place = one.place;
            let value = one.value.expose().as_str();
            (one.kind.number(), one.why, place.offset, place.line, place.column, value)
        })
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    let options = ScanOptions { least: Confidence::Possible, kinds: None };
    let found = scan(bytes, &options);
    let mut again = Vec::new();
    let end = scan_read(&mut Dripping(bytes), &options, &mut |hit| again.push(hit.to_finding()));
    assert!(end.is_ok(), "reading from memory does not fail");
    assert!(facts(&found) == facts(&again), "how the bytes are handed out makes a difference");
    for one in &found {
        assert!(one.place.offset <= 2 * bytes.len() as u64, "a finding lies behind the end");
        assert!(!one.masked().is_empty());
    }
    for pair in found.windows(2) {
        assert!(pair[0].place.offset <= pair[1].place.offset, "findings are out of order");
    }
});
