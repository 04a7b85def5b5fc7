//! A PostgreSQL database for one use: a rehearsal must not meet anybody's data.
//!
//! It is made new, from the server's own pristine template, so it is empty whatever stands in the
//! server's other databases; and it is dropped when its owner is done, however that ends.

use ::postgres::{Client, NoTls};

use super::read_address;
use super::statement::failure;
use crate::StoreError;

/// A database that is dropped with this value.
pub struct ScratchDatabase {
    server: String,
    name: String,
}

impl ScratchDatabase {
    /// Makes a new, empty database on the server that `address` names by any of its databases.
    /// `mark` tells it from others: lower-case letters and digits.
    ///
    /// Fails with [`StoreError::AlreadyThere`] when there is one of this name, which is then left
    /// alone, and with [`StoreError::Address`] when the mark is of other characters.
    pub fn create(address: &str, mark: &str) -> Result<Self, StoreError> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if mark.is_empty() || mark.len() > 32 || !mark.bytes().all(is_plain) {
            return Err(StoreError::Address);
        }
        let name = format!("doldam_scratch_{mark}");
        let mut client = client(address)?;
        let known = client
            .query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", &[&name])
            .map_err(|error| failure("scratch.create", &error))?;
        if !known.is_empty() {
            return Err(StoreError::AlreadyThere);
        }
        client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            .map_err(|error| failure("scratch.create", &error))?;
        Ok(Self { server: address.to_owned(), name })
    }

    /// Its address, for [`Location::Postgres`](crate::Location::Postgres).
    pub fn address(&self) -> String {
        let Some(at) = self.server.find("://") else {
            // Of a key that stands there twice the later one holds.
            return format!("{} dbname={}", self.server, self.name);
        };
        let (server, query) = match self.server.split_once('?') {
            Some((server, query)) => (server, format!("?{query}")),
            None => (self.server.as_str(), String::new()),
        };
        let end = server[at + 3..].find('/').map_or(server.len(), |slash| at + 3 + slash);
        format!("{}/{}{query}", &server[..end], self.name)
    }
}

impl Drop for ScratchDatabase {
    fn drop(&mut self) {
        // A server that has gone keeps it; its name says that nobody misses it.
        if let Ok(mut client) = client(&self.server) {
            let _ = client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

fn client(address: &str) -> Result<Client, StoreError> {
    let refused = |error| match failure("scratch.open", &error) {
        refused @ (StoreError::Busy | StoreError::Postgres { .. }) => refused,
        _ => StoreError::Unreachable,
    };
    read_address(address)?.connect(NoTls).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(server: &str) -> String {
        let mut scratch = ScratchDatabase { server: server.to_owned(), name: "scratch".to_owned() };
        let address = scratch.address();
        // Nothing is dropped on a server that is none.
        scratch.server = "host=/nonexistent user=nobody".to_owned();
        address
    }

    #[test]
    fn only_the_database_of_an_address_is_replaced() {
        assert_eq!(named("host=/run user=u dbname=a"), "host=/run user=u dbname=a dbname=scratch");
        assert_eq!(named("postgres://u:p@localhost:1/a"), "postgres://u:p@localhost:1/scratch");
        assert_eq!(named("postgresql://u@localhost"), "postgresql://u@localhost/scratch");
        assert_eq!(
            named("postgres://u@localhost/a?sslmode=disable"),
            "postgres://u@localhost/scratch?sslmode=disable"
        );
        for address in
            ["host=/run user=u dbname=a dbname=scratch", "postgres://u@localhost/scratch"]
        {
            let config: ::postgres::Config = address.parse().unwrap();
            assert_eq!(config.get_dbname(), Some("scratch"));
        }
    }

    #[test]
    fn a_mark_is_never_a_piece_of_sql() {
        for wrong in ["", "a b", "x; DROP", "A", "ü", "a_b"] {
            let made = ScratchDatabase::create("host=/nonexistent user=u", wrong);
            assert_eq!(made.err(), Some(StoreError::Address), "{wrong}");
        }
    }
}
