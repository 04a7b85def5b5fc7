//! Transactions out of files, and features into files.
//!
//! A company's history lies in Parquet or CSV, not in our journal, and the tools that we are
//! compared with read and write the same. So a table is read by the names of its columns, strictly:
//! a file comes from outside, and a column that is half there would end as a figure that nobody can
//! repeat. No fault repeats a value of the file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use doldam_ground::Instant;

mod comma;
mod parquet_file;
mod transactions;

pub use transactions::{COLUMNS, Transactions};

/// Most rows of a table that is read into memory.
pub const ROWS_MAX: usize = 20_000_000;
/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 8 << 30;
/// Longest text of a cell, in bytes.
pub const CELL_BYTES_MAX: usize = 256;

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole numbers of 64 bits.
    Whole,
    /// Numbers; a missing one is NaN.
    Real,
    /// Text; whole numbers are written out.
    Text,
    /// Points in time; those without a zone are taken as UTC.
    Time,
}

impl ColumnType {
    const fn words(self) -> &'static str {
        match self {
            Self::Whole => "whole numbers",
            Self::Real => "numbers",
            Self::Text => "text",
            Self::Time => "times such as 2018-04-01 00:00:31",
        }
    }
}

/// The cells of one column. Not `Debug`: they are personal data.
#[derive(Clone)]
pub enum Column {
    /// See [`ColumnType::Whole`].
    Whole(Vec<i64>),
    /// See [`ColumnType::Real`].
    Real(Vec<f64>),
    /// See [`ColumnType::Text`].
    Text(Vec<Box<str>>),
    /// See [`ColumnType::Time`].
    Time(Vec<Instant>),
}

impl Column {
    const fn empty(holds: ColumnType) -> Self {
        match holds {
            ColumnType::Whole => Self::Whole(Vec::new()),
            ColumnType::Real => Self::Real(Vec::new()),
            ColumnType::Text => Self::Text(Vec::new()),
            ColumnType::Time => Self::Time(Vec::new()),
        }
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Whole(cells) => cells.len(),
            Self::Real(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
            Self::Time(cells) => cells.len(),
        }
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column that is asked for: its name in the file and what it must hold.
pub type Wanted<'a> = (&'a str, ColumnType);

/// Why a table cannot be read or written. Names columns that we asked for and rows, never cells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetFault {
    /// The machine refused.
    #[error("the file cannot be read or written ({0})")]
    Io(std::io::ErrorKind),
    /// Above [`FILE_BYTES_MAX`].
    #[error("the file is larger than {FILE_BYTES_MAX} bytes; give a shorter period")]
    TooLarge,
    /// Above [`ROWS_MAX`].
    #[error("the file has more than {ROWS_MAX} rows; give a shorter period")]
    TooManyRows,
    /// There is nothing in it.
    #[error("the file has no rows")]
    Empty,
    /// A column that is needed is not there.
    #[error("the column {name} is missing; the file needs the columns {needed}")]
    Absent {
        /// Its name.
        name: String,
        /// All names that are needed.
        needed: String,
    },
    /// A column holds something else.
    #[error("the column {name} must hold {wanted}")]
    Wrong {
        /// Its name.
        name: String,
        /// What it must hold.
        wanted: &'static str,
    },
    /// A cell is missing or is something else.
    #[error("row {row}: the column {name} must hold {wanted}")]
    Cell {
        /// Row, counted from 1 without the head.
        row: usize,
        /// The column's name.
        name: String,
        /// What it must hold.
        wanted: &'static str,
    },
    /// Neither Parquet nor CSV, or cut off, or altered.
    #[error("the file is damaged or is neither Parquet nor CSV ({0})")]
    Damaged(&'static str),
    /// Two rows have the same id.
    #[error("two rows have the same transaction_id; each transaction stands once")]
    Twice,
}

impl DatasetFault {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "dataset-file",
            Self::TooLarge | Self::TooManyRows => "dataset-too-large",
            Self::Empty => "dataset-empty",
            Self::Absent { .. } => "dataset-column-absent",
            Self::Wrong { .. } => "dataset-column-wrong",
            Self::Cell { .. } => "dataset-cell-wrong",
            Self::Damaged(_) => "dataset-damaged",
            Self::Twice => "dataset-id-twice",
        }
    }
}

