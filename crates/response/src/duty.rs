//! What the law asks of a party, given the facts of an incident.
//!
//! The law is data ([`RuleTable`], from `rules/*.toml`): every duty is a dated row with its
//! article, its trigger, its deadline, whom to tell, what must and must not be said, and how sure
//! the row is. Code knows no threshold and no date. Three things make the evaluation honest:
//!
//! - **Unknown is an answer.** A trigger is evaluated in three-valued logic; where the facts do not
//!   decide it, the duty is [`Answer::Unknown`] and names the facts to be answered.
//! - **Which text applies is itself a question of fact.** In Korea, since 2026-09-11, notice and
//!   report go by the day of knowing, the notice of a possible leak by the day the possibility was
//!   known, the duty to recall and delete by the day of the leak. Each row says which date picks
//!   it (`applies_by`), and an unknown date makes the duty unknown.
//! - **Every answer says why**, in Korean and English, from the statements that decided it.
//!
//! An unknown duty is not a duty that may be forgotten: run its clock as if it were due until the
//! facts are in.

mod answer;
mod control;
mod evaluate;
mod explain;
mod fact;
mod item;
mod name;
mod rule;
mod table;
mod token;
mod trigger;
mod truth;
mod value;
mod view;

pub use control::{Control, ControlBasis, ControlEvidence, ControlGroup, Severity};
pub use evaluate::{Answer, Duty, Reason};
pub use fact::{Facts, KindSet, State};
pub use item::{Item, ItemUse};
pub use name::{FactName, Region};
pub use rule::Rule;
pub use table::{RuleTable, TableTexts};
pub use trigger::{Atom, Expression};
pub use truth::Truth;
pub use value::{Comparison, Count, When};
