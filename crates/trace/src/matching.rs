//! The second pass: every row is looked up and judged.
//!
//! Rows are taken in batches, so that the house is asked in bulk and a file of ten million rows
//! needs little more memory than twelve bytes for each row that is ours.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use doldam_ground::Kind;
use doldam_ground::ids::{DisclosureId, DomainId, Ordinal};
use roaring::RoaringBitmap;

use crate::TraceError;
use crate::column::{
    Column, Found, Reading, admit, admit_pseudonym, decides, each_found, is_issued,
};
use crate::facts::Facts;
use crate::house::{Answer, House, Proof};
use crate::lookup::Texts;
use crate::match_ladder::{Clue, Person, Trail, Who, identifies, judge, rank};
use crate::rows::{Next, Rows};

/// Rows that are asked for at once.
const BATCH_ROWS: u32 = 32_768;
/// Bytes after which a batch is asked for even if it has fewer rows.
const BATCH_BYTES: usize = 64 << 20;
/// Most lines of canary rows that are told for one disclosure.
const CANARY_LINES_MAX: usize = 20;
/// Kinds that one run can tell apart; more than any table has that is worth tracing.
const KIND_BITS: usize = 32;

/// The place of "nobody" among the ordinals of [`Row`].
pub(crate) const NOBODY: u32 = u32::MAX;

/// What attribution needs of one row.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// The subject's or canary's ordinal, or [`NOBODY`].
    pub(crate) ordinal: u32,
    /// Bits of [`Matched::kinds`] that the row holds in clear.
    pub(crate) kinds: u32,
    /// Place in [`Matched::trails`].
    pub(crate) trail: u16,
}

/// Canaries of one disclosure that were met.
#[derive(Clone, Debug, Default)]
pub(crate) struct CanaryRows {
    pub(crate) rows: u64,
    pub(crate) ordinals: BTreeSet<u32>,
    pub(crate) lines: Vec<u64>,
}

/// How many rows came out how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) rows: u64,
    pub(crate) exact: u64,
    pub(crate) weak: u64,
    pub(crate) canary: u64,
    pub(crate) erased: u64,
    pub(crate) ambiguous: u64,
    pub(crate) unknown: u64,
    pub(crate) conflicts: u64,
    pub(crate) coincidences: u64,
    pub(crate) repeats: u64,
}

/// The judged file.
pub(crate) struct Matched {
    /// Rows that are somebody's or left a trail, in the file's order.
    pub(crate) rows: Vec<Row>,
    pub(crate) trails: Vec<Trail>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) exact: RoaringBitmap,
    pub(crate) subjects: RoaringBitmap,
    pub(crate) canaries: BTreeMap<DisclosureId, CanaryRows>,
    pub(crate) counts: Counts,
}

/// Reads the table once more and judges each row.
pub(crate) fn match_rows(
    table: &mut dyn Rows,
    columns: &[Column],
    house: &dyn House,
    facts: &Facts,
) -> Result<Matched, TraceError> {
    let mut pass = Pass::new(columns, house, facts);
    loop {
        match table.advance()? {
            Next::End => break,
            Next::Fault(_) => {}
            Next::Row => {
                pass.take(table);
                if pass.is_full() {
                    pass.flush()?;
                }
            }
        }
    }
    pass.flush()?;
    Ok(pass.out)
}

/// Under which kind a column's values are asked for.
#[derive(Clone, Copy)]
struct Question {
    column: usize,
    kind: Kind,
    rank: u8,
    bit: u8,
    /// Whether the sample or the header says that the column is of the kind. Otherwise its shape
    /// may deceive (a hash looks like a CI), and an unknown value says nothing of its row.
    is_borne_out: bool,
}

struct Pass<'run> {
    columns: &'run [Column],
    house: &'run dyn House,
    facts: &'run Facts,
    bits: HashMap<Kind, u8>,
    trail_places: HashMap<Trail, u16>,
    /// The batch: a column's raw texts, by row of the batch.
    cells: Vec<Texts>,
    lines: Vec<u64>,
    clues: Vec<(u32, Clue)>,
    /// Cells of the column at hand whose value nobody holds, unless another reading knows it.
    strangers: Vec<(usize, Clue)>,
    /// People named by rows of free text, which may name several.
    also: Vec<Row>,
    out: Matched,
}

