//! Statements on SQLite: prepared once, then looped over.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ffi};

use crate::StoreError;
use crate::value::{Column, Insert, Row, RowSource, Value};

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

/// What SQLite's refusal means. None of its text is kept: it may quote values.
pub(crate) fn failure(transaction: &'static str, error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode as Code;
    let rusqlite::Error::SqliteFailure(cause, _) = error else {
        return match error {
            rusqlite::Error::SqlInputError { error: cause, .. } => {
                StoreError::Sqlite { code: cause.extended_code }
            }
            _ => StoreError::Shape { what: transaction },
        };
    };
    match cause.code {
        Code::DatabaseBusy | Code::DatabaseLocked => StoreError::Busy,
        Code::DiskFull => StoreError::DiskFull,
        Code::ConstraintViolation => StoreError::Constraint { transaction },
        Code::DatabaseCorrupt => StoreError::Corrupt,
        Code::NotADatabase => StoreError::ForeignDatabase,
        Code::PermissionDenied | Code::ReadOnly => {
            StoreError::Io { kind: std::io::ErrorKind::PermissionDenied }
        }
        Code::CannotOpen => StoreError::Io { kind: std::io::ErrorKind::NotFound },
        Code::SystemIoFailure => io_failure(*cause),
        _ => StoreError::Sqlite { code: cause.extended_code },
    }
}

fn io_failure(cause: ffi::Error) -> StoreError {
    if cause.extended_code == ffi::SQLITE_IOERR_CORRUPTFS {
        return StoreError::Corrupt;
    }
    StoreError::Io { kind: std::io::ErrorKind::Other }
}

/// The value in a column of a row.
pub(crate) fn value_of<'r>(
    row: &'r rusqlite::Row<'_>,
    column: usize,
) -> Result<Value<'r>, StoreError> {
    let wrong = StoreError::Shape { what: "stored column" };
    match row.get_ref(column) {
        Ok(ValueRef::Null) => Ok(Value::Null),
        Ok(ValueRef::Integer(value)) => Ok(Value::Int(value)),
        Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).map(Value::Text).map_err(|_| wrong),
        Ok(ValueRef::Blob(value)) => Ok(Value::Blob(value)),
        Ok(ValueRef::Real(_)) | Err(_) => Err(wrong),
    }
}

/// `INSERT INTO table (…) VALUES (?1, …) …`.
pub(crate) fn insert_sql(into: &Insert) -> String {
    let places: Vec<String> = (1..=into.columns.len()).map(|place| format!("?{place}")).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({}) {}",
        into.table,
        into.columns.join(", "),
        places.join(", "),
        into.conflict
    )
}

pub(crate) fn batch(
    connection: &Connection,
    name: &'static str,
    sql: &str,
) -> Result<(), StoreError> {
    connection.execute_batch(sql).map_err(|error| failure(name, &error))
}

pub(crate) fn execute(
    connection: &Connection,
    name: &'static str,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    let run = || -> rusqlite::Result<usize> {
        connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))
    };
    let changed = run().map_err(|error| failure(name, &error))?;
    Ok(changed as u64)
}

pub(crate) fn for_each(
    connection: &Connection,
    name: &'static str,
    sql: &str,
    values: &[Value<'_>],
    visit: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure(name, &error);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        visit(&Row(RowSource::Sqlite(row)))?;
    }
    Ok(())
}

pub(crate) fn execute_many(
    connection: &Connection,
    name: &'static str,
    sql: &str,
    columns: &[Column<'_>],
    rows: usize,
) -> Result<u64, StoreError> {
    let run = || -> rusqlite::Result<u64> {
        let mut statement = connection.prepare_cached(sql)?;
        bind_same(&mut statement, columns)?;
        let mut changed = 0;
        for row in 0..rows {
            bind_row(&mut statement, columns, row)?;
            changed += statement.raw_execute()? as u64;
        }
        Ok(changed)
    };
    run().map_err(|error| failure(name, &error))
}

pub(crate) fn lookup_many(
    connection: &Connection,
    name: &'static str,
    sql: &str,
    columns: &[Column<'_>],
    rows: usize,
    visit: &mut dyn FnMut(usize, &Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure(name, &error);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    bind_same(&mut statement, columns).map_err(failed)?;
    for row in in_key_order(columns, rows) {
        bind_row(&mut statement, columns, row).map_err(failed)?;
        let mut found = statement.raw_query();
        while let Some(hit) = found.next().map_err(failed)? {
            visit(row, &Row(RowSource::Sqlite(hit)))?;
        }
    }
    Ok(())
}

/// The rows in about the order of an index over these columns: neighbours then share pages, which
/// makes a large look-up several times faster than random order does.
fn in_key_order(columns: &[Column<'_>], rows: usize) -> Vec<usize> {
    let key = |row: usize| -> u128 {
        columns.iter().fold(0, |key, column| match column {
            Column::Int(values) => key << 64 | u128::from(values[row].cast_unsigned() ^ 1 << 63),
            Column::Digest(values) => key << 64 | u128::from_be_bytes(values[row]) >> 64,
            _ => key,
        })
    };
    let mut keyed: Vec<(u128, usize)> = (0..rows).map(|row| (key(row), row)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Binds the columns that repeat one value: bindings outlive a reset, so once is enough.
fn bind_same(statement: &mut Statement<'_>, columns: &[Column<'_>]) -> rusqlite::Result<()> {
    if statement.parameter_count() != columns.len() {
        return Err(rusqlite::Error::InvalidParameterCount(
            columns.len(),
            statement.parameter_count(),
        ));
    }
    for (place, column) in columns.iter().enumerate() {
        if column.rows().is_none() {
            statement.raw_bind_parameter(place + 1, column.value(0))?;
        }
    }
    Ok(())
}

fn bind_row(
    statement: &mut Statement<'_>,
    columns: &[Column<'_>],
    row: usize,
) -> rusqlite::Result<()> {
    for (place, column) in columns.iter().enumerate() {
        if column.rows().is_some() {
            statement.raw_bind_parameter(place + 1, column.value(row))?;
        }
    }
    Ok(())
}
