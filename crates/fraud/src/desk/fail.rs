//! What to do with an event that cannot be judged: let it pass, or not, by its kind and amount.
//!
//! A bank whose fraud detection stands still must choose between its customers' day and their
//! money. The choice is made beforehand, and the answer says that it was this choice.

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::decision::Action;
use crate::event::{Event, EventKind};
use crate::value::Value;

/// Up to an amount events of one kind pass; above it something else is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Largest amount that passes, in minor units.
    pub allow_up_to: i64,
    /// What is done above it.
    pub above: Action,
}

/// The choice for every kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailPolicy {
    /// Place of the amount in the schema.
    pub amount: Option<usize>,
    /// For payments, and for tokens that change hands (which have no amount and count as above).
    pub payment: Limit,
    /// For every other kind.
    pub other: Action,
}

impl Default for FailPolicy {
    /// Payments up to 300,000 pass, larger ones are held, everything else passes.
    fn default() -> Self {
        let payment = Limit { allow_up_to: 300_000, above: Action::Hold };
        Self { amount: None, payment, other: Action::Allow }
    }
}

impl FailPolicy {
    /// What to do with one event.
    pub fn action(&self, event: &Event) -> Action {
        if !matches!(event.kind, EventKind::Payment | EventKind::TokenTransfer) {
            return self.other;
        }
        let amount = self.amount.and_then(|place| event.values.get(place));
        match amount {
            Some(Value::Int(amount)) if *amount <= self.payment.allow_up_to => Action::Allow,
            _ => self.payment.above,
        }
    }

    /// The answer that says so.
    pub(crate) fn fallback(&self, event: &Event, cause: &'static str) -> Answer {
        Answer::Fallback { action: self.action(event), cause }
    }
}
