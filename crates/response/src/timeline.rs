//! The timeline: what happened in an incident, line by line, for ever.
//!
//! Every act of the rooms beside this one writes its line in the act's own transaction, together
//! with the row of the access log. So the timeline cannot tell of what was not done, and nothing is
//! done that it does not tell. Lines hold counts, ids and words, never a person's data.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;
use doldam_ground::limits::TIMELINE_ROWS_MAX;
use doldam_scanner::{ScanOptions, scan};
use doldam_store::incident::{self, TimelineEntry, TimelineRow};
use doldam_store::{StoreError, Tx, audit};
use doldam_vault::{Actor, Vault};
use roaring::RoaringBitmap;
use serde_json::Value;

use crate::error::ResponseError;

/// The lines of an incident behind line `after`, oldest first, at most
/// [`TIMELINE_ROWS_MAX`]; ask again behind the last one for more.
pub fn read(
    vault: &Vault,
    incident: IncidentId,
    after: u32,
) -> Result<Vec<TimelineRow>, ResponseError> {
    let rows = |tx: &mut Tx<'_>| incident::timeline(tx, incident, after, TIMELINE_ROWS_MAX);
    Ok(vault.data().read("timeline.read", rows)?)
}

/// Refuses a text that is kept for ever and holds what looks like personal data: a title or a reason
/// names the case, not the person.
pub(crate) fn require_impersonal(text: &str) -> Result<(), ResponseError> {
    if scan(text.as_bytes(), &ScanOptions::default()).is_empty() {
        return Ok(());
    }
    Err(ResponseError::Refused(
        "the text holds what looks like personal data: name the case, not the person",
    ))
}

/// A line and its row of the access log, to be appended in the transaction of the act.
pub(crate) struct Line {
    entry: TimelineEntry,
    audit: audit::Entry,
}

impl Line {
    /// What `actor` does now: `what` to `object`, with `facts` (an object of counts, ids, words).
    pub(crate) fn new(
        vault: &Vault,
        actor: &Actor,
        what: &'static str,
        object: &str,
        facts: &Value,
    ) -> Self {
        let object = object.to_owned();
        Self {
            entry: TimelineEntry {
                at: vault.now(),
                actor: actor.name.clone(),
                what: what.to_owned(),
                object: object.clone(),
                facts: facts.to_string(),
            },
            audit: vault.entry(actor, what, object, "", None),
        }
    }

    /// Says what it was done to, if that has its number only in the transaction of the act.
    pub(crate) fn name(&mut self, object: &str) {
        object.clone_into(&mut self.entry.object);
    }

    /// Says when it happened, if that was not now.
    pub(crate) fn at(mut self, at: Instant) -> Self {
        self.entry.at = at;
        self
    }

    /// Says in the access log why it is done.
    pub(crate) fn because(mut self, reason: &str) -> Self {
        reason.clone_into(&mut self.audit.purpose);
        self
    }

    /// Says in the access log whose data it is about.
    pub(crate) fn about(mut self, vault: &Vault, members: &RoaringBitmap) -> Self {
        self.audit.subject_count = u32::try_from(members.len()).unwrap_or(u32::MAX);
        self.audit.sealed_subjects = Some(vault.seal_members(members));
        self
    }

    /// Appends both. The log's object starts with the incident.
    pub(crate) fn append(
        &mut self,
        tx: &mut Tx<'_>,
        incident: IncidentId,
    ) -> Result<(), StoreError> {
        let recorded_at = self.audit.at;
        incident::timeline_append(tx, incident, &self.entry, recorded_at)?;
        let object = format!("{incident} {}", self.entry.object);
        object.trim_end().clone_into(&mut self.audit.object);
        audit::append(tx, &self.audit).map(drop)
    }
}
