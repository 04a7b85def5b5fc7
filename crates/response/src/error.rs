//! What can go wrong here, in texts that may stand in a log.

use crate::duty::FactName;

/// Why a table, a fact or a clock event was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// A table is longer than the limit or not TOML.
    #[error("{table}: {problem}")]
    Table {
        /// The file of the table.
        table: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A row of a table is not as its header says.
    #[error("{table}: row {row}: {field}: {problem}")]
    Row {
        /// The file of the table.
        table: &'static str,
        /// The row's id, or its position if it has none.
        row: String,
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No fact of the vocabulary has this name.
    #[error("there is no such fact; the names stand in rules/words.toml")]
    FactUnknown,
    /// The value does not fit the fact.
    #[error("{fact}: {problem}")]
    FactValue {
        /// The fact.
        fact: FactName,
        /// What it must look like.
        problem: &'static str,
    },
    /// A reference to evidence is empty, too long or holds more than a reference.
    #[error("not a reference to evidence: 1 to 200 letters, digits or any of . _ : / # -")]
    EvidenceReference,
    /// A clock did not take an event.
    #[error("the clock refused the event: {0}")]
    Clock(ClockRefusal),
    /// What was asked does not fit where the incident stands.
    #[error("{0}")]
    Refused(&'static str),
    /// An incident cannot be closed yet.
    #[error(
        "{open} duties are due and not shown to be fulfilled, {unknown} are not decided: read \
         the docket, stop the clocks on evidence and answer the facts"
    )]
    DutiesOpen {
        /// Duties that are due and open.
        open: u32,
        /// Duties of which it is unknown whether they are due.
        unknown: u32,
    },
    /// The linter found faults in a notice; they hold no value of anybody.
    #[error("the notice cannot be drafted: {}", .0.join("; "))]
    NoticeFaults(Vec<String>),
    /// A room below refused: vault, store, tracer, notifier, the desk of processors or fraud
    /// detection.
    #[error("{message}")]
    Below {
        /// The room's own word for programs.
        code: &'static str,
        /// The room's own message, which is log-safe.
        message: String,
    },
}

/// Why a clock did not take an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClockRefusal {
    /// The row does not list this kind of evidence under `stops_on`.
    #[error("this kind of evidence does not stop this clock")]
    Evidence,
    /// The row does not list this reason under `delay_reasons`.
    #[error("the law gives this duty no such reason to wait")]
    DelayReason,
    /// The reason is one to be recorded only; it moves no deadline.
    #[error("this reason is a matter of record and moves no deadline")]
    DelayWithoutEffect,
    /// The event would have happened after it was recorded.
    #[error("the event lies in the future of its own record")]
    Future,
    /// A reason to wait ended before it began.
    #[error("the reason to wait ends before it begins")]
    EndBeforeBegin,
    /// The clock starts by another event.
    #[error("another event starts this clock")]
    StartEvent,
    /// A line of a record is no event.
    #[error("the line of the record is no event of a clock")]
    Unreadable,
    /// The clock has as many events as it may have.
    #[error("the clock has too many events")]
    Full,
    /// A receipt is one person's and cannot stop everybody's clock.
    #[error("a receipt of one person does not stop the clocks of others")]
    OnePersonsEvidence,
    /// Each person's clock starts by itself.
    #[error("each person's clock starts when that person's exposure became known")]
    OnePersonsStart,
    /// The law does not count persons for this duty.
    #[error("this duty is not counted per person")]
    NotPerPerson,
}

impl ResponseError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Table { .. } => "response.table",
            Self::Row { .. } => "response.row",
            Self::FactUnknown => "response.fact_unknown",
            Self::FactValue { .. } => "response.fact_value",
            Self::EvidenceReference => "response.evidence_reference",
            Self::Clock(refusal) => refusal.code(),
            Self::Refused(_) => "response.refused",
            Self::DutiesOpen { .. } => "response.duties_open",
            Self::NoticeFaults(_) => "response.notice_faults",
            Self::Below { code, .. } => code,
        }
    }
}

impl ClockRefusal {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Evidence => "response.clock_evidence",
            Self::DelayReason => "response.clock_delay_reason",
            Self::DelayWithoutEffect => "response.clock_delay_without_effect",
            Self::Future => "response.clock_future",
            Self::EndBeforeBegin => "response.clock_end_before_begin",
            Self::StartEvent => "response.clock_start_event",
            Self::Unreadable => "response.clock_unreadable",
            Self::Full => "response.clock_full",
            Self::OnePersonsEvidence => "response.clock_one_persons_evidence",
            Self::OnePersonsStart => "response.clock_one_persons_start",
            Self::NotPerPerson => "response.clock_not_per_person",
        }
    }
}

impl From<ClockRefusal> for ResponseError {
    fn from(refusal: ClockRefusal) -> Self {
        Self::Clock(refusal)
    }
}

macro_rules! from_below {
    ($($error:ty),+) => {
        $(impl From<$error> for ResponseError {
            fn from(error: $error) -> Self {
                Self::Below { code: error.code(), message: error.to_string() }
            }
        })+
    };
}
from_below!(
    doldam_fraud::FraudError,
    doldam_notify::NotifyError,
    doldam_processors::ProcessorsError,
    doldam_store::StoreError,
    doldam_trace::TraceError,
    doldam_vault::VaultError
);
