//! Tables from outside, row by row: CSV and its relatives, NDJSON, plain lines.
//!
//! Import, disclosure and trace all read people's files here, so there is one answer to "what is
//! row 17,552". Reading is streaming and bounded. A broken row is reported with its line and the
//! next one is read; a broken file is refused before its first row.
//!
//! ```
//! use doldam_scanner::read::ReadError;
//! use doldam_scanner::read::table::{Row, TableOptions, TableReader};
//!
//! let file = &b"nickname,phone\nwhale,010-1234-5678\nbroken\n"[..];
//! let mut table = TableReader::open(file, TableOptions::default())?;
//! assert_eq!(table.columns(), ["nickname", "phone"]);
//! let mut row = Row::default();
//! let mut faults = Vec::new();
//! loop {
//!     match table.next_row(&mut row) {
//!         Ok(true) => assert_eq!((row.line(), row.field(0)), (2, "whale")),
//!         Ok(false) => break,
//!         Err(ReadError::Row(fault)) => faults.push(fault),
//!         Err(error) => return Err(error),
//!     }
//! }
//! assert_eq!(faults[0].to_string(), "line 3: 1 fields where 2 are expected");
//! # Ok::<(), ReadError>(())
//! ```

mod lines;
mod object;
mod record;
mod sniff;

use std::io::{self, Read};
use std::mem;
use std::ops::Range;
use std::slice::from_mut;

use doldam_ground::limits::{COLUMNS_MAX, FIELD_BYTES_MAX, LINE_BYTES_MAX};

use super::text::{self, Decoder, Encoding, SAMPLE_BYTES, Utf16};
use super::{FaultReason, ReadError, RowFault};
use lines::Lines;
use record::Found;

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Judged from the first 64 KiB.
    #[default]
    Auto,
    /// Fields with a delimiter between them, perhaps in quotation marks (RFC 4180).
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One column: the line.
    Text,
}

/// Whether the first row names the columns. NDJSON and text have no such row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// Judged from the first rows.
    #[default]
    Auto,
    /// It does not: the columns are `column_1`, `column_2`, …
    No,
    /// It must: a first row that holds personal data is refused.
    Yes,
}

/// What the caller knows of the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct TableOptions {
    /// How rows are written.
    pub format: Format,
    /// Whether the first row names the columns.
    pub has_header: Header,
    /// The delimiter of CSV; judged from the first rows when `None`.
    pub delimiter: Option<u8>,
}

/// One row; its memory is used again for the next.
///
/// There is no `Debug`: it would show what it holds.
#[derive(Default)]
pub struct Row {
    line: u64,
    text: String,
    fields: Vec<Range<usize>>,
}

impl Row {
    /// The line on which the row begins, counted from 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// How many fields there are: as many as the table has columns by now.
    pub const fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field at all.
    pub const fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field in this column, as it stands in the file; empty when there is none.
    pub fn field(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| &self.text[field.clone()])
    }

    /// All fields, in the order of the columns.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fields.iter().map(|field| &self.text[field.clone()])
    }

    /// Gives out the memory of the text, cleared, to be filled again.
    fn recycle(&mut self) -> Vec<u8> {
        self.fields.clear();
        let mut bytes = mem::take(&mut self.text).into_bytes();
        bytes.clear();
        bytes
    }
}

enum Source<R> {
    Plain(R),
    Utf16(Utf16<R>),
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(out),
            Self::Utf16(source) => source.read(out),
        }
    }
}

/// Reads a table row by row.
pub struct TableReader<R> {
    lines: Lines<Source<R>>,
    decoder: Decoder,
    utf16: Option<Encoding>,
    format: Format,
    delimiter: u8,
    columns: Vec<String>,
    has_header: bool,
    scratch: String,
    /// Bytes that may yet be read a second time after a quotation mark that nobody closes.
    rereads: usize,
}

