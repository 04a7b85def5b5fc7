//! The story of an incident, from the lead to the close.
//!
//! A company that learns of a leak asks two questions within the hour: *what must we do*, and *by
//! when*. Two rooms answer them:
//!
//! - [`duty`] holds the law as dated data (`rules/*.toml`) and evaluates it over the facts of an
//!   incident in three-valued logic: a duty is due, not due, or *unknown*, and then it says which
//!   facts have to be answered first. It never guesses.
//! - [`clock`] runs a legal clock per duty, and per person where the law counts persons. A clock
//!   stops only on evidence, and waits only for a reason that its row of the table allows.
//!
//! Both are pure: facts, events and the time are passed in, so that the same facts and the same
//! table give the same answer years later, before a regulator or a court.
//!
//! The other rooms act, over the vault and the store. An [`incident`] is opened, filled with facts
//! and with people from signed lists, and closed on evidence; its [`docket`] keeps the clocks of
//! its duties; [`contain`] cuts a processor off and proves it; a [`notice`] is written from the
//! record, agreed to by two and sent once, and stands as a [`posting`] on the web site for whoever
//! it did not reach; a [`report`] is drafted from the same facts. Every act
//! is a line of the [`timeline`] and a row of the access log, in the act's own transaction.
//!
//! What it is not: legal advice. The rows were written in the authors' own words from public copies
//! of the texts, each says how sure it is, and counsel must sign each before it is relied on. See
//! the crate's README for how a row is added.

mod audience;
pub mod clock;
pub mod contain;
pub mod docket;
pub mod duty;
mod error;
pub mod incident;
pub mod notice;
pub mod posting;
pub mod report;
mod row;
pub mod spoken;
pub mod timeline;
pub mod watch;
pub mod words;

pub use error::{ClockRefusal, ResponseError};
