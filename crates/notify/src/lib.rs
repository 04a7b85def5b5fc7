//! Tell a person once.
//!
//! A leak notice that comes twice looks like the fraud that it warns of; one that never comes
//! breaks the law. No gateway protocol promises "exactly once", so this crate promises what can be
//! kept: what is about to be sent is written down first ([`outbox`]), what may or may not have
//! gone out is *in doubt* and stays so until an answer, a receipt or a person says which it was,
//! and nobody is ever sent a text again by the program's own guess.
//!
//! The other half is the text itself: what fits into a short message on Korean phones
//! ([`encode`]), templates that cannot leave a hole ([`template`]), and a linter that finds every
//! fault of a text before two people approve it ([`template::lint`]).

pub mod encode;
mod error;
#[doc(hidden)]
pub mod fuzzing;
pub mod outbox;
pub mod sms;
pub mod template;

pub use error::NotifyError;
pub use outbox::{Recipient, Recipients, Sender, Summary};
pub use sms::gateway::Gateway;
