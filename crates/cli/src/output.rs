//! The only way out: data on standard output, talk on standard error.
//!
//! A script reads the one, a person the other; so that `--format json | jq` never meets a sentence.
//! Everything goes through handles that give an error, because `println!` panics when the reader
//! of a pipe has gone, and that is a success.

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::errand::seat::{self, Ear};

/// How data is written to standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    #[default]
    Table,
    /// One JSON document with "schema": 1
    Json,
    /// One JSON object a line
    Jsonl,
}

/// Where a command's words go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// How data is written.
    pub(crate) format: Format,
    /// Whether standard error is for errors only.
    pub(crate) quiet: bool,
}

impl Output {
    /// Whether data is to be JSON of either sort.
    pub(crate) const fn is_json(self) -> bool {
        !matches!(self.format, Format::Table)
    }

    /// Whether standard error is a terminal that may be drawn on.
    pub(crate) fn may_draw(self) -> bool {
        !self.quiet && seat::may_draw()
    }

    /// Writes one line of data.
    #[expect(clippy::unused_self, reason = "every way out is a method of this type")]
    pub(crate) fn line(self, text: &str) -> anyhow::Result<()> {
        Ok(seat::say(Ear::Out, format!("{text}\n").as_bytes())?)
    }

    /// Writes a JSON document: indented, or on one line for `jsonl`.
    pub(crate) fn json(self, document: &Value) -> anyhow::Result<()> {
        match self.format {
            Format::Jsonl => self.line(&document.to_string()),
            Format::Table | Format::Json => self.line(&format!("{document:#}")),
        }
    }

    /// Writes the answer to one act: `text` for people, `facts` (an object) for programs, to which
    /// `"schema": 1` is added.
    pub(crate) fn answer(self, text: &str, facts: Value) -> anyhow::Result<()> {
        if !self.is_json() {
            return self.line(text);
        }
        let mut document = json!({ "schema": 1 });
        if let (Some(document), Value::Object(facts)) = (document.as_object_mut(), facts) {
            document.extend(facts);
        }
        self.json(&document)
    }

    /// Writes a list: a table for people, `{"schema":1,"<name>":[{…}]}` or an object a line for
    /// programs. Each row has a value for each column.
    pub(crate) fn list(
        self,
        name: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> anyhow::Result<()> {
        let objects = rows.iter().map(|row| {
            let pairs = columns.iter().zip(row);
            Value::Object(pairs.map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
        });
        match self.format {
            Format::Table => self.line(&table(columns, rows)),
            Format::Json => {
                let mut document = Map::new();
                document.insert("schema".to_owned(), json!(1));
                document.insert(name.to_owned(), objects.collect());
                self.json(&Value::Object(document))
            }
            Format::Jsonl => {
                for object in objects {
                    self.line(&object.to_string())?;
                }
                Ok(())
            }
        }
    }

    /// Says something to the person at the terminal. Must be log-safe.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            tell(text);
        }
    }
}

/// Writes a line to standard error, whatever `--quiet` says: for errors.
pub(crate) fn tell(text: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = seat::say(Ear::Talk, format!("{text}\n").as_bytes());
}

/// A table for people: columns as wide as their widest cell, two spaces between them.
fn table(columns: &[&str], rows: &[Vec<Value>]) -> String {
    let head: Vec<String> = columns.iter().map(|column| column.replace('_', " ")).collect();
    let cells: Vec<Vec<String>> = std::iter::once(head)
        .chain(rows.iter().map(|row| row.iter().map(cell).collect()))
        .collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| cells.iter().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    let lines: Vec<String> = cells
        .iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, widest) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', widest - width(cell) + 2));
            }
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Columns of a terminal that a text takes: Hangul, kana and ideographs take two each (Unicode
/// Standard Annex 11, wide).
fn width(text: &str) -> usize {
    let is_wide = |character: char| {
        matches!(u32::from(character),
            0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6)
    };
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

/// A number with its thousands divided: `17,551`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_in_hangul_too() {
        let rows = [
            vec![json!("P-1"), json!("바람새문자"), json!(["ci", "di"])],
            vec![json!("P-12"), json!("Neoulbit"), Value::Null],
        ];
        let text = table(&["id", "name", "fields"], &rows);
        let starts: Vec<usize> = text
            .lines()
            .map(|line| {
                let last = line.rfind("  ").map_or(0, |place| place + 2);
                width(&line[..last])
            })
            .collect();
        assert_eq!(starts, [18, 18, 18], "{text}");
        assert!(text.ends_with('–'));
    }

    #[test]
    fn thousands_are_divided() {
        assert_eq!(
            [0, 999, 1_000, 17_551, 1_234_567].map(grouped),
            ["0", "999", "1,000", "17,551", "1,234,567"]
        );
    }
}
