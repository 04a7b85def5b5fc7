//! A transaction: the only way to a row.
//!
//! The closure of a transaction gets a [`Tx`] and nothing else; it may run more than once, so it
//! does no I/O and no cryptography. The SQL is portable (`?1` placeholders, no back end's own
//! functions) and is rewritten for PostgreSQL where the two spell a thing differently. Where one
//! statement cannot be good on both (a loop of prepared statements is the fastest on SQLite, whole
//! columns at once on PostgreSQL), the bulk calls take both spellings.

use crate::value::{Column, Insert, Lookup, ManySql, Row, Value, rows_of};
use crate::{Backend, StoreError, postgres, sqlite};

/// An open transaction. After an error the closure must return it: on PostgreSQL nothing else
/// would succeed any more.
pub struct Tx<'a> {
    pub(crate) name: &'static str,
    pub(crate) session: Session<'a>,
    /// What the last row of the access log that this transaction wrote is about.
    pub(crate) logged: Option<String>,
}

pub(crate) enum Session<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(postgres::statement::Session<'a>),
}

impl<'a> Tx<'a> {
    pub(crate) const fn new(name: &'static str, session: Session<'a>) -> Self {
        Self { name, session, logged: None }
    }
}

impl Tx<'_> {
    /// The back end, for the few statements that must differ.
    pub const fn backend(&self) -> Backend {
        match self.session {
            Session::Sqlite(_) => Backend::Sqlite,
            Session::Postgres(_) => Backend::Postgres,
        }
    }

    /// Runs one statement; gives the number of rows that it changed.
    pub(crate) fn execute(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        self.execute_text(sql, values)
    }

    /// Like [`Tx::execute`] with a text made at run time from names of the schema (never values).
    pub(crate) fn execute_text(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        match &mut self.session {
            Session::Sqlite(connection) => {
                sqlite::statement::execute(connection, self.name, sql, values)
            }
            Session::Postgres(session) => session.execute(self.name, sql, values),
        }
    }

    /// Runs several statements without values: migrations only.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.session {
            Session::Sqlite(connection) => sqlite::statement::batch(connection, self.name, sql),
            Session::Postgres(session) => session.batch(self.name, sql),
        }
    }

    /// All rows of an answer, mapped one by one.
    pub(crate) fn query<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.for_each(sql, values, &mut |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of an answer, if there is one. Write `LIMIT 1` where there may be many.
    pub(crate) fn query_one<T>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.for_each(sql, values, &mut |row| {
            if found.is_none() {
                found = Some(map(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Visits the rows of an answer one by one, without holding them all in memory.
    pub(crate) fn for_each(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.for_each_text(sql, values, visit)
    }

    /// Like [`Tx::for_each`] with a text made at run time from names of the schema.
    pub(crate) fn for_each_text(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match &mut self.session {
            Session::Sqlite(connection) => {
                sqlite::statement::for_each(connection, self.name, sql, values, visit)
            }
            Session::Postgres(session) => session.for_each(self.name, sql, values, visit),
        }
    }

    /// Inserts a batch of rows; gives the number of rows that were written.
    ///
    /// On SQLite a batch sorted by the primary key is several times faster than an unsorted one.
    pub(crate) fn insert_many(
        &mut self,
        into: &Insert,
        columns: &[Column<'_>],
    ) -> Result<u64, StoreError> {
        if columns.len() != into.columns.len() {
            return Err(StoreError::Shape { what: "batch of rows" });
        }
        let rows = rows_of(columns)?;
        match &mut self.session {
            Session::Sqlite(connection) => {
                let sql = sqlite::statement::insert_sql(into);
                sqlite::statement::execute_many(connection, self.name, &sql, columns, rows)
            }
            Session::Postgres(session) => session.insert_many(self.name, into, columns, rows),
        }
    }

    /// Runs a statement over a batch of rows; gives the number of rows that it changed.
    pub(crate) fn execute_many(
        &mut self,
        sql: &ManySql,
        columns: &[Column<'_>],
    ) -> Result<u64, StoreError> {
        let rows = rows_of(columns)?;
        match &mut self.session {
            Session::Sqlite(connection) => {
                sqlite::statement::execute_many(connection, self.name, sql.sqlite, columns, rows)
            }
            Session::Postgres(session) => {
                session.execute_many(self.name, sql.postgres, columns, rows)
            }
        }
    }

    /// Looks a batch of keys up. `visit` gets the number of the row in the batch (from 0) and each
    /// row that was found for it, in any order.
    pub(crate) fn lookup_many(
        &mut self,
        lookup: &Lookup,
        columns: &[Column<'_>],
        visit: &mut dyn FnMut(usize, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let rows = rows_of(columns)?;
        match &mut self.session {
            Session::Sqlite(connection) => sqlite::statement::lookup_many(
                connection,
                self.name,
                lookup.sqlite,
                columns,
                rows,
                visit,
            ),
            Session::Postgres(session) => {
                session.lookup_many(self.name, lookup.postgres, columns, rows, visit)
            }
        }
    }
}
