//! What was decided on one event, with everything that it depended on.
//!
//! A decision stands in the log beside its event. It names the set-up and the lists by their place
//! in the log and the features by a hash, so that years later a replay shows that the same inputs
//! give the same answer, and a claim can rest on it as evidence.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::Reason;
use crate::rule::Fault;

/// What is to be done with the event, weakest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Let it pass.
    #[default]
    Allow,
    /// Let it pass, and a person looks at it afterwards.
    Case,
    /// Ask the customer for one more proof first.
    StepUp,
    /// Carry it out later, unless somebody objects (지연이체).
    Delay,
    /// Stop it until a person has looked (임시조치).
    Hold,
    /// Refuse it.
    Block,
}

impl Action {
    /// Every action, weakest first, in the order of its number in the log.
    pub const ALL: [Self; 6] =
        [Self::Allow, Self::Case, Self::StepUp, Self::Delay, Self::Hold, Self::Block];

    /// Its name in rules and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Case => "case",
            Self::StepUp => "step_up",
            Self::Delay => "delay",
            Self::Hold => "hold",
            Self::Block => "block",
        }
    }

    /// Its number in the log; never reused.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The action of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A key of the event that stands on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The list, by its place.
    pub list: u16,
    /// The field of the event, by its place in the schema.
    pub field: u16,
    /// What put it there: an incident, a disclosure; empty when nothing was said.
    pub reference: Box<str>,
}

/// What a rule set made of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The strongest action of the rules that fired.
    pub action: Action,
    /// Sum of their scores, 0 to 100.
    pub score: u8,
    /// The rules that fired, by their places in the rule set.
    pub fired: Vec<u16>,
    /// The rules that could not be evaluated, and why.
    pub faulted: Vec<(u16, Fault)>,
}

/// The decision on one event.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What the rules in force say.
    pub verdict: Verdict,
    /// The model's probability of fraud; `None` without a model.
    pub probability: Option<f64>,
    /// The features that moved the score most, when the action is not [`Action::Allow`].
    pub reasons: Vec<Reason>,
    /// Keys of the event on lists, when the action is not [`Action::Allow`].
    pub marks: Vec<Mark>,
    /// The event came too late to count for later ones.
    pub too_late: bool,
    /// First 16 bytes of the BLAKE3 hash of all feature values.
    pub snapshot: [u8; 16],
    /// Place in the log of the set-up in force.
    pub setup: u64,
    /// Place in the log of the last change of a list.
    pub lists: u64,
    /// What the shadow rule set says, if one runs beside.
    pub shadow: Option<Verdict>,
}
