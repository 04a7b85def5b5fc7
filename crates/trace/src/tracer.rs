//! The whole walk: sample, type, match, weigh, report.

use std::io::{self, Read};

use doldam_ground::Clock;
use doldam_scanner::ReadError;
use doldam_scanner::read::table::TableOptions;
use roaring::RoaringBitmap;

use crate::TraceError;
use crate::attribution::attribute;
use crate::column::{sample, type_columns};
use crate::facts::Facts;
use crate::house::House;
use crate::matching::match_rows;
use crate::report::{Report, compile};
use crate::rows::{OpenRows, Rows, TableRows};

/// A traced file.
///
/// No `Debug`: the bitmaps say who is affected.
pub struct Trace {
    /// Counts, ids and reasons.
    pub report: Report,
    /// Ordinals of the people who are named exactly.
    pub exact: RoaringBitmap,
    /// Ordinals of all people who are named, with a doubt or without.
    pub subjects: RoaringBitmap,
}

/// Traces a file: reads it twice, asks `house` whose and whose copy, and reports.
///
/// The house is asked in bulk; nothing of the file is kept but the ordinals.
pub fn trace(
    open: &OpenRows<'_>,
    house: &dyn House,
    clock: &dyn Clock,
) -> Result<Trace, TraceError> {
    let started_us = clock.elapsed_us();
    let facts = Facts::load(house)?;
    let sample = sample(open()?.as_mut())?;
    let columns = type_columns(&sample, house, &facts)?;
    let matched = match_rows(open()?.as_mut(), &columns, house, &facts)?;
    let origin = attribute(&matched, &facts, house)?;
    let mut report = compile(&sample, &columns, &matched, &facts, &origin);
    report.elapsed_ms = clock.elapsed_us().saturating_sub(started_us) / 1_000;
    Ok(Trace { report, exact: matched.exact, subjects: matched.subjects })
}

/// Traces a file that `open` opens anew each time it is called: CSV, NDJSON or text, in any
/// encoding that the table reader knows.
pub fn trace_file(
    open: &dyn Fn() -> io::Result<Box<dyn Read>>,
    options: TableOptions,
    house: &dyn House,
    clock: &dyn Clock,
) -> Result<Trace, TraceError> {
    let open_rows = || -> Result<Box<dyn Rows>, TraceError> {
        let read = open().map_err(ReadError::from)?;
        Ok(Box::new(TableRows::open(read, options)?))
    };
    trace(&open_rows, house, clock)
}
