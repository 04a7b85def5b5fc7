//! Pseudonym domains: once suspended, nothing new is issued to the processor from them.

use std::sync::Arc;

use doldam_ground::ids::ProcessorId;
use doldam_vault::Vault;

use super::{CutOrder, Revocable};
use crate::error::ProcessorsError;

/// The domains of all processors.
pub struct Domains {
    vault: Arc<Vault>,
}

impl Domains {
    pub(crate) const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Revocable for Domains {
    fn name(&self) -> &'static str {
        "pseudonym domains"
    }

    fn revoke_all(&self, processor: ProcessorId, order: &CutOrder) -> Result<u64, ProcessorsError> {
        let purpose = format!("{}: {}", order.id, order.reason);
        let mut count = 0;
        for domain in self.vault.domains()? {
            if domain.processor == processor && domain.state == "active" {
                self.vault.domain_suspend(domain.id, &order.actor, &purpose)?;
                count += 1;
            }
        }
        Ok(count)
    }
}
