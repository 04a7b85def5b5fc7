//! Scans paths and prints the report: `cargo run --release -p doldam-scanner --example scan -- PATH…`

use std::io::stdout;
use std::path::PathBuf;
use std::time::Instant;

use doldam_scanner::report::{Report, scan_paths, table};
use doldam_scanner::{ScanOptions, WalkOptions};

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn main() -> std::io::Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let start = Instant::now();
    let mut report = Report::default();
    let (walk, scan) = (WalkOptions::default(), ScanOptions::default());
    scan_paths(&paths, &walk, &scan, &mut |event| report.observe(event));
    let elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    table::write(&report, elapsed_ms, &mut stdout().lock())
}
