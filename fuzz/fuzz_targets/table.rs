//! The table reader over any bytes, in every format: bounded rows, the same rows again.

#![no_main]

use std::io::Read;

use doldam_ground::limits::{COLUMNS_MAX, FIELD_BYTES_MAX};
use doldam_scanner::ReadError;
use doldam_scanner::read::table::{Format, Header, Row, TableOptions, TableReader};
use libfuzzer_sys::fuzz_target;

/// Hands out few bytes at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = out.len().min(5);
        self.0.read(&mut out[..length])
    }
}

/// Everything that is read, faults included.
fn rows(read: impl Read, options: TableOptions, limit: usize) -> Vec<(u64, Vec<String>)> {
    let mut all = Vec::new();
    let mut table = match TableReader::open(read, options) {
        Ok(table) => table,
        Err(error) => return vec![(0, vec![error.code().to_owned()])],
    };
    assert!(table.format() != Format::Auto);
    let mut row = Row::default();
    loop {
        assert!(all.len() <= limit, "there are more rows than bytes");
        match table.next_row(&mut row) {
            Ok(true) => {
                assert!(row.len() <= COLUMNS_MAX && row.len() <= table.columns().len());
                assert!(row.fields().all(|field| field.len() <= 2 * FIELD_BYTES_MAX));
                all.push((row.line(), row.fields().map(str::to_owned).collect()));
            }
            Ok(false) => break,
            Err(ReadError::Row(fault)) => all.push((fault.line, vec![fault.reason.to_string()])),
            Err(error) => {
                all.push((0, vec![error.code().to_owned()]));
                break;
            }
        }
    }
    let last = table.next_row(&mut row);
    assert!(!matches!(last, Ok(true)), "a table that has ended goes on");
    all
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let format = [Format::Auto, Format::Csv, Format::Ndjson, Format::Text][usize::from(choice % 4)];
    let has_header = [Header::Auto, Header::No, Header::Yes][usize::from(choice / 4 % 3)];
    let delimiter = [None, Some(b','), Some(b'\t'), Some(b';')][usize::from(choice / 12 % 4)];
    let options = TableOptions { format, has_header, delimiter };
    let limit = bytes.len() + 2;
    assert!(rows(bytes, options, limit) == rows(Dripping(bytes), options, limit));
});
