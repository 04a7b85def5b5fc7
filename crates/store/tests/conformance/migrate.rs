//! Changes of the schema, and the schema as one readable file.

use super::{World, on_both};
use crate::{Location, Schema, Store, StoreError, migrate};

on_both!(
    a_new_database_is_made_and_reopened,
    a_newer_schema_is_refused,
    a_changed_migration_is_refused,
    a_plan_changes_nothing,
);

fn newest() -> u32 {
    migrate::migrations(Schema::Data).last().map_or(0, |last| last.version)
}

fn a_new_database_is_made_and_reopened(world: &World) {
    assert_eq!(world.number("SELECT MAX(version) FROM migration"), i64::from(newest()));
    assert_eq!(world.number("SELECT seq FROM audit_head WHERE id = 1"), 0);
    world.run("INSERT INTO installation (name, value) VALUES ('profile', 'kr')");
    let again = world.reopen().unwrap();
    let profile = again.read("test.profile", |tx| crate::installation::get(tx, "profile"));
    assert_eq!(profile, Ok(Some("kr".to_owned())));
    assert_eq!(Store::plan_migrations(&world.location, Schema::Data), Ok(vec![]));
}

fn a_newer_schema_is_refused(world: &World) {
    world.run(
        "INSERT INTO migration (version, name, digest, applied_at_us)
         VALUES (9999, '9999_later', X'00', 0)",
    );
    let newer = StoreError::NewerSchema { found: 9999, known: newest() };
    assert_eq!(world.reopen().map(drop), Err(newer.clone()));
    assert_eq!(Store::plan_migrations(&world.location, Schema::Data), Err(newer));
}

fn a_changed_migration_is_refused(world: &World) {
    world.run("UPDATE migration SET digest = X'00' WHERE version = 1");
    let changed = StoreError::ChangedSchema { version: 1 };
    assert_eq!(world.reopen().map(drop), Err(changed));
}

fn a_plan_changes_nothing(world: &World) {
    let migrations = migrate::migrations(Schema::Data).len();

    world.run("DELETE FROM migration");
    let plan = Store::plan_migrations(&world.location, Schema::Data).unwrap();
    assert_eq!(plan.len(), migrations);
    assert_eq!((plan[0].version, plan[0].name), (1, "0001_first"));
    assert!(plan[0].statements.iter().any(|one| one.starts_with("CREATE TABLE audit_head")));
    assert_eq!(world.number("SELECT COUNT(*) FROM migration"), 0);
    // The tables are still there, so really applying the plan fails, and as a whole.
    assert!(world.reopen().is_err());
    assert_eq!(world.number("SELECT COUNT(*) FROM migration"), 0);
}

#[test]
fn a_plan_for_a_new_place_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("data.db"));
    for schema in [Schema::Data, Schema::Keys] {
        let plan = Store::plan_migrations(&location, schema).unwrap();
        assert_eq!(plan.len(), migrate::migrations(schema).len());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Everything that the catalogue of a SQLite database says, and the rows a new one has.
fn catalogue(connection: &rusqlite::Connection) -> Vec<(String, String, String)> {
    let mut statement = connection
        .prepare("SELECT type, name, COALESCE(sql, '') FROM sqlite_master ORDER BY type, name")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))
        .unwrap();
    rows.map(|row| {
        let (kind, name, sql) = row.unwrap();
        let plain: Vec<String> = crate::dialect::statements(&sql)
            .iter()
            .map(crate::dialect::Statement::sqlite)
            .collect();
        (kind, name, plain.join(";"))
    })
    .collect()
}

fn database(scripts: &[&str]) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for script in scripts {
        connection.execute_batch(script).unwrap();
    }
    connection
}

const SCHEMA_SQL: &str = include_str!("../../sql/schema.sql");
const LEDGER_SQL: &str = include_str!("../../sql/migration.sql");

#[test]
fn schema_sql_equals_the_sum_of_the_migrations() {
    let mut scripts = vec![LEDGER_SQL];
    scripts.extend(migrate::migrations(Schema::Data).iter().map(|migration| migration.sql));
    let migrated = database(&scripts);
    let written = database(&[SCHEMA_SQL]);
    assert_eq!(catalogue(&written), catalogue(&migrated));
    for connection in [&written, &migrated] {
        let head: (i64, i64, Vec<u8>) = connection
            .query_row("SELECT id, seq, hash FROM audit_head", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert_eq!(head, (1, 0, vec![0; 32]));
    }
}

/// Names of tables and columns of a script that have no comment.
fn uncommented(script: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let mut inside = false;
    let mut commented_above = false;
    for line in script.lines() {
        let text = line.trim();
        if let Some(table) = text.strip_prefix("CREATE TABLE ") {
            inside = true;
            if !commented_above {
                missing.push(table.to_owned());
            }
        } else if inside && text.starts_with(')') {
            inside = false;
        } else if inside && !text.starts_with("PRIMARY KEY") && !text.starts_with("UNIQUE") {
            let comment = text.split_once("--").map_or("", |(_, comment)| comment.trim());
            if comment.is_empty() {
                missing.push(text.to_owned());
            }
        }
        commented_above = text.starts_with("--");
    }
    missing
}

#[test]
fn every_table_and_column_is_commented() {
    assert_eq!(
        uncommented("CREATE TABLE t (\n  a INTEGER, -- why\n  b TEXT\n)"),
        ["t (", "b TEXT"]
    );
    assert_eq!(uncommented(SCHEMA_SQL), [""; 0]);
    for migration in migrate::migrations(Schema::Keys) {
        assert_eq!(uncommented(migration.sql), [""; 0]);
    }
}
