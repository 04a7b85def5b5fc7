//! The report as one JSON object.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Line, Report};

#[derive(Serialize)]
struct Document<'a> {
    schema: u8,
    findings: &'a [Line],
    findings_total: u64,
    files: Vec<File<'a>>,
    skipped: Vec<Skip>,
    scanned: Scanned,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(rename = "where")]
    source: String,
    kinds: BTreeMap<&'a str, u64>,
    rows: u64,
}

#[derive(Serialize)]
struct Skip {
    #[serde(rename = "where")]
    source: String,
    reason: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Scanned {
    files: u64,
    bytes: u64,
}

/// Writes the report with a line end; `elapsed_ms` is how long the scan took.
pub fn write(report: &Report, elapsed_ms: u64, out: &mut dyn Write) -> io::Result<()> {
    let files = report.files().iter().map(|file| File {
        source: file.locator.to_string(),
        kinds: file.kinds.iter().map(|(kind, found)| (kind.id(), found.count)).collect(),
        rows: file.rows,
    });
    let skipped = report.skipped().iter().map(|skipped| Skip {
        source: skipped.locator.to_string(),
        reason: skipped.reason.code(),
        message: skipped.reason.to_string(),
    });
    let document = Document {
        schema: 1,
        findings: report.findings(),
        findings_total: report.findings_total(),
        files: files.collect(),
        skipped: skipped.collect(),
        scanned: Scanned { files: report.scanned_files(), bytes: report.scanned_bytes() },
        elapsed_ms,
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}
