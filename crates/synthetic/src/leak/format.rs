//! The bytes of a leaked table.

use crate::encode::{Encoding, push_csv_field, push_json_string};
use crate::error::SyntheticError;

/// How a leaked table is laid out and encoded. The default is plain CSV in UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// How rows and cells are told apart.
    pub layout: Layout,
    /// The characters' bytes.
    pub encoding: Encoding,
    /// Whether lines end with `\r\n`.
    pub windows_lines: bool,
    /// Whether every field is in quotes, or only those that must be.
    pub quoted: bool,
}

/// How rows and cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A row a line, cells between delimiters (RFC 4180 with another character than the comma).
    Delimited(char),
    /// A JSON object a line.
    JsonLines,
}

impl Default for Layout {
    fn default() -> Self {
        Self::Delimited(',')
    }
}

impl Layout {
    /// The usual file name ending, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Delimited('\t') => "tsv",
            Self::Delimited(',') => "csv",
            Self::Delimited(_) => "txt",
            Self::JsonLines => "ndjson",
        }
    }
}

impl Format {
    /// Writes a whole table. `header` is none when the file shall have none.
    pub(super) fn write<'a>(
        self,
        header: Option<&[String]>,
        rows: impl Iterator<Item = impl Iterator<Item = &'a str>>,
    ) -> Result<Vec<u8>, SyntheticError> {
        let mut text = String::new();
        if let (Layout::Delimited(delimiter), Some(header)) = (self.layout, header) {
            self.push_line(&mut text, header.iter().map(String::as_str), delimiter);
        }
        for row in rows {
            match self.layout {
                Layout::Delimited(delimiter) => self.push_line(&mut text, row, delimiter),
                Layout::JsonLines => {
                    push_object(&mut text, header, row);
                    self.end_line(&mut text);
                }
            }
        }
        self.encoding.file(&text)
    }

    fn push_line<'a>(
        self,
        text: &mut String,
        cells: impl Iterator<Item = &'a str>,
        delimiter: char,
    ) {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                text.push(delimiter);
            }
            push_csv_field(text, cell, delimiter, self.quoted);
        }
        self.end_line(text);
    }

    fn end_line(self, text: &mut String) {
        text.push_str(if self.windows_lines { "\r\n" } else { "\n" });
    }
}

fn push_object<'a>(
    text: &mut String,
    header: Option<&[String]>,
    cells: impl Iterator<Item = &'a str>,
) {
    text.push('{');
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        match header {
            Some(header) => push_json_string(text, &header[place]),
            None => push_json_string(text, &format!("col{}", place + 1)),
        }
        text.push(':');
        push_json_string(text, cell);
    }
    text.push('}');
}
