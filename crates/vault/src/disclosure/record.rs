//! Recording a hand-over of the past, so that old copies can be attributed too.

use data_encoding::HEXLOWER;
use doldam_ground::ids::{DisclosureId, Ordinal, ProcessorId};
use doldam_ground::{Instant, Kind, Pii};
use doldam_store::audit;
use doldam_store::disclosure::{self, Disclosure};
use doldam_store::processor::Processor;
use doldam_store::subject::Digests;
use roaring::RoaringBitmap;

use super::manifest::Parts;
use super::{Field, order_to_bytes};
use crate::error::VaultError;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Numbered, Vault, members_to_bytes};

/// Rows that are matched at a time.
const MATCHED_AT_A_TIME: usize = 16_384;

/// One row of an old file: kinds and values as they stand there.
pub struct PastRow(pub Vec<(Kind, Pii<String>)>);

/// What became of an old file.
pub struct Recorded {
    /// The disclosure.
    pub id: DisclosureId,
    /// The processor.
    pub processor: Processor,
    /// Whether the processor was registered by this act.
    pub processor_is_new: bool,
    /// Distinct subjects in the file.
    pub subjects: u64,
    /// Rows that are none of our subjects.
    pub strays: u64,
}

/// What stands in an old file, in counts: nobody's data.
pub struct PastSummary {
    /// Kinds of its columns that held something, in their order.
    pub kinds: Vec<Kind>,
    /// Rows that are one of our subjects.
    pub rows: u64,
    /// Distinct subjects in it.
    pub subjects: u64,
    /// Rows that are none of our subjects.
    pub strays: u64,
}

/// About the hand-over itself.
pub struct PastOrder {
    /// The processor's name or number.
    pub processor: String,
    /// outsourcing or provision, for a new processor.
    pub relation: String,
    /// For what it was given.
    pub purpose: String,
    /// When it was given.
    pub given_at: Instant,
    /// By when it had to be returned, where that was agreed.
    pub return_by: Option<Instant>,
    /// SHA-256 of the old file.
    pub sha256: [u8; 32],
    /// Length of the old file.
    pub bytes: u64,
}

/// Kinds by which a row is matched, the surest first.
const LADDER: [Kind; 9] = [
    Kind::CI,
    Kind::CUSTOMER_ID,
    Kind::DI,
    Kind::PHONE,
    Kind::EMAIL,
    Kind::ACCOUNT,
    Kind::CARD,
    Kind::NICKNAME,
    Kind::NAME,
];

/// Kinds that many people share.
const WEAK: [Kind; 2] = [Kind::NICKNAME, Kind::NAME];

/// Whether the row has a value that is its person's alone.
fn has_strong_value(row: &PastRow) -> bool {
    let is_strong = |kind: &Kind| LADDER.contains(kind) && !WEAK.contains(kind);
    row.0.iter().any(|(kind, value)| is_strong(kind) && kind.normalise(value.expose()).is_some())
}

impl Vault {
    /// Records an old file. `rows` gives its rows one by one, an error of the reader ends it.
    pub fn record_past<E: From<VaultError>>(
        &self,
        order: &PastOrder,
        rows: impl Iterator<Item = Result<PastRow, E>>,
        actor: &Actor,
    ) -> Result<Recorded, E> {
        require_purpose(&order.purpose)?;
        let past = self.gather(rows)?;
        Ok(self.write_past(order, past, actor)?)
    }

    /// Looks at an old file and records nothing but that somebody looked: even a count says whether
    /// people are customers.
    pub fn look_at_past<E: From<VaultError>>(
        &self,
        rows: impl Iterator<Item = Result<PastRow, E>>,
        purpose: &str,
        actor: &Actor,
    ) -> Result<PastSummary, E> {
        require_purpose(purpose)?;
        let past = self.gather(rows)?;
        let entry =
            self.entry(actor, "disclosure.look_past", String::new(), purpose, Some(&past.members));
        self.data
            .write("disclosure.look_past", move |tx| audit::append(tx, &entry).map(drop))
            .map_err(VaultError::from)?;
        Ok(PastSummary {
            rows: past.order.len() as u64,
            subjects: past.members.len(),
            strays: u64::from(past.strays),
            kinds: past.kinds,
        })
    }

    /// The recorded hand-over to a processor whose file this was.
    pub fn recorded_as(
        &self,
        processor: ProcessorId,
        sha256: &[u8; 32],
    ) -> Result<Option<DisclosureId>, VaultError> {
        let mark = HEXLOWER.encode(sha256);
        self.read("disclosure.recorded_file", |tx| disclosure::recorded_file(tx, processor, &mark))
    }

    fn gather<E: From<VaultError>>(
        &self,
        rows: impl Iterator<Item = Result<PastRow, E>>,
    ) -> Result<Past, E> {
        let mut past = Past::default();
        let mut waiting = Vec::new();
        for row in rows {
            waiting.push(row?);
            if waiting.len() == MATCHED_AT_A_TIME {
                self.take_in(&mut past, &std::mem::take(&mut waiting))?;
            }
        }
        self.take_in(&mut past, &waiting)?;
        Ok(past)
    }

