//! Files of people: tables whose columns are kinds of personal data.
//!
//! Which column is which kind is decided by its header and nothing else: whoever gives such a file
//! says what it holds. What stands in a header is only repeated as a position, because a file without
//! a header has a person there. A file that turned up somewhere is another matter: its columns are
//! typed by what they hold, and that is the tracer's work.

use std::io::Read;

use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};

use super::ReadError;
use super::table::{Format, Header, Row, TableOptions, TableReader};

/// Headers of the column that names a person's language.
const LANGUAGE_HEADERS: [&str; 3] = ["language", "lang", "언어"];

/// What is to be done about columns of no known kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The file is refused.
    Refuse,
    /// They are not read.
    Ignore,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Kind(Kind),
    Language,
    Ignored,
}

/// One row of a file of people. It has no `Debug`.
pub struct PersonRow {
    /// Its line, from 1.
    pub line: u64,
    /// Kinds and values; empty values are left out.
    pub values: Vec<(Kind, Pii<String>)>,
    /// The language, `None` when the row does not say.
    pub language: Option<Language>,
}

/// A row that could not be read: its line and a log-safe reason.
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A file of people while it is read.
pub struct PeopleFile<R> {
    table: TableReader<R>,
    columns: Vec<Column>,
    unknown: Unknown,
    row: Row,
}

impl<R: Read> PeopleFile<R> {
    /// Reads the header. Fails when there is none, when a column stands there twice, when no column
    /// is of a known kind, and, unless they are to be ignored, when one is of no known kind.
    pub fn open(read: R, format: Format, unknown: Unknown) -> Result<Self, ReadError> {
        let options = TableOptions { format, has_header: Header::Yes, delimiter: None };
        let table = TableReader::open(read, options)?;
        if table.format() == Format::Text {
            return Err(ReadError::NoColumns);
        }
        let mut file = Self { table, columns: Vec::new(), unknown, row: Row::default() };
        file.name_columns()?;
        if file.kinds().is_empty() {
            return Err(ReadError::NoKnownKind);
        }
        Ok(file)
    }

    /// The kinds of the columns known so far.
    pub fn kinds(&self) -> Vec<Kind> {
        let kind = |column: &Column| match column {
            Column::Kind(kind) => Some(*kind),
            Column::Language | Column::Ignored => None,
        };
        self.columns.iter().filter_map(kind).collect()
    }

    /// Finds out what the columns hold that have come since the last time (NDJSON adds keys).
    fn name_columns(&mut self) -> Result<(), ReadError> {
        let mut nameless = Vec::new();
        for (place, header) in self.table.columns().iter().enumerate().skip(self.columns.len()) {
            let column = column_of(header);
            let before = match column {
                Column::Ignored => None,
                known => self.columns.iter().position(|column| *column == known),
            };
            if let Some(before) = before {
                return Err(ReadError::SameKind { first: before + 1, second: place + 1 });
            }
            if column == Column::Ignored {
                nameless.push(place + 1);
            }
            self.columns.push(column);
        }
        if self.unknown == Unknown::Refuse && !nameless.is_empty() && !self.kinds().is_empty() {
            return Err(ReadError::UnknownColumns(nameless));
        }
        Ok(())
    }

    /// The next row, a row that is broken, or `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Result<PersonRow, BadRow>>, ReadError> {
        match self.table.next_row(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(ReadError::Row(fault)) => {
                return Ok(Some(Err(BadRow {
                    line: fault.line,
                    reason: fault.reason.to_string(),
                })));
            }
            Err(error) => return Err(error),
        }
        if self.table.columns().len() > self.columns.len() {
            self.name_columns()?;
        }
        Ok(Some(self.person()))
    }

    fn person(&self) -> Result<PersonRow, BadRow> {
        let line = self.row.line();
        let mut person =
            PersonRow { line, values: Vec::with_capacity(self.columns.len()), language: None };
        for (column, value) in self.columns.iter().zip(self.row.fields()) {
            let value = value.trim();
            match column {
                _ if value.is_empty() => {}
                Column::Kind(kind) => person.values.push((*kind, Pii::new(value.to_owned()))),
                Column::Language => {
                    let Ok(language) = value.parse() else {
                        let reason = "the language is none of ko, en".to_owned();
                        return Err(BadRow { line, reason });
                    };
                    person.language = Some(language);
                }
                Column::Ignored => {}
            }
        }
        Ok(person)
    }
}

fn column_of(header: &str) -> Column {
    let plain = header.trim().to_lowercase();
    if LANGUAGE_HEADERS.contains(&plain.as_str()) {
        return Column::Language;
    }
    // What others were given in place of a value is nobody's attribute.
    let kind = Kind::from_header(header).filter(|kind| *kind != Kind::PSEUDONYM);
    kind.map_or(Column::Ignored, Column::Kind)
}

/// The headers that every file of people may have: the ids of the kinds, and the language.
pub fn known_headers() -> String {
    let ids = Kind::all().filter(|kind| *kind != Kind::PSEUDONYM).map(Kind::id);
    ids.chain(["language"]).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str, unknown: Unknown) -> Result<PeopleFile<&[u8]>, ReadError> {
        PeopleFile::open(text.as_bytes(), Format::Auto, unknown)
    }

    fn refusal(text: &str) -> String {
        open(text, Unknown::Refuse).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn rows_come_with_kinds_and_a_language() {
        let mut file =
            open("별명,연락처,lang\n푸른고래,010-1234-5678,en\n,,\nx,1\n", Unknown::Refuse)
                .unwrap();
        assert_eq!(file.kinds(), [Kind::NICKNAME, Kind::PHONE]);
        let row = file.next_row().unwrap().unwrap().ok().unwrap();
        assert_eq!((row.line, row.values.len(), row.language), (2, 2, Some(Language::En)));
        let empty = file.next_row().unwrap().unwrap().ok().unwrap();
        assert!(empty.values.is_empty());
        let bad = file.next_row().unwrap().unwrap().err().unwrap();
        assert_eq!((bad.line, bad.reason.as_str()), (4, "2 fields where 3 are expected"));
        assert!(file.next_row().unwrap().is_none());
    }

    #[test]
    fn unknown_columns_are_named_by_their_place_only() {
        let text = "nickname,hamster,email,wheel\na,b,c@example.com,d\n";
        assert!(refusal(text).starts_with("columns 2, 4 are of no known kind: "));
        let file = open(text, Unknown::Ignore).unwrap();
        assert_eq!(file.kinds(), [Kind::NICKNAME, Kind::EMAIL]);
    }

    #[test]
    fn files_without_a_header_and_with_doubled_columns_are_refused() {
        assert!(refusal("kim,kim@example.com\nlee,lee@example.com\n").contains("looks like data"));
        assert!(
            refusal("phone,mobile\n1,2\n").starts_with("columns 1 and 2 are of the same kind: ")
        );
        assert!(refusal("a,b\nc,d\n").starts_with("no column is of a known kind: "));
        assert!(refusal("only words\nand lines\n").contains("not a table"));
        assert_eq!(refusal(" \n"), "the file is empty: nothing to read");
    }

    #[test]
    fn a_key_that_comes_late_is_met_as_well() {
        let text = "{\"nickname\":\"a\"}\n{\"nickname\":\"b\",\"email\":\"b@example.com\"}\n";
        let mut file = open(text, Unknown::Refuse).unwrap();
        let rows: Vec<usize> = std::iter::from_fn(|| file.next_row().unwrap())
            .map(|row| row.ok().unwrap().values.len())
            .collect();
        assert_eq!(rows, [1, 2]);
    }
}
