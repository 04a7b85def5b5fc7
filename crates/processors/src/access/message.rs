//! Messages that wait: a processor that is cut off has no more texts sent.

use std::sync::Arc;

use doldam_ground::ids::ProcessorId;
use doldam_store::{audit, message};
use doldam_vault::Vault;

use super::{CutOrder, Revocable};
use crate::error::ProcessorsError;

/// The messages of all processors that are not on the wire.
pub struct Messages {
    vault: Arc<Vault>,
}

impl Messages {
    pub(crate) const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Revocable for Messages {
    fn name(&self) -> &'static str {
        "messages that wait"
    }

    fn revoke_all(&self, processor: ProcessorId, order: &CutOrder) -> Result<u64, ProcessorsError> {
        let now = self.vault.now();
        let object = format!("{processor} {}", order.id);
        let entry = self.vault.entry(&order.actor, "message.drop_all", object, &order.reason, None);
        Ok(self.vault.data().write("message.cut", move |tx| {
            let count = message::cut(tx, processor, now)?;
            audit::append(tx, &entry)?;
            Ok(count)
        })?)
    }
}
