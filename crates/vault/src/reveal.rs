//! Revealing: a person's data leaves the vault after the log row is durable, or not at all.

use doldam_ground::ids::{ImportId, Ordinal};
use doldam_ground::{Kind, Pii};
use doldam_store::subject;
use roaring::RoaringBitmap;

use crate::error::VaultError;
use crate::record::{Attributes, resident_context};
use crate::vault::{Actor, Vault};

/// Fewest characters of a purpose: "test" says nothing.
const PURPOSE_CHARACTERS_MIN: usize = 5;

/// What is shown of one subject. It has no `Debug`.
pub struct Revealed {
    /// The attributes that were asked for.
    pub attributes: Attributes,
    /// ISO 639-1 code.
    pub language: String,
    /// The import by which each attribute was first received, in the same order; `None` where it is
    /// not asked for, as in bulk.
    pub received: Vec<Option<ImportId>>,
}

/// The right to open chosen kinds of many subjects, whose log row is durable. It has no `Debug`.
pub struct BulkReveal<'v> {
    vault: &'v Vault,
    members: RoaringBitmap,
    kinds: Vec<Kind>,
}

impl BulkReveal<'_> {
    /// The attributes of these subjects, in their order; `None` for whoever is not among those that
    /// the log row names, was erased, or is unknown.
    ///
    /// Call it for a few thousand at a time, so that no more than that is open in memory.
    pub fn open(&self, ordinals: &[Ordinal]) -> Result<Vec<Option<Revealed>>, VaultError> {
        let allowed: Vec<Ordinal> = ordinals
            .iter()
            .copied()
            .filter(|ordinal| self.members.contains(ordinal.number()))
            .collect();
        let mut opened = self.vault.unseal(&allowed)?.into_iter().peekable();
        let revealed = ordinals.iter().map(|ordinal| {
            let one = opened.next_if(|one| one.ordinal == *ordinal)?;
            let chosen = one.attributes.iter().filter(|(kind, _)| self.kinds.contains(kind));
            let values: Vec<_> = chosen.map(|(kind, value)| (kind, value.duplicate())).collect();
            let received = vec![None; values.len()];
            let attributes = Attributes::new(values);
            Some(Revealed { attributes, language: one.language, received })
        });
        Ok(revealed.collect())
    }
}

impl Vault {
    /// Writes one log row for an act that opens `kinds` of all `members`, and gives the right to
    /// open them. `object` names the act: a dispatch, an export.
    pub fn reveal_many(
        &self,
        members: RoaringBitmap,
        kinds: &[Kind],
        actor: &Actor,
        object: String,
        purpose: &str,
    ) -> Result<BulkReveal<'_>, VaultError> {
        require_purpose(purpose)?;
        if kinds.contains(&Kind::RRN) {
            return Err(VaultError::Kind {
                kind: Kind::RRN.id().to_owned(),
                what: "opened in bulk: ask for one subject at a time",
            });
        }
        self.log(actor, "subject.reveal_many", object, purpose, Some(&members))?;
        Ok(BulkReveal { vault: self, members, kinds: kinds.to_vec() })
    }

    /// The one subject who holds this value.
    pub fn subject_by_value(&self, kind: Kind, value: &Pii<String>) -> Result<Ordinal, VaultError> {
        let normal = kind.normalise(value.expose()).ok_or(VaultError::NoSubject)?;
        let holders = self.holders(kind, &[normal.expose()])?.remove(0);
        match holders.as_slice() {
            [one] => Ok(*one),
            [] => Err(VaultError::NoSubject),
            _ => Err(VaultError::Invalid(
                "several subjects hold that value; use one that identifies a person, such as the ci",
            )),
        }
    }

    /// Shows attributes of one subject: all of them when `kinds` is empty.
    pub fn reveal(
        &self,
        ordinal: Ordinal,
        kinds: &[Kind],
        actor: &Actor,
        purpose: &str,
    ) -> Result<Revealed, VaultError> {
        require_purpose(purpose)?;
        let members = RoaringBitmap::from_iter([ordinal.number()]);
        let object = kinds.iter().map(|kind| kind.id()).collect::<Vec<_>>().join(",");
        self.log(actor, "subject.reveal", object, purpose, Some(&members))?;
        let unsealed = self.unseal(&[ordinal])?.pop().ok_or(VaultError::NoSubject)?;
        let mut values: Vec<(Kind, Pii<String>)> = unsealed
            .attributes
            .iter()
            .filter(|(kind, _)| kinds.is_empty() || kinds.contains(kind))
            .map(|(kind, value)| (kind, value.duplicate()))
            .collect();
        let mut received = Vec::with_capacity(values.len() + 1);
        for (kind, value) in &values {
            received.push(self.provenance(ordinal, *kind, value)?);
        }
        if kinds.contains(&Kind::RRN)
            && let Some((import, value)) = self.resident_number(ordinal)?
        {
            values.push((Kind::RRN, value));
            received.push(Some(import));
        }
        Ok(Revealed { attributes: Attributes::new(values), language: unsealed.language, received })
    }

    /// A resident number is shown only when it is asked for by name.
    pub(crate) fn resident_number(
        &self,
        ordinal: Ordinal,
    ) -> Result<Option<(ImportId, Pii<String>)>, VaultError> {
        let held =
            self.read("subject.resident_number", |tx| subject::resident_number(tx, ordinal))?;
        let Some((import, sealed)) = held else { return Ok(None) };
        let context = resident_context(ordinal, import);
        let plain = self.keyring.resident().open(&context, &sealed, "resident number")?;
        let text = str::from_utf8(plain.expose())
            .map_err(|_| VaultError::Damaged { what: "resident number" })?;
        Ok(Some((import, Pii::new(text.to_owned()))))
    }
}

/// Refuses an act whose purpose is not stated.
pub(crate) fn require_purpose(purpose: &str) -> Result<(), VaultError> {
    if purpose.trim().chars().count() < PURPOSE_CHARACTERS_MIN {
        return Err(VaultError::Invalid(
            "say what for: --purpose takes at least five characters and goes into the access log",
        ));
    }
    Ok(())
}
