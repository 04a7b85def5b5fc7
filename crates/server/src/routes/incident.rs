//! Leaks, possible or confirmed: worked from the lead to the close.

pub(crate) mod attach;
pub(crate) mod close;
pub(crate) mod contain;
pub(crate) mod create;
pub(crate) mod learn;
pub(crate) mod list;
pub(crate) mod people;
pub(crate) mod report;
pub(crate) mod show;
pub(crate) mod timeline;

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_store::incident::{self, Incident};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::principal::Sender;
use crate::problem::Problem;

/// A leak, possible or confirmed.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentBody {
    /// Its number: L-1.
    id: String,
    /// What people call it.
    title: String,
    /// finding, tip or processor: from where it became known.
    source: String,
    /// Who reported it, or whose copy it seems to be: P-1.
    processor: Option<String>,
    /// open or closed.
    state: &'static str,
    /// When the company came to know of it.
    aware_at: String,
    opened_at: String,
    opened_by: String,
    closed_at: Option<String>,
}

impl From<Incident> for IncidentBody {
    fn from(held: Incident) -> Self {
        Self {
            id: held.id.to_string(),
            title: held.opened.title,
            source: held.opened.source,
            processor: held.opened.processor.map(|id| id.to_string()),
            state: if held.closed_at.is_none() { "open" } else { "closed" },
            aware_at: held.opened.aware_at.to_rfc3339(),
            opened_at: held.opened_at.to_rfc3339(),
            opened_by: held.opened.opened_by,
            closed_at: held.closed_at.map(Instant::to_rfc3339),
        }
    }
}

/// Whether the sender may see an incident: an inspector sees those of the processor to inspect.
fn may_see(sender: &Sender, held: &Incident) -> bool {
    held.opened.processor.map_or_else(
        || sender.principal.scope().is_none(),
        |processor: ProcessorId| sender.may_see(processor),
    )
}

/// An incident that the sender may see; for anybody else there is none.
pub(crate) fn seen(app: &App, sender: &Sender, id: IncidentId) -> Result<Incident, Problem> {
    let found = app.vault.data().read("incident.find", |tx| incident::find(tx, id))?;
    found.filter(|held| may_see(sender, held)).ok_or_else(Problem::not_found)
}
