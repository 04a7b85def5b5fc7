//! Looking at one person: who holds a value, what is held of them under masks, what each processor
//! has, and who looked before.
//!
//! To learn that somebody is a customer is to learn something of them. So each of these leaves its
//! row in the access log before it answers, with the person in the row's sealed bitmap; and because
//! every act that touches people leaves such a bitmap, the log itself says who looked at whom.

use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::mask::mask;
use doldam_ground::{Kind, Pii};
use doldam_store::audit::AuditRow;
use doldam_store::person;
use roaring::RoaringBitmap;

use crate::disclosure::DisclosureSummary;
use crate::error::VaultError;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Vault, members_from_bytes};

/// Rows of the log that are opened for one page.
const EXAMINED_MAX: u32 = 2_000;
/// Rows of the log that are in memory at a time: a bitmap may name a million people.
const EXAMINED_AT_A_TIME: u32 = 50;

/// What is held of a person, under masks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// ISO 639-1 code.
    pub language: String,
    /// Each kind with its masked value; more than one where several are held.
    pub values: Vec<(Kind, String)>,
}

/// Acts of the log about one person, newest first. No `Debug`: purposes are written by people.
pub struct Looks {
    /// The acts.
    pub rows: Vec<AuditRow>,
    /// From which row on the log was not looked through; `None` when it was to its beginning.
    pub next: Option<u64>,
}

impl Vault {
    /// Which subjects hold a value: exactly this one, whatever its spelling. The log has a row
    /// first, about all of them.
    ///
    /// Fails with [`VaultError::Invalid`] when it is no value of that kind.
    pub fn find_subjects(
        &self,
        kind: Kind,
        value: &Pii<String>,
        actor: &Actor,
        purpose: &str,
    ) -> Result<Vec<Ordinal>, VaultError> {
        require_purpose(purpose)?;
        let normal = kind.normalise(value.expose());
        let normal = normal.ok_or(VaultError::Invalid("the value is none of that kind"))?;
        let mut holders = self.holders(kind, &[normal.expose()])?.remove(0);
        holders.sort_unstable();
        holders.dedup();
        let members: RoaringBitmap = holders.iter().map(|ordinal| ordinal.number()).collect();
        self.log(actor, "subject.find", kind.id().to_owned(), purpose, Some(&members))?;
        Ok(holders)
    }

    /// What is held of a subject, under masks. The log has a row first.
    pub fn look(
        &self,
        ordinal: Ordinal,
        actor: &Actor,
        purpose: &str,
    ) -> Result<Masked, VaultError> {
        self.log_look(ordinal, actor, "masked values", purpose)?;
        let unsealed = self.unseal(&[ordinal])?.pop().ok_or(VaultError::NoSubject)?;
        let mut values: Vec<(Kind, String)> =
            unsealed.attributes.iter().map(|(kind, value)| (kind, mask(value.expose()))).collect();
        if let Some((_, value)) = self.resident_number(ordinal)? {
            values.push((Kind::RRN, mask(value.expose())));
        }
        Ok(Masked { language: unsealed.language, values })
    }

    /// The disclosures that a subject is in, by number. The log has a row first.
    pub fn holdings(
        &self,
        ordinal: Ordinal,
        actor: &Actor,
        purpose: &str,
    ) -> Result<Vec<DisclosureSummary>, VaultError> {
        self.log_look(ordinal, actor, "holdings", purpose)?;
        let given = self.disclosures_with(ordinal)?;
        let all = self.disclosure_summaries()?;
        Ok(all.into_iter().filter(|one| given.contains(&one.row.id)).collect())
    }

    /// The numbers of the disclosures that a subject is in.
    pub(crate) fn disclosures_with(
        &self,
        ordinal: Ordinal,
    ) -> Result<Vec<DisclosureId>, VaultError> {
        let (mut given, mut is_damaged) = (Vec::new(), false);
        self.read("person.disclosed", |tx| {
            given.clear();
            person::disclosed(tx, &mut |id, bytes| {
                match members_from_bytes(bytes) {
                    Ok(members) if members.contains(ordinal.number()) => given.push(id),
                    Ok(_) => {}
                    Err(_) => is_damaged = true,
                }
                Ok(())
            })
        })?;
        if is_damaged { Err(VaultError::Damaged { what: "bitmap" }) } else { Ok(given) }
    }

    /// The acts of the log that were about a subject, newest first, before row `before` (from the
    /// newest without it): at most `limit`, among a bounded number of rows that are opened. The log
    /// has a row of this look first.
    pub fn looks(
        &self,
        ordinal: Ordinal,
        before: Option<u64>,
        limit: usize,
        actor: &Actor,
        purpose: &str,
    ) -> Result<Looks, VaultError> {
        self.log_look(ordinal, actor, "who looked", purpose)?;
        let (mut found, mut at) = (Vec::new(), before.unwrap_or(u64::MAX >> 1));
        for _ in 0..EXAMINED_MAX / EXAMINED_AT_A_TIME {
            let rows =
                self.read("person.log_rows", |tx| person::log_rows(tx, at, EXAMINED_AT_A_TIME))?;
            if rows.is_empty() {
                return Ok(Looks { rows: found, next: None });
            }
            for row in rows {
                at = row.seq;
                let Some(sealed) = &row.sealed_subjects else { continue };
                if self.audit_members(sealed)?.contains(ordinal.number()) {
                    found.push(row);
                }
                if found.len() >= limit {
                    return Ok(Looks { rows: found, next: Some(at) });
                }
            }
        }
        Ok(Looks { rows: found, next: Some(at) })
    }

    /// Writes the log row of a list that names these people without a value of them; `object` says
    /// which list.
    pub fn log_people(
        &self,
        people: &[Ordinal],
        actor: &Actor,
        object: String,
        purpose: &str,
    ) -> Result<(), VaultError> {
        let members: RoaringBitmap = people.iter().map(|ordinal| ordinal.number()).collect();
        self.log(actor, "subject.list", object, purpose, Some(&members)).map(drop)
    }

    fn log_look(
        &self,
        ordinal: Ordinal,
        actor: &Actor,
        object: &str,
        purpose: &str,
    ) -> Result<(), VaultError> {
        require_purpose(purpose)?;
        let members = RoaringBitmap::from_iter([ordinal.number()]);
        self.log(actor, "subject.look", object.to_owned(), purpose, Some(&members)).map(drop)
    }
}
