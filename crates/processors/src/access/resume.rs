//! The way back from a cut: the domains work again, and nothing else.
//!
//! A cut is undone when its reason is gone: another contract, or a leak that was somebody else's.
//! What was cut because it may be in wrong hands stays cut. Keys are not brought back, new ones are
//! issued; a delivery that was cut off is fetched with one of them.

use doldam_ground::ids::{DomainId, ProcessorId};
use doldam_store::audit;
use doldam_vault::Actor;

use crate::error::ProcessorsError;
use crate::registry::Processors;

impl Processors {
    /// Lets the suspended domains of a processor work again; gives all of its domains that work.
    /// Destroyed ones stay destroyed. Safe to repeat.
    ///
    /// Fails with [`ProcessorsError::Cut`] while a cut of the processor is being carried out.
    pub fn resume(
        &self,
        processor: ProcessorId,
        actor: &Actor,
        reason: &str,
    ) -> Result<Vec<DomainId>, ProcessorsError> {
        self.find(processor)?;
        if self.running.is_barred(processor) {
            return Err(ProcessorsError::Cut(processor));
        }
        for domain in self.vault.domains()? {
            if domain.processor == processor && domain.state == "suspended" {
                self.vault.domain_resume(domain.id, actor, reason)?;
            }
        }
        let entry = self.vault.entry(actor, "access.resume", processor.to_string(), reason, None);
        self.vault
            .data()
            .write("access.resume", move |tx| audit::append(tx, &entry).map(drop))
            .map_err(doldam_vault::VaultError::from)?;
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
