//! Undoing a cut: the domains of a processor work again, when a second person agreed to it.
//!
//! What is agreed to is one processor and one cut. A processor that is cut off again in the meantime
//! stays cut off: the consent was given for another act. And whether a cut was undone is read from the
//! consent that was used up for it, so nobody can say so without one.

use doldam_ground::ids::{ApprovalId, CutId, DomainId, ProcessorId};
use doldam_store::staff::Approval;
use doldam_store::{StoreError, audit, processor};

use crate::approval::{Act, StaffMember};
use crate::domain::{ACTIVE, SUSPENDED};
use crate::error::VaultError;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault};

fn act(processor: ProcessorId, cut: CutId) -> Act {
    Act::new("access.resume", &[&processor.to_string(), &cut.to_string()])
}

impl Vault {
    /// Asks a second person to agree that a processor is let in again after this cut.
    pub fn request_resume(
        &self,
        processor: ProcessorId,
        cut: CutId,
        requester: StaffMember,
        reason: &str,
    ) -> Result<ApprovalId, VaultError> {
        require_purpose(reason)?;
        let summary = format!("let {processor} in again, which {cut} cut off; {reason}");
        self.file_request(&act(processor, cut), &summary, requester, None)
    }

    /// All requests to undo a cut, oldest first.
    pub fn resume_requests(
        &self,
        processor: ProcessorId,
        cut: CutId,
    ) -> Result<Vec<Approval>, VaultError> {
        self.requests_for(&act(processor, cut))
    }

    /// Lets the suspended domains of a processor work again, and uses the consent up, in one
    /// transaction; gives those domains. Destroyed ones stay destroyed.
    ///
    /// Fails with [`VaultError::ApprovalPending`] while nobody agreed, and with
    /// [`VaultError::ApprovalRefused`] where the consent is for something else, used or expired.
    pub fn resume(
        &self,
        processor: ProcessorId,
        cut: CutId,
        requester: StaffMember,
        approval: ApprovalId,
        actor: &Actor,
    ) -> Result<Vec<DomainId>, VaultError> {
        let consent = self.require_approval(&act(processor, cut), "", requester, Some(approval))?;
        let summary = self.approval(approval)?.map(|held| held.summary).unwrap_or_default();
        let why = consent.purpose(&summary);
        let now = self.now();
        let entry = |action, object| self.entry(actor, action, object, &why, None);
        let all = self.domains()?.into_iter();
        let entries: Vec<_> = all
            .filter(|held| held.processor == processor && held.state == SUSPENDED)
            .map(|held| (held.id, entry("domain.resume", held.id.to_string())))
            .collect();
        let resumed = entries.iter().map(|(id, _)| *id).collect();
        let last = entry("access.resume", format!("{processor} {cut} {approval}"));
        self.data.write("access.resume", move |tx| {
            consent.spend(tx, now)?;
            let held = processor::domains(tx)?;
            for (id, entry) in &entries {
                if !held.iter().any(|domain| domain.id == *id && domain.state == SUSPENDED) {
                    return Err(StoreError::State {
                        what: "a domain was changed in the meantime: nothing was undone",
                    });
                }
                processor::domain_set_state(tx, *id, ACTIVE, now)?;
                audit::append(tx, entry)?;
            }
            audit::append(tx, &last).map(drop)
        })?;
        self.finish_moves()?;
        Ok(resumed)
    }
}
