//! What only PostgreSQL has: a server that may go away.

use super::World;
use crate::{Location, Schema, Store, StoreError};

#[test]
fn a_lost_connection_is_an_error_once() {
    let world = World::postgres();
    let cut = world.store.write("test.cut", |tx| {
        tx.execute("INSERT INTO installation (name, value) VALUES ('a', 'b')", &[])?;
        tx.execute("SELECT pg_terminate_backend(pg_backend_pid())", &[])
    });
    assert_eq!(cut, Err(StoreError::Unreachable));
    assert_eq!(world.number("SELECT COUNT(*) FROM installation"), 0);
}

#[test]
fn connections_that_broke_while_idle_are_replaced() {
    let world = World::postgres();
    let other = world.reopen().unwrap();
    other
        .write("test.cut", |tx| {
            tx.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
                |row| row.get_int(0),
            )
        })
        .unwrap();
    world.run("INSERT INTO installation (name, value) VALUES ('a', 'b')");
    assert_eq!(world.number("SELECT COUNT(*) FROM installation"), 1);
}

#[test]
fn errors_hold_no_values() {
    let world = World::postgres();
    world.run("INSERT INTO installation (name, value) VALUES ('secret-name', 'secret-value')");
    let broken = world.store.write("test.rule", |tx| {
        tx.execute("INSERT INTO installation (name, value) VALUES ('secret-name', '')", &[])
    });
    let cast = world.store.read("test.cast", |tx| {
        tx.query("SELECT CAST(value AS INTEGER) FROM installation", &[], |row| row.get_int(0))
    });
    assert_eq!(cast, Err(StoreError::Postgres { sqlstate: "22P02".to_owned() }));
    let shown = format!(
        "{broken:?} {cast:?} {} {}",
        broken.clone().unwrap_err(),
        cast.clone().unwrap_err()
    );
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn a_password_is_not_shown() {
    let location = Location::Postgres("postgres://u:hunter2@127.0.0.1:1/d".to_owned());
    assert!(!format!("{location:?}").contains("hunter2"));
    let clock =
        std::sync::Arc::new(doldam_ground::MockClock::new(doldam_ground::Instant::from_micros(0)));
    let error = Store::open(&location, Schema::Data, clock).unwrap_err();
    assert_eq!(error, StoreError::Unreachable);
}
