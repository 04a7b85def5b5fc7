//! The report as a table for people: a line for each file and kind, then what was not scanned.

use std::io::{self, Write};

use super::Report;

/// Writes the table; `elapsed_ms` is how long the scan took.
pub fn write(report: &Report, elapsed_ms: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for file in report.files() {
        let source = printable(&file.locator.to_string());
        for (kind, found) in &file.kinds {
            rows.push([
                kind.id().to_owned(),
                found.count.to_string(),
                printable(&found.example),
                source.clone(),
            ]);
        }
    }
    if !rows.is_empty() {
        rows.insert(0, ["KIND", "COUNT", "EXAMPLE", "WHERE"].map(str::to_owned));
        write_rows(&rows, out)?;
        writeln!(out)?;
    }
    for skipped in report.skipped() {
        let source = printable(&skipped.locator.to_string());
        writeln!(out, "not scanned: {source}: {}", skipped.reason)?;
    }
    writeln!(
        out,
        "{} findings in {} files; {} files and {} bytes scanned, {} skipped, in {elapsed_ms} ms",
        report.findings_total(),
        report.files().len(),
        report.scanned_files(),
        report.scanned_bytes(),
        report.skipped().len(),
    )
}

/// Writes rows with the first three columns as wide as their widest field.
fn write_rows(rows: &[[String; 4]], out: &mut dyn Write) -> io::Result<()> {
    let mut widths = [0; 3];
    for row in rows {
        for (width, field) in widths.iter_mut().zip(row) {
            *width = (*width).max(field.chars().count());
        }
    }
    let [kinds, counts, examples] = widths;
    for [kind, count, example, source] in rows {
        writeln!(out, "{kind:kinds$}  {count:>counts$}  {example:examples$}  {source}")?;
    }
    Ok(())
}

/// The text without control characters: a file name from outside must not steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}
