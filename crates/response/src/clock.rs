//! Legal clocks: by when a duty must be fulfilled, and what shows that it was.
//!
//! A clock is a pure function of an append-only list of events and the time: nothing ticks, nothing
//! is stored that could drift, and the same events read the same before a court. Three rules carry
//! the room:
//!
//! 1. **Only evidence stops a clock.** There is no "done" button: a stop names the kind of evidence
//!    that the law's row allows and a reference to the piece itself.
//! 2. **Waiting needs a reason of the law.** Containment work delays a Korean notice but not the
//!    report; each row lists its reasons, and `rules/delays.toml` says what each one does. A reason
//!    that began after the deadline heals nothing.
//! 3. **Doubt makes a deadline earlier.** Of two start events the earlier counts; a start is taken
//!    back only with evidence; a wall clock that jumps back cannot make an overdue clock run again,
//!    because time is never earlier than the last event on record.
//!
//! Where the law counts persons ([`ClockRule::per_person`]), a [`ClockSet`] keeps one clock a
//! person, started when *that person's* exposure became known.

mod event;
mod person;
mod reading;
mod rule;

pub use event::{ClockEvent, Evidence, EvidenceReference, What};
pub use person::{ClockSet, Summary};
pub use reading::{ClockState, DutyClock, Reading};
pub use rule::{Basis, ClockRule, Counting, Deadline, Delay, DelayEffect, Length};
