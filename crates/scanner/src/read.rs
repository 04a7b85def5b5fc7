//! Reading bytes that came from outside.
//!
//! Everything below this room was written by somebody else, perhaps to do harm: every reader is
//! bounded in size and depth, never panics, and tells a broken *row* (reported, and the next one is
//! read) from a broken *file* (refused, with a sentence that says what to do).

pub mod archive;
pub(crate) mod git;
pub(crate) mod gzip;
pub mod people;
pub mod table;
pub(crate) mod tar;
pub mod text;
pub(crate) mod zip;

use std::fmt;
use std::io;

use archive::SkipReason;
use doldam_ground::LogSafe;
use doldam_ground::limits::{COLUMNS_MAX, FIELD_BYTES_MAX, LINE_BYTES_MAX};

/// Why something could not be read. No text from the file is ever in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// One row is broken; the reader stands at the next one and can be called again.
    #[error("line {}: {}", .0.line, .0.reason)]
    Row(RowFault),
    /// There is nothing in the file but white space.
    #[error("the file is empty: nothing to read")]
    Empty,
    /// A header was asked for, and the first line holds data.
    #[error(
        "the first line looks like data, not like column names: add a line with the column names"
    )]
    NoHeader,
    /// The first line alone is longer than any reader accepts.
    #[error(
        "no line end in the first {LINE_BYTES_MAX} bytes: this is not a table of lines; check the file, or scan it instead"
    )]
    FirstLineTooLong,
    /// The first line names more columns than are accepted.
    #[error("the first line has {found} columns, more than {COLUMNS_MAX}")]
    TooManyColumns {
        /// How many it has.
        found: usize,
    },
    /// The bytes are not text (NUL bytes and no UTF-16 byte order mark).
    #[error("not a text file: unpack or export it as CSV or NDJSON first")]
    NotText,
    /// The bytes are no encoding that is known here.
    #[error("neither UTF-8, UTF-16 with a byte order mark nor CP949: convert it to UTF-8 first")]
    Encoding,
    /// A JSON array instead of one object a line.
    #[error("a JSON array: write one object a line (NDJSON), for example with jq -c '.[]'")]
    JsonArray,
    /// Lines without columns, where a file of people is meant.
    #[error(
        "the file is not a table, its lines have no columns: give CSV with a header line, or NDJSON"
    )]
    NoColumns,
    /// No column of a file of people says what it holds.
    #[error(
        "no column is of a known kind: the first line must name the columns, such as ci, nickname, phone"
    )]
    NoKnownKind,
    /// Two columns of a file of people say that they hold the same. Counted from 1.
    #[error(
        "columns {first} and {second} are of the same kind: leave one of them out, or rename it"
    )]
    SameKind {
        /// The one.
        first: usize,
        /// The other.
        second: usize,
    },
    /// Columns of a file of people do not say what they hold. Counted from 1.
    #[error("{}: rename them, or leave them out", nameless(.0))]
    UnknownColumns(Vec<usize>),
    /// A locator names something that is not there.
    #[error("no such entry: check the names after the exclamation marks")]
    NotFound,
    /// A container on the way cannot be entered.
    #[error("{0}")]
    Container(SkipReason),
    /// The operating system, or a layer below, could not read on.
    #[error("cannot read: {0}")]
    Io(io::ErrorKind),
}

impl ReadError {
    /// A stable word for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Row(fault) => fault.reason.code(),
            Self::Empty => "empty",
            Self::NoHeader => "no_header",
            Self::FirstLineTooLong => "first_line_too_long",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::NotText => "not_text",
            Self::Encoding => "encoding",
            Self::JsonArray => "json_array",
            Self::NoColumns => "no_columns",
            Self::NoKnownKind => "no_known_kind",
            Self::SameKind { .. } => "same_kind",
            Self::UnknownColumns(_) => "unknown_columns",
            Self::NotFound => "not_found",
            Self::Container(reason) => reason.code(),
            Self::Io(_) => "io",
        }
    }
}

impl LogSafe for ReadError {}

/// Says which columns are of no known kind, by their places.
fn nameless(places: &[usize]) -> String {
    let (noun, verb) = if places.len() == 1 { ("column", "is") } else { ("columns", "are") };
    let places = places.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    format!("{noun} {places} {verb} of no known kind")
}

impl From<io::Error> for ReadError {
    /// Keeps only the kind: the text of an error of a layer below may quote what it read.
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// One row that could not be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: FaultReason,
}

impl fmt::Display for RowFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.reason)
    }
}

impl LogSafe for RowFault {}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultReason {
    /// More or fewer fields than there are columns.
    FieldCount {
        /// How many columns the table has.
        expected: usize,
        /// How many fields the row has.
        found: usize,
    },
    /// A field is longer than is accepted.
    FieldTooLong,
    /// The line is longer than is accepted.
    LineTooLong,
    /// The line is not a JSON value.
    NotJson,
    /// The line is JSON, but not an object.
    NotObject,
    /// A quotation mark is opened and never closed.
    QuoteNotClosed,
    /// The object has new keys beyond the number of columns that are accepted.
    TooManyColumns,
    /// Bytes that the encoding of the file does not know.
    Undecodable,
}

impl FaultReason {
    /// A stable word for scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field_count",
            Self::FieldTooLong => "field_too_long",
            Self::LineTooLong => "line_too_long",
            Self::NotJson => "not_json",
            Self::NotObject => "not_object",
            Self::QuoteNotClosed => "quote_not_closed",
            Self::TooManyColumns => "too_many_columns",
            Self::Undecodable => "undecodable",
        }
    }
}

impl fmt::Display for FaultReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldCount { expected, found } => {
                write!(formatter, "{found} fields where {expected} are expected")
            }
            Self::FieldTooLong => {
                write!(formatter, "a field is longer than {FIELD_BYTES_MAX} bytes")
            }
            Self::LineTooLong => write!(formatter, "longer than {LINE_BYTES_MAX} bytes"),
            Self::NotJson => formatter.write_str("not valid JSON"),
            Self::NotObject => formatter.write_str("JSON, but not an object"),
            Self::QuoteNotClosed => {
                formatter.write_str("a quotation mark is opened and not closed")
            }
            Self::TooManyColumns => write!(formatter, "new keys beyond {COLUMNS_MAX} columns"),
            Self::Undecodable => {
                formatter.write_str("bytes that the file's encoding does not know")
            }
        }
    }
}

impl LogSafe for FaultReason {}
