//! A PostgreSQL database of its own for each test that needs one.
//!
//! The tests of other crates use this file too (`#[path = "../../../store/tests/support/…"]`). The
//! environment variable `DOLDAM_TEST_POSTGRES` holds the address of a server on which databases
//! may be made: `cargo xtask test` starts one and sets it. Without it these tests fail, so that
//! nobody takes a skipped test for a passed one.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database that is dropped when the test ends, however it ends.
pub(crate) struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    /// Makes an empty database.
    pub(crate) fn create() -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
        let server = std::env::var("DOLDAM_TEST_POSTGRES").expect(
            "DOLDAM_TEST_POSTGRES is not set: run the tests by `cargo xtask test`, or start a \
             server by `cargo xtask postgres` and export the address that it prints",
        );
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("doldam_test_{}_{number}", std::process::id());
        let database = Self { server, name };
        database.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
        database.run(&format!("CREATE DATABASE {}", database.name));
        database
    }

    /// Its address, as `Location::Postgres` takes it.
    pub(crate) fn address(&self) -> String {
        if !self.server.starts_with("postgres") {
            return format!("{} dbname={}", self.server, self.name);
        }
        let (server, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let scheme = server.find("://").map_or(0, |at| at + 3);
        let end = server[scheme..].find('/').map_or(server.len(), |at| scheme + at);
        format!("{}/{}?{query}", &server[..end], self.name)
    }

    fn run(&self, sql: &str) {
        let mut client =
            Client::connect(&self.server, NoTls).expect("the test server can be reached");
        client.batch_execute(sql).expect("databases can be made on the test server");
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}
