//! What is the same for the whole run: every disclosure, processor and count, asked once.

use std::collections::HashMap;

use doldam_ground::Kind;
use doldam_ground::ids::DomainId;
use roaring::RoaringBitmap;

use crate::TraceError;
use crate::house::{DisclosureFacts, House, ProcessorFacts};

/// The house's records, as they stood when the run began.
pub(crate) struct Facts {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) disclosures: Vec<DisclosureFacts>,
    pub(crate) processors: Vec<ProcessorFacts>,
    pub(crate) subject_total: u64,
    issued: HashMap<DomainId, RoaringBitmap>,
}

impl Facts {
    pub(crate) fn load(house: &dyn House) -> Result<Self, TraceError> {
        let mut disclosures = house.disclosures()?;
        disclosures.sort_by_key(|disclosure| disclosure.id);
        let mut issued: HashMap<DomainId, RoaringBitmap> = HashMap::new();
        for disclosure in &disclosures {
            for domain in &disclosure.domains {
                *issued.entry(*domain).or_default() |= &disclosure.members;
            }
        }
        Ok(Self {
            kinds: house.kinds()?,
            processors: house.processors()?,
            subject_total: house.subject_total()?,
            disclosures,
            issued,
        })
    }

    /// Whose pseudonyms of this domain left the house; `None` when no disclosure carried any, so
    /// that everybody's may have gone through an interface.
    pub(crate) fn issued(&self, domain: DomainId) -> Option<&RoaringBitmap> {
        self.issued.get(&domain)
    }

    /// The share of random texts that a statistical reading under `domain` takes for one of ours,
    /// when its cipher runs over `space` ordinals.
    pub(crate) fn chance(&self, domain: DomainId, space: u64) -> f64 {
        let issued = self.issued(domain).map_or(self.subject_total, RoaringBitmap::len);
        (float(issued) / float(space.max(1))).clamp(1e-12, 1.0)
    }
}

/// A count as a number to reckon with; exact below 2^53, far above every count here.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}
