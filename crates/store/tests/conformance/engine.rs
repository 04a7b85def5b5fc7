//! Transactions: values, failures, snapshots, concurrency.

use std::sync::mpsc::channel;

use proptest::prelude::*;

use super::{World, number, on_both};
use crate::{StoreError, Value};

on_both!(
    values_come_back,
    a_failed_closure_writes_nothing,
    constraints_are_told_apart,
    a_panic_is_an_error,
    a_read_sees_one_state,
    a_read_cannot_write,
    a_lost_update_cannot_happen,
    expressions_are_numbers,
    wrong_shapes_are_errors,
);

const SCRATCH: &str = "CREATE TABLE scratch (
    id INTEGER NOT NULL PRIMARY KEY, number INTEGER, text TEXT, bytes BLOB) STRICT;
    INSERT INTO scratch (id, bytes) VALUES (0, X'00ff')";

/// Longer than a page of either back end.
static LARGE: [u8; 100_000] = [7; 100_000];

fn values_come_back(world: &World) {
    world.make(SCRATCH);
    let rows: [(i64, Value<'static>, Value<'static>, Value<'static>); 4] = [
        (1, Value::Null, Value::Null, Value::Null),
        (2, Value::Int(i64::MIN), Value::Text(""), Value::Blob(b"")),
        (3, Value::Int(i64::MAX), Value::Text("돌담 'quoted' ?1 $1"), Value::Blob(&[0, 255, 39])),
        (i64::MIN, Value::Int(0), Value::Text("x"), Value::Blob(&LARGE)),
    ];
    world
        .store
        .write("test.values", move |tx| {
            for (id, number, text, bytes) in rows {
                let changed = tx.execute(
                    "INSERT INTO scratch (id, number, text, bytes) VALUES (?1, ?2, ?3, ?4)",
                    &[id.into(), number, text, bytes],
                )?;
                assert_eq!(changed, 1);
            }
            Ok(())
        })
        .unwrap();
    for (id, number, text, bytes) in rows {
        let found = world
            .store
            .read("test.values", |tx| {
                tx.query_one(
                    "SELECT number, text, bytes FROM scratch WHERE id = ?1",
                    &[id.into()],
                    |row| {
                        Ok((
                            row.get_optional_int(0)?,
                            row.get_optional_text(1)?,
                            row.get_optional_blob(2)?,
                        ))
                    },
                )
            })
            .unwrap()
            .unwrap();
        let expected = (as_int(number), as_text(text), as_blob(bytes));
        assert!(found == expected, "row {id} came back differently");
    }
    let bytes = world.store.read("test.values", |tx| {
        tx.query_one("SELECT bytes FROM scratch WHERE id = 0", &[], |row| row.get_array::<2>(0))
    });
    assert_eq!(bytes, Ok(Some([0x00, 0xff])));
}

fn as_int(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Int(value) => Some(value),
        _ => None,
    }
}

fn as_text(value: Value<'_>) -> Option<String> {
    match value {
        Value::Text(value) => Some(value.to_owned()),
        _ => None,
    }
}

fn as_blob(value: Value<'_>) -> Option<Vec<u8>> {
    match value {
        Value::Blob(value) => Some(value.to_vec()),
        _ => None,
    }
}

fn a_failed_closure_writes_nothing(world: &World) {
    world.make(SCRATCH);
    let end: Result<(), _> = world.store.write("test.fail", |tx| {
        tx.execute("INSERT INTO scratch (id) VALUES (1)", &[])?;
        tx.execute("DELETE FROM scratch WHERE id = 0", &[])?;
        Err(StoreError::NotFound { what: "reason to go on" })
    });
    assert_eq!(end, Err(StoreError::NotFound { what: "reason to go on" }));
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 1);
    world.run("INSERT INTO scratch (id) VALUES (1)");
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 2);
}

fn constraints_are_told_apart(world: &World) {
    world.make(SCRATCH);
    let run = |sql| world.store.write("test.rule", move |tx| tx.execute(sql, &[]));
    let broken = Err(StoreError::Constraint { transaction: "test.rule" });
    assert_eq!(run("INSERT INTO scratch (id) VALUES (0)"), broken);

    assert_eq!(run("INSERT INTO installation (name) VALUES ('n')"), broken);
    assert_eq!(run("INSERT INTO scratch (id) VALUES (0) ON CONFLICT DO NOTHING"), Ok(0));
    assert_eq!(run("INSERT INTO scratch (id) VALUES (1)"), Ok(1));
    let refused = run("SELECT nothing FROM nowhere").unwrap_err();
    assert!(matches!(refused, StoreError::Sqlite { .. } | StoreError::Postgres { .. }));
    assert!(!refused.to_string().contains("nowhere"));
}

fn a_panic_is_an_error(world: &World) {
    world.make(SCRATCH);
    let end: Result<(), _> = world.store.write("test.panic", |tx| {
        tx.execute("INSERT INTO scratch (id) VALUES (1)", &[])?;
        panic!("on purpose");
    });
    assert_eq!(end, Err(StoreError::Panicked { transaction: "test.panic" }));
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 1);
    world.run("INSERT INTO scratch (id) VALUES (1)");
}

fn a_read_sees_one_state(world: &World) {
    world.make(SCRATCH);
    let counts = world.store.read("test.snapshot", |tx| {
        let before = number(tx, "SELECT COUNT(*) FROM scratch")?;
        let store = world.store.clone();
        let sql = "INSERT INTO scratch (id) VALUES (1)";
        std::thread::spawn(move || store.write("test.other", move |tx| tx.execute(sql, &[])))
            .join()
            .unwrap()?;
        Ok((before, number(tx, "SELECT COUNT(*) FROM scratch")?))
    });
    assert_eq!(counts, Ok((1, 1)));
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 2);
}

