//! The leaked file as the tracer sees it: columns and rows, read from the start as often as needed.
//!
//! Two passes read the file: one to find out what its columns hold, one to look everything up. So
//! the tracer takes something that opens the file anew instead of an open file, and keeps no row.

use std::io::Read;

use doldam_scanner::ReadError;
use doldam_scanner::read::table::{Format, Row, TableOptions, TableReader};

use crate::TraceError;

/// What came of asking for the next row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A row; its fields can be read until the next call.
    Row,
    /// A row that could not be read; the next one can be asked for.
    Fault(Fault),
    /// There are no more rows.
    End,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// Why, without any of its content.
    pub reason: String,
}

/// A table that is read row by row.
pub trait Rows {
    /// The columns known so far; their number may grow while rows are read.
    fn columns(&self) -> &[String];

    /// Whether the column names stood in the file. Names that were made up say nothing of the
    /// content, and only names that stood in the file are used as hints.
    fn has_header(&self) -> bool;

    /// Moves to the next row.
    fn advance(&mut self) -> Result<Next, TraceError>;

    /// The line on which the current row begins, counted from 1.
    fn line(&self) -> u64;

    /// The current row's text in `column`; empty when it has none.
    fn field(&self, column: usize) -> &str;
}

/// Opens the same table from its start.
pub type OpenRows<'file> = dyn Fn() -> Result<Box<dyn Rows + 'file>, TraceError> + 'file;

/// A file read by the scanner's table reader.
///
/// No `Debug`: it holds a row.
pub struct TableRows<R> {
    table: TableReader<R>,
    row: Row,
}

impl<R: Read> TableRows<R> {
    /// Opens a table from its first byte.
    pub fn open(read: R, options: TableOptions) -> Result<Self, TraceError> {
        let table = TableReader::open(read, options)?;
        Ok(Self { table, row: Row::default() })
    }
}

impl<R: Read> Rows for TableRows<R> {
    fn columns(&self) -> &[String] {
        self.table.columns()
    }

    fn has_header(&self) -> bool {
        // The keys of JSON objects stand in the file like a header does.
        self.table.has_header() || self.table.format() == Format::Ndjson
    }

    fn advance(&mut self) -> Result<Next, TraceError> {
        match self.table.next_row(&mut self.row) {
            Ok(true) => Ok(Next::Row),
            Ok(false) => Ok(Next::End),
            Err(ReadError::Row(fault)) => {
                Ok(Next::Fault(Fault { line: fault.line, reason: fault.reason.to_string() }))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn line(&self) -> u64 {
        self.row.line()
    }

    fn field(&self, column: usize) -> &str {
        self.row.field(column)
    }
}

/// A table in memory, as tests and small pastes need it.
///
/// No `Debug`: it would show the rows.
#[derive(Clone)]
pub struct MemoryRows<'table> {
    columns: &'table [String],
    rows: &'table [Vec<String>],
    has_header: bool,
    next: usize,
}

impl<'table> MemoryRows<'table> {
    /// A table of these columns and rows.
    pub const fn new(columns: &'table [String], rows: &'table [Vec<String>]) -> Self {
        Self { columns, rows, has_header: true, next: 0 }
    }

    /// The same table, whose column names are made up.
    #[must_use]
    pub const fn without_header(mut self) -> Self {
        self.has_header = false;
        self
    }
}

impl Rows for MemoryRows<'_> {
    fn columns(&self) -> &[String] {
        self.columns
    }

    fn has_header(&self) -> bool {
        self.has_header
    }

    fn advance(&mut self) -> Result<Next, TraceError> {
        if self.next == self.rows.len() {
            return Ok(Next::End);
        }
        self.next += 1;
        Ok(Next::Row)
    }

    fn line(&self) -> u64 {
        self.next as u64 + 1
    }

    fn field(&self, column: usize) -> &str {
        let row = self.next.checked_sub(1).and_then(|row| self.rows.get(row));
        row.and_then(|row| row.get(column)).map_or("", String::as_str)
    }
}
