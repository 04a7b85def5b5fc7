//! What was done to a delivered file before it leaked.

use doldam_ground::entropy;

use super::format::{Format, Layout};
use super::spelling::Spelling;
use crate::encode::Encoding;
use crate::people::Column;
use crate::seed::{Seed, SeededEntropy, index_below, shuffle};

/// How a leak is made. The default is an empty file; [`Recipe::whole`] and its sisters are starts.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    /// Which parts of which delivered tables, one after the other.
    pub takes: Vec<Take>,
    /// Rows of people whom the bank has never met.
    pub strangers: usize,
    /// Rows that occur once more, at another place.
    pub repeats: usize,
    /// Whether the order of rows is lost.
    pub shuffled: bool,
    /// What became of the columns.
    pub columns: Columns,
    /// Other spellings of the values, applied in this order.
    pub spellings: Vec<Spelling>,
    /// The bytes of the file.
    pub format: Format,
}

/// A part of one delivered table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// Position among the delivered tables.
    pub table: usize,
    /// Which of its rows.
    pub part: Part,
}

/// Which rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All.
    Whole,
    /// So many, one after the other, from a random start.
    Run(usize),
    /// So many, picked at random, in the order of the table.
    Random(usize),
}

impl Part {
    /// How many rows of a table of `available` it asks for.
    pub const fn rows(self, available: usize) -> usize {
        match self {
            Self::Whole => available,
            Self::Run(rows) | Self::Random(rows) => rows,
        }
    }
}

/// What became of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Names of columns that are gone. A leak keeps at least one column: the first stays if all
    /// are named.
    pub dropped: Vec<String>,
    /// Whether the rest stand in another order.
    pub reordered: bool,
    /// What the header says.
    pub headers: Headers,
}

/// What the header of a leak says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    /// What it said when it was handed over.
    #[default]
    Kept,
    /// Another usual name of the same kind: `닉네임` for `nickname`.
    Renamed,
    /// `col1`, `col2`, …
    Meaningless,
    /// There is none. JSON lines cannot do without, and get the meaningless ones.
    Absent,
}

impl Columns {
    /// Positions of the columns that are left, in their new order.
    pub(super) fn places(&self, source: &mut SeededEntropy, header: &[String]) -> Vec<usize> {
        let kept = |place: &usize| !self.dropped.contains(&header[*place]);
        let mut places: Vec<usize> = (0..header.len()).filter(kept).collect();
        if places.is_empty() && !header.is_empty() {
            places.push(0);
        }
        if self.reordered {
            shuffle(source, &mut places);
        }
        places
    }

    /// The header of the leak, unless there is none.
    pub(super) fn names(
        &self,
        source: &mut SeededEntropy,
        header: &[String],
        places: &[usize],
    ) -> Option<Vec<String>> {
        let mut rename = |name: &String| {
            let kind = Column::from_header(name).and_then(Column::kind);
            kind.map_or_else(
                || name.clone(),
                |kind| {
                    let names = &kind.entry().headers;
                    names[index_below(source, names.len())].clone()
                },
            )
        };
        let name = |(number, place): (usize, &usize)| match self.headers {
            Headers::Renamed => rename(&header[*place]),
            Headers::Meaningless => format!("col{}", number + 1),
            Headers::Kept | Headers::Absent => header[*place].clone(),
        };
        let names = places.iter().enumerate().map(name).collect();
        (self.headers != Headers::Absent).then_some(names)
    }
}

impl Recipe {
    /// The whole of one table, as it was.
    pub fn whole(table: usize) -> Self {
        Self::of(table, Part::Whole)
    }

    /// `rows` of one table, one after the other.
    pub fn run(table: usize, rows: usize) -> Self {
        Self::of(table, Part::Run(rows))
    }

    /// `rows` of one table, picked at random.
    pub fn random_rows(table: usize, rows: usize) -> Self {
        Self::of(table, Part::Random(rows))
    }

    /// Rows of several tables, picked at random and shuffled together: `(table, rows)`.
    pub fn mixed(parts: &[(usize, usize)]) -> Self {
        let take =
            |(table, rows): &(usize, usize)| Take { table: *table, part: Part::Random(*rows) };
        Self { takes: parts.iter().map(take).collect(), shuffled: true, ..Self::default() }
    }

    /// Rows of nobody whom the bank knows, in the columns of `table`.
    pub fn foreign(table: usize, rows: usize) -> Self {
        Self { strangers: rows, ..Self::of(table, Part::Run(0)) }
    }

    fn of(table: usize, part: Part) -> Self {
        Self { takes: vec![Take { table, part }], ..Self::default() }
    }

    /// A leak as it might come: one of `row_counts.len()` tables (whole, in part, or mixed with
    /// one or two others of which none has more rows than half of its), at least 500 rows where
    /// the table has as many, perhaps shuffled, with strangers, repeats, moved columns, other
    /// headers, another encoding. No column is dropped and no value respelt: what a tracer can
    /// still know then depends on the column, so the caller says it. `row_counts` must not be
    /// empty.
    pub fn any(seed: &Seed, row_counts: &[usize]) -> Self {
        let mut source = seed.child("recipe").entropy();
        let mut coin = |sides| index_below(&mut source, sides);
        let table = coin(row_counts.len());
        let available = row_counts[table];
        let rows = 500.min(available) + coin(available.saturating_sub(500) + 1);
        let mut recipe = match coin(4) {
            0 => Self::whole(table),
            1 => Self::run(table, rows),
            2 => Self::random_rows(table, rows),
            _ => {
                let mut parts = vec![(table, rows)];
                for _ in 0..=coin(2) {
                    let other = coin(row_counts.len());
                    if parts.iter().all(|(taken, _)| *taken != other) {
                        parts.push((other, coin(row_counts[other].min(rows / 2) + 1)));
                    }
                }
                Self::mixed(&parts)
            }
        };
        recipe.shuffled |= coin(2) == 0;
        recipe.strangers = coin(3) * coin(rows / 10 + 1);
        recipe.repeats = coin(3) * coin(rows / 20 + 1);
        recipe.columns.reordered = coin(2) == 0;
        recipe.columns.headers = [Headers::Kept, Headers::Renamed, Headers::Meaningless][coin(3)];
        recipe.format = any_format(&mut source);
        recipe
    }
}

fn any_format(source: &mut SeededEntropy) -> Format {
    let encodings = [Encoding::Utf8, Encoding::Utf8Marked, Encoding::Cp949];
    Format {
        layout: if entropy::below(source, 8) == 0 {
            Layout::JsonLines
        } else {
            Layout::Delimited([',', ',', '\t', ';', '|'][index_below(source, 5)])
        },
        encoding: encodings[index_below(source, encodings.len())],
        windows_lines: entropy::below(source, 2) == 0,
        quoted: entropy::below(source, 2) == 0,
    }
}
