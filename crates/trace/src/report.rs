//! What the tracer says: counts, ids and reasons, never a value, never a column's own text.
//!
//! The first line of keys is a contract that scripts rely on; it is extended, never renamed.

use doldam_ground::Kind;
use serde::{Serialize, Serializer};

use crate::attribution::{Attribution, Holder, Reason, Verdict, sentence};
use crate::column::{Column, FAULTS_SHOWN_MAX, Reading, Sample};
use crate::facts::Facts;
use crate::matching::Matched;

/// The version of the report's shape.
const SCHEMA: u32 = 1;

/// A traced file in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this shape.
    pub schema: u32,
    /// Rows that could be read.
    pub rows: u64,
    /// Different people.
    pub subjects: Subjects,
    /// Rows about nobody that we know.
    pub unknown_rows: u64,
    /// Planted people who were met, by disclosure.
    pub canaries: Vec<CanarySeen>,
    /// Who held the copy, best first; our own copy has the id `ours`.
    pub processors: Vec<ProcessorShare>,
    /// Which disclosures it is of, best first.
    pub disclosures: Vec<DisclosureShare>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// The origin in one word, and why.
    pub attribution: VerdictShown,
    /// What each column holds.
    pub columns: Vec<ColumnShown>,
    /// Rows that could not be read.
    pub faults: Faults,
    /// Rows about a person who already stood in the file.
    pub repeats: u64,
    /// Rows in which two values name two people; the stronger value was believed.
    pub conflicts: u64,
    /// Rows of strangers whose nickname one of our people has too.
    pub coincidences: u64,
    /// Rows about one of several of our people.
    pub ambiguous_rows: u64,
    /// Rows with a genuine pseudonym of somebody who was erased since.
    pub erased_rows: u64,
}

/// Different people of a file.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Subjects {
    /// Named by an exact unique value or by a keyed pseudonym.
    pub exact: u64,
    /// Those, and people who are named with a doubt.
    pub total: u64,
}

/// Planted people of one disclosure.
#[derive(Clone, Debug, Serialize)]
pub struct CanarySeen {
    /// The disclosure, as `D-3`.
    pub disclosure: String,
    /// Different planted people who were met.
    pub canaries: u64,
    /// Rows about them.
    pub rows: u64,
    /// Lines of the first of these rows.
    pub row_lines: Vec<u64>,
}

/// One holder's part in a file.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessorShare {
    /// `P-3`, or `ours`.
    pub id: String,
    /// The registered name, or `Ours`.
    pub name: String,
    /// Rows that this holder's copies explain.
    pub rows: u64,
    /// Their part of the known rows.
    #[serde(serialize_with = "four_digits")]
    pub share: f64,
    /// The probability that the file holds rows of this holder's copies.
    #[serde(serialize_with = "four_digits")]
    pub score: f64,
    /// Why, in English.
    pub why: String,
    /// Why, as codes.
    pub reasons: Vec<Reason>,
}

/// One disclosure's part in a file.
#[derive(Clone, Debug, Serialize)]
pub struct DisclosureShare {
    /// `D-3`.
    pub id: String,
    /// Who received it, as `P-3`.
    pub processor: String,
    /// The probability that the file holds rows of this copy.
    #[serde(serialize_with = "four_digits")]
    pub score: f64,
    /// Rows that this copy explains.
    pub rows: u64,
    /// Why, in English.
    pub why: String,
    /// Why, as codes.
    pub reasons: Vec<Reason>,
}

/// The origin in one word.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictShown {
    /// The word. It is a lead: a person decides.
    pub verdict: Verdict,
    /// Why, in English.
    pub why: String,
    /// Why, as codes.
    pub reasons: Vec<Reason>,
}

/// What one column holds.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnShown {
    /// Its place, from 1. Its name is not told: a first row may be a person's.
    pub column: usize,
    /// How its texts are read, best known first.
    pub readings: Vec<ReadingShown>,
}

