//! Who a notice is for, by the row of its duty.
//!
//! A leak is told to those who are known to be hit. A possible one is told to everybody whom it may
//! have touched, and nobody can name those better than the register of what was handed over: all who
//! are in a disclosure to the processor of the incident and are not known to be hit already. That
//! nothing leaked after all is told to whoever may have been told that something did.

use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, Ordinal};
use doldam_store::incident;
use doldam_vault::Vault;
use roaring::RoaringBitmap;

use crate::duty::Rule;
use crate::error::ResponseError;
use crate::incident::{answers, find};
use crate::words::Recipient;

/// The stage of notices of a possible leak in the ledger.
pub(crate) const POSSIBILITY: &str = "possibility";
/// States of a notice in which it may have been read.
const MAY_BE_READ: [&str; 4] = ["delivered", "accepted", "in_doubt", "expired"];

/// Whom a duty's notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Those who are known to be hit.
    Hit,
    /// Those who may be.
    Touched,
    /// Those who were told that they may be.
    Warned,
}

impl Audience {
    /// Of a row that tells persons; `None` of any other, and where the row means persons whom an
    /// incident does not name.
    pub(crate) fn of(rule: &Rule) -> Option<Self> {
        if !rule.clock.per_person {
            return None;
        }
        let tells = |who| rule.recipients.iter().flatten().any(|one| *one == who);
        [
            (Recipient::Subject, Self::Hit),
            (Recipient::PossibleSubject, Self::Touched),
            (Recipient::NoticedSubject, Self::Warned),
        ]
        .into_iter()
        .find_map(|(who, audience)| tells(who).then_some(audience))
    }

    /// The people, by ordinal, and since when each belongs to them.
    pub(crate) fn people(
        self,
        vault: &Vault,
        id: IncidentId,
    ) -> Result<Vec<(Ordinal, Instant)>, ResponseError> {
        let exposed = || vault.data().read("incident.exposures", |tx| incident::exposures(tx, id));
        match self {
            Self::Hit => Ok(exposed()?),
            Self::Touched => {
                let hit: RoaringBitmap =
                    exposed()?.iter().map(|(ordinal, _)| ordinal.number()).collect();
                touched(vault, id, &hit)
            }
            Self::Warned => {
                let since = refuted_at(vault, id)?.unwrap_or_else(|| vault.now());
                let mut warned = RoaringBitmap::new();
                for state in MAY_BE_READ {
                    let some = vault.data().read("notice.warned", |tx| {
                        incident::noticed(tx, id, POSSIBILITY, state)
                    })?;
                    warned.extend(some.iter().map(|ordinal| ordinal.number()));
                }
                Ok(since_then(&warned, since))
            }
        }
    }
}

fn since_then(people: &RoaringBitmap, since: Instant) -> Vec<(Ordinal, Instant)> {
    people.iter().map(|number| (Ordinal::new(number), since)).collect()
}

/// Everybody in a disclosure to the incident's processor; nobody while none is named.
fn touched(
    vault: &Vault,
    id: IncidentId,
    hit: &RoaringBitmap,
) -> Result<Vec<(Ordinal, Instant)>, ResponseError> {
    let opened = find(vault, id)?.opened;
    let Some(processor) = opened.processor else { return Ok(Vec::new()) };
    let mut people = RoaringBitmap::new();
    for disclosure in vault.disclosures()? {
        if disclosure.row.processor == processor {
            people |= disclosure.members;
        }
    }
    let people =
        (people - hit).iter().filter(|number| !Ordinal::new(*number).is_canary()).collect();
    let known = answers(vault, id, None)?;
    let known = known.iter().find(|(fact, _)| fact == "possibility_known_at");
    let since = known.and_then(|(_, value)| {
        let first = value.split("..").find(|part| !part.is_empty())?;
        Instant::parse(first, "UTC").ok()
    });
    Ok(since_then(&people, since.unwrap_or(opened.aware_at)))
}

/// When it was put on record that there was no leak, if that is what is known.
pub(crate) fn refuted_at(vault: &Vault, id: IncidentId) -> Result<Option<Instant>, ResponseError> {
    let said = vault.data().read("incident.fact", |tx| incident::fact_said(tx, id, "certainty"))?;
    Ok(said.filter(|(value, _)| value == "refuted").map(|(_, at)| at))
}
