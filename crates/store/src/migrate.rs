//! Changes of the schema: numbered files, each applied once, all pending ones in one transaction.
//!
//! A database remembers which changes it has seen and what they said. It is refused when it has
//! seen more than this program knows (a newer program wrote it) or something else under the same
//! number; so no program ever guesses what a column means.

use doldam_ground::Instant;
use sha2::{Digest, Sha256};

use crate::dialect::{self, Statement};
use crate::{Backend, Schema, StoreError, Tx};

/// The table that the migrator keeps for itself.
const LEDGER: &str = include_str!("../sql/migration.sql");

/// One numbered change of the schema.
pub(crate) struct Migration {
    pub(crate) version: u32,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

const DATA: &[Migration] = &[
    Migration { version: 1, name: "0001_first", sql: include_str!("../sql/data/0001_first.sql") },
    Migration {
        version: 2,
        name: "0002_notices",
        sql: include_str!("../sql/data/0002_notices.sql"),
    },
    Migration { version: 3, name: "0003_access", sql: include_str!("../sql/data/0003_access.sql") },
    Migration {
        version: 4,
        name: "0004_incidents",
        sql: include_str!("../sql/data/0004_incidents.sql"),
    },
    Migration {
        version: 5,
        name: "0005_messages",
        sql: include_str!("../sql/data/0005_messages.sql"),
    },
    Migration { version: 6, name: "0006_drills", sql: include_str!("../sql/data/0006_drills.sql") },
    Migration {
        version: 7,
        name: "0007_answers",
        sql: include_str!("../sql/data/0007_answers.sql"),
    },
    Migration { version: 8, name: "0008_house", sql: include_str!("../sql/data/0008_house.sql") },
    Migration {
        version: 9,
        name: "0009_sign_in",
        sql: include_str!("../sql/data/0009_sign_in.sql"),
    },
    Migration {
        version: 10,
        name: "0010_posting",
        sql: include_str!("../sql/data/0010_posting.sql"),
    },
    Migration { version: 11, name: "0011_fraud", sql: include_str!("../sql/data/0011_fraud.sql") },
    Migration {
        version: 12,
        name: "0012_measures",
        sql: include_str!("../sql/data/0012_measures.sql"),
    },
];

const KEYS: &[Migration] = &[Migration {
    version: 1,
    name: "0001_first",
    sql: include_str!("../sql/keys/0001_first.sql"),
}];

/// One change that opening the store would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationPlan {
    /// Number of the change; counts up from 1.
    pub version: u32,
    /// Its name: that of the file under `sql/`.
    pub name: &'static str,
    /// The statements that would run, in order, without comments.
    pub statements: Vec<String>,
}

/// The changes of a schema, oldest first.
pub(crate) const fn migrations(schema: Schema) -> &'static [Migration] {
    match schema {
        Schema::Data => DATA,
        Schema::Keys => KEYS,
    }
}

/// What a new, empty database would see.
pub(crate) fn plan_new(schema: Schema) -> Vec<MigrationPlan> {
    plan_after(schema, 0, Backend::Sqlite)
}

/// What this database has yet to see.
///
/// Fails with [`StoreError::NewerSchema`] or [`StoreError::ChangedSchema`] when it is not ours to
/// change.
pub(crate) fn plan(tx: &mut Tx<'_>, schema: Schema) -> Result<Vec<MigrationPlan>, StoreError> {
    if !ledger_exists(tx)? {
        return Ok(plan_after(schema, 0, tx.backend()));
    }
    let seen = check_seen(tx, schema)?;
    Ok(plan_after(schema, seen, tx.backend()))
}

/// Brings the database of `tx` to the newest schema.
pub(crate) fn run(tx: &mut Tx<'_>, schema: Schema, now: Instant) -> Result<(), StoreError> {
    if !ledger_exists(tx)? {
        apply(tx, LEDGER)?;
    }
    let seen = check_seen(tx, schema)?;
    for migration in migrations(schema).iter().filter(|one| one.version > seen) {
        apply(tx, migration.sql)?;
        tx.execute(
            "INSERT INTO migration (version, name, digest, applied_at_us) VALUES (?1, ?2, ?3, ?4)",
            &[
                migration.version.into(),
                migration.name.into(),
                (&digest(migration.sql)).into(),
                now.micros().into(),
            ],
        )?;
    }
    Ok(())
}

fn plan_after(schema: Schema, seen: u32, backend: Backend) -> Vec<MigrationPlan> {
    migrations(schema)
        .iter()
        .filter(|migration| migration.version > seen)
        .map(|migration| MigrationPlan {
            version: migration.version,
            name: migration.name,
            statements: dialect::statements(migration.sql)
                .iter()
                .map(|statement| spell(statement, backend))
                .collect(),
        })
        .collect()
}

/// Runs a script of the schema, each statement as the back end spells it.
pub(crate) fn apply(tx: &mut Tx<'_>, sql: &str) -> Result<(), StoreError> {
    for statement in dialect::statements(sql) {
        let spelled = spell(&statement, tx.backend());
        tx.batch(&spelled)?;
    }
    Ok(())
}

fn spell(statement: &Statement<'_>, backend: Backend) -> String {
    match backend {
        Backend::Sqlite => statement.sqlite(),
        Backend::Postgres => statement.postgres(),
    }
}

/// SHA-256 over the statements as they run on SQLite, so that comments may be improved later.
fn digest(sql: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for statement in dialect::statements(sql) {
        hash.update(statement.sqlite().as_bytes());
        hash.update(b";\n");
    }
    hash.finalize().into()
}

fn ledger_exists(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let sql = match tx.backend() {
        Backend::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
        }
        Backend::Postgres => {
            "SELECT COUNT(*) FROM pg_catalog.pg_tables
             WHERE schemaname = current_schema() AND tablename = 'migration'"
        }
    };
    let count = tx.query_one(sql, &[], |row| row.get_int(0))?;
    Ok(count == Some(1))
}

/// Compares what the database has seen with what this program knows; gives the newest version.
fn check_seen(tx: &mut Tx<'_>, schema: Schema) -> Result<u32, StoreError> {
    let seen: Vec<(u32, Vec<u8>)> =
        tx.query("SELECT version, digest FROM migration ORDER BY version", &[], |row| {
            Ok((row.get_u32(0)?, row.get_blob(1)?))
        })?;
    let known = migrations(schema);
    let newest = seen.last().map_or(0, |(version, _)| *version);
    let known_newest = known.last().map_or(0, |migration| migration.version);
    if newest > known_newest {
        return Err(StoreError::NewerSchema { found: newest, known: known_newest });
    }
    for ((version, found), migration) in seen.iter().zip(known) {
        if *version != migration.version || found[..] != digest(migration.sql) {
            return Err(StoreError::ChangedSchema { version: migration.version });
        }
    }
    Ok(newest)
}

/// The version that a database has seen, 0 when it is empty.
pub(crate) fn version(tx: &mut Tx<'_>, schema: Schema) -> Result<u32, StoreError> {
    if !ledger_exists(tx)? {
        return Ok(0);
    }
    check_seen(tx, schema)
}
