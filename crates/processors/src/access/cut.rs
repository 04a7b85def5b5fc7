//! The switch: from an order to a signed proof.

use doldam_ground::ids::{CutId, ProcessorId};
use doldam_store::access::cut::{self, Cut};
use doldam_store::audit;
use doldam_vault::Actor;
use serde::Serialize;

use super::CutOrder;
use crate::error::ProcessorsError;
use crate::registry::Processors;

/// What was cut of one kind of credential.
#[derive(Clone, Debug, Serialize)]
pub struct CutPart {
    /// What, in the plural.
    pub credential: &'static str,
    /// How many worked until then.
    pub revoked: u64,
    /// When none worked any more, RFC 3339.
    pub at: String,
    /// Microseconds from the order to that moment.
    pub after_us: u64,
}

/// That a processor was cut off.
#[derive(Clone, Debug, Serialize)]
pub struct CutProof {
    /// Always 1.
    pub schema: u32,
    /// The random name of the installation.
    pub installation: String,
    /// The order.
    #[serde(serialize_with = "as_text")]
    pub cut: CutId,
    /// Whose access.
    #[serde(serialize_with = "as_text")]
    pub processor: ProcessorId,
    /// Who ordered it.
    pub ordered_by: String,
    /// When, RFC 3339.
    pub ordered_at: String,
    /// Why.
    pub reason: String,
    /// What was cut, in order.
    pub parts: Vec<CutPart>,
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(
    id: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

impl Processors {
    /// Cuts a processor off: nothing of it is let in from the first microsecond on, what runs is
    /// stopped, each kind of credential is revoked, and the proof is signed and kept.
    ///
    /// After an error the processor stays locked out in memory; order the cut again.
    pub fn cut(
        &self,
        processor: ProcessorId,
        actor: &Actor,
        reason: &str,
    ) -> Result<CutProof, ProcessorsError> {
        let started_us = self.clock.elapsed_us();
        self.find(processor)?;
        let stopped = self.running.bar(processor);
        let mut parts = vec![self.part("requests in progress", stopped, started_us)];
        let (why, by, now) = (reason.to_owned(), actor.name.clone(), self.vault.now());
        let mut entry = self.vault.entry(actor, "access.cut", processor.to_string(), reason, None);
        let id = self.vault.data().write("access.cut", move |tx| {
            let id = cut::insert(tx, processor, &why, &by, now)?;
            entry.object = format!("{processor} {id}");
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        let order = CutOrder { id, actor: actor.clone(), reason: reason.to_owned() };
        self.carry_out(processor, &order, started_us, &mut parts)?;
        let proof = CutProof {
            schema: 1,
            installation: self.vault.installation().to_owned(),
            cut: id,
            processor,
            ordered_by: actor.name.clone(),
            ordered_at: now.to_rfc3339(),
            reason: reason.to_owned(),
            parts,
        };
        self.keep(&proof)?;
        self.running.unbar(processor);
        Ok(proof)
    }

    /// All orders about a processor, oldest first.
    pub fn cuts(&self, processor: ProcessorId) -> Result<Vec<Cut>, ProcessorsError> {
        Ok(self.vault.data().read("access.cuts", |tx| cut::list(tx, processor))?)
    }

    /// The order of this number, carried out to its end if it was broken off.
    pub fn cut_of(&self, processor: ProcessorId, id: CutId) -> Result<Cut, ProcessorsError> {
        let find = || -> Result<Option<Cut>, ProcessorsError> {
            Ok(self.cuts(processor)?.into_iter().find(|held| held.id == id))
        };
        if find()?.is_some_and(|held| held.proof.is_none()) {
            self.finish_cuts()?;
        }
        find()?.ok_or(ProcessorsError::NoProcessor(processor))
    }

    /// Finishes orders whose process died.
    pub(crate) fn finish_cuts(&self) -> Result<(), ProcessorsError> {
        for held in self.vault.data().read("access.unproved", cut::unproved)? {
            let started_us = self.clock.elapsed_us();
            let actor =
                Actor { name: held.ordered_by.clone(), origin: "after a restart".to_owned() };
            let order = CutOrder { id: held.id, actor, reason: held.reason.clone() };
            let mut parts = vec![self.part("requests in progress", 0, started_us)];
            self.carry_out(held.processor, &order, started_us, &mut parts)?;
            self.keep(&CutProof {
                schema: 1,
                installation: self.vault.installation().to_owned(),
                cut: held.id,
                processor: held.processor,
                ordered_by: held.ordered_by,
                ordered_at: held.ordered_at.to_rfc3339(),
                reason: held.reason,
                parts,
            })?;
        }
        Ok(())
    }

    fn carry_out(
        &self,
        processor: ProcessorId,
        order: &CutOrder,
        started_us: u64,
        parts: &mut Vec<CutPart>,
    ) -> Result<(), ProcessorsError> {
        for credential in &self.revocables {
            let revoked = credential.revoke_all(processor, order)?;
            parts.push(self.part(credential.name(), revoked, started_us));
        }
        Ok(())
    }

    fn part(&self, credential: &'static str, revoked: u64, started_us: u64) -> CutPart {
        let after_us = self.clock.elapsed_us().saturating_sub(started_us);
        CutPart { credential, revoked, at: self.vault.now().to_rfc3339(), after_us }
    }

    fn keep(&self, proof: &CutProof) -> Result<(), ProcessorsError> {
        let text = serde_json::to_string(proof).expect("a proof of counts and times serialises");
        let signature = self.vault.sign(text.as_bytes());
        let (id, now) = (proof.cut, self.vault.now());
        self.vault
            .data()
            .write("access.prove", move |tx| cut::prove(tx, id, &text, &signature, now))?;
        Ok(())
    }
}
