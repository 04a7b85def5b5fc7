//! The customer table of a bank, and what the bank gave to whom.
//!
//! A table is written straight from the drawn bytes, row by row, so a bank of a million customers
//! needs no memory and a few seconds.

mod scenario;

use std::io::Write;

use crate::encode::{Encoding, push_csv_field, push_json_string};
use crate::error::SyntheticError;
use crate::people::{Column, People};

pub use scenario::{Delivery, Firm, NFT_PRE_REGISTRANTS, Relation, Scenario};

/// How many bytes are gathered before they are encoded and handed on.
const CHUNK_BYTES: usize = 64 << 10;

/// Which people, columns and encoding a table is written with. The rows are chosen per call.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// Whose values.
    pub people: &'a People,
    /// The columns, in order.
    pub columns: &'a [Column],
    /// The bytes of the file.
    pub encoding: Encoding,
}

impl Table<'_> {
    /// Writes a header and a row for each index, comma-separated, `\n` at line ends, fields quoted
    /// where RFC 4180 asks for it. Gives the number of rows.
    ///
    /// Errors: [`SyntheticError::Io`] of `out`; [`SyntheticError::Unencodable`] cannot happen with
    /// synthetic people, whose values exist in every encoding.
    pub fn write_csv(
        &self,
        out: &mut dyn Write,
        indices: impl IntoIterator<Item = u32>,
    ) -> Result<u64, SyntheticError> {
        let header = self.header().join(",") + "\n";
        self.write(out, &header, indices, Self::push_csv_row)
    }

    /// Writes one JSON object a line for each index, keys as in the CSV header. Gives the number
    /// of rows. Errors as [`Table::write_csv`].
    pub fn write_ndjson(
        &self,
        out: &mut dyn Write,
        indices: impl IntoIterator<Item = u32>,
    ) -> Result<u64, SyntheticError> {
        self.write(out, "", indices, Self::push_json_row)
    }

    /// The header: ids of ground's kinds, and `language`.
    pub fn header(&self) -> Vec<String> {
        let id = |column: &Column| column.id().to_owned();
        self.columns.iter().map(id).collect()
    }

    /// The rows themselves, for tests and leaks.
    pub fn rows(&self, indices: impl IntoIterator<Item = u32>) -> Vec<Vec<String>> {
        let row = |index| {
            let draft = self.people.draft(index);
            let value = |column: &Column| {
                let mut value = String::new();
                draft.push(*column, &mut value);
                value
            };
            self.columns.iter().map(value).collect()
        };
        indices.into_iter().map(row).collect()
    }

    fn write(
        &self,
        out: &mut dyn Write,
        head: &str,
        indices: impl IntoIterator<Item = u32>,
        push_row: fn(&Self, u32, &mut Buffers),
    ) -> Result<u64, SyntheticError> {
        let mut buffers = Buffers::default();
        buffers.text.push_str(head);
        out.write_all(self.encoding.mark())?;
        let mut rows = 0;
        for index in indices {
            push_row(self, index, &mut buffers);
            rows += 1;
            if buffers.text.len() >= CHUNK_BYTES {
                out.write_all(&self.encoding.encode(&buffers.text)?)?;
                buffers.text.clear();
            }
        }
        out.write_all(&self.encoding.encode(&buffers.text)?)?;
        out.flush()?;
        Ok(rows)
    }

    fn push_csv_row(&self, index: u32, buffers: &mut Buffers) {
        let draft = self.people.draft(index);
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                buffers.text.push(',');
            }
            if *column == Column::Address {
                buffers.value.clear();
                draft.push(*column, &mut buffers.value);
                push_csv_field(&mut buffers.text, &buffers.value, ',', false);
            } else {
                // Only addresses hold a comma; every other value goes straight into the line.
                draft.push(*column, &mut buffers.text);
            }
        }
        buffers.text.push('\n');
    }

    fn push_json_row(&self, index: u32, buffers: &mut Buffers) {
        let draft = self.people.draft(index);
        for (place, column) in self.columns.iter().enumerate() {
            buffers.text.push(if place == 0 { '{' } else { ',' });
            push_json_string(&mut buffers.text, column.id());
            buffers.text.push(':');
            buffers.value.clear();
            draft.push(*column, &mut buffers.value);
            push_json_string(&mut buffers.text, &buffers.value);
        }
        buffers.text.push_str("}\n");
    }
}

/// Reused between rows: the lines so far, and one value.
#[derive(Default)]
struct Buffers {
    text: String,
    value: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn write(columns: &str, encoding: Encoding) -> Vec<u8> {
        let people = People::new(&Seed::new(1));
        let columns = Column::parse_list(columns).unwrap();
        let table = Table { people: &people, columns: &columns, encoding };
        let mut out = Vec::new();
        assert_eq!(table.write_csv(&mut out, 10..3_010).unwrap(), 3_000);
        out
    }

    #[test]
    fn a_table_has_a_header_and_a_row_each() {
        let text = String::from_utf8(write("nickname,ci,language", Encoding::Utf8)).unwrap();
        let people = People::new(&Seed::new(1));
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("nickname,ci,language"));
        assert_eq!(lines.clone().count(), 3_000);
        let person = people.person(10);
        let expected = [Column::Nickname, Column::Ci, Column::Language].map(|c| person.expose(c));
        assert_eq!(lines.next().unwrap(), expected.join(","));
    }

    #[test]
    fn no_value_but_the_address_needs_quotes() {
        let people = People::new(&Seed::new(2));
        let table = Table { people: &people, columns: Column::ALL, encoding: Encoding::Utf8 };
        for row in table.rows(0..5_000) {
            for (column, value) in Column::ALL.iter().zip(row) {
                let needs = value.contains([',', '"', '\n', '\r']);
                assert_eq!(needs, *column == Column::Address, "{column:?}");
            }
        }
    }

    #[test]
    fn cp949_and_utf_16_say_the_same() {
        let utf8 = String::from_utf8(write("name,address", Encoding::Utf8)).unwrap();
        let bytes = write("name,address", Encoding::Cp949);
        assert!(bytes.len() < utf8.len());
        assert_eq!(encoding_rs::EUC_KR.decode(&bytes).0, utf8);
        let bytes = write("name,address", Encoding::Utf16);
        assert_eq!(encoding_rs::UTF_16LE.decode(&bytes).0, utf8);
    }

    #[test]
    fn json_lines_hold_every_column() {
        let people = People::new(&Seed::new(3));
        let columns = [Column::Nickname, Column::Address];
        let table = Table { people: &people, columns: &columns, encoding: Encoding::Utf8 };
        let mut out = Vec::new();
        assert_eq!(table.write_ndjson(&mut out, [5, 4]).unwrap(), 2);
        let text = String::from_utf8(out).unwrap();
        let first = text.lines().next().unwrap();
        let person = people.person(5);
        let (nickname, address) = (person.nickname.expose(), person.address.expose());
        assert_eq!(first, format!("{{\"nickname\":\"{nickname}\",\"address\":\"{address}\"}}"));
    }
}
