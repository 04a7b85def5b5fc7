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
    /// The import by which each attribute was first received, in the same order.
    pub received: Vec<Option<ImportId>>,
}

impl Vault {
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
    fn resident_number(
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
