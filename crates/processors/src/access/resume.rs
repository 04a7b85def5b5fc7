//! The way back from a cut: the domains work again, and nothing else.
//!
//! A cut is undone when its reason is gone: another contract, or a leak that was somebody else's. One
//! person cuts, because every second counts; two let in again, because nothing hurries. What was cut
//! because it may be in wrong hands stays cut. Keys are not brought back, new ones are issued; a
//! delivery that was cut off is fetched with one of them. Until then nothing new is given to the
//! processor, or the way back would have a door beside it.

use doldam_ground::ids::{ApprovalId, CutId, DomainId, ProcessorId};
use doldam_store::access::cut;
use doldam_store::staff::Approval;
use doldam_vault::{Actor, StaffMember, Vault};

use crate::error::ProcessorsError;
use crate::registry::Processors;

/// How a processor stands that was cut off and not let in again.
#[derive(Clone)]
pub struct Standing {
    /// The cut.
    pub cut: CutId,
    /// The newest request to undo it that has not expired.
    pub asked: Option<Approval>,
}

/// The cut that a processor is under; `None` when it was never cut off, or is let in again.
pub(crate) fn standing(
    vault: &Vault,
    processor: ProcessorId,
) -> Result<Option<Standing>, ProcessorsError> {
    let cuts = vault.data().read("access.cuts", |tx| cut::list(tx, processor))?;
    let Some(last) = cuts.last() else { return Ok(None) };
    let mut requests = vault.resume_requests(processor, last.id)?;
    if requests.iter().any(|held| held.used_at.is_some()) {
        return Ok(None);
    }
    let now = vault.now();
    requests.retain(|held| held.expires_at > now);
    Ok(Some(Standing { cut: last.id, asked: requests.pop() }))
}

/// Refuses what would give something new to a processor that is cut off.
pub(crate) fn require_let_in(vault: &Vault, processor: ProcessorId) -> Result<(), ProcessorsError> {
    match standing(vault, processor)? {
        Some(_) => Err(ProcessorsError::Cut(processor)),
        None => Ok(()),
    }
}

impl Processors {
    /// The cut that a processor is under; `None` when it was never cut off, or is let in again.
    pub fn standing(&self, processor: ProcessorId) -> Result<Option<Standing>, ProcessorsError> {
        standing(&self.vault, processor)
    }

    fn under(&self, processor: ProcessorId) -> Result<Standing, ProcessorsError> {
        self.find(processor)?;
        if self.running.is_barred(processor) {
            return Err(ProcessorsError::Cut(processor));
        }
        self.standing(processor)?.ok_or(ProcessorsError::NotCut(processor))
    }

    /// Asks a second person to agree that a processor is let in again.
    ///
    /// Fails with [`ProcessorsError::NotCut`] where there is nothing to undo, and with
    /// [`ProcessorsError::Cut`] while a cut is being carried out.
    pub fn request_resume(
        &self,
        processor: ProcessorId,
        by: StaffMember,
        reason: &str,
    ) -> Result<ApprovalId, ProcessorsError> {
        let cut = self.under(processor)?.cut;
        Ok(self.vault.request_resume(processor, cut, by, reason)?)
    }

    /// Lets the suspended domains of a processor work again, with the consent to undo its last cut;
    /// gives all of its domains that work. Destroyed ones stay destroyed.
    ///
    /// Fails as [`Processors::request_resume`] does, and where the consent does not fit.
    pub fn resume(
        &self,
        processor: ProcessorId,
        approval: ApprovalId,
        by: StaffMember,
        actor: &Actor,
    ) -> Result<Vec<DomainId>, ProcessorsError> {
        let cut = self.under(processor)?.cut;
        self.vault.resume(processor, cut, by, approval, actor)?;
        self.working_domains(processor)
    }

    /// The domains of a processor that work, by number.
    pub fn working_domains(
        &self,
        processor: ProcessorId,
    ) -> Result<Vec<DomainId>, ProcessorsError> {
        let all = self.vault.domains()?.into_iter();
        let its = all.filter(|held| held.processor == processor && held.state == "active");
        Ok(its.map(|held| held.id).collect())
    }
}