impl<R: Read> TableReader<R> {
    /// Opens a table: finds out its encoding, format, delimiter and columns from the first 64 KiB.
    ///
    /// `read` should hand out large pieces or be cheap to ask; no other buffer is needed.
    pub fn open(mut read: R, options: TableOptions) -> Result<Self, ReadError> {
        let mut sample = Vec::with_capacity(SAMPLE_BYTES);
        let failed = read.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).err();
        let is_whole = sample.len() < SAMPLE_BYTES && failed.is_none();
        let mut guess = text::guess(&sample, is_whole)?;
        sample.drain(..guess.mark);
        let utf16 = matches!(guess.encoding, Encoding::Utf16Be | Encoding::Utf16Le)
            .then_some(guess.encoding);
        let lines = match (utf16, failed) {
            (_, Some(error)) if utf16.is_some() || sample.is_empty() => return Err(error.into()),
            (Some(encoding), _) => {
                guess.encoding = Encoding::Utf8;
                let text = Utf16::new(read, sample, encoding);
                Lines::new(Source::Utf16(text), Vec::new(), None)
            }
            (None, failed) => Lines::new(Source::Plain(read), sample, failed),
        };
        let mut table = Self {
            lines,
            decoder: Decoder::new(guess),
            utf16,
            format: options.format,
            delimiter: b',',
            columns: Vec::new(),
            has_header: false,
            scratch: String::new(),
            rereads: 8 * LINE_BYTES_MAX,
        };
        table.skip_blank_lines()?;
        table.settle(options)?;
        Ok(table)
    }

    /// The names of the columns.
    ///
    /// Of NDJSON these are the keys seen so far, in the order in which they were first seen: look
    /// again after each row, new keys are added at the end.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How rows are written: never [`Format::Auto`].
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The delimiter, for CSV.
    pub fn delimiter(&self) -> Option<u8> {
        (self.format == Format::Csv).then_some(self.delimiter)
    }

    /// Whether the columns' names come from the file.
    pub const fn has_header(&self) -> bool {
        self.has_header
    }

    /// The encoding, as far as it is known by now.
    pub fn encoding(&self) -> Encoding {
        self.utf16.unwrap_or_else(|| self.decoder.encoding())
    }

    /// Reads the next row into `row`; `false` when there is none.
    ///
    /// Fails with [`ReadError::Row`] when the row is broken: call again for the one after it.
    /// After any other error, do not.
    pub fn next_row(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        loop {
            if self.window()?.is_empty() {
                return Ok(false);
            }
            row.line = self.lines.line();
            let read = if self.format == Format::Csv {
                self.read_record(row)?
            } else {
                self.read_line(row)?
            };
            match read {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(reason) => {
                    row.fields.clear();
                    let line = row.line;
                    return Err(ReadError::Row(RowFault { line, reason }));
                }
            }
        }
    }

    /// What can be read now, after reading more if there is nothing.
    fn window(&mut self) -> io::Result<&[u8]> {
        if self.lines.window().0.is_empty() {
            self.lines.grow()?;
        }
        Ok(self.lines.window().0)
    }

    fn skip_blank_lines(&mut self) -> Result<(), ReadError> {
        loop {
            let window = self.window()?;
            let Some(first) = window.iter().position(|byte| !byte.is_ascii_whitespace()) else {
                if window.is_empty() {
                    return Err(ReadError::Empty);
                }
                let (length, breaks) = (window.len(), count_lines(window));
                self.lines.take(length, breaks);
                continue;
            };
            let line_start = memchr::memrchr(b'\n', &window[..first]).map_or(0, |place| place + 1);
            let breaks = count_lines(&window[..line_start]);
            self.lines.take(line_start, breaks);
            return Ok(());
        }
    }

    /// Makes sure that the window holds at least the first line and a good sample.
    fn fill_sample(&mut self) -> Result<(), ReadError> {
        loop {
            let (window, last) = self.lines.window();
            let has_line = memchr::memchr(b'\n', window).is_some();
            if last || (has_line && window.len() >= SAMPLE_BYTES / 2) {
                return Ok(());
            }
            match self.lines.grow() {
                Ok(true) => {}
                Ok(false) | Err(_) if has_line => return Ok(()),
                Ok(false) => return Err(ReadError::FirstLineTooLong),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Finds out format, delimiter and columns.
    fn settle(&mut self, options: TableOptions) -> Result<(), ReadError> {
        self.fill_sample()?;
        let (window, last) = self.lines.window();
        let first_line = memchr::memchr(b'\n', window).map_or(window.len(), |place| place + 1);
        let sample = &window[..window.len().min(first_line.max(2 * SAMPLE_BYTES))];
        let complete = last && sample.len() == window.len();
        let (sniffed, is_table) = sniff::delimiter(sample, complete, self.decoder);
        let format = match options.format {
            Format::Auto if sniff::is_ndjson(window) => Format::Ndjson,
            Format::Auto | Format::Ndjson if starts_array(window) => {
                return Err(ReadError::JsonArray);
            }
            Format::Auto if is_table || options.delimiter.is_some() => Format::Csv,
            Format::Auto => Format::Text,
            chosen => chosen,
        };
        let delimiter = options.delimiter.unwrap_or(sniffed);
        let rows = match format {
            Format::Csv => sniff::rows(sample, complete, delimiter, self.decoder),
            _ => Vec::new(),
        };
        self.format = format;
        self.delimiter = delimiter;
        match format {
            Format::Csv => self.settle_columns(&rows, options.has_header)?,
            Format::Ndjson => self.settle_keys(),
            _ => self.columns = numbered(1),
        }
        Ok(())
    }

    /// Names the columns of a CSV file and takes the header away.
    fn settle_columns(&mut self, rows: &[Vec<String>], header: Header) -> Result<(), ReadError> {
        let personal = rows.first().is_some_and(|row| sniff::holds_personal_data(row));
        self.has_header = match header {
            Header::Yes if personal => return Err(ReadError::NoHeader),
            Header::Yes => true,
            Header::No => false,
            Header::Auto => sniff::has_header(rows),
        };
        if self.has_header {
            let mut row = Row { line: self.lines.line(), ..Row::default() };
            self.read_fields(&mut row)?
                .map_err(|reason| ReadError::Row(RowFault { line: row.line, reason }))?;
            self.columns = named(&row);
        } else {
            self.columns = numbered(sniff::usual_width(rows).0.max(1));
        }
        match self.columns.len() {
            found if found > COLUMNS_MAX => Err(ReadError::TooManyColumns { found }),
            _ => Ok(()),
        }
    }

    /// Collects the keys of the objects in the sample, so that the first rows are as wide as later
    /// ones.
    fn settle_keys(&mut self) {
        let (window, last) = self.lines.window();
        let whole = memchr::memrchr(b'\n', window).filter(|_| !last).unwrap_or(window.len());
        let mut decoder = self.decoder;
        for line in window[..whole].split(|byte| *byte == b'\n') {
            if let Ok(line) = decoder.decode(line.to_vec(), from_mut(&mut (0..line.len()))) {
                let (mut text, mut fields) = (String::new(), Vec::new());
                let _ = object::parse(line.trim(), &mut self.columns, &mut text, &mut fields);
            }
        }
    }

    /// A line of NDJSON or text; `false` for a blank one.
    fn read_line(&mut self, row: &mut Row) -> Result<Result<bool, FaultReason>, ReadError> {
        let mut bytes = row.recycle();
        let length = loop {
            let (window, last) = self.lines.window();
            if let Some(place) = memchr::memchr(b'\n', window) {
                break Some((place, 1));
            }
            if last {
                break Some((window.len(), 0));
            }
            if !self.lines.grow()? {
                break None;
            }
        };
        let Some((length, breaks)) = length else {
            self.lines.skip_line()?;
            return Ok(Err(FaultReason::LineTooLong));
        };
        bytes.extend_from_slice(self.lines.window().0[..length].trim_ascii_end());
        self.lines.take(length + breaks, breaks as u64);
        row.fields.push(0..bytes.len());
        Ok(match self.decoder.decode(bytes, &mut row.fields) {
            Ok(line) if line.trim().is_empty() => Ok(false),
            Ok(line) if self.format == Format::Text => {
                row.text = line;
                Ok(true)
            }
            Ok(line) => {
                row.fields.clear();
                self.scratch.clear();
                let read =
                    object::parse(&line, &mut self.columns, &mut self.scratch, &mut row.fields);
                row.text = mem::replace(&mut self.scratch, line);
                read.map(|()| true)
            }
            Err(_) => Err(FaultReason::Undecodable),
        })
    }

    /// A record of CSV, as wide as the table; `false` for a blank line.
    fn read_record(&mut self, row: &mut Row) -> Result<Result<bool, FaultReason>, ReadError> {
        if let Err(reason) = self.read_fields(row)? {
            return Ok(Err(reason));
        }
        let (expected, found) = (self.columns.len(), row.len());
        if found == 1 && row.field(0).trim().is_empty() {
            return Ok(Ok(false));
        }
        // Spreadsheets end lines with empty fields that belong to no column; nothing is lost there.
        if found > expected && (expected..found).all(|column| row.field(column).is_empty()) {
            row.fields.truncate(expected);
        } else if found != expected {
            return Ok(Err(FaultReason::FieldCount { expected, found }));
        }
        Ok(Ok(true))
    }

    fn read_fields(&mut self, row: &mut Row) -> Result<Result<(), FaultReason>, ReadError> {
        let mut bytes = row.recycle();
        loop {
            let (window, last) = self.lines.window();
            match record::parse(window, self.delimiter, last, &mut bytes, &mut row.fields) {
                Found::Record { bytes, lines } => {
                    self.lines.take(bytes, lines);
                    break;
                }
                Found::Cut { quoted } => {
                    bytes.clear();
                    row.fields.clear();
                    if !self.lines.grow()? {
                        return Ok(Err(self.resynchronise(quoted)?));
                    }
                }
            }
        }
        if row.fields.iter().any(|field| field.len() > FIELD_BYTES_MAX) {
            return Ok(Err(FaultReason::FieldTooLong));
        }
        match self.decoder.decode(bytes, &mut row.fields) {
            Ok(text) => row.text = text,
            Err(_) => return Ok(Err(FaultReason::Undecodable)),
        }
        Ok(Ok(()))
    }

    /// Goes to the line after a record that has no end, and says what was wrong.
    ///
    /// After a quotation mark that nobody closes, the lines behind the first one are read again as
    /// rows of their own; a budget keeps a file made of such marks from being read for ever.
    fn resynchronise(&mut self, quoted: bool) -> Result<FaultReason, ReadError> {
        let (window, _) = self.lines.window();
        let length = window.len();
        let first_line = memchr::memchr(b'\n', window);
        if !quoted || (first_line.is_none() && length >= LINE_BYTES_MAX) {
            self.lines.skip_line()?;
            return Ok(FaultReason::LineTooLong);
        }
        if first_line.is_some() && self.rereads >= length {
            self.rereads -= length;
            self.lines.skip_line()?;
        } else {
            let whole = memchr::memrchr(b'\n', window).map_or(length, |place| place + 1);
            let breaks = count_lines(&window[..whole]);
            self.lines.take(whole, breaks);
        }
        Ok(FaultReason::QuoteNotClosed)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn starts_array(window: &[u8]) -> bool {
    let rest = window.trim_ascii_start();
    rest.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
}

fn numbered(width: usize) -> Vec<String> {
    (1..=width).map(|number| format!("column_{number}")).collect()
}

/// The names in the header, trimmed; a column without a name is called by its number.
fn named(header: &Row) -> Vec<String> {
    let names = header.fields().enumerate().map(|(column, name)| match name.trim() {
        "" => format!("column_{}", column + 1),
        name => name.to_owned(),
    });
    names.collect()
}

#[cfg(test)]
mod tests;
