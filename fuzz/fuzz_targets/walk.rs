//! Archives in archives: everything that the walk hands out ends, and is bounded.

#![no_main]

use std::io::Read;

use doldam_ground::limits::ARCHIVE_DEPTH_MAX;
use doldam_scanner::{Locator, ScanOptions, Source, WalkOptions, scan_read, walk_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = WalkOptions { memory_bytes_max: 8 << 20, ..WalkOptions::default() };
    let mut first = true;
    walk_bytes("file", bytes, &options, &mut |source| match source {
        Source::Data { locator, read } => {
            check(locator);
            if std::mem::take(&mut first) {
                let _ = scan_read(read, &ScanOptions::default(), &mut |_| {});
            } else {
                let _ = std::io::copy(&mut read.take(4 << 20), &mut std::io::sink());
            }
        }
        Source::Skipped(skipped) => {
            check(&skipped.locator);
            assert!(!skipped.reason.to_string().is_empty());
        }
    });
});

/// A name is as deep as archives may be, and reads back what it shows.
fn check(locator: &Locator) {
    assert!(locator.inner().len() <= ARCHIVE_DEPTH_MAX + 1);
    assert!(locator.to_string().parse().as_ref() == Ok(locator), "{locator} does not read back");
}
