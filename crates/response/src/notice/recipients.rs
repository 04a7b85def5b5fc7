//! The vault as the sender's address book.

use std::collections::BTreeMap;

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};
use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};
use doldam_notify::{NotifyError, Recipient, Recipients};
use doldam_vault::{Actor, BulkReveal, Vault};
use roaring::RoaringBitmap;
use zeroize::Zeroizing;

use crate::error::ResponseError;

/// What the digests of destinations are keyed for.
const LABEL: &str = "doldam 1 notice destination";

/// The people of one dispatch. The row of the access log that names them is durable.
pub(super) struct Told<'v> {
    reveal: BulkReveal<'v>,
    texts: BTreeMap<Language, String>,
    key: Zeroizing<[u8; 32]>,
}

impl<'v> Told<'v> {
    pub(super) fn new(
        vault: &'v Vault,
        members: RoaringBitmap,
        dispatch: DispatchId,
        incident: IncidentId,
        texts: BTreeMap<Language, String>,
        actor: &Actor,
    ) -> Result<Self, ResponseError> {
        let purpose = format!("notice to the people hit by incident {incident}");
        let reveal =
            vault.reveal_many(members, &[Kind::PHONE], actor, dispatch.to_string(), &purpose)?;
        Ok(Self { reveal, texts, key: vault.derive_key(LABEL, b"") })
    }

    /// The text in a person's language, or else in the first that there is.
    fn text(&self, language: &str) -> Option<&String> {
        let own = language.parse().ok().and_then(|language: Language| self.texts.get(&language));
        own.or_else(|| self.texts.values().next())
    }
}

impl Recipients for Told<'_> {
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError> {
        let opened = self.reveal.open(ordinals);
        let opened = opened.map_err(|error| NotifyError::Recipients { code: error.code() })?;
        let found = ordinals.iter().zip(opened).filter_map(|(ordinal, revealed)| {
            let revealed = revealed?;
            Some(Recipient {
                ordinal: *ordinal,
                number: revealed.attributes.get(Kind::PHONE).map(Pii::duplicate),
                text: Pii::new(self.text(&revealed.language)?.clone()),
            })
        });
        Ok(found.collect())
    }

    fn digest(&self, number: &Pii<String>) -> [u8; 16] {
        let hash = blake3::keyed_hash(&self.key, number.expose().as_bytes());
        let (short, _) = hash.as_bytes().split_at(16);
        short.try_into().expect("half of 32 bytes are 16")
    }
}
