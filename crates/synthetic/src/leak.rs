//! Files that leaked, made from what was delivered, with the truth beside them.
//!
//! A leaked file is hardly ever the file that was handed over. Someone has cut it, joined it with
//! another, sorted it, renamed a column, opened it in a spreadsheet, sent it through a form. A
//! [`Recipe`] says what was done, [`make`] does it, and the [`Truth`] says what a tracer must find:
//! so that "the right copy first in 99 of 100 cases" can be measured and not just claimed.

mod format;
mod recipe;
mod spelling;

use std::collections::HashSet;
use std::fmt;

use doldam_ground::entropy;

use crate::error::SyntheticError;
use crate::people::{Column, PEOPLE_MAX, People};
use crate::seed::{Seed, SeededEntropy, index_below, sample, shuffle};

pub use format::{Format, Layout};
pub use recipe::{Columns, Headers, Part, Recipe, Take};
pub use spelling::Spelling;

/// A table as it was handed over: real values or pseudonyms, canaries included.
pub struct Delivered {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    subjects: Option<Vec<u64>>,
}

impl Delivered {
    /// The number to give to a canary's row: it is the table's, but nobody's.
    pub const CANARY: u64 = u64::MAX;

    /// A table in which every row is another subject, whom no other table knows.
    /// [`SyntheticError::Shape`] when a row is longer or shorter than the header.
    pub fn new(header: Vec<String>, rows: Vec<Vec<String>>) -> Result<Self, SyntheticError> {
        match rows.iter().position(|row| row.len() != header.len()) {
            Some(row) => Err(SyntheticError::Shape { row }),
            None => Ok(Self { header, rows, subjects: None }),
        }
    }

    /// Says whose each row is, by any number that is the same in every table: needed to count
    /// distinct subjects of a leak mixed from several tables. Rows of canaries get
    /// [`Delivered::CANARY`]. [`SyntheticError::Shape`] when there is not exactly one number a row.
    pub fn with_subjects(mut self, subjects: Vec<u64>) -> Result<Self, SyntheticError> {
        if subjects.len() != self.rows.len() {
            let row = subjects.len().min(self.rows.len());
            return Err(SyntheticError::Shape { row });
        }
        self.subjects = Some(subjects);
        Ok(self)
    }

    /// How many rows it has.
    pub const fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The subject of a row: as told, or one that stands for the row alone; none for a canary.
    fn subject(&self, table: usize, row: usize) -> Option<(usize, u64)> {
        match &self.subjects {
            // One group for all tables whose subjects are named.
            Some(subjects) => {
                (subjects[row] != Self::CANARY).then_some((usize::MAX, subjects[row]))
            }
            None => Some((table, row as u64)),
        }
    }
}

impl fmt::Debug for Delivered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "‹delivered table of {} rows›", self.rows.len())
    }
}

/// A leaked file and what is true of it.
pub struct Leak {
    /// The file.
    pub bytes: Vec<u8>,
    /// What a tracer must find.
    pub truth: Truth,
    /// The usual file name ending of the layout, without a dot.
    pub extension: &'static str,
}

impl fmt::Debug for Leak {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "‹leak of {} rows›", self.truth.rows)
    }
}

/// What a tracer must find in a leak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Data rows of the file, repeats and strangers included, the header not.
    pub rows: usize,
    /// Where the rows came from, most rows first; equal numbers in the order of the tables.
    pub sources: Vec<Source>,
    /// Different subjects over all sources; canaries are none.
    pub subjects: usize,
    /// Rows of people whom no delivered table knows.
    pub unknown_rows: usize,
    /// Rows of canaries, repeats included.
    pub canary_rows: usize,
}

/// One delivered table's part in a leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Position among the delivered tables.
    pub table: usize,
    /// Rows of the leak that came from it, repeats and canaries included.
    pub rows: usize,
    /// Different subjects among these rows.
    pub subjects: usize,
}

/// One row of the leak while it is made: whence, and its cells in the leak's columns.
#[derive(Clone)]
struct Row {
    /// Position of the delivered table and of the row in it; none for a stranger.
    origin: Option<(usize, usize)>,
    cells: Vec<String>,
}

/// Makes a leak. `strangers` should be [`People::strangers`] of the bank's seed.
///
/// The order of work: rows are taken table by table, repeats and strangers are put in at random
/// places, the whole is shuffled if asked, columns are changed, values respelt, bytes written.
///
/// Errors: [`SyntheticError::Rows`] when a table is too short or not there,
/// [`SyntheticError::Unencodable`] when the spelling and the encoding do not go together.
pub fn make(
    seed: &Seed,
    strangers: &People,
    delivered: &[Delivered],
    recipe: &Recipe,
) -> Result<Leak, SyntheticError> {
    let header = joined_header(delivered, &recipe.takes)?;
    let mut rows = Vec::new();
    for (place, take) in recipe.takes.iter().enumerate() {
        let mut source = seed.child("take").numbered(place as u64).entropy();
        let table = &delivered[take.table];
        for row in taken_rows(&mut source, table, take)? {
            let cells = spread(&header, table, row);
            let origin = Some((take.table, row));
            rows.push(Row { origin, cells });
        }
    }
    add_repeats(&mut seed.child("repeats").entropy(), &mut rows, recipe.repeats);
    let mut source = seed.child("strangers").entropy();
    add_strangers(&mut source, strangers, &header, &mut rows, recipe.strangers);
    if recipe.shuffled {
        shuffle(&mut seed.child("shuffle").entropy(), &mut rows);
    }
    let truth = truth(delivered, &rows);
    let kinds: Vec<_> = header.iter().map(|name| Column::from_header(name)).collect();
    for row in &mut rows {
        for (cell, column) in row.cells.iter_mut().zip(&kinds) {
            for spelling in &recipe.spellings {
                spelling.apply(cell, *column);
            }
        }
    }
    let places = recipe.columns.places(&mut seed.child("columns").entropy(), &header);
    let names = recipe.columns.names(&mut seed.child("names").entropy(), &header, &places);
    let cells = rows.iter().map(|row| places.iter().map(|place| row.cells[*place].as_str()));
    Ok(Leak {
        bytes: recipe.format.write(names.as_deref(), cells)?,
        truth,
        extension: recipe.format.layout.extension(),
    })
}

