//! The desk at which processors are dealt with: a thin layer over the vault.

use std::sync::{Arc, Mutex};

use doldam_ground::Clock;
use doldam_ground::ids::ProcessorId;
use doldam_store::processor::Processor;
use doldam_vault::{Actor, Vault};

use crate::access::{ApiKeys, Domains, Messages, Revocable, Running};
use crate::error::ProcessorsError;

/// All that is done with outside parties. One of it stands over a vault.
pub struct Processors {
    pub(crate) vault: Arc<Vault>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: ApiKeys,
    pub(crate) running: Arc<Running>,
    pub(crate) revocables: Vec<Box<dyn Revocable>>,
    /// Held while a delivery gets its number and its file.
    pub(crate) sealing: Mutex<()>,
}

impl Processors {
    /// Opens the desk and carries out what an earlier process was ordered to cut and did not
    /// finish.
    pub fn open(vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Result<Self, ProcessorsError> {
        let running = Arc::new(Running::default());
        let keys = ApiKeys::new(Arc::clone(&vault), Arc::clone(&running));
        // The keys go first: what comes in without one finds nothing to begin anew.
        let revocables: Vec<Box<dyn Revocable>> = vec![
            Box::new(keys.clone()),
            Box::new(Domains::new(Arc::clone(&vault))),
            Box::new(Messages::new(Arc::clone(&vault))),
        ];
        let sealing = Mutex::new(());
        let desk = Self { vault, clock, keys, running, revocables, sealing };
        desk.finish_cuts()?;
        Ok(desk)
    }

    /// The keys by which processors' programs come in.
    pub const fn keys(&self) -> &ApiKeys {
        &self.keys
    }

    /// The requests of processors that run now.
    pub fn running(&self) -> &Arc<Running> {
        &self.running
    }

    /// All processors, by number.
    pub fn list(&self) -> Result<Vec<Processor>, ProcessorsError> {
        Ok(self.vault.processors()?)
    }

    /// One processor.
    pub fn find(&self, id: ProcessorId) -> Result<Processor, ProcessorsError> {
        let found = self.vault.processors()?.into_iter().find(|held| held.id == id);
        found.ok_or(ProcessorsError::NoProcessor(id))
    }

    /// Registers a processor of a new name; `relation` is outsourcing or provision.
    pub fn register(
        &self,
        name: &str,
        relation: &str,
        actor: &Actor,
    ) -> Result<Processor, ProcessorsError> {
        let is_id = name.parse::<ProcessorId>().is_ok();
        if is_id || name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(ProcessorsError::Invalid("a processor's name is the name of a firm"));
        }
        match self.vault.processor(name, relation, actor)? {
            (processor, true) => Ok(processor),
            (_, false) => Err(ProcessorsError::Invalid("a processor has this name already")),
        }
    }
}
