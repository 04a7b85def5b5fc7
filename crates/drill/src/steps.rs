//! The steps of the story, one function each.

mod after;
mod before;
mod fraud;
mod telling;

use std::sync::Arc;

use doldam_ground::Clock;
use doldam_ground::ids::{DisclosureId, ProcessorId};
use doldam_synthetic::{People, Seed};
use doldam_vault::{Actor, StaffMember, Vault};
use tempfile::TempDir;

pub(crate) use after::{close, contain, evidence, open, report, scan, start_clocks, trace, verify};
pub(crate) use before::{disclose, enrol, house, leak, staff};
pub(crate) use fraud::{canary, fraud, watch};
pub(crate) use telling::{agree, gateway, receipts, resolve, send};

use crate::error::DrillError;

/// Fewest people of a drill: of fewer, attribution by statistics says nothing.
pub(crate) const SUBJECTS_MIN: u32 = 100;
/// Most people of a drill.
pub(crate) const SUBJECTS_MAX: u32 = 1_000_000;

const PURPOSE: &str = "rehearsal on invented people";

/// The drill's own house: a vault in a folder that vanishes with it.
pub(crate) struct House {
    vault: Vault,
    seed: Seed,
    people: People,
    clock: Arc<dyn Clock>,
    /// Dropped last: the vault lies in it.
    folder: TempDir,
}

/// Who plays: the one who writes the notice, and the two who agree to it.
pub(crate) struct Cast {
    author: StaffMember,
    approvers: [StaffMember; 2],
}

/// What the developer got.
pub(crate) struct Given {
    processor: ProcessorId,
    disclosure: DisclosureId,
    csv: Vec<u8>,
}

/// The one who acts in every step but the approvals.
fn officer() -> Actor {
    acting("minji")
}

fn acting(name: &str) -> Actor {
    Actor { name: format!("drill.{name}"), origin: "drill".to_owned() }
}

/// A count that must come out as it must.
fn expect(what: &'static str, expected: u64, found: u64) -> Result<(), DrillError> {
    if expected == found { Ok(()) } else { Err(DrillError::Differs { what, expected, found }) }
}
