//! Containment: what is cut, by whose order, and what shows that it is.
//!
//! The order is durable before anything is cut; the proof follows. An order without a proof stays
//! visible and is finished by giving it again, so every means must be safe to repeat. Cutting
//! destroys nothing: domains are suspended and put under a legal hold, so that what was issued can
//! still be traced (decision 2).

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_processors::Processors;
use doldam_store::incident::containment::{self, Containment as Row, NewOrder};
use doldam_store::{StoreError, Tx, incident};
use doldam_vault::{Actor, Vault};
use serde_json::{Value, json};

use crate::error::ResponseError;
use crate::timeline::{Line, require_impersonal};

/// An order to one means.
pub struct Order<'o> {
    /// The incident for which it is given.
    pub incident: IncidentId,
    /// Whom it cuts off.
    pub processor: ProcessorId,
    /// Who gives it.
    pub actor: &'o Actor,
    /// Why, in words without personal data.
    pub reason: &'o str,
}

/// Something that can be cut: pseudonym domains, keys, sessions, downloads.
pub trait Containment {
    /// What is cut, in a word: `domains`, `access`.
    fn means(&self) -> &'static str;

    /// Cuts it and shows that it is cut: an object of ids, counts and times. Cutting what is cut
    /// already is no error.
    fn contain(&self, order: &Order<'_>) -> Result<Value, ResponseError>;
}

/// What shows that one means was cut.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What was cut.
    pub means: &'static str,
    /// When the order was given.
    pub ordered_at: Instant,
    /// When it was shown to be cut.
    pub proved_at: Instant,
    /// Ids, counts and times.
    pub facts: Value,
}

/// Cuts a processor off by all `means`, one after the other. A means that fails leaves its order
/// without a proof and does not keep the others from being tried; the first failure is given back.
pub fn contain(
    vault: &Vault,
    order: &Order<'_>,
    means: &[&dyn Containment],
) -> Result<Vec<Proof>, ResponseError> {
    if order.reason.trim().is_empty() {
        return Err(ResponseError::Refused("say why: the order is shown to the processor"));
    }
    require_impersonal(order.reason)?;
    let mut proofs = Vec::with_capacity(means.len());
    let mut failure = None;
    for one in means {
        match cut(vault, order, *one) {
            Ok(proof) => proofs.push(proof),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(proofs), Err)
}

fn cut(vault: &Vault, order: &Order<'_>, one: &dyn Containment) -> Result<Proof, ResponseError> {
    let (id, means, ordered_at) = (order.incident, one.means(), vault.now());
    let whom = order.processor.to_string();
    let written = NewOrder {
        processor: order.processor,
        means: means.to_owned(),
        ordered_by: order.actor.name.clone(),
        reason: order.reason.to_owned(),
    };
    let facts = json!({ "means": means });
    let mut line =
        Line::new(vault, order.actor, "contain.order", &whom, &facts).because(order.reason);
    let (seq, ordered_at) = vault.data().write("contain.order", move |tx| {
        incident::require_open(tx, id)?;
        let order = match unproved(tx, id, &written)? {
            Some(order) => order,
            None => (containment::insert(tx, id, &written, ordered_at)?, ordered_at),
        };
        line.append(tx, id)?;
        Ok(order)
    })?;
    let proof = one.contain(order)?;
    let (proved_at, text) = (vault.now(), proof.to_string());
    let shown = json!({ "means": means, "proof": proof });
    let mut line = Line::new(vault, order.actor, "contain.prove", &whom, &shown);
    vault.data().write("contain.prove", move |tx| {
        containment::prove(tx, id, seq, &text, proved_at)?;
        line.append(tx, id)
    })?;
    Ok(Proof { means, ordered_at, proved_at, facts: proof })
}

/// The earlier order of the same kind that was never shown to be carried out: it is finished by
/// giving it again, or nothing could ever say that all orders are proved.
fn unproved(
    tx: &mut Tx<'_>,
    id: IncidentId,
    order: &NewOrder,
) -> Result<Option<(u32, Instant)>, StoreError> {
    let same = |row: &Row| {
        row.proof.is_none()
            && row.order.processor == order.processor
            && row.order.means == order.means
    };
    let found = containment::list(tx, id)?.into_iter().find(same);
    Ok(found.map(|row| (row.seq, row.ordered_at)))
}

/// All orders of an incident, oldest first; one without a proof was not shown to be carried out.
pub fn orders(vault: &Vault, id: IncidentId) -> Result<Vec<Row>, ResponseError> {
    Ok(vault.data().read("contain.list", |tx| containment::list(tx, id))?)
}

/// Suspends all pseudonym domains of a processor and puts them under a legal hold.
pub struct Domains<'v>(pub &'v Vault);

impl Containment for Domains<'_> {
    fn means(&self) -> &'static str {
        "domains"
    }

    fn contain(&self, order: &Order<'_>) -> Result<Value, ResponseError> {
        let own = || -> Result<Vec<_>, ResponseError> {
            let all = self.0.domains()?;
            Ok(all.into_iter().filter(|domain| domain.processor == order.processor).collect())
        };
        let hold = format!("incident {}", order.incident);
        for domain in own()?.iter().filter(|domain| domain.state != "destroyed") {
            self.0.domain_hold(domain.id, order.actor, &hold)?;
            if domain.state == "active" {
                self.0.domain_suspend(domain.id, order.actor, order.reason)?;
            }
        }
        let domains = own()?;
        if domains.iter().any(|domain| domain.state == "active") {
            return Err(ResponseError::Refused(
                "a domain was opened meanwhile: give the order again",
            ));
        }
        let ids: Vec<String> = domains.iter().map(|domain| domain.id.to_string()).collect();
        Ok(json!({ "suspended": ids, "at": self.0.now().to_rfc3339() }))
    }
}

/// Cuts off all by which a processor comes in: requests that run, keys, domains. The proof on the
/// incident names the signed one that the desk keeps.
pub struct Access<'d>(pub &'d Processors);

impl Containment for Access<'_> {
    fn means(&self) -> &'static str {
        "access"
    }

    fn contain(&self, order: &Order<'_>) -> Result<Value, ResponseError> {
        let proof = self.0.cut(order.processor, order.actor, order.reason)?;
        let parts = proof.parts.iter().map(|part| {
            json!({
                "credential": part.credential,
                "revoked": part.revoked,
                "at": part.at,
                "after_us": part.after_us,
            })
        });
        let parts: Vec<Value> = parts.collect();
        Ok(json!({ "cut": proof.cut.to_string(), "ordered_at": proof.ordered_at, "parts": parts }))
    }
}
