//! What can happen to a clock.

use std::fmt;
use std::str::FromStr;

use doldam_ground::{Instant, LogSafe, limits};

use crate::error::ResponseError;
use crate::words::{EvidenceKind, StartEvent};

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
    use super::*;

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
