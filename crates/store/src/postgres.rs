//! PostgreSQL: the back end for installations that outgrow one machine.
//!
//! Transactions are serialisable, so that a closure may reason as if it were alone; PostgreSQL
//! refuses one of two that got in each other's way, and the closure, which is re-runnable, runs
//! again. To end at all, a rerun waits until it is the only writer: first attempts hold a shared
//! lock, a rerun an exclusive one. (`LOCK TABLE` takes no snapshot, so the rerun sees everything
//! that was committed before it got the lock.)

pub(crate) mod scratch;
pub(crate) mod statement;

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use ::postgres::config::{Host, SslMode};
use ::postgres::{Client, Config, IsolationLevel, NoTls};
use doldam_ground::{Clock, limits};

use crate::migrate::{self, MigrationPlan};
use crate::pool::Pool;
use crate::postgres::statement::{Session, Statements, failure};
use crate::{Schema, StoreError, Tx, WriteCounts, tx};

/// One database on a PostgreSQL server.
pub(crate) struct Postgres {
    config: Config,
    pool: Pool<Link>,
    commands: AtomicU64,
    commits: AtomicU64,
}

/// A connection with its prepared statements.
struct Link {
    client: Client,
    statements: Statements,
    /// Whether it may have broken since it was opened.
    used: bool,
}

impl Postgres {
    pub(crate) fn open(address: &str, clock: &dyn Clock) -> Result<Self, StoreError> {
        let opened = Self {
            config: read_address(address)?,
            pool: Pool::new(limits::CONNECTIONS_MAX, limits::CONNECTION_WAIT_US),
            commands: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        };
        let now = clock.now();
        opened.attempt("store.migrate", Mode::Migrate, &mut |tx| {
            migrate::run(tx, Schema::Data, now)
        })?;
        Ok(opened)
    }

    /// Runs a transaction; runs it again while others get in its way.
    pub(crate) fn write<T>(
        &self,
        name: &'static str,
        mut run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.commands.fetch_add(1, Ordering::Relaxed);
        let mut end = self.attempt(name, Mode::Write, &mut run);
        // Two that insert the same new key at once: the later one is told of a broken rule, though
        // alone it would have seen the row. Only a rerun, which is alone, can tell.
        let mut again =
            matches!(end, Err(StoreError::Conflict { .. } | StoreError::Constraint { .. }));
        for _ in 1..limits::TRANSACTION_ATTEMPTS_MAX {
            if !again {
                break;
            }
            end = self.attempt(name, Mode::WriteAgain, &mut run);
            again = matches!(end, Err(StoreError::Conflict { .. }));
        }
        end
    }

    pub(crate) fn read<T>(
        &self,
        name: &'static str,
        mut run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.attempt(name, Mode::Read, &mut run)
    }

    pub(crate) fn counts(&self) -> WriteCounts {
        WriteCounts {
            commands: self.commands.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }

    /// Rebuilds every table without its dead rows. The server's own log and its archives are
    /// beyond our reach.
    pub(crate) fn scrub(&self) -> Result<(), StoreError> {
        let mut link = self.lend()?;
        link.client
            .batch_execute("VACUUM FULL")
            .and_then(|()| link.client.batch_execute("CHECKPOINT"))
            .map_err(|error| failure("store.scrub", &error))
    }

    pub(crate) fn integrity_check(&self) -> Result<(), StoreError> {
        self.read("store.check", |tx| {
            let tables = tx.query(
                "SELECT tablename::text FROM pg_catalog.pg_tables
                 WHERE schemaname = current_schema() ORDER BY 1",
                &[],
                |row| row.get_text(0),
            )?;
            for table in tables {
                // Turning rows into text reads every column, also those kept out of line.
                let sql = format!("SELECT COUNT(whole::text) FROM \"{table}\" AS whole");
                tx.for_each_text(&sql, &[], &mut |_| Ok(()))?;
            }
            Ok(())
        })
    }

    fn lend(&self) -> Result<crate::pool::Lent<'_, Link>, StoreError> {
        self.pool.lend(|link| !link.client.is_closed(), || connect(&self.config))
    }