impl<'run> Pass<'run> {
    fn new(columns: &'run [Column], house: &'run dyn House, facts: &'run Facts) -> Self {
        let kinds = typed_kinds(columns, facts);
        let bits = (0_u8..).zip(&kinds).map(|(bit, kind)| (*kind, bit)).collect();
        Self {
            columns,
            house,
            facts,
            bits,
            trail_places: HashMap::from([(Trail::None, 0)]),
            cells: columns.iter().map(|_| Texts::default()).collect(),
            lines: Vec::new(),
            clues: Vec::new(),
            strangers: Vec::new(),
            also: Vec::new(),
            out: Matched {
                rows: Vec::new(),
                trails: vec![Trail::None],
                kinds,
                exact: RoaringBitmap::new(),
                subjects: RoaringBitmap::new(),
                canaries: BTreeMap::new(),
                counts: Counts::default(),
            },
        }
    }

    fn take(&mut self, table: &dyn Rows) {
        let row = u32::try_from(self.lines.len()).expect("a batch is far smaller");
        self.lines.push(table.line());
        for (place, cells) in self.cells.iter_mut().enumerate() {
            let text = table.field(place);
            if !self.columns[place].readings.is_empty() && !text.is_empty() {
                cells.push(row, text);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_ROWS as usize
            || self.cells.iter().map(Texts::bytes).sum::<usize>() >= BATCH_BYTES
    }

    fn flush(&mut self) -> Result<(), TraceError> {
        for place in 0..self.columns.len() {
            self.read_column(place)?;
        }
        self.clues.sort_unstable_by_key(|(row, _)| *row);
        let clues = std::mem::take(&mut self.clues);
        let mut rest = clues.as_slice();
        let mut own = Vec::new();
        for row in 0..self.lines.len() {
            let count = rest.iter().take_while(|(of, _)| *of as usize == row).count();
            own.clear();
            own.extend(rest[..count].iter().map(|(_, clue)| *clue));
            rest = &rest[count..];
            self.record(judge(&own), self.lines[row]);
        }
        self.record_also();
        self.clues = clues;
        self.clues.clear();
        self.lines.clear();
        self.cells.iter_mut().for_each(Texts::clear);
        Ok(())
    }

    /// Reads one column of the batch, each reading taking what the ones before left unknown.
    fn read_column(&mut self, column: usize) -> Result<(), TraceError> {
        let mut pending: Vec<usize> = (0..self.cells[column].len()).collect();
        for typed in &self.columns[column].readings {
            if pending.is_empty() {
                break;
            }
            match &typed.reading {
                Reading::Value(kind) => match rank(*kind) {
                    Some(rank) => {
                        let (kind, bit) = (*kind, self.bits[kind]);
                        let is_borne_out = typed.hits > 0 || typed.by_header;
                        let question = Question { column, kind, rank, bit, is_borne_out };
                        self.read_values(question, &mut pending)?;
                    }
                    None if typed.hits > 0 => self.note_beside(column, *kind),
                    None => {}
                },
                Reading::Pseudonym { shape, borne_out } => {
                    self.read_pseudonyms(column, *shape, borne_out, &mut pending)?;
                }
                Reading::FreeText => self.read_free_text(column)?,
            }
        }
        let cells = &self.cells[column];
        let is_unread = |cell: &usize| pending.binary_search(cell).is_ok();
        let strangers = self.strangers.drain(..).filter(|(cell, _)| is_unread(cell));
        self.clues.extend(strangers.map(|(cell, clue)| (cells.number(cell), clue)));
        Ok(())
    }

    fn read_values(
        &mut self,
        question: Question,
        pending: &mut Vec<usize>,
    ) -> Result<(), TraceError> {
        let cells = &self.cells[question.column];
        let values = collect(cells, pending, |raw| admit(question.kind, raw));
        let mut read = vec![false; cells.len()];
        self.ask_values(question, &values, &mut read)?;
        pending.retain(|cell| !read[*cell]);
        Ok(())
    }

    /// Asks for values that are numbered by their cell, and says which cells are read.
    fn ask_values(
        &mut self,
        question: Question,
        values: &Texts,
        read: &mut [bool],
    ) -> Result<(), TraceError> {
        let Question { column, kind, rank, bit, .. } = question;
        let answers = values.whose(self.house, kind)?;
        let mut unknown = Texts::default();
        for (place, answer) in answers.into_iter().enumerate() {
            let cell = values.number(place) as usize;
            if answer == Answer::Nobody {
                unknown.push(values.number(place), values.text(place));
            } else {
                read[cell] = true;
                let row = self.cells[column].number(cell);
                self.clues.push((row, Clue::Known { rank, bit, answer }));
            }
        }
        self.note_unknown(question, &unknown, read)
    }

    /// Notes values that nobody holds; those that are markers count as read.
    fn note_unknown(
        &mut self,
        question: Question,
        unknown: &Texts,
        read: &mut [bool],
    ) -> Result<(), TraceError> {
        let Question { column, kind, rank, bit, is_borne_out } = question;
        let markers = if self.facts.disclosures.is_empty() {
            vec![Vec::new(); unknown.len()]
        } else {
            unknown.markers(self.house, kind)?
        };
        for (place, markers) in markers.into_iter().enumerate() {
            let cell = unknown.number(place) as usize;
            let row = self.cells[column].number(cell);
            if markers.is_empty() && is_borne_out {
                let for_life = decides(kind, unknown.text(place));
                self.strangers.push((cell, Clue::Stranger { rank, for_life }));
            }
            read[cell] |= !markers.is_empty();
            self.clues.extend(markers.into_iter().map(|marker| {
                let (disclosure, canary) = (marker.disclosure, marker.canary);
                (row, Clue::Marker { rank, bit, disclosure, canary })
            }));
        }
        Ok(())
    }

    fn read_pseudonyms(
        &mut self,
        column: usize,
        shape: Option<Kind>,
        borne_out: &[DomainId],
        pending: &mut Vec<usize>,
    ) -> Result<(), TraceError> {
        let cells = &self.cells[column];
        let texts = collect(cells, pending, |raw| admit_pseudonym(shape, raw));
        let mut read = vec![false; cells.len()];
        self.ask_pseudonyms(column, shape, borne_out, &texts, &mut read)?;
        pending.retain(|cell| !read[*cell]);
        Ok(())
    }

    /// Asks for pseudonyms that are numbered by their cell, and says which cells are read.
    fn ask_pseudonyms(
        &mut self,
        column: usize,
        shape: Option<Kind>,
        borne_out: &[DomainId],
        texts: &Texts,
        read: &mut [bool],
    ) -> Result<(), TraceError> {
        let answers = texts.unmask(self.house, shape)?;
        for (place, readings) in answers.into_iter().enumerate() {
            let best = readings.into_iter().find(|reading| match reading.proof {
                Proof::Keyed => true,
                Proof::Statistical { .. } => {
                    borne_out.contains(&reading.domain) && is_issued(reading, self.facts)
                }
            });
            let Some(reading) = best else { continue };
            let cell = texts.number(place) as usize;
            read[cell] = true;
            self.clues.push((self.cells[column].number(cell), Clue::Pseudonym(reading)));
        }
        Ok(())
    }

    /// Reads a column of texts in which values stand here and there.
    fn read_free_text(&mut self, column: usize) -> Result<(), TraceError> {
        let mut values: BTreeMap<Kind, Texts> = BTreeMap::new();
        let mut pseudonyms: BTreeMap<Kind, Texts> = BTreeMap::new();
        let cells = &self.cells[column];
        for cell in 0..cells.len() {
            let number = u32::try_from(cell).expect("a batch is far smaller");
            each_found(cells.text(cell), |found| {
                let (texts, kind, text) = match found {
                    Found::Value(kind, text) => (&mut values, kind, text),
                    Found::Pseudonym(kind, text) => (&mut pseudonyms, kind, text),
                };
                texts.entry(kind).or_default().push(number, &text);
            });
        }
        let before = self.clues.len();
        let mut read = vec![false; cells.len()];
        for (kind, texts) in values {
            let (Some(rank), Some(&bit)) = (rank(kind), self.bits.get(&kind)) else { continue };
            let question = Question { column, kind, rank, bit, is_borne_out: false };
            self.ask_values(question, &texts, &mut read)?;
        }
        for (kind, texts) in pseudonyms {
            self.ask_pseudonyms(column, Some(kind), &[], &texts, &mut read)?;
        }
        let named = self.clues[before..].iter().filter_map(|(_, clue)| {
            let kinds = kinds_of(clue);
            named_by(clue).map(|ordinal| Row { ordinal, kinds, trail: 0 })
        });
        self.also.extend(named);
        Ok(())
    }

    fn note_beside(&mut self, column: usize, kind: Kind) {
        let Some(&bit) = self.bits.get(&kind) else { return };
        let cells = &self.cells[column];
        let beside = (0..cells.len()).map(|cell| (cells.number(cell), Clue::Beside { bit }));
        self.clues.extend(beside);
    }

    fn record(&mut self, mut person: Person, line: u64) {
        let counts = &mut self.out.counts;
        counts.rows += 1;
        counts.conflicts += u64::from(person.conflict);
        counts.coincidences += u64::from(person.coincidence);
        let ordinal = match person.who {
            Who::Exact(ordinal) | Who::Weak(ordinal) => {
                let is_exact = matches!(person.who, Who::Exact(_));
                *(if is_exact { &mut counts.exact } else { &mut counts.weak }) += 1;
                counts.repeats += u64::from(!self.out.subjects.insert(ordinal.number()));
                if is_exact {
                    self.out.exact.insert(ordinal.number());
                }
                ordinal.number()
            }
            Who::Canary(ordinal) => {
                counts.canary += 1;
                self.record_canary(&mut person, ordinal, line);
                ordinal.number()
            }
            Who::Erased => add_one(&mut counts.erased),
            Who::Ambiguous => add_one(&mut counts.ambiguous),
            Who::Unknown => add_one(&mut counts.unknown),
        };
        let trail = self.place_trail(person.trail);
        if ordinal != NOBODY || trail != 0 {
            let kinds = person.kinds;
            self.out.rows.push(Row { ordinal, kinds, trail });
        }
    }

    /// Adds the people whom free text names besides the one that its row was judged to be about.
    fn record_also(&mut self) {
        for row in std::mem::take(&mut self.also) {
            self.out.exact.insert(row.ordinal);
            // A further pseudonym on a line counts its person, but its trail is the line's first.
            if self.out.subjects.insert(row.ordinal) && row.kinds != 0 {
                self.out.rows.push(row);
            }
        }
    }

    /// Finds the disclosure in which the canary was planted and leaves a trail to it.
    fn record_canary(&mut self, person: &mut Person, ordinal: Ordinal, line: u64) {
        let holder = || {
            let mut all = self.facts.disclosures.iter();
            all.find(|disclosure| disclosure.members.contains(ordinal.number()))
        };
        let disclosure = match person.trail {
            Trail::Planted(disclosure) => Some(disclosure),
            _ => holder().map(|disclosure| disclosure.id),
        };
        let Some(disclosure) = disclosure else { return };
        person.trail = Trail::Planted(disclosure);
        let seen = self.out.canaries.entry(disclosure).or_default();
        seen.rows += 1;
        seen.ordinals.insert(ordinal.number());
        if seen.lines.len() < CANARY_LINES_MAX {
            seen.lines.push(line);
        }
    }

    /// The place of a trail; a run that meets more than 65,535 different ones lets the rest go.
    fn place_trail(&mut self, trail: Trail) -> u16 {
        if let Some(place) = self.trail_places.get(&trail) {
            return *place;
        }
        let Ok(place) = u16::try_from(self.out.trails.len()) else { return 0 };
        self.out.trails.push(trail.clone());
        self.trail_places.insert(trail, place);
        place
    }
}

/// The subject whom a clue names alone.
fn named_by(clue: &Clue) -> Option<u32> {
    let ordinal = match clue {
        Clue::Known { answer: Answer::One(ordinal), .. } => *ordinal,
        Clue::Pseudonym(reading) => reading.ordinal?,
        _ => return None,
    };
    (!ordinal.is_canary()).then(|| ordinal.number())
}

const fn kinds_of(clue: &Clue) -> u32 {
    match clue {
        Clue::Known { bit, .. } => 1 << *bit,
        _ => 0,
    }
}

const fn add_one(count: &mut u64) -> u32 {
    *count += 1;
    NOBODY
}

/// The pending cells' texts that a reading admits, numbered by cell.
fn collect(cells: &Texts, pending: &[usize], admit: impl Fn(&str) -> Option<String>) -> Texts {
    let mut out = Texts::default();
    for cell in pending {
        if let Some(text) = admit(cells.text(*cell)) {
            let number = u32::try_from(*cell).expect("a batch is far smaller");
            out.push(number, &text);
        }
    }
    out
}

/// The kinds that this run can meet, strongest first.
fn typed_kinds(columns: &[Column], facts: &Facts) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for typed in columns.iter().flat_map(|column| &column.readings) {
        match typed.reading {
            Reading::Value(kind) => kinds.push(kind),
            Reading::FreeText => kinds.extend(facts.kinds.iter().filter(|kind| identifies(**kind))),
            Reading::Pseudonym { .. } => {}
        }
    }
    kinds.sort_unstable_by_key(|kind| (rank(*kind).unwrap_or(u8::MAX), *kind));
    kinds.dedup();
    kinds.truncate(KIND_BITS);
    kinds
}
