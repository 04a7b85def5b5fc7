//! Why: the reasons behind a score, as codes with counts, and the English sentence they make.
//!
//! A score that cannot say why is worth nothing before a court. The codes stay stable, so that the
//! same reasons can be told in another language; nothing in them is a person's.

use doldam_ground::Kind;
use doldam_ground::ids::DisclosureId;
use serde::Serialize;

/// One reason for or against a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Rows hold pseudonyms that were made for this disclosure only: decisive.
    BoundPseudonyms {
        /// Rows that hold one.
        rows: u64,
    },
    /// Rows hold pseudonyms of this processor's key.
    Pseudonyms {
        /// Rows that hold one.
        rows: u64,
    },
    /// Rows hold invented people that were planted here only: decisive.
    Canaries {
        /// Rows that hold one.
        rows: u64,
        /// Different canaries.
        canaries: u64,
    },
    /// Rows are strangers to us, and the same strangers stood in this hand-over.
    SameStrangers {
        /// Rows that hold one.
        rows: u64,
    },
    /// The file's known people are among those who were in it.
    Members {
        /// Known people of the file that it contained.
        known: u64,
        /// Known people of the file.
        of: u64,
        /// People whom it contained.
        size: u64,
    },
    /// Rows stand in the order in which they were given.
    Order {
        /// Rows that follow the row before them as they did there.
        rows: u64,
    },
    /// The file holds kinds in clear that it never contained.
    NeverContained {
        /// The ids of the kinds.
        kinds: Vec<&'static str>,
    },
    /// Other sources explain the file exactly as well: it cannot be told which.
    Tie {
        /// The other disclosures, as they are shown (`D-3`).
        with: Vec<String>,
    },
    /// Rows that this source explains best.
    Explains {
        /// The rows.
        rows: u64,
    },
    /// Nothing in the file is known.
    NothingKnown,
    /// What is known is no more than chance, or people who are somebody else's customers too.
    Coincidence {
        /// Known rows.
        known: u64,
        /// All rows.
        of: u64,
    },
    /// Our own register holds these rows; a copy made at home leaves no other trace.
    OwnCopyPossible,
    /// Known people are spread as over all our subjects, not gathered in what one party got.
    OwnCopyFits,
    /// The file holds what our own register does not: pseudonyms or planted people.
    OwnCopyExcluded,
}

impl Reason {
    /// Our own copy's standing remark, when nothing decisive speaks against it.
    pub(crate) fn members(known: u64, of: u64, size: u64) -> Self {
        Self::Members { known, of, size }
    }

    /// The reason in plain English, without a full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::BoundPseudonyms { rows } => {
                format!("{rows} rows hold pseudonyms made for this disclosure only")
            }
            Self::Pseudonyms { rows } => {
                format!("{rows} rows hold pseudonyms made under this processor's key")
            }
            Self::Canaries { rows, canaries } => {
                format!("{rows} rows hold {canaries} invented people planted here only")
            }
            Self::SameStrangers { rows } => {
                format!("{rows} rows are strangers to us who stood in this hand-over")
            }
            Self::Members { known, of, size } => {
                format!("it contained {known} of the file's {of} known people, among {size}")
            }
            Self::Order { rows } => format!("{rows} rows stand in the order in which it was given"),
            Self::NeverContained { kinds } => format!(
                "against it: the file holds {} in clear, which it never contained",
                kinds.join(", ")
            ),
            Self::Tie { with } => {
                format!("{} explains the file exactly as well", with.join(", "))
            }
            Self::Explains { rows } => format!("it explains {rows} rows best"),
            Self::NothingKnown => "nothing in the file is known".to_owned(),
            Self::Coincidence { known, of } => format!(
                "{known} of {of} rows are known, no more than chance or common customers give"
            ),
            Self::OwnCopyPossible => {
                "our own register holds these people too, so a copy made at home is possible"
                    .to_owned()
            }
            Self::OwnCopyFits => "the known people are spread as over all our subjects".to_owned(),
            Self::OwnCopyExcluded => {
                "against it: the file holds what our own register does not".to_owned()
            }
        }
    }
}

/// All reasons as one line.
pub(crate) fn sentence(reasons: &[Reason]) -> String {
    let parts: Vec<String> = reasons.iter().map(Reason::sentence).collect();
    parts.join("; ")
}

pub(crate) fn tie(with: impl Iterator<Item = DisclosureId>) -> Reason {
    Reason::Tie { with: with.map(|id| id.to_string()).collect() }
}

pub(crate) fn never_contained(kinds: impl Iterator<Item = Kind>) -> Reason {
    Reason::NeverContained { kinds: kinds.map(Kind::id).collect() }
}
