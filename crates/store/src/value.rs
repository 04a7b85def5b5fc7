//! What goes into a statement and what comes out of it, the same on both back ends.
//!
//! Three types are enough: whole numbers (also for time, in microseconds), text, bytes. Anything
//! richer would read differently on the two back ends. None of these types can be printed: they
//! carry sealed boxes, digests and texts of the controller.

use crate::StoreError;

/// One value for one placeholder.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// SQL NULL.
    Null,
    /// A whole number; times are microseconds since 1970, UTC.
    Int(i64),
    /// A text, UTF-8.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// One column of a batch. All columns with rows of their own must have the same number of rows;
/// the `Same…` ones repeat one value in each row.
#[derive(Clone, Copy)]
pub enum Column<'a> {
    /// Whole numbers.
    Int(&'a [i64]),
    /// Whole numbers, some missing.
    OptionalInt(&'a [Option<i64>]),
    /// Texts.
    Text(&'a [String]),
    /// Texts, some missing.
    OptionalText(&'a [Option<String>]),
    /// Bytes of differing lengths.
    Blob(&'a [Vec<u8>]),
    /// Bytes of differing lengths, some missing.
    OptionalBlob(&'a [Option<Vec<u8>>]),
    /// Keyed digests.
    Digest(&'a [[u8; 16]]),
    /// One number in every row.
    SameInt(i64),
    /// One text in every row.
    SameText(&'a str),
}

impl<'a> Column<'a> {
    /// Number of rows, `None` for a column that repeats one value.
    pub(crate) const fn rows(&self) -> Option<usize> {
        match self {
            Self::Int(values) => Some(values.len()),
            Self::OptionalInt(values) => Some(values.len()),
            Self::Text(values) => Some(values.len()),
            Self::OptionalText(values) => Some(values.len()),
            Self::Blob(values) => Some(values.len()),
            Self::OptionalBlob(values) => Some(values.len()),
            Self::Digest(values) => Some(values.len()),
            Self::SameInt(_) | Self::SameText(_) => None,
        }
    }

    /// The value in `row`, which must be below the number of rows.
    pub(crate) fn value(&self, row: usize) -> Value<'a> {
        match *self {
            Self::Int(values) => Value::Int(values[row]),
            Self::OptionalInt(values) => values[row].map_or(Value::Null, Value::Int),
            Self::Text(values) => Value::Text(&values[row]),
            Self::OptionalText(values) => values[row].as_ref().into(),
            Self::Blob(values) => Value::Blob(&values[row]),
            Self::OptionalBlob(values) => values[row].as_ref().into(),
            Self::Digest(values) => Value::Blob(&values[row]),
            Self::SameInt(value) => Value::Int(value),
            Self::SameText(value) => Value::Text(value),
        }
    }
}

/// The number of rows that the columns have in common.
///
/// Fails with [`StoreError::Shape`] when they differ, or when no column has rows of its own.
pub(crate) fn rows_of(columns: &[Column<'_>]) -> Result<usize, StoreError> {
    let mut counts = columns.iter().filter_map(Column::rows);
    let first = counts.next();
    match first {
        Some(rows) if counts.all(|other| other == rows) => Ok(rows),
        _ => Err(StoreError::Shape { what: "batch of rows" }),
    }
}

/// A batch insert: one row per row of the columns that are passed with it.
#[derive(Clone, Copy, Debug)]
pub struct Insert {
    /// Name of the table.
    pub table: &'static str,
    /// Names of the columns, in the order of the batch.
    pub columns: &'static [&'static str],
    /// What follows the values: empty, or `ON CONFLICT …`. With `DO UPDATE` no two rows of one
    /// batch may have the same conflict key: PostgreSQL refuses to change a row twice.
    pub conflict: &'static str,
}

/// A batch statement in both dialects.
#[derive(Clone, Copy, Debug)]
pub struct ManySql {
    /// Run once per row, with the row's values as `?1`, `?2`, ….
    pub sqlite: &'static str,
    /// Run once per batch, with whole columns as arrays: `FROM unnest(?1, ?2) AS u(a, b)`. A column
    /// that repeats one value is passed as that value. Every placeholder must occur, and its type
    /// must follow from where it stands (`unnest(?1)` takes the type of the column that is passed).
    pub postgres: &'static str,
}

/// A batch query in both dialects.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// Run once per row, with the row's values as `?1`, `?2`, ….
    pub sqlite: &'static str,
    /// Run once per batch over `unnest(?1, …) WITH ORDINALITY AS u(a, …, row)`; its first output
    /// column must be the ordinality, the others must equal those of `sqlite`.
    pub postgres: &'static str,
}

/// One row of an answer. Columns count from 0.
pub struct Row<'a>(pub(crate) RowSource<'a>);

pub(crate) enum RowSource<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres {
        row: &'a postgres::Row,
        /// Leading columns that belong to the engine, not to the caller.
        skip: usize,
    },
}

impl Row<'_> {
    /// A whole number. Fails with [`StoreError::Shape`] on any other type.
    pub fn get_int(&self, column: usize) -> Result<i64, StoreError> {
        self.get_optional_int(column)?.ok_or(WRONG)
    }

    /// A whole number or NULL.
    pub fn get_optional_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(value)),
            _ => Err(WRONG),
        }
    }

    /// A whole number that fits 32 bits without sign: ids and ordinals.
    pub fn get_u32(&self, column: usize) -> Result<u32, StoreError> {
        u32::try_from(self.get_int(column)?).map_err(|_| WRONG)
    }

    /// A text, borrowed from the row.
    pub fn get_text_ref(&self, column: usize) -> Result<&str, StoreError> {
        match self.get(column)? {
            Value::Text(value) => Ok(value),
            _ => Err(WRONG),
        }
    }

    /// A text.
    pub fn get_text(&self, column: usize) -> Result<String, StoreError> {
        self.get_text_ref(column).map(ToOwned::to_owned)
    }

    /// A text or NULL.
    pub fn get_optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.to_owned())),
            _ => Err(WRONG),
        }
    }

    /// Bytes, borrowed from the row.
    pub fn get_blob_ref(&self, column: usize) -> Result<&[u8], StoreError> {
        match self.get(column)? {
            Value::Blob(value) => Ok(value),
            _ => Err(WRONG),
        }
    }

    /// Bytes.
    pub fn get_blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get_blob_ref(column).map(<[u8]>::to_vec)
    }

    /// Bytes or NULL.
    pub fn get_optional_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.get(column)? {
            Value::Null => Ok(None),
            Value::Blob(value) => Ok(Some(value.to_vec())),
            _ => Err(WRONG),
        }
    }

    /// Bytes of a known length: hashes, keys, digests.
    pub fn get_array<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        self.get_blob_ref(column)?.try_into().map_err(|_| WRONG)
    }

    /// Whatever stands in the column.
    pub(crate) fn get(&self, column: usize) -> Result<Value<'_>, StoreError> {
        match self.0 {
            RowSource::Sqlite(row) => crate::sqlite::statement::value_of(row, column),
            RowSource::Postgres { row, skip } => {
                crate::postgres::statement::value_of(row, column + skip)
            }
        }
    }
}

const WRONG: StoreError = StoreError::Shape { what: "stored column" };
