use std::fs;

use doldam_scanner::report::{Event, Report, json, jsonl, scan_paths, table};
use doldam_scanner::{ScanOptions, WalkOptions};

use crate::corpus::{customers, zip};

fn scanned(findings_max: usize) -> (Report, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = customers(20, 100);
    fs::write(folder.path().join("a.zip"), zip(&[("users\u{1b}[2J.csv", text.as_bytes())]))
        .unwrap();
    fs::write(folder.path().join("b.txt"), "call 010-1234-5678\n").unwrap();
    fs::write(folder.path().join("c.gz"), [0x1F, 0x8B, 8, 0, 0]).unwrap();
    let mut report = Report::new(findings_max);
    let mut lines = Vec::new();
    scan_paths(
        &[folder.path().to_owned()],
        &WalkOptions::default(),
        &ScanOptions::default(),
        &mut |event| {
            if let Event::Found(locator, hit) = &event {
                jsonl::write(locator, hit, &mut lines).unwrap();
            }
            report.observe(event);
        },
    );
    (report, String::from_utf8(lines).unwrap(), text)
}

#[test]
fn counts_are_exact_whatever_the_limit() {
    let (report, lines, _) = scanned(7);
    let mut out = Vec::new();
    json::write(&report, 12, &mut out).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(read["schema"], 1);
    assert_eq!(read["findings"].as_array().unwrap().len(), 7);
    assert_eq!(read["findings_total"], 201);
    assert_eq!(lines.lines().count(), 201);
    assert_eq!(read["files"][0]["kinds"], serde_json::json!({"ci": 100, "phone": 100}));
    assert_eq!(read["files"][0]["rows"], 100);
    assert_eq!(read["files"][1]["kinds"]["phone"], 1);
    assert_eq!(read["skipped"][0]["reason"], "corrupt");
    assert_eq!(read["scanned"]["files"], 3);
    assert_eq!(read["elapsed_ms"], 12);
    let first = &read["findings"][0];
    assert_eq!(
        (&first["kind"], &first["line"], &first["confidence"]),
        (&"ci".into(), &2.into(), &"certain".into())
    );
    assert!(first["where"].as_str().unwrap().contains("a.zip!users"));
}

#[test]
fn no_value_is_ever_shown() {
    let (report, lines, text) = scanned(1_000);
    let mut shown = lines.into_bytes();
    json::write(&report, 1, &mut shown).unwrap();
    table::write(&report, 1, &mut shown).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("•••••"));
    let mut checked = 0;
    for line in text.lines().skip(1) {
        for value in line.split(',').skip(1) {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            assert!(!shown.contains(value) && (digits.len() < 9 || !shown.contains(&digits)));
            checked += 1;
        }
    }
    assert_eq!(checked, 200);
}

#[test]
fn the_table_is_for_people_and_steers_no_terminal() {
    let (report, _, _) = scanned(1_000);
    let mut out = Vec::new();
    table::write(&report, 34, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("KIND"));
    assert!(text.contains("ci       100"), "{text}");
    assert!(text.contains("not scanned: "));
    assert!(text.ends_with("1 skipped, in 34 ms\n"), "{text}");
    assert!(!text.contains('\u{1b}'));
}
