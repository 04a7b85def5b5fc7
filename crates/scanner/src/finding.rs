//! What the scanner says: what it found, where, how sure it is, and why.

use std::fmt;

use doldam_ground::kind::Normaliser;
use doldam_ground::mask::mask;
use doldam_ground::{Kind, LogSafe, Pii};
use serde::Serialize;

/// How sure it is that a finding is personal data of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The shape fits, and so do many things that are not personal data.
    Possible,
    /// The shape fits and little else has it.
    Likely,
    /// A check holds that chance does not pass, or the column or key says what it is.
    Certain,
}

impl Confidence {
    /// The word in flags and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    /// One grade less sure; `None` below the lowest.
    pub(crate) const fn lower(self) -> Option<Self> {
        match self {
            Self::Possible => None,
            Self::Likely => Some(Self::Possible),
            Self::Certain => Some(Self::Likely),
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl LogSafe for Confidence {}

/// A place in the bytes of one source.
///
/// UTF-16 is scanned as UTF-8: then these are places in the UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it, from 0.
    pub offset: u64,
    /// The line, from 1.
    pub line: u64,
    /// Bytes before it on its line, plus 1.
    pub column: u64,
}

/// A finding while it is being reported: the bytes are still those of the source.
#[derive(Clone, Copy)]
pub struct Hit<'a> {
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, in a plain sentence without any data.
    pub why: &'static str,
    /// Where it is.
    pub place: Place,
    raw: &'a [u8],
}

impl<'a> Hit<'a> {
    pub(crate) const fn new(
        kind: Kind,
        (confidence, why): (Confidence, &'static str),
        place: Place,
        raw: &'a [u8],
    ) -> Self {
        Self { kind, confidence, why, place, raw }
    }

    /// The bytes as they stand in the source.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The value in the one spelling under which it is compared.
    pub fn value(&self) -> Pii<String> {
        let raw = String::from_utf8_lossy(self.raw);
        if self.kind == Kind::PSEUDONYM {
            return Pii::new(Normaliser::Base64.apply(&raw).unwrap_or_default());
        }
        self.kind.normalise(&raw).unwrap_or_else(|| Pii::new(raw.into_owned()))
    }

    /// The same, to be kept.
    pub fn to_finding(&self) -> Finding {
        Finding {
            kind: self.kind,
            confidence: self.confidence,
            why: self.why,
            place: self.place,
            value: self.value(),
        }
    }
}

impl fmt::Debug for Hit<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Hit")
            .field("kind", &self.kind)
            .field("confidence", &self.confidence)
            .field("why", &self.why)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// One piece of personal data that was found.
#[derive(Debug)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, in a plain sentence without any data.
    pub why: &'static str,
    /// Where it is.
    pub place: Place,
    /// The value, normalised; it cannot be printed or serialised.
    pub value: Pii<String>,
}

impl Finding {
    /// The value as it may be shown: its first character at most.
    pub fn masked(&self) -> String {
        mask(self.value.expose())
    }
}