fn a_read_cannot_write(world: &World) {
    world.make(SCRATCH);
    let end = world.store.read("test.read", |tx| tx.execute("DELETE FROM scratch", &[]));
    assert!(end.is_err());
    assert_eq!(world.number("SELECT COUNT(*) FROM scratch"), 1);
}

fn a_lost_update_cannot_happen(world: &World) {
    world.make(SCRATCH);
    world.run("UPDATE scratch SET number = 0");
    let (sender, ends) = channel();
    for _ in 0..8 {
        let (store, sender) = (world.store.clone(), sender.clone());
        std::thread::spawn(move || {
            for _ in 0..25 {
                let end = store.write("test.count", |tx| {
                    let now = number(tx, "SELECT number FROM scratch WHERE id = 0")?;
                    tx.execute("UPDATE scratch SET number = ?1 WHERE id = 0", &[(now + 1).into()])
                });
                sender.send(end).unwrap();
            }
        });
    }
    drop(sender);
    for end in ends {
        assert_eq!(end, Ok(1));
    }
    assert_eq!(world.number("SELECT number FROM scratch WHERE id = 0"), 200);
}

fn expressions_are_numbers(world: &World) {
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM staff", 0),
        ("SELECT COALESCE(MAX(id), 0) + 1 FROM staff", 1),
        ("SELECT 7", 7),
        ("SELECT 1 = 1", 1),
        ("SELECT CAST('12' AS INTEGER)", 12),
        ("SELECT CASE WHEN EXISTS (SELECT 1 FROM staff) THEN 1 ELSE 0 END", 0),
        ("SELECT LENGTH('돌담')", 2),
    ] {
        assert_eq!(world.number(sql), expected, "{sql}");
    }
    let text = world.store.read("test.text", |tx| {
        tx.query_one("SELECT ?1 || 'b'", &["a".into()], |row| row.get_text(0))
    });
    assert_eq!(text, Ok(Some("ab".to_owned())));
}

fn wrong_shapes_are_errors(world: &World) {
    let shape = StoreError::Shape { what: "stored column" };
    let read = |sql| world.store.read("test.shape", |tx| tx.query(sql, &[], |row| row.get_int(0)));
    assert_eq!(read("SELECT NULL"), Err(shape.clone()));
    assert_eq!(read("SELECT 'text'"), Err(shape.clone()));
    let missing = world
        .store
        .read("test.shape", |tx| tx.query_one("SELECT 1", &[], |row| row.get_optional_int(1)));
    assert_eq!(missing, Err(shape));
    let too_few = world.store.read("test.shape", |tx| {
        tx.query(
            "SELECT name FROM installation WHERE name = ?1 AND value = ?2",
            &["a".into()],
            |row| row.get_text(0),
        )
    });
    assert_eq!(too_few, Err(StoreError::Shape { what: "test.shape" }));
    let wide = world
        .store
        .read("test.shape", |tx| tx.query_one("SELECT 4294967296", &[], |row| row.get_u32(0)));
    assert!(wide.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever commands come in whatever order, both back ends end in the same state as a map.
    #[test]
    fn both_back_ends_agree_with_a_map(
        commands in prop::collection::vec((0_u8..4, 0_i64..6, any::<i64>()), 1..40),
    ) {
        let mut model = std::collections::BTreeMap::new();
        let mut expected = Vec::new();
        for (verb, id, number) in &commands {
            expected.push(match verb {
                0 if model.contains_key(id) => Err(()),
                0 | 1 => { model.insert(*id, *number); Ok(1) }
                2 => Ok(u64::from(model.remove(id).is_some())),
                _ => Err(()),
            });
        }
        thread_local! {
            static WORLDS: [World; 2] = [with_model(World::sqlite()), with_model(World::postgres())];
        }
        WORLDS.with(|worlds| {
            for world in worlds {
                let found: Vec<Result<u64, ()>> = commands
                    .iter()
                    .map(|(verb, id, number)| command(world, *verb, *id, *number))
                    .collect();
                assert_eq!(found, expected);
                let rows = world.store.read("test.model", |tx| {
                    tx.query("SELECT id, attempts FROM scratch_model ORDER BY id", &[], |row| {
                        Ok((row.get_int(0)?, row.get_int(1)?))
                    })
                });
                assert_eq!(rows.unwrap(), model.clone().into_iter().collect::<Vec<_>>());
                world.run("DELETE FROM scratch_model");
            }
        });
    }
}

fn with_model(world: World) -> World {
    world.make("CREATE TABLE scratch_model (id INTEGER NOT NULL PRIMARY KEY, attempts INTEGER)");
    world
}

fn command(world: &World, verb: u8, id: i64, number: i64) -> Result<u64, ()> {
    world
        .store
        .write("test.model", move |tx| match verb {
            0 => tx.execute(
                "INSERT INTO scratch_model (id, attempts) VALUES (?1, ?2)",
                &[id.into(), number.into()],
            ),
            1 => tx.execute(
                "INSERT INTO scratch_model (id, attempts) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts",
                &[id.into(), number.into()],
            ),
            2 => tx.execute("DELETE FROM scratch_model WHERE id = ?1", &[id.into()]),
            _ => {
                tx.execute("DELETE FROM scratch_model", &[])?;
                Err(StoreError::NotFound { what: "reason" })
            }
        })
        .map_err(drop)
}