    fn take_in(&self, past: &mut Past, rows: &[PastRow]) -> Result<(), VaultError> {
        let matched = self.match_rows(rows)?;
        let index = self.keyring.index();
        for (row, ordinal) in rows.iter().zip(matched) {
            for (kind, _) in &row.0 {
                if !past.kinds.contains(kind) {
                    past.kinds.push(*kind);
                }
            }
            if let Some(ordinal) = ordinal {
                past.members.insert(ordinal.number());
                past.order.push(ordinal);
                continue;
            }
            past.strays += 1;
            for (kind, value) in &row.0 {
                if let Some(normal) =
                    kind.normalise(value.expose()).filter(|_| LADDER[..7].contains(kind))
                {
                    past.markers.push(*kind, index.digest(*kind, normal.expose()));
                }
            }
        }
        Ok(())
    }

    /// The subject of each row: the one holder of its surest value that has exactly one. A name
    /// decides only where the row says nothing surer: a stranger may share it with a customer.
    pub fn match_rows(&self, rows: &[PastRow]) -> Result<Vec<Option<Ordinal>>, VaultError> {
        let mut matched = vec![None; rows.len()];
        for kind in LADDER {
            let mut places = Vec::new();
            let mut normals = Vec::new();
            for (place, row) in rows.iter().enumerate() {
                let value = row.0.iter().find(|(held, _)| *held == kind);
                let is_weak = WEAK.contains(&kind) && has_strong_value(row);
                let open = value.filter(|_| matched[place].is_none() && !is_weak);
                if let Some(normal) = open.and_then(|(_, value)| kind.normalise(value.expose())) {
                    places.push(place);
                    normals.push(normal);
                }
            }
            if places.is_empty() {
                continue;
            }
            let texts: Vec<&str> = normals.iter().map(|normal| normal.expose().as_str()).collect();
            for (place, holders) in places.into_iter().zip(self.holders(kind, &texts)?) {
                if let [one] = holders.as_slice() {
                    matched[place] = Some(*one);
                }
            }
        }
        Ok(matched)
    }

    fn write_past(
        &self,
        order: &PastOrder,
        past: Past,
        actor: &Actor,
    ) -> Result<Recorded, VaultError> {
        if past.members.is_empty() {
            return Err(VaultError::NobodySelected {
                hint: "none of the file's rows is one of our subjects; import the customers first, or check the header",
            });
        }
        let (processor, processor_is_new) =
            self.processor(&order.processor, &order.relation, actor)?;
        let fields: Vec<Field> = past
            .kinds
            .iter()
            .map(|kind| Field { kind: *kind, raw: true, domain: None, bound: false })
            .collect();
        let _one_at_a_time = self.numbering(Numbered::Disclosure);
        let id = self.read("disclosure.next", disclosure::next_id)?;
        let manifest = self.manifest(&Parts {
            id,
            processor: &processor,
            purpose: &order.purpose,
            fields: &fields,
            rows: past.order.len() + usize::try_from(past.strays).unwrap_or(usize::MAX),
            given_at: order.given_at,
            return_by: order.return_by,
            origin: "recorded",
            sha256: order.sha256,
            bytes: usize::try_from(order.bytes).unwrap_or(usize::MAX),
        });
        let row = Disclosure {
            id,
            processor: processor.id,
            purpose: order.purpose.clone(),
            fields: Field::list_text(&fields),
            origin: "recorded".to_owned(),
            state: "given".to_owned(),
            given_at: order.given_at,
            return_by: order.return_by,
            subject_count: u32::try_from(past.members.len()).unwrap_or(u32::MAX),
            canary_count: 0,
            stray_count: past.strays,
            members: members_to_bytes(&past.members),
            row_order: order_to_bytes(&past.order),
            manifest: manifest.text().to_owned(),
            signature: manifest.signature().to_vec(),
        };
        let entry = self.entry(
            actor,
            "disclosure.record",
            id.to_string(),
            &order.purpose,
            Some(&past.members),
        );
        let strange = vec![None; past.markers.len()];
        let markers = past.markers;
        self.data.write("disclosure.record", move |tx| {
            disclosure::insert(tx, &row)?;
            disclosure::insert_markers(tx, id, &markers, &strange)?;
            audit::append(tx, &entry).map(drop)
        })?;
        let (subjects, strays) = (past.members.len(), u64::from(past.strays));
        Ok(Recorded { id, processor, processor_is_new, subjects, strays })
    }
}

/// What was gathered from an old file.
#[derive(Default)]
struct Past {
    kinds: Vec<Kind>,
    members: RoaringBitmap,
    order: Vec<Ordinal>,
    strays: u32,
    markers: Digests,
}