/// One way of reading a column.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReadingShown {
    /// `value`, or `pseudonym`.
    #[serde(rename = "as")]
    pub form: &'static str,
    /// The kind, or the kind whose shape the pseudonyms have; `short` for their short form.
    pub kind: &'static str,
    /// Texts of the sample that were asked for.
    pub asked: usize,
    /// How many of them are known.
    pub hits: usize,
    /// Whether the header names this kind.
    pub by_header: bool,
}

/// Rows that could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct Faults {
    /// How many.
    pub total: u64,
    /// The first of them.
    pub shown: Vec<FaultShown>,
}

/// One row that could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct FaultShown {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Why, without any of its content.
    pub reason: String,
}

impl Report {
    /// The report as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a report has only numbers, words and lists")
    }
}

/// Puts together what the rooms found.
pub(crate) fn compile(
    sample: &Sample,
    columns: &[Column],
    matched: &Matched,
    facts: &Facts,
    origin: &Attribution,
) -> Report {
    let counts = matched.counts;
    Report {
        schema: SCHEMA,
        rows: counts.rows,
        subjects: Subjects { exact: matched.exact.len(), total: matched.subjects.len() },
        unknown_rows: counts.unknown,
        canaries: canaries(matched),
        processors: processors(origin, facts),
        disclosures: disclosures(origin),
        elapsed_ms: 0,
        attribution: VerdictShown {
            verdict: origin.verdict,
            why: sentence(&origin.reasons),
            reasons: origin.reasons.clone(),
        },
        columns: columns.iter().enumerate().map(column).collect(),
        faults: faults(sample),
        repeats: counts.repeats,
        conflicts: counts.conflicts,
        coincidences: counts.coincidences,
        ambiguous_rows: counts.ambiguous,
        erased_rows: counts.erased,
    }
}

fn canaries(matched: &Matched) -> Vec<CanarySeen> {
    let seen = matched.canaries.iter().map(|(disclosure, seen)| CanarySeen {
        disclosure: disclosure.to_string(),
        canaries: seen.ordinals.len() as u64,
        rows: seen.rows,
        row_lines: seen.lines.clone(),
    });
    seen.collect()
}

fn processors(origin: &Attribution, facts: &Facts) -> Vec<ProcessorShare> {
    let share = |score: &crate::attribution::HolderScore| {
        let (id, name) = match score.holder {
            Holder::Ours => ("ours".to_owned(), "Ours".to_owned()),
            Holder::Processor(id) => {
                let known = facts.processors.iter().find(|processor| processor.id == id);
                (id.to_string(), known.map(|known| known.name.clone()).unwrap_or_default())
            }
        };
        ProcessorShare {
            id,
            name,
            rows: score.rows,
            share: score.share,
            score: score.score,
            why: sentence(&score.reasons),
            reasons: score.reasons.clone(),
        }
    };
    origin.holders.iter().map(share).collect()
}

fn disclosures(origin: &Attribution) -> Vec<DisclosureShare> {
    let shares = origin.disclosures.iter().map(|score| DisclosureShare {
        id: score.id.to_string(),
        processor: score.processor.to_string(),
        score: score.score,
        rows: score.rows,
        why: sentence(&score.reasons),
        reasons: score.reasons.clone(),
    });
    shares.collect()
}

fn column((place, column): (usize, &Column)) -> ColumnShown {
    let shown = column.readings.iter().map(|typed| {
        let (form, kind) = match &typed.reading {
            Reading::Value(kind) => ("value", kind.id()),
            Reading::Pseudonym { shape, .. } => ("pseudonym", shape.map_or("short", Kind::id)),
            Reading::FreeText => ("text", "any"),
        };
        ReadingShown {
            form,
            kind,
            asked: typed.asked,
            hits: typed.hits,
            by_header: typed.by_header,
        }
    });
    ColumnShown { column: place + 1, readings: shown.collect() }
}

fn faults(sample: &Sample) -> Faults {
    let shown = sample
        .faults
        .iter()
        .take(FAULTS_SHOWN_MAX)
        .map(|fault| FaultShown { line: fault.line, reason: fault.reason.clone() });
    Faults { total: sample.faults_total, shown: shown.collect() }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn four_digits<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value * 10_000.0).round() / 10_000.0)
}