impl From<std::io::Error> for DatasetFault {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// Reads columns of a Parquet or CSV file, in the order in which they are asked for and all of one
/// length. Other columns are left alone. Parquet is recognised by its first bytes.
///
/// Errors: see [`DatasetFault`].
pub fn read(path: &Path, wanted: &[Wanted<'_>]) -> Result<Vec<Column>, DatasetFault> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() > FILE_BYTES_MAX {
        return Err(DatasetFault::TooLarge);
    }
    let mut head = [0_u8; 4];
    let count = file.read(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    let columns = if &head[..count] == b"PAR1" {
        parquet_file::read(file, wanted)?
    } else {
        comma::read(file, wanted)?
    };
    if columns.first().is_some_and(Column::is_empty) {
        return Err(DatasetFault::Empty);
    }
    Ok(columns)
}

/// Writes columns as a Parquet file: whole numbers as INT64, numbers as DOUBLE (NaN stays NaN),
/// text as UTF-8, times as UTC microseconds. The same columns give the same bytes.
///
/// Errors: `to` refuses a write.
pub fn write_parquet(
    to: impl std::io::Write + Send,
    columns: &[(String, Column)],
) -> Result<(), DatasetFault> {
    parquet_file::write(to, columns)
}

/// Writes columns as CSV with a head; numbers in the shortest form that reads back the same, a NaN
/// as an empty cell.
///
/// Errors: `to` refuses a write.
pub fn write_csv(
    to: impl std::io::Write,
    columns: &[(String, Column)],
) -> Result<(), DatasetFault> {
    comma::write(to, columns)
}

fn absent(name: &str, wanted: &[Wanted<'_>]) -> DatasetFault {
    let needed = wanted.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    DatasetFault::Absent { name: name.to_owned(), needed }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::event::EventId;
    use crate::schema::Schema;

    const CSV: &str = "fraud,transaction_id,time,customer_id,terminal_id,amount_cents,note\r\n\
        0,10,2018-04-01 00:00:31,596,3156,5716,\"a, \"\"b\"\"\"\r\n\
        1,9,2018-04-01T00:00:31Z,596,3156,12,\r\n\
        0,8,2018-04-01,4961,3412,8151,\n";

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn transactions(bytes: &[u8]) -> Result<Transactions, String> {
        Transactions::read(file(bytes).path()).map_err(|error| error.code().to_owned())
    }

    /// A table of every type, and its Parquet file.
    fn table() -> (Vec<(String, Column)>, Vec<u8>) {
        let rows = 70_000;
        let whole = (0..rows).map(|row| row * 7 - 3).collect();
        let real = (0..rows).map(|row| row as f64 / 3.0).collect();
        let text = (0..rows).map(|row| format!("지점 {}", row % 9).into()).collect();
        let time = (0..rows).map(|row| Instant::from_micros(row * 1_000_000)).collect();
        let columns = vec![
            ("whole".to_owned(), Column::Whole(whole)),
            ("real".to_owned(), Column::Real(real)),
            ("text".to_owned(), Column::Text(text)),
            ("time".to_owned(), Column::Time(time)),
        ];
        let mut bytes = Vec::new();
        write_parquet(&mut bytes, &columns).unwrap();
        (columns, bytes)
    }

    const WANTED: [Wanted<'static>; 4] = [
        ("time", ColumnType::Time),
        ("text", ColumnType::Text),
        ("real", ColumnType::Real),
        ("whole", ColumnType::Whole),
    ];

    #[test]
    fn transactions_stand_in_order_whatever_the_file_says() {
        let transactions = transactions(CSV.as_bytes()).ok().unwrap();
        let ids: Vec<&str> = transactions.ids().iter().map(EventId::as_str).collect();
        assert_eq!(ids, ["8", "9", "10"]);
        assert_eq!(transactions.amounts(), [8151, 12, 5716]);
        assert_eq!(transactions.frauds(), [false, true, false]);
        assert_eq!(transactions.customers()[1], transactions.customers()[2]);
        assert_eq!(transactions.ties(), [1, 2]);
        let schema = Schema::parse(crate::schema::SHIPPED).unwrap();
        let event = transactions.events(&schema).unwrap()(1);
        assert_eq!(event.text(schema.place("account").unwrap()), Some("596"));
        assert_eq!(event.text(schema.place("terminal").unwrap()), Some("3156"));
        assert_eq!(event.time.to_rfc3339(), "2018-04-01T00:00:31Z");
    }

    #[test]
    fn each_fault_of_a_table_has_its_name() {
        let fault = |from: &str, to: &str| transactions(CSV.replace(from, to).as_bytes()).err();
        for (from, to, code) in [
            ("customer_id", "card", "dataset-column-absent"),
            ("5716", "57.16", "dataset-cell-wrong"),
            ("5716", "-1", "dataset-cell-wrong"),
            ("0,10", "2,10", "dataset-cell-wrong"),
            ("0,10,", "0,9,", "dataset-id-twice"),
            ("0,10,", "0,,", "dataset-cell-wrong"),
            ("2018-04-01 00:00:31", "yesterday", "dataset-cell-wrong"),
            ("2018-04-01 00:00:31", "9018-04-01", "dataset-cell-wrong"),
            ("12,\r", "12,\"\r", "dataset-damaged"),
        ] {
            assert_eq!(fault(from, to).as_deref(), Some(code), "{from} {to}");
        }
        let head = CSV.lines().next().unwrap();
        assert_eq!(transactions(head.as_bytes()).err().as_deref(), Some("dataset-empty"));
        assert_eq!(transactions(b"").err().as_deref(), Some("dataset-empty"));
        assert_eq!(transactions(b"PAR1").err().as_deref(), Some("dataset-damaged"));
        assert_eq!(transactions(&vec![b'a'; 2 << 20]).err().as_deref(), Some("dataset-damaged"));
        assert_eq!(read(Path::new("/nowhere"), &WANTED).err().unwrap().code(), "dataset-file");
    }

    #[test]
    fn parquet_reads_back_what_was_written() {
        let (columns, bytes) = table();
        let read = read(file(&bytes).path(), &WANTED).unwrap();
        for (column, (_, written)) in read.iter().rev().zip(&columns) {
            let same = match (column, written) {
                (Column::Whole(one), Column::Whole(two)) => one == two,
                (Column::Real(one), Column::Real(two)) => one == two,
                (Column::Text(one), Column::Text(two)) => one == two,
                (Column::Time(one), Column::Time(two)) => one == two,
                _ => false,
            };
            assert!(same);
        }
        assert_eq!(table().1, bytes);
        let as_text = super::read(file(&bytes).path(), &[("whole", ColumnType::Text)]).unwrap();
        assert!(matches!(&as_text[0], Column::Text(cells) if *cells[0] == *"-3"));
        let wrong = super::read(file(&bytes).path(), &[("text", ColumnType::Real)]);
        assert_eq!(wrong.err().unwrap().code(), "dataset-column-wrong");
    }

    #[test]
    fn csv_reads_back_what_was_written() {
        let mut bytes = Vec::new();
        let text = vec!["a,\"b\"".into(), "c\nd".into()];
        let columns = [
            ("text".to_owned(), Column::Text(text)),
            ("real".to_owned(), Column::Real(vec![0.1, f64::NAN])),
        ];
        write_csv(&mut bytes, &columns).unwrap();
        let wanted = [("text", ColumnType::Text), ("real", ColumnType::Real)];
        let read = read(file(&bytes).path(), &wanted).unwrap();
        assert!(
            matches!(&read[0], Column::Text(cells) if *cells[0] == *"a,\"b\"" && *cells[1] == *"c\nd")
        );
        assert!(
            matches!(&read[1], Column::Real(cells) if (cells[0] - 0.1).abs() < 1e-15 && cells[1].is_nan())
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = transactions(&bytes);
            let marked = [b"PAR1", &bytes[..], b"PAR1"].concat();
            let _ = transactions(&marked);
        }

        #[test]
        fn no_altered_parquet_makes_a_reader_panic(
            changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
            footer in any::<bool>(),
        ) {
            let mut bytes = SMALL.with(Clone::clone);
            let start = if footer { bytes.len().saturating_sub(600) } else { 0 };
            for (place, byte) in changes {
                let place = start + place.index(bytes.len() - start);
                bytes[place] = byte;
            }
            let _ = read(file(&bytes).path(), &WANTED);
        }
    }

    thread_local! {
        static SMALL: Vec<u8> = {
            let columns = [
                ("whole".to_owned(), Column::Whole(vec![1, 2, 2, 1])),
                ("real".to_owned(), Column::Real(vec![0.5, 0.25, 0.5, 0.5])),
                ("text".to_owned(), Column::Text(vec!["a".into(), "b".into(), "a".into(), "c".into()])),
                ("time".to_owned(), Column::Time(vec![Instant::from_micros(5); 4])),
            ];
            let mut bytes = Vec::new();
            write_parquet(&mut bytes, &columns).unwrap();
            bytes
        };
    }
}
