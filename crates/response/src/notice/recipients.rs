//! The vault as the sender's address book.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};
use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};
use doldam_notify::{NotifyError, Recipient, Recipients};
use doldam_vault::{Actor, BulkReveal, Revealed, Vault, VaultError};
use roaring::RoaringBitmap;
use zeroize::Zeroizing;

/// What the digests of destinations are keyed for.
const LABEL: &str = "doldam 1 notice destination";

/// The people of one dispatch. Before a number of anybody is opened, the row of the access log that
/// names them is durable: one row for all that are planned when the first number is asked for, and
/// another one for whoever is planned anew meanwhile, because a person decided to send again. A
/// gateway that is down asks for no number and leaves no row.
pub(super) struct Told<'v> {
    vault: &'v Vault,
    planned: RoaringBitmap,
    dispatch: DispatchId,
    incident: IncidentId,
    actor: &'v Actor,
    texts: BTreeMap<Language, String>,
    key: Zeroizing<[u8; 32]>,
    opened: Mutex<Opened<'v>>,
}

/// Whose numbers may be opened by now.
#[derive(Default)]
struct Opened<'v> {
    members: RoaringBitmap,
    reveals: Vec<(RoaringBitmap, BulkReveal<'v>)>,
}

impl<'v> Told<'v> {
    pub(super) fn new(
        vault: &'v Vault,
        planned: RoaringBitmap,
        dispatch: DispatchId,
        incident: IncidentId,
        texts: BTreeMap<Language, String>,
        actor: &'v Actor,
    ) -> Self {
        let key = vault.derive_key(LABEL, b"");
        Self { vault, planned, dispatch, incident, actor, texts, key, opened: Mutex::default() }
    }

    /// Opens the numbers of these people, behind a row of the access log that names them.
    fn open(&self, ordinals: &[Ordinal]) -> Result<Vec<(Ordinal, Revealed)>, VaultError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let asked: RoaringBitmap = ordinals.iter().map(|ordinal| ordinal.number()).collect();
        let mut new = &asked - &opened.members;
        if !new.is_empty() {
            if opened.reveals.is_empty() {
                new |= &self.planned;
            }
            let purpose = format!("notice to the people hit by incident {}", self.incident);
            let object = self.dispatch.to_string();
            let members = new.clone();
            let reveal =
                self.vault.reveal_many(members, &[Kind::PHONE], self.actor, object, &purpose)?;
            opened.members |= &new;
            opened.reveals.push((new, reveal));
        }
        let mut found = Vec::with_capacity(ordinals.len());
        for (members, reveal) in &opened.reveals {
            let own: Vec<Ordinal> = ordinals
                .iter()
                .copied()
                .filter(|ordinal| members.contains(ordinal.number()))
                .collect();
            let revealed = reveal.open(&own)?;
            found.extend(own.into_iter().zip(revealed).filter_map(|(one, it)| Some((one, it?))));
        }
        Ok(found)
    }

    /// The text in a person's language, or else in the first that there is.
    fn text(&self, language: &str) -> Option<&String> {
        let own = language.parse().ok().and_then(|language: Language| self.texts.get(&language));
        own.or_else(|| self.texts.values().next())
    }
}

impl Recipients for Told<'_> {
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError> {
        let opened = self.open(ordinals);
        let opened = opened.map_err(|error| NotifyError::Recipients { code: error.code() })?;
        let found = opened.into_iter().filter_map(|(ordinal, revealed)| {
            Some(Recipient {
                ordinal,
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
