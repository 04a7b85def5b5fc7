//! The report of a trace, as it is answered: what the tracer kept, with the run's and the file's
//! number. It is read into these types before it is sent, so that the document cannot say one thing
//! and the answer another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use doldam_ground::ids::{EvidenceId, TraceId};

use crate::problem::Problem;

/// The report of a trace: counts, ids and reasons, nobody's data.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceReport {
    /// Always 1.
    schema: u32,
    /// Its number: T-1.
    #[serde(default)]
    #[schema(required = true)]
    trace: String,
    /// The file: E-1.
    #[serde(default)]
    #[schema(required = true)]
    evidence: String,
    /// Rows that could be read.
    rows: u64,
    subjects: TraceSubjects,
    /// Rows about nobody that we know.
    unknown_rows: u64,
    /// Planted people who were met, by disclosure.
    canaries: Vec<TraceCanaries>,
    /// Who held the copy, best first; our own copy has the id `ours`.
    processors: Vec<TraceProcessor>,
    /// Which disclosures it is of, best first.
    disclosures: Vec<TraceDisclosure>,
    /// How long it took, in milliseconds.
    elapsed_ms: u64,
    attribution: TraceOrigin,
    /// What each column holds.
    columns: Vec<TraceColumn>,
    faults: TraceFaults,
    /// Rows about a person who already stood in the file.
    repeats: u64,
    /// Rows in which two values name two people; the stronger value was believed.
    conflicts: u64,
    /// Rows of strangers whose nickname one of our people has too.
    coincidences: u64,
    /// Rows about one of several of our people.
    ambiguous_rows: u64,
    /// Rows with a genuine pseudonym of somebody who was erased since.
    erased_rows: u64,
}

/// Different people of a file.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceSubjects {
    /// Named by an exact unique value or by a keyed pseudonym.
    exact: u64,
    /// Those, and people who are named with a doubt.
    total: u64,
}

/// Planted people of one disclosure.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceCanaries {
    /// D-3
    disclosure: String,
    /// Different planted people who were met.
    canaries: u64,
    /// Rows about them.
    rows: u64,
    /// Lines of the first of these rows.
    row_lines: Vec<u64>,
}

/// One holder's part in a file.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceProcessor {
    /// P-3, or `ours`.
    id: String,
    name: String,
    /// Rows that this holder's copies explain.
    rows: u64,
    /// Their part of the known rows.
    share: f64,
    /// The probability that the file holds rows of this holder's copies.
    score: f64,
    /// Why, in English.
    why: String,
    reasons: Vec<TraceReason>,
}

/// One disclosure's part in a file.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceDisclosure {
    /// D-3
    id: String,
    /// Who received it: P-3.
    processor: String,
    /// The probability that the file holds rows of this copy.
    score: f64,
    /// Rows that this copy explains.
    rows: u64,
    /// Why, in English.
    why: String,
    reasons: Vec<TraceReason>,
}

/// The origin in one word.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceOrigin {
    /// nobody, ours, processor or several. It is a lead: a person decides.
    verdict: String,
    /// Why, in English.
    why: String,
    reasons: Vec<TraceReason>,
}

/// A reason for or against a source: a code, and the counts that it comes with.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TraceReason {
    /// bound_pseudonyms, canaries, members, order, ...
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    canaries: Option<u64>,
    /// Known people of the file, or known rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    known: Option<u64>,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<u64>,
    /// People whom the source contained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    size: Option<u64>,
    /// Kinds that the source never contained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kinds: Option<Vec<String>>,
    /// Disclosures that explain the file as well: D-3.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    with: Option<Vec<String>>,
}

/// What one column holds.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceColumn {
    /// Its place, from 1. Its name is not told: a first row may be a person's.
    column: u64,
    /// How its texts are read, best known first.
    readings: Vec<TraceReading>,
}

/// One way of reading a column.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceReading {
    /// value, pseudonym or text.
    #[serde(rename = "as")]
    form: String,
    /// The kind, or the kind whose shape the pseudonyms have; `short` for their short form.
    kind: String,
    /// Texts of the sample that were asked for.
    asked: u64,
    /// How many of them are known.
    hits: u64,
    /// Whether the header names this kind.
    by_header: bool,
}

/// Rows that could not be read.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceFaults {
    total: u64,
    /// The first of them.
    shown: Vec<TraceFault>,
}

/// One row that could not be read.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct TraceFault {
    /// The line on which it begins, from 1.
    line: u64,
    /// Why, without any of its content.
    reason: String,
}

impl TraceReport {
    /// The report as it is kept in `text`, of this run over this file.
    pub(crate) fn of(text: &str, trace: TraceId, evidence: EvidenceId) -> Result<Self, Problem> {
        let kept: Self = serde_json::from_str(text)
            .map_err(|_| Problem::internal("a kept report has another shape"))?;
        Ok(Self { trace: trace.to_string(), evidence: evidence.to_string(), ..kept })
    }
}
