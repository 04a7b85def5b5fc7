//! Statements on PostgreSQL: prepared once per connection, whole columns at a time.

use std::collections::HashMap;

use doldam_ground::limits;
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{ToSql, Type};
use postgres::{Statement, Transaction};

use crate::value::{Column, Insert, Row, RowSource, Value};
use crate::{StoreError, dialect};

/// Prepared statements that a connection keeps; beyond that it starts anew.
const STATEMENTS_KEPT: usize = 512;

/// The prepared statements of one connection, by text and types of the values.
#[derive(Default)]
pub(crate) struct Statements(HashMap<(String, Vec<Kind>), Statement>);

/// The type of a value, as far as PostgreSQL is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Unknown,
    Int,
    Text,
    Blob,
    Ints,
    Texts,
    Blobs,
}

impl Kind {
    const fn wire(self) -> Type {
        match self {
            Self::Unknown => Type::UNKNOWN,
            Self::Int => Type::INT8,
            Self::Text => Type::TEXT,
            Self::Blob => Type::BYTEA,
            Self::Ints => Type::INT8_ARRAY,
            Self::Texts => Type::TEXT_ARRAY,
            Self::Blobs => Type::BYTEA_ARRAY,
        }
    }
}

/// An open transaction on a connection.
pub(crate) struct Session<'a> {
    pub(crate) transaction: Transaction<'a>,
    pub(crate) statements: &'a mut Statements,
}

/// What PostgreSQL's refusal means. Of its texts, which quote values, only the SQLSTATE is kept.
pub(crate) fn failure(transaction: &'static str, error: &postgres::Error) -> StoreError {
    let Some(state) = error.code() else {
        return if error.is_closed()
            || std::error::Error::source(error)
                .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        {
            StoreError::Unreachable
        } else {
            StoreError::Shape { what: transaction }
        };
    };
    match state {
        state
            if *state == SqlState::T_R_SERIALIZATION_FAILURE
                || *state == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            StoreError::Conflict { what: transaction }
        }
        state if *state == SqlState::DISK_FULL => StoreError::DiskFull,
        state if *state == SqlState::TOO_MANY_CONNECTIONS => StoreError::Busy,
        state if *state == SqlState::DATA_CORRUPTED || *state == SqlState::INDEX_CORRUPTED => {
            StoreError::Corrupt
        }
        state if state.code().starts_with("23") => StoreError::Constraint { transaction },
        state if state.code().starts_with("08") || state.code().starts_with("57P") => {
            StoreError::Unreachable
        }
        state => StoreError::Postgres { sqlstate: state.code().to_owned() },
    }
}

/// The value in a column of a row. Counts and truth values come as numbers.
pub(crate) fn value_of(row: &postgres::Row, column: usize) -> Result<Value<'_>, StoreError> {
    let wrong = |_| StoreError::Shape { what: "stored column" };
    let Some(described) = row.columns().get(column) else {
        return Err(StoreError::Shape { what: "stored column" });
    };
    let kind = described.type_();
    let value = if *kind == Type::INT8 {
        let value: Option<i64> = row.try_get(column).map_err(wrong)?;
        value.map(Value::Int)
    } else if *kind == Type::INT4 {
        let value: Option<i32> = row.try_get(column).map_err(wrong)?;
        value.map(|value| Value::Int(i64::from(value)))
    } else if *kind == Type::BOOL {
        let value: Option<bool> = row.try_get(column).map_err(wrong)?;
        value.map(|value| Value::Int(i64::from(value)))
    } else if *kind == Type::BYTEA {
        let value: Option<&[u8]> = row.try_get(column).map_err(wrong)?;
        value.map(Value::Blob)
    } else {
        let value: Option<&str> = row.try_get(column).map_err(wrong)?;
        value.map(Value::Text)
    };
    Ok(value.unwrap_or(Value::Null))
}

