//! What can happen to a clock.

use std::fmt;
use std::str::FromStr;

use doldam_ground::{Instant, LogSafe, limits};

use crate::error::{ClockRefusal, ResponseError};
use crate::words::{EvidenceKind, StartEvent, Word};

/// Where a piece of evidence is: an id, a receipt number, a path in the evidence store.
///
/// It is a reference and not a text: 1 to [`limits::EVIDENCE_REFERENCE_BYTES_MAX`] letters and
/// digits of ASCII or `. _ : / # -`, so that no name or message can hide in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceReference(String);

impl FromStr for EvidenceReference {
    type Err = ResponseError;

    fn from_str(text: &str) -> Result<Self, ResponseError> {
        let of_reference = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/#-".contains(&byte);
        let sized = (1..=limits::EVIDENCE_REFERENCE_BYTES_MAX).contains(&text.len());
        let named = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if sized && named && text.bytes().all(of_reference) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ResponseError::EvidenceReference)
        }
    }
}

impl fmt::Display for EvidenceReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl LogSafe for EvidenceReference {}

/// A piece of evidence: of what kind it is, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Its kind.
    pub kind: EvidenceKind,
    /// Where it is.
    pub reference: EvidenceReference,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The event that starts the clock.
    Started(StartEvent),
    /// A start that was recorded for `started_at` had not happened; the evidence shows it.
    StartWithdrawn {
        /// When the start that is taken back was said to have happened.
        started_at: Instant,
        /// What shows that it had not.
        evidence: EvidenceReference,
    },
    /// The duty was fulfilled; the evidence shows it.
    Stopped(Evidence),
    /// A reason to wait began, or an extension was declared; the evidence shows it.
    DelayBegan {
        /// The reason, an id of `rules/delays.toml`.
        reason: String,
        /// What shows it.
        evidence: EvidenceReference,
    },
    /// A reason to wait ended.
    DelayEnded {
        /// The reason.
        reason: String,
        /// When the delay that ends had begun.
        began_at: Instant,
    },
}

impl fmt::Display for What {
    /// One line without line breaks, which [`What::from_str`] reads back: `stopped
    /// regulator_receipt pipc:17551`, `delay containment_in_progress log:7`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started(start) => write!(formatter, "started {start}"),
            Self::StartWithdrawn { started_at, evidence } => {
                write!(formatter, "start_withdrawn {} {evidence}", started_at.micros())
            }
            Self::Stopped(Evidence { kind, reference }) => {
                write!(formatter, "stopped {kind} {reference}")
            }
            Self::DelayBegan { reason, evidence } => write!(formatter, "delay {reason} {evidence}"),
            Self::DelayEnded { reason, began_at } => {
                write!(formatter, "delay_ended {reason} {}", began_at.micros())
            }
        }
    }
}

impl FromStr for What {
    type Err = ResponseError;

    /// Reads what `Display` writes; times are microseconds since 1970, UTC.
    fn from_str(line: &str) -> Result<Self, ResponseError> {
        let refuse = || ResponseError::Clock(ClockRefusal::Unreadable);
        let instant = |micros: &str| micros.parse().map(Instant::from_micros).map_err(|_| refuse());
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["started", start] => StartEvent::from_id(start).map(Self::Started).ok_or_else(refuse),
            ["start_withdrawn", at, evidence] => {
                Ok(Self::StartWithdrawn { started_at: instant(at)?, evidence: evidence.parse()? })
            }
            ["stopped", kind, reference] => {
                let kind = EvidenceKind::from_id(kind).ok_or_else(refuse)?;
                Ok(Self::Stopped(Evidence { kind, reference: reference.parse()? }))
            }
            ["delay", reason, evidence] => {
                Ok(Self::DelayBegan { reason: reason.into(), evidence: evidence.parse()? })
            }
            ["delay_ended", reason, at] => {
                Ok(Self::DelayEnded { reason: reason.into(), began_at: instant(at)? })
            }
            _ => Err(refuse()),
        }
    }
}

/// One event of a clock's append-only list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockEvent {
    /// When it happened.
    pub happened_at: Instant,
    /// When it was put on record, by our own wall clock.
    pub recorded_at: Instant,
    /// What happened.
    pub what: What,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_event_reads_back_from_its_line() {
        for line in [
            "started aware_at",
            "start_withdrawn -5 minutes:4",
            "stopped regulator_receipt pipc:17551",
            "delay containment_in_progress log:7",
            "delay_ended containment_in_progress 1790000000000000",
        ] {
            assert_eq!(line.parse::<What>().map(|what| what.to_string()), Ok(line.to_owned()));
        }
    }

    #[test]
    fn a_line_that_is_no_event_is_refused() {
        for line in
            ["", "stopped", "stopped click E-1", "started now", "delay_ended x y", "a b c d"]
        {
            let error = line.parse::<What>().unwrap_err();
            assert_eq!(error, ResponseError::Clock(ClockRefusal::Unreadable), "{line}");
        }
        let without_evidence = "stopped regulator_receipt ".parse::<What>();
        assert_eq!(without_evidence, Err(ResponseError::EvidenceReference));
    }

    proptest! {
        #[test]
        fn never_panics_on_any_line(line: String, rest: String) {
            let _ = line.parse::<What>();
            let _ = format!("stopped {line} {rest}").parse::<What>();
        }
    }

    #[test]
    fn a_reference_is_no_text_and_never_empty() {
        for good in ["E-3", "pipc:2026-06-30/17551", "a", "sha256:00ff#2"] {
            assert_eq!(good.parse::<EvidenceReference>().map(|it| it.to_string()), Ok(good.into()));
        }
        let long = "a".repeat(limits::EVIDENCE_REFERENCE_BYTES_MAX + 1);
        for bad in ["", "-", " ", "sent to Kim", "홍길동", "a@b.kr", "done!", &long] {
            assert_eq!(bad.parse::<EvidenceReference>(), Err(ResponseError::EvidenceReference));
        }
    }
}
