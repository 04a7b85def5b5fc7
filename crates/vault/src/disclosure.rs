//! Disclosures: every act of giving data is a row before it is a file.
//!
//! An *issued* disclosure is made here: pseudonyms (or, with a second person's consent, raw values)
//! for chosen subjects, canaries among them, rows in a random order that is kept, and a signed
//! manifest. The file's bytes are finished and hashed first; then one transaction writes the
//! disclosure, its canaries, the consent and the log row; only then may the file leave. A process
//! that dies in between leaves a *prepared* disclosure, which the tracer counts among the suspects
//! because its file may exist.
//!
//! A *recorded* disclosure is a hand-over of the past: the old file is read once, its people are
//! noted, and its strange rows are kept as markers.

mod canary;
mod issue;
mod manifest;
mod record;
mod select;

use doldam_ground::ids::{ApprovalId, DisclosureId, DomainId, Ordinal};
use doldam_ground::{Instant, Kind};
use doldam_store::disclosure;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::approval::StaffMember;
use crate::error::VaultError;
use crate::vault::{Vault, members_from_bytes};

pub use issue::{Attached, Drop as DropFile};
pub use manifest::Manifest;
pub use record::{PastOrder, PastRow, PastSummary, Recorded};
pub use select::Filter;

/// One field of a disclosure and the form in which it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which kind.
    pub kind: Kind,
    /// Whether real values were given.
    pub raw: bool,
    /// The domain of its pseudonyms.
    pub domain: Option<DomainId>,
    /// Whether they are bound to the disclosure.
    pub bound: bool,
}

/// How a field stands in the store and in manifests.
#[derive(Serialize, Deserialize)]
struct FieldText {
    kind: String,
    form: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<u32>,
    #[serde(default)]
    bound: bool,
}

impl Field {
    fn to_text(&self) -> FieldText {
        FieldText {
            kind: self.kind.id().to_owned(),
            form: if self.raw { "raw" } else { "pseudonym" }.to_owned(),
            domain: self.domain.map(DomainId::number),
            bound: self.bound,
        }
    }

    /// The JSON text of a list of fields.
    pub(crate) fn list_text(fields: &[Self]) -> String {
        let texts: Vec<FieldText> = fields.iter().map(Self::to_text).collect();
        serde_json::to_string(&texts).expect("a list of fields serialises")
    }

    /// Reads [`Field::list_text`] back.
    pub(crate) fn parse_list(text: &str) -> Result<Vec<Self>, VaultError> {
        const DAMAGED: VaultError = VaultError::Damaged { what: "list of fields" };
        let texts: Vec<FieldText> = serde_json::from_str(text).map_err(|_| DAMAGED)?;
        texts
            .into_iter()
            .map(|text| {
                Ok(Self {
                    kind: Kind::from_id(&text.kind).ok_or(DAMAGED)?,
                    raw: text.form == "raw",
                    domain: text.domain.map(DomainId::new),
                    bound: text.bound,
                })
            })
            .collect()
    }
}

/// What is to be given to whom.
pub struct Order {
    /// The processor's name or number; a new name is registered.
    pub processor: String,
    /// outsourcing or provision, for a new processor.
    pub relation: String,
    /// For what.
    pub purpose: String,
    /// Which kinds, in the order of the columns.
    pub fields: Vec<Kind>,
    /// Real values instead of pseudonyms; needs a consent.
    pub raw: bool,
    /// Pseudonyms of this disclosure only, instead of the domain's own.
    pub bound: bool,
    /// How many canaries; `None` for one in a hundred rows.
    pub canaries: Option<usize>,
    /// When the data must be returned.
    pub return_by: Option<Instant>,
    /// Who asks, where a consent is needed.
    pub requester: Option<StaffMember>,
    /// The consent.
    pub approval: Option<ApprovalId>,
}

/// A disclosure as the tracer and the register see it. No `Debug`: it says whose data was given.
pub struct DisclosureFacts {
    /// Its row in the store, bitmaps still serialised.
    pub row: disclosure::Disclosure,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Ordinals in it, canaries included.
    pub members: RoaringBitmap,
}

/// A disclosure as lists show it: everything but whose data was given.
pub struct DisclosureSummary {
    /// Its row in the store.
    pub row: disclosure::Summary,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl DisclosureFacts {
    fn read(row: disclosure::Disclosure) -> Result<Self, VaultError> {
        let fields = Field::parse_list(&row.fields)?;
        let members = members_from_bytes(&row.members)?;
        Ok(Self { row, fields, members })
    }

    /// What lists show of it.
    pub fn summary(&self) -> DisclosureSummary {
        DisclosureSummary { row: self.row.summary(), fields: self.fields.clone() }
    }
}

impl Vault {
    /// All disclosures with their bitmaps, by number: for the tracer. A list of them needs
    /// [`Vault::disclosure_summaries`] only.
    pub fn disclosures(&self) -> Result<Vec<DisclosureFacts>, VaultError> {
        let rows = self.read("disclosure.list", disclosure::list)?;
        rows.into_iter().map(DisclosureFacts::read).collect()
    }

    /// One disclosure.
    pub fn disclosure(&self, id: DisclosureId) -> Result<Option<DisclosureFacts>, VaultError> {
        let row = self.read("disclosure.find", |tx| disclosure::find(tx, id))?;
        row.map(DisclosureFacts::read).transpose()
    }

    /// All disclosures, by number, without what is as large as their files.
    pub fn disclosure_summaries(&self) -> Result<Vec<DisclosureSummary>, VaultError> {
        let rows = self.read("disclosure.summaries", disclosure::summaries)?;
        rows.into_iter()
            .map(|row| Ok(DisclosureSummary { fields: Field::parse_list(&row.fields)?, row }))
            .collect()
    }

    /// Notes that the file of a prepared disclosure was written out.
    pub fn disclosure_given(&self, id: DisclosureId) -> Result<(), VaultError> {
        let now = self.now();
        Ok(self.data.write("disclosure.given", move |tx| disclosure::mark_given(tx, id, now))?)
    }
}

/// Ordinals in file order as they are stored.
pub(crate) fn order_to_bytes(ordinals: &[Ordinal]) -> Vec<u8> {
    ordinals.iter().flat_map(|ordinal| ordinal.number().to_le_bytes()).collect()
}

/// Reads an order of rows back.
pub fn order_from_bytes(bytes: &[u8]) -> Vec<Ordinal> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|number| Ordinal::new(u32::from_le_bytes(*number))).collect()
}