    /// Runs the transaction once. A connection that broke while it lay idle is replaced.
    fn attempt<T>(
        &self,
        name: &'static str,
        mode: Mode,
        run: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut link = self.lend()?;
        let mut begun = false;
        let mut end = self.run_on(&mut link, name, mode, &mut begun, run);
        if link.used && !begun && end.as_ref().err() == Some(&StoreError::Unreachable) {
            link.discard();
            self.pool.close_idle();
            link = self.lend()?;
            end = self.run_on(&mut link, name, mode, &mut begun, run);
        }
        link.used = true;
        if matches!(end, Err(StoreError::Unreachable | StoreError::InDoubt { .. })) {
            link.discard();
        }
        end
    }

    fn run_on<T>(
        &self,
        link: &mut Link,
        name: &'static str,
        mode: Mode,
        begun: &mut bool,
        run: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (isolation, read_only) = mode.isolation();
        let transaction = link
            .client
            .build_transaction()
            .isolation_level(isolation)
            .read_only(read_only)
            .start()
            .map_err(|error| failure(name, &error))?;
        let session = Session { transaction, statements: &mut link.statements };
        let mut tx = Tx::new(name, tx::Session::Postgres(session));
        mode.lock(&mut tx)?;
        *begun = true;
        let value = catch_unwind(AssertUnwindSafe(|| run(&mut tx)))
            .unwrap_or(Err(StoreError::Panicked { transaction: name }))?;
        let tx::Session::Postgres(session) = tx.session else {
            return Err(StoreError::Shape { what: name });
        };
        if mode != Mode::Read {
            self.commits.fetch_add(1, Ordering::Relaxed);
        }
        match session.transaction.commit().map_err(|error| failure(name, &error)) {
            Ok(()) => Ok(value),
            Err(StoreError::Unreachable) if mode != Mode::Read => {
                Err(StoreError::InDoubt { transaction: name })
            }
            Err(other) => Err(other),
        }
    }
}

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    Write,
    WriteAgain,
    Migrate,
}

impl Mode {
    const fn isolation(self) -> (IsolationLevel, bool) {
        match self {
            Self::Read => (IsolationLevel::RepeatableRead, true),
            Self::Write | Self::WriteAgain => (IsolationLevel::Serializable, false),
            // One migrator waits for the other and must then see what it did.
            Self::Migrate => (IsolationLevel::ReadCommitted, false),
        }
    }

    fn lock(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self {
            Self::Read => Ok(()),
            Self::Write => tx.batch("LOCK TABLE audit_head IN ROW SHARE MODE"),
            Self::WriteAgain => tx.batch("LOCK TABLE audit_head IN EXCLUSIVE MODE"),
            Self::Migrate => tx.batch("SELECT pg_advisory_xact_lock(1146047556)"),
        }
    }
}

/// What would be migrated, without changing anything.
pub(crate) fn plan(address: &str) -> Result<Vec<MigrationPlan>, StoreError> {
    let unopened = Postgres {
        config: read_address(address)?,
        pool: Pool::new(1, limits::CONNECTION_WAIT_US),
        commands: AtomicU64::new(0),
        commits: AtomicU64::new(0),
    };
    unopened.read("store.plan", |tx| migrate::plan(tx, Schema::Data))
}

/// Reads the address and refuses one that would send data over a network in clear unasked.
fn read_address(address: &str) -> Result<Config, StoreError> {
    let mut config: Config = address.parse().map_err(|_| StoreError::Address)?;
    let here = config.get_hosts().iter().all(is_local)
        && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    if !here && config.get_ssl_mode() == SslMode::Prefer {
        return Err(StoreError::PlainConnection);
    }
    config.application_name("doldam");
    Ok(config)
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

fn connect(config: &Config) -> Result<Link, StoreError> {
    let client = config.connect(NoTls).map_err(|error| match failure("store.open", &error) {
        refused @ (StoreError::Busy | StoreError::Postgres { .. }) => refused,
        _ => StoreError::Unreachable,
    })?;
    Ok(Link { client, statements: Statements::default(), used: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_not_spoken_to_in_clear() {
        let refused = |address| read_address(address).err();
        assert_eq!(refused("postgres://u@db.example/d"), Some(StoreError::PlainConnection));
        assert_eq!(refused("host=10.0.0.7 user=u"), Some(StoreError::PlainConnection));
        assert_eq!(refused("postgres://u@127.0.0.1:5432/d"), None);
        assert_eq!(refused("host=/run/postgresql user=u"), None);
        assert_eq!(refused("postgres://u@db.example/d?sslmode=disable"), None);
        assert_eq!(refused("postgres://["), Some(StoreError::Address));
    }
}
