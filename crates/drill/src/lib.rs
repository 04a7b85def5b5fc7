//! The story, as code: a leak from the found file to the last person told, on people who do not
//! exist.
//!
//! A company that has never rehearsed learns on the day itself that nobody knows who may approve a
//! text. A drill runs every room of the product in their order, with the same code as on the day,
//! and says how long each step took. It is also the first file that a newcomer should open:
//! [`story`] reads like the event that the product was made for.
//!
//! A rehearsal touches nothing real (decision 12). It makes a folder of its own and a vault in it,
//! its own processor, staff and subjects, and a gateway of its own on the loopback address; it
//! takes no folder, no settings and no address from outside, so there is nothing that it could
//! reach by mistake. When it ends, the folder is gone.

mod error;
mod outcome;
mod steps;
pub mod story;

pub use error::DrillError;
pub use outcome::{Notices, Outcome, Step};
pub use story::{Drill, Tell, Trouble};
