//! Prints how fast tables are read and personal data is found, in memory, on one core.
//!
//! `cargo run --release -p doldam-scanner --example speed`

use std::fmt::Write;
use std::time::Instant;

use doldam_scanner::read::table::{Row, TableOptions, TableReader};
use doldam_scanner::{ScanOptions, scan, scan_each};

const ROWS: usize = 400_000;

#[expect(clippy::print_stdout, reason = "this is a command that prints what it measured")]
fn main() {
    let csv = customers();
    let rows = measure("table reader, dense CSV", &csv, count_rows);
    println!("rows: {rows}");
    let options = ScanOptions::default();
    let count = |bytes: &[u8]| {
        let mut hits = 0;
        scan_each(bytes, &options, &mut |_| hits += 1);
        hits
    };
    println!("findings: {}", measure("scan, dense CSV", &csv, count));
    let json = as_ndjson(&csv);
    println!("findings: {}", measure("scan, dense NDJSON", &json, count));
    println!(
        "findings kept: {}",
        measure("scan to findings, dense CSV", &csv, |b| scan(b, &options).len())
    );
    let prose = "The quick brown fox jumps over the lazy dog 12 times; 빠른 갈색 여우가 넘는다.\n"
        .repeat(600_000);
    println!("findings: {}", measure("scan, prose without findings", prose.as_bytes(), count));
}

/// Invented customers: every row holds an e-mail address, a phone number and a CI.
fn customers() -> Vec<u8> {
    let mut out = String::from("nickname,email,phone,ci\n");
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for row in 0..ROWS {
        let mut ci = String::with_capacity(88);
        for place in 0..86 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let letters: &[u8] = if place == 85 { b"AQgw" } else { ALPHABET };
            ci.push(letters[(state >> 33) as usize % letters.len()].into());
        }
        let phone = (state >> 20) % 100_000_000;
        let (left, right) = (phone / 10_000, phone % 10_000);
        writeln!(out, "고래{row},user{row}@example.com,010-{left:04}-{right:04},{ci}==")
            .expect("a String takes any text");
    }
    out.into_bytes()
}

/// The same customers, one JSON object a line.
fn as_ndjson(csv: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(csv).expect("made as text");
    let mut out = String::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [nickname, email, phone, ci] = fields[..] else {
            continue;
        };
        writeln!(
            out,
            r#"{{"nickname":"{nickname}","email":"{email}","phone":"{phone}","ci":"{ci}"}}"#
        )
        .expect("a String takes any text");
    }
    out.into_bytes()
}

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn count_rows(bytes: &[u8]) -> usize {
    let mut table = TableReader::open(bytes, TableOptions::default()).expect("a table");
    let (mut row, mut count) = (Row::default(), 0);
    while table.next_row(&mut row).expect("a sound row") {
        count += 1;
    }
    count
}

/// Runs `work` five times and prints the best speed.
#[expect(clippy::print_stdout, reason = "this is a command that prints what it measured")]
#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
#[expect(clippy::cast_precision_loss, reason = "a printed figure")]
fn measure(what: &str, bytes: &[u8], work: impl Fn(&[u8]) -> usize) -> usize {
    let mut best = f64::INFINITY;
    let mut result = 0;
    for _ in 0..5 {
        let start = Instant::now();
        result = work(bytes);
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{what}: {:.0} MB/s ({:.1} MB)",
        bytes.len() as f64 / best / 1e6,
        bytes.len() as f64 / 1e6
    );
    result
}
