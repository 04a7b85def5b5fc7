//! Why the store refused, in words that may stand in any log.
//!
//! Database messages quote values ("Key (digest)=(…) already exists"), so none of their text is
//! ever kept: only kinds, counts, versions, the name of the transaction, SQLite's result code and
//! PostgreSQL's SQLSTATE. Each message ends with what to do.

use std::io;

/// What went wrong in the store. Display is log-safe: it never holds a stored or passed value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The writer's queue is full, or all connections were taken for too long.
    #[error("the store is busy: try again in a moment")]
    Busy,
    /// Another process holds the data folder.
    #[error(
        "another process holds this data folder: stop it, or send the command through its server"
    )]
    Locked,
    /// The data was written by a newer program.
    #[error(
        "the data has schema version {found}, this program knows up to {known}: use a newer program"
    )]
    NewerSchema {
        /// Version that stands in the data.
        found: u32,
        /// Newest version that this program can read.
        known: u32,
    },
    /// The data was made by a program whose migration of the same version reads differently.
    #[error(
        "schema version {version} of the data differs from this program's: use the program that \
         made the data, or restore a backup"
    )]
    ChangedSchema {
        /// The first version that differs.
        version: u32,
    },
    /// The file or database is not one of ours, or holds the other of our two schemas.
    #[error("this is not the database that was asked for: check the data folder or address")]
    ForeignDatabase,
    /// The SQLite library has known ways to corrupt a database.
    #[error("SQLite {found} can corrupt data (WAL-reset bug): build with 3.51.3 or newer")]
    OldLibrary {
        /// Version number as SQLite counts: 3051003 is 3.51.3.
        found: i32,
    },
    /// No room left.
    #[error("the disk is full: free some space, then repeat")]
    DiskFull,
    /// The operating system could not read or write.
    #[error("the files of the store cannot be read or written ({kind}): check disk and rights")]
    Io {
        /// What kind of failure it was.
        kind: io::ErrorKind,
    },
    /// The database is damaged.
    #[error("the database is damaged: stop, keep a copy of it, and restore a backup")]
    Corrupt,
    /// A rule of the schema (unique, not null, ...) forbids the row.
    #[error(
        "{transaction}: a row breaks a rule of the schema: it exists already, or misses a value"
    )]
    Constraint {
        /// Name of the transaction.
        transaction: &'static str,
    },
    /// What was asked for is not there.
    #[error("no such {what}: check the id")]
    NotFound {
        /// The noun that was looked for.
        what: &'static str,
    },
    /// Somebody else changed the same thing at the same time, again and again.
    #[error("{what}: somebody else was faster: look at the state, then try again")]
    Conflict {
        /// What stood in the way, or the name of the transaction.
        what: &'static str,
    },
    /// An earlier commit failed; this handle must not be used any more.
    #[error(
        "an earlier commit failed and the store stopped: restart, which recovers what is durable"
    )]
    Poisoned,
    /// The commit was sent and its outcome is unknown: done or not done, never half-done.
    #[error(
        "{transaction}: it is unknown whether the commit succeeded: restart and look before repeating"
    )]
    InDoubt {
        /// Name of the transaction.
        transaction: &'static str,
    },
    /// The program itself failed inside a transaction, which was rolled back.
    #[error("{transaction}: the program failed and nothing was written: please report it")]
    Panicked {
        /// Name of the transaction.
        transaction: &'static str,
    },
    /// PostgreSQL refused for another reason.
    #[error("PostgreSQL refused with SQLSTATE {sqlstate}: see its own log")]
    Postgres {
        /// The five characters of the SQLSTATE.
        sqlstate: String,
    },
    /// PostgreSQL cannot be reached.
    #[error("PostgreSQL cannot be reached: check that it runs, its address and its password")]
    Unreachable,
    /// The address of PostgreSQL cannot be read.
    #[error("the address of PostgreSQL cannot be read: write postgres://user@host/name")]
    Address,
    /// The connection would cross a network in clear.
    #[error(
        "PostgreSQL on another machine would be spoken to in clear: use a tunnel that ends on \
         this machine, or say sslmode=disable if the network is trusted"
    )]
    PlainConnection,
    /// SQLite refused for another reason.
    #[error("SQLite refused with result code {code}: please report it")]
    Sqlite {
        /// SQLite's extended result code.
        code: i32,
    },
    /// A stored row or a passed batch does not have the shape that the program expects.
    #[error("{what}: the shape of the data is not the expected one: please report it")]
    Shape {
        /// What had the wrong shape.
        what: &'static str,
    },
    /// The place to be written to is not empty.
    #[error("the destination is not empty: choose a new one")]
    AlreadyThere,
    /// Things are not in the state that the act needs.
    #[error("{what}")]
    State {
        /// What stands in the way, and what to do.
        what: &'static str,
    },
    /// This back end or file system cannot do what was asked for.
    #[error("{what} is not possible here")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
    },
}

impl StoreError {
    /// A stable word for programs that read our errors.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Busy => "store.busy",
            Self::Locked => "store.locked",
            Self::NewerSchema { .. } => "store.newer-schema",
            Self::ChangedSchema { .. } => "store.changed-schema",
            Self::ForeignDatabase => "store.foreign-database",
            Self::OldLibrary { .. } => "store.old-library",
            Self::DiskFull => "store.disk-full",
            Self::Io { .. } => "store.io",
            Self::Corrupt => "store.corrupt",
            Self::Constraint { .. } => "store.constraint",
            Self::NotFound { .. } => "store.not-found",
            Self::Conflict { .. } => "store.conflict",
            Self::Poisoned => "store.poisoned",
            Self::InDoubt { .. } => "store.in-doubt",
            Self::Panicked { .. } => "store.panicked",
            Self::Postgres { .. } => "store.postgres",
            Self::Unreachable => "store.unreachable",
            Self::Address => "store.address",
            Self::PlainConnection => "store.plain-connection",
            Self::Sqlite { .. } => "store.sqlite",
            Self::Shape { .. } => "store.shape",
            Self::State { .. } => "store.state",
            Self::AlreadyThere => "store.already-there",
            Self::Unsupported { .. } => "store.unsupported",
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            kind => Self::Io { kind },
        }
    }
}
