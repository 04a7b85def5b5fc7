//! What analysts write: expressions, and rules made of them.
//!
//! The language is a typed subset of the Common Expression Language (CEL; `docs/rules.md` says
//! which). A typo must show while somebody still looks at the text, not at three in the morning
//! when the first event of that shape comes; so names and types are checked when a text is saved,
//! with the place of the fault and what was probably meant. What is left to go wrong while an event
//! is judged (a field that did not come, a division by zero) is a [`Fault`], a value like any other:
//! nothing here panics, loops or asks for memory, and the most that an expression can cost is known
//! before it runs.

mod calendar;
mod check;
mod expression;
mod fault;
mod run;
mod set;
mod syntax;
mod token;

pub use expression::{COST_MAX, Expression, TEXT_MAX};
pub use fault::{Fault, RuleFault, Sentence};
pub use set::{Band, RULES_MAX, Rule, RuleSet, SET_COST_MAX, SET_TEXT_MAX, STARTER, SetFault};
