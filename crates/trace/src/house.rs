//! What the tracer asks of whoever knows the subjects.
//!
//! The tracer never sees a register, a key or a table; it puts questions. So the strict half of the
//! work (who may read what, under which key, with which line in the access log) stays with the
//! vault, and the judging half can be tested over thousands of invented worlds.

mod memory;
mod vault;

use doldam_ground::ids::{DisclosureId, DomainId, Ordinal, ProcessorId};
use doldam_ground::{Instant, Kind};
use roaring::RoaringBitmap;

use crate::TraceError;
pub use memory::InMemoryHouse;
pub use vault::VaultHouse;

/// Who holds exactly one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nobody.
    Nobody,
    /// One subject, or one canary (`Ordinal::is_canary`).
    One(Ordinal),
    /// Several subjects: how many.
    Many(u32),
}

/// How far a reading of a pseudonym can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A keyed check of 16 bytes or more holds: the text cannot be of another domain by chance.
    Keyed,
    /// A format-preserving cipher read the text as an ordinal; any text of the shape reads as one.
    Statistical {
        /// How many different ordinals the cipher's texts can stand for, so that the tracer can
        /// tell how often a stranger's text reads as one of ours.
        space: u64,
    },
}

/// One reading of a text as a pseudonym that we once issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmasked {
    /// Whose; `None` when erased or no longer ours.
    pub ordinal: Option<Ordinal>,
    /// The domain whose key reads it.
    pub domain: DomainId,
    /// To whom the domain belongs.
    pub processor: ProcessorId,
    /// The disclosure that the pseudonym is bound to; `None` when it is domain-wide.
    pub disclosure: Option<DisclosureId>,
    /// How sure the reading is.
    pub proof: Proof,
}

/// A value that was planted in a disclosure, or that stood in a row of a recorded hand-over which
/// is none of our subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The disclosure whose copy holds the value.
    pub disclosure: DisclosureId,
    /// The canary, or `None` for a strange row.
    pub canary: Option<Ordinal>,
}

/// One field of a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The kind that was given.
    pub kind: Kind,
    /// Whether the value itself was given (`true`) or a pseudonym in its place.
    pub raw: bool,
}

/// What is recorded of one act of giving data.
///
/// No `Debug`: the members say whose data was given.
#[derive(Clone)]
pub struct DisclosureFacts {
    /// The disclosure.
    pub id: DisclosureId,
    /// Who received it.
    pub processor: ProcessorId,
    /// What it contained. A kind given raw and as a pseudonym stands twice.
    pub fields: Vec<Field>,
    /// Ordinals of the subjects and of the canaries in it.
    pub members: RoaringBitmap,
    /// The pseudonym domains that its values are of.
    pub domains: Vec<DomainId>,
    /// When it was given.
    pub given_at: Instant,
}

/// An outside party.
#[derive(Clone, Debug)]
pub struct ProcessorFacts {
    /// The processor.
    pub id: ProcessorId,
    /// Its name, as registered: a company's, not a person's.
    pub name: String,
}

/// Whoever knows the subjects: the vault, or a bare customer list.
///
/// Every method may be called many times and gives the answers in the order of the questions.
/// Values are normalised (`Kind::normalise`), sorted and without duplicates.
pub trait House {
    /// The kinds under which values can be looked up at all.
    fn kinds(&self) -> Result<Vec<Kind>, TraceError>;

    /// Who holds exactly each value under `kind`. Thousands of values at a time.
    fn whose(&self, kind: Kind, values: &[&str]) -> Result<Vec<Answer>, TraceError>;

    /// Reads texts as pseudonyms: all readings of each text, none when it is not one of ours.
    ///
    /// `shape` names the kind whose pseudonym shape the texts have and by whose rule they are
    /// normalised; `None` stands for the short form, trimmed only. A keyed reading is at most one
    /// for a text; a statistical one is given for each domain that reads the text as an ordinal.
    fn unmask(&self, shape: Option<Kind>, texts: &[&str])
    -> Result<Vec<Vec<Unmasked>>, TraceError>;

    /// In which disclosures each raw value was planted, or seen in a strange row.
    fn markers(&self, kind: Kind, values: &[&str]) -> Result<Vec<Vec<Marker>>, TraceError>;

    /// Every disclosure that was given, in any order.
    fn disclosures(&self) -> Result<Vec<DisclosureFacts>, TraceError>;

    /// The ordinals of one disclosure in the order of its file, canaries included. Asked only for
    /// the few disclosures that the members leave in question.
    fn row_order(&self, disclosure: DisclosureId) -> Result<Vec<Ordinal>, TraceError>;

    /// Every outside party.
    fn processors(&self) -> Result<Vec<ProcessorFacts>, TraceError>;

    /// How many subjects there are, canaries not counted.
    fn subject_total(&self) -> Result<u64, TraceError>;
}