impl Session<'_> {
    pub(crate) fn batch(&mut self, name: &'static str, sql: &str) -> Result<(), StoreError> {
        self.transaction.batch_execute(sql).map_err(|error| failure(name, &error))
    }

    pub(crate) fn execute(
        &mut self,
        name: &'static str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let kinds = values.iter().map(kind_of_value).collect();
        let statement = self.prepare(name, sql, kinds)?;
        let owned = with_values(&statement, values);
        self.transaction
            .execute(&statement, &borrowed(&owned))
            .map_err(|error| failure(name, &error))
    }

    pub(crate) fn for_each(
        &mut self,
        name: &'static str,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let kinds = values.iter().map(kind_of_value).collect();
        let statement = self.prepare(name, sql, kinds)?;
        let owned = with_values(&statement, values);
        self.stream(name, &statement, &owned, &mut |row| {
            visit(&Row(RowSource::Postgres { row, skip: 0 }))
        })
    }

    pub(crate) fn insert_many(
        &mut self,
        name: &'static str,
        into: &Insert,
        columns: &[Column<'_>],
        rows: usize,
    ) -> Result<u64, StoreError> {
        let sql = insert_sql(into.table, into.columns, into.conflict, columns);
        self.execute_many(name, &sql, columns, rows)
    }

    pub(crate) fn execute_many(
        &mut self,
        name: &'static str,
        sql: &str,
        columns: &[Column<'_>],
        rows: usize,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for start in (0..rows).step_by(limits::BATCH_ROWS_MAX) {
            let statement =
                self.prepare(name, sql, columns.iter().map(kind_of_column).collect())?;
            let owned = slice(columns, start, rows);
            changed += self
                .transaction
                .execute(&statement, &borrowed(&owned))
                .map_err(|error| failure(name, &error))?;
        }
        Ok(changed)
    }

    pub(crate) fn lookup_many(
        &mut self,
        name: &'static str,
        sql: &str,
        columns: &[Column<'_>],
        rows: usize,
        visit: &mut dyn FnMut(usize, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for start in (0..rows).step_by(limits::BATCH_ROWS_MAX) {
            let statement =
                self.prepare(name, sql, columns.iter().map(kind_of_column).collect())?;
            let owned = slice(columns, start, rows);
            self.stream(name, &statement, &owned, &mut |row| {
                let number = Row(RowSource::Postgres { row, skip: 0 }).get_int(0)?;
                let number = usize::try_from(number - 1)
                    .map_err(|_| StoreError::Shape { what: "row number of a lookup" })?;
                visit(start + number, &Row(RowSource::Postgres { row, skip: 1 }))
            })?;
        }
        Ok(())
    }

    fn stream(
        &mut self,
        name: &'static str,
        statement: &Statement,
        values: &[Box<dyn ToSql + Sync + '_>],
        visit: &mut dyn FnMut(&postgres::Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let failed = |error: postgres::Error| failure(name, &error);
        let mut rows = self.transaction.query_raw(statement, borrowed(values)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            visit(&row)?;
        }
        Ok(())
    }

    fn prepare(
        &mut self,
        name: &'static str,
        sql: &str,
        kinds: Vec<Kind>,
    ) -> Result<Statement, StoreError> {
        let key = (sql.to_owned(), kinds);
        if let Some(statement) = self.statements.0.get(&key) {
            return Ok(statement.clone());
        }
        if self.statements.0.len() >= STATEMENTS_KEPT {
            self.statements.0.clear();
        }
        let types: Vec<Type> = key.1.iter().map(|kind| kind.wire()).collect();
        let statement = self
            .transaction
            .prepare_typed(&dialect::for_postgres(sql), &types)
            .map_err(|error| failure(name, &error))?;
        if statement.params().len() != types.len() {
            return Err(StoreError::Shape { what: name });
        }
        self.statements.0.insert(key, statement.clone());
        Ok(statement)
    }
}

/// `INSERT INTO table (…) SELECT … FROM unnest(…) …`, with repeated values as they are.
pub(crate) fn insert_sql(
    table: &str,
    names: &[&str],
    conflict: &str,
    columns: &[Column<'_>],
) -> String {
    let mut outputs = Vec::new();
    let mut arrays = Vec::new();
    let mut array_names = Vec::new();
    for (place, (column, name)) in columns.iter().zip(names).enumerate() {
        if column.rows().is_some() {
            outputs.push(format!("batch.{name}"));
            arrays.push(format!("?{}", place + 1));
            array_names.push(*name);
        } else {
            outputs.push(format!("?{}", place + 1));
        }
    }
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS batch({}) {}",
        table,
        names.join(", "),
        outputs.join(", "),
        arrays.join(", "),
        array_names.join(", "),
        conflict
    )
}

const fn kind_of_value(value: &Value<'_>) -> Kind {
    match value {
        Value::Null => Kind::Unknown,
        Value::Int(_) => Kind::Int,
        Value::Text(_) => Kind::Text,
        Value::Blob(_) => Kind::Blob,
    }
}

const fn kind_of_column(column: &Column<'_>) -> Kind {
    match column {
        Column::Int(_) | Column::OptionalInt(_) => Kind::Ints,
        Column::Text(_) | Column::OptionalText(_) => Kind::Texts,
        Column::Blob(_) | Column::OptionalBlob(_) | Column::Digest(_) => Kind::Blobs,
        Column::SameInt(_) => Kind::Int,
        Column::SameText(_) => Kind::Text,
    }
}

/// Values as the driver takes them. A NULL takes the type that the statement found for it.
fn with_values<'v>(statement: &Statement, values: &[Value<'v>]) -> Vec<Box<dyn ToSql + Sync + 'v>> {
    values
        .iter()
        .zip(statement.params())
        .map(|(value, found)| -> Box<dyn ToSql + Sync + 'v> {
            match *value {
                Value::Null if *found == Type::INT8 => Box::new(None::<i64>),
                Value::Null if *found == Type::BYTEA => Box::new(None::<&[u8]>),
                Value::Null => Box::new(None::<&str>),
                Value::Int(value) => Box::new(value),
                Value::Text(value) => Box::new(value),
                Value::Blob(value) => Box::new(value),
            }
        })
        .collect()
}

/// One statement's share of the columns.
fn slice<'v>(columns: &[Column<'v>], start: usize, rows: usize) -> Vec<Box<dyn ToSql + Sync + 'v>> {
    let end = rows.min(start + limits::BATCH_ROWS_MAX);
    columns
        .iter()
        .map(|column| -> Box<dyn ToSql + Sync + 'v> {
            match *column {
                Column::Int(values) => Box::new(&values[start..end]),
                Column::OptionalInt(values) => Box::new(&values[start..end]),
                Column::Text(values) => Box::new(&values[start..end]),
                Column::OptionalText(values) => Box::new(&values[start..end]),
                Column::Blob(values) => Box::new(&values[start..end]),
                Column::OptionalBlob(values) => Box::new(&values[start..end]),
                Column::Digest(values) => {
                    let slices: Vec<&[u8]> =
                        values[start..end].iter().map(<[u8; 16]>::as_slice).collect();
                    Box::new(slices)
                }
                Column::SameInt(value) => Box::new(value),
                Column::SameText(value) => Box::new(value),
            }
        })
        .collect()
}

fn borrowed<'v>(owned: &'v [Box<dyn ToSql + Sync + '_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    owned.iter().map(|value| &**value as _).collect()
}
