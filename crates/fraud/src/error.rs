//! What can go wrong in fraud detection. No variant carries a value of an event.

use std::ops::Range;

use doldam_store::StoreError;

/// Why something of this crate was refused. Display is log-safe: names that an analyst declared,
/// lines and places, never what an event said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FraudError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A declaration (schema, features, lists, rule set) cannot be used.
    #[error("line {line} of the {what} cannot be used: {why}")]
    Declaration {
        /// `schema`, `features`, …
        what: &'static str,
        /// Line, counted from 1; 0 when the fault has no place.
        line: usize,
        /// What is wrong and what to do.
        why: String,
    },
    /// An entry of the log cannot be read: it was written by a newer program, or damaged.
    #[error("an entry of the log cannot be read: {why}")]
    Journal {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A snapshot cannot be written or used; the log has everything that it has.
    #[error("the snapshot of fraud detection cannot be used: {why}")]
    Snapshot {
        /// What is wrong with it.
        why: &'static str,
    },
    /// No list is declared under this name.
    #[error("no such list is declared: see the lists of the set-up in force")]
    UnknownList,
    /// Too much waits already.
    #[error("too many requests wait for a decision: try again in a moment")]
    Busy,
    /// The thread that decides has ended.
    #[error("fraud detection has stopped: see the log of the server and start it again")]
    Stopped,
    /// An event cannot be judged; see [`crate::event::EventFault`].
    #[error("the event cannot be judged: {0}")]
    Event(#[from] crate::event::EventFault),
    /// A model cannot be read, trained or bound.
    #[error(transparent)]
    Model(#[from] crate::model::ModelFault),
    /// A history cannot be loaded; see [`crate::history`].
    #[error("the history cannot be loaded: {why}")]
    History {
        /// What is wrong and what to do.
        why: &'static str,
    },
    /// A file of transactions or features cannot be read or written.
    #[error(transparent)]
    Dataset(#[from] crate::dataset::DatasetFault),
    /// A model cannot be compared over these transactions and days.
    #[error(transparent)]
    Evaluation(#[from] crate::evaluate::EvaluationFault),
    /// The state of the windows cannot be read, written or kept.
    #[error("the windows cannot be used: {0}")]
    State(#[from] crate::state::StateFault),
}

impl FraudError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::Declaration { .. } => "declaration",
            Self::UnknownList => "unknown-list",
            Self::Busy => "busy",
            Self::Stopped => "stopped",
            Self::Journal { .. } => "journal",
            Self::Snapshot { .. } => "snapshot",
            Self::History { .. } => "history",
            Self::Event(fault) => fault.code(),
            Self::Model(fault) => fault.code(),
            Self::Dataset(fault) => fault.code(),
            Self::Evaluation(fault) => fault.code(),
            Self::State(fault) => fault.code(),
        }
    }

    /// A fault of a declared text at a byte range of it.
    pub(crate) fn declaration(
        what: &'static str,
        text: &str,
        at: Option<Range<usize>>,
        why: &str,
    ) -> Self {
        let line = at.map_or(0, |range| 1 + text[..range.start].matches('\n').count());
        Self::Declaration { what, line, why: why.to_owned() }
    }
}