/// The columns of all taken tables, each name once, in the order in which they are met.
fn joined_header(delivered: &[Delivered], takes: &[Take]) -> Result<Vec<String>, SyntheticError> {
    let mut header: Vec<String> = Vec::new();
    for take in takes {
        let table = delivered.get(take.table).ok_or(SyntheticError::Rows {
            table: take.table,
            wanted: 1,
            available: 0,
        })?;
        for name in &table.header {
            if !header.contains(name) {
                header.push(name.clone());
            }
        }
    }
    Ok(header)
}

/// Positions of the rows that are taken, in the order of the table.
fn taken_rows(
    source: &mut SeededEntropy,
    table: &Delivered,
    take: &Take,
) -> Result<Vec<usize>, SyntheticError> {
    let available = table.rows.len();
    let wanted = take.part.rows(available);
    if wanted > available {
        return Err(SyntheticError::Rows { table: take.table, wanted, available });
    }
    Ok(match take.part {
        Part::Whole => (0..available).collect(),
        Part::Run(_) => {
            let start = index_below(source, available - wanted + 1);
            (start..start + wanted).collect()
        }
        Part::Random(_) => {
            let size = u32::try_from(available).expect("a table in memory");
            let mut places = sample(source, size, wanted);
            places.sort_unstable();
            places.into_iter().map(|place| place as usize).collect()
        }
    })
}

/// A delivered row in the columns of the leak; columns that its table lacks stay empty.
fn spread(header: &[String], table: &Delivered, row: usize) -> Vec<String> {
    let cell = |name: &String| {
        let place = table.header.iter().position(|own| own == name);
        place.map_or_else(String::new, |place| table.rows[row][place].clone())
    };
    header.iter().map(cell).collect()
}

fn insert_at_random(source: &mut SeededEntropy, rows: &mut Vec<Row>, more: Vec<Row>) {
    let size = rows.len() + more.len();
    let places = sample(source, u32::try_from(size).expect("rows in memory"), more.len());
    let places: HashSet<usize> = places.into_iter().map(|place| place as usize).collect();
    let (mut old, mut new) = (std::mem::take(rows).into_iter(), more.into_iter());
    rows.extend(
        (0..size).filter_map(|place| if places.contains(&place) { new.next() } else { old.next() }),
    );
}

fn add_repeats(source: &mut SeededEntropy, rows: &mut Vec<Row>, count: usize) {
    if rows.is_empty() {
        return;
    }
    let again = (0..count).map(|_| rows[index_below(source, rows.len())].clone()).collect();
    insert_at_random(source, rows, again);
}

fn add_strangers(
    source: &mut SeededEntropy,
    people: &People,
    header: &[String],
    rows: &mut Vec<Row>,
    count: usize,
) {
    let columns: Vec<_> = header.iter().map(|name| Column::from_header(name)).collect();
    let count = u32::try_from(count).expect("strangers fit into memory");
    let first = entropy::below(source, u64::from(PEOPLE_MAX.saturating_sub(count).max(1)));
    let first = u32::try_from(first).expect("below PEOPLE_MAX");
    let stranger = |index| {
        let cell = |column: &Option<Column>| {
            let mut out = String::new();
            if let Some(column) = column {
                people.push_value(index, *column, &mut out);
            }
            out
        };
        Row { origin: None, cells: columns.iter().map(cell).collect() }
    };
    let more = (first..first.saturating_add(count)).map(stranger).collect();
    insert_at_random(source, rows, more);
}

fn truth(delivered: &[Delivered], rows: &[Row]) -> Truth {
    let mut everybody = HashSet::new();
    let mut sources = Vec::new();
    let mut canary_rows = 0;
    for (table, given) in delivered.iter().enumerate() {
        let from_here = rows.iter().filter_map(|row| row.origin).filter(|one| one.0 == table);
        let (mut own_rows, mut own) = (0, HashSet::new());
        for (_, row) in from_here {
            own_rows += 1;
            match given.subject(table, row) {
                Some(subject) => _ = own.insert(subject),
                None => canary_rows += 1,
            }
        }
        if own_rows > 0 {
            let subjects = own.len();
            sources.push(Source { table, rows: own_rows, subjects });
            everybody.extend(own);
        }
    }
    sources.sort_by_key(|source| std::cmp::Reverse(source.rows));
    Truth {
        rows: rows.len(),
        sources,
        subjects: everybody.len(),
        unknown_rows: rows.iter().filter(|row| row.origin.is_none()).count(),
        canary_rows,
    }
}
