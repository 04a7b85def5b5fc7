//! From PostgreSQL into a backup file and back, row by row.
//!
//! Both sides have the same tables with the same columns, so a backup made here is an ordinary
//! SQLite store: it can be opened, checked and restored on either back end.

use std::path::Path;
use std::sync::Arc;

use doldam_ground::{Clock, limits};
use rusqlite::Connection;

use crate::sqlite::statement::{batch, execute, failure, for_each};
use crate::tx::Session;
use crate::value::rows_of;
use crate::{Column, Engine, Location, Row, Schema, Store, StoreError, Tx, Value};
use crate::{migrate, postgres, sqlite};

const DUMP: &str = "store.dump";
const LOAD: &str = "store.load";

/// A table, as SQLite describes it.
struct Table {
    name: String,
    /// Name and type of each column.
    columns: Vec<(String, String)>,
}

impl Table {
    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| &**name).collect()
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names().join(", "), self.name)
    }
}

/// Writes all rows of `store`, in one consistent state, into a new SQLite file.
pub(crate) fn dump(store: &Store, partial: &Path, clock: &dyn Clock) -> Result<(), StoreError> {
    sqlite::create_private(partial)?;
    let target = Connection::open(partial).map_err(|error| failure(DUMP, &error))?;
    sqlite::migrate_open(&target, Schema::Data, clock)?;
    batch(&target, DUMP, "BEGIN")?;
    let tables = tables(&target)?;
    // A read on PostgreSQL runs once, so writing a file from inside of it is safe.
    store.read(DUMP, |tx| {
        for table in &tables {
            dump_table(tx, &target, table)?;
        }
        Ok(())
    })?;
    batch(&target, DUMP, "COMMIT")?;
    sqlite::backup::close_as_one_file(target)
}

fn dump_table(tx: &mut Tx<'_>, target: &Connection, table: &Table) -> Result<(), StoreError> {
    batch(target, DUMP, &format!("DELETE FROM {}", table.name))?;
    let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
    let insert = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        table.names().join(", "),
        places.join(", ")
    );
    tx.for_each_text(&table.select(), &[], &mut |row| {
        let values: Vec<Value<'_>> =
            (0..table.columns.len()).map(|column| row.get(column)).collect::<Result<_, _>>()?;
        execute(target, DUMP, &insert, &values).map(|_| ())
    })
}

/// Fills an empty PostgreSQL database from a backup file, in one transaction.
pub(crate) fn load(
    backup: &Path,
    location: &Location,
    schema: Schema,
    clock: Arc<dyn Clock>,
) -> Result<Store, StoreError> {
    let version = sqlite::backup::check(backup, schema)?;
    let newest = migrate::migrations(schema).last().map(|last| last.version);
    if Some(version) != newest {
        return Err(StoreError::Unsupported {
            what: "restoring an older backup into PostgreSQL (restore it into a file, back that \
                   up, and restore the new backup)",
        });
    }
    let source = sqlite::backup::open(backup)?;
    let store = Store::open(location, schema, clock)?;
    if let Engine::Postgres(engine) = &*store.engine {
        let tables = tables(&source)?;
        engine.write(LOAD, |tx| {
            for table in &tables {
                expect_empty(tx, table)?;
                load_table(tx, &source, table)?;
            }
            tx.batch("ANALYZE")
        })?;
    }
    Ok(store)
}

/// Refuses to write over data. The head of an empty access log is the only row that may be there.
fn expect_empty(tx: &mut Tx<'_>, table: &Table) -> Result<(), StoreError> {
    if table.name == "audit_head" {
        tx.execute("DELETE FROM audit_head WHERE seq = 0", &[])?;
    }
    let mut found = false;
    let sql = format!("SELECT 1 FROM {} LIMIT 1", table.name);
    tx.for_each_text(&sql, &[], &mut |_| {
        found = true;
        Ok(())
    })?;
    if found {
        return Err(StoreError::AlreadyThere);
    }
    Ok(())
}

fn load_table(tx: &mut Tx<'_>, source: &Connection, table: &Table) -> Result<(), StoreError> {
    let mut buffers = empty_buffers(table)?;
    for_each(source, LOAD, &table.select(), &[], &mut |row| {
        for (column, buffer) in buffers.iter_mut().enumerate() {
            buffer.push(row, column)?;
        }
        if buffers[0].len() < limits::BATCH_ROWS_MAX {
            return Ok(());
        }
        flush(tx, table, &buffers)?;
        buffers = empty_buffers(table)?;
        Ok(())
    })?;
    flush(tx, table, &buffers)
}

fn flush(tx: &mut Tx<'_>, table: &Table, buffers: &[Buffer]) -> Result<(), StoreError> {
    let columns: Vec<Column<'_>> = buffers.iter().map(Buffer::column).collect();
    let rows = rows_of(&columns)?;
    if let Session::Postgres(session) = &mut tx.session
        && rows > 0
    {
        let sql = postgres::statement::insert_sql(&table.name, &table.names(), "", &columns);
        session.execute_many(LOAD, &sql, &columns, rows)?;
    }
    Ok(())
}

/// The values of one column that wait to be sent.
enum Buffer {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Blob(Vec<Option<Vec<u8>>>),
}

fn empty_buffers(table: &Table) -> Result<Vec<Buffer>, StoreError> {
    table
        .columns
        .iter()
        .map(|(_, kind)| match kind.as_str() {
            "INTEGER" => Ok(Buffer::Int(Vec::new())),
            "TEXT" => Ok(Buffer::Text(Vec::new())),
            "BLOB" => Ok(Buffer::Blob(Vec::new())),
            _ => Err(StoreError::Shape { what: "type of a column" }),
        })
        .collect()
}

impl Buffer {
    fn push(&mut self, row: &Row<'_>, column: usize) -> Result<(), StoreError> {
        match self {
            Self::Int(values) => values.push(row.get_optional_int(column)?),
            Self::Text(values) => values.push(row.get_optional_text(column)?),
            Self::Blob(values) => values.push(row.get_optional_blob(column)?),
        }
        Ok(())
    }

    const fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Blob(values) => values.len(),
        }
    }

    fn column(&self) -> Column<'_> {
        match self {
            Self::Int(values) => Column::OptionalInt(values),
            Self::Text(values) => Column::OptionalText(values),
            Self::Blob(values) => Column::OptionalBlob(values),
        }
    }
}

/// All tables but the migrator's own, which each database writes for itself.
fn tables(connection: &Connection) -> Result<Vec<Table>, StoreError> {
    let mut names = Vec::new();
    for_each(
        connection,
        LOAD,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migration' ORDER BY name",
        &[],
        &mut |row| {
            names.push(row.get_text(0)?);
            Ok(())
        },
    )?;
    names
        .into_iter()
        .map(|name| {
            let columns = columns(connection, &name)?;
            Ok(Table { name, columns })
        })
        .collect()
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    for_each(
        connection,
        LOAD,
        "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid",
        &[table.into()],
        &mut |row| {
            found.push((row.get_text(0)?, row.get_text(1)?));
            Ok(())
        },
    )?;
    Ok(found)
}
