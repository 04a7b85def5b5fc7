//! Reading one row of a legal table, field by field.
//!
//! A deserialiser would say "unknown variant at line 1304"; whoever keeps the tables needs the row
//! and the field. And a field that nobody asked for is an error: a misspelt `valid_to` must not
//! leave a repealed text in force for ever.

use std::collections::BTreeSet;

use doldam_ground::deadline::{Day, Zone};
use doldam_ground::limits;

use crate::error::ResponseError;
use crate::words::{Bilingual, Word};

/// The rows of the arrays `names` of a table, which may hold no other arrays.
pub(crate) fn rows<'t>(
    table: &'static str,
    document: &'t toml::Table,
    name: &str,
) -> Result<Vec<Row<'t>>, ResponseError> {
    let Some(array) = document.get(name) else { return Ok(Vec::new()) };
    let refuse = |problem| ResponseError::Table { table, problem };
    let array = array.as_array().ok_or(refuse("an entry is not a list of rows"))?;
    if array.len() > limits::LAW_ROWS_MAX {
        return Err(refuse("more rows than LAW_ROWS_MAX"));
    }
    let row =
        |(position, value)| Row::new(table, position, value).ok_or(refuse("a row is no table"));
    array.iter().enumerate().map(row).collect()
}

/// The parsed text of a table that may hold only the arrays `names`.
pub(crate) fn document(
    table: &'static str,
    text: &str,
    names: &[&str],
) -> Result<toml::Table, ResponseError> {
    let refuse = |problem| ResponseError::Table { table, problem };
    if text.len() > limits::LAW_TABLE_BYTES_MAX {
        return Err(refuse("longer than LAW_TABLE_BYTES_MAX"));
    }
    let document: toml::Table = text.parse().map_err(|_| refuse("not TOML"))?;
    match document.keys().find(|key| !names.contains(&key.as_str())) {
        Some(_) => Err(refuse("an entry that such a table does not have")),
        None => Ok(document),
    }
}

/// One row, and which of its fields were asked for.
pub(crate) struct Row<'t> {
    table: &'static str,
    name: String,
    fields: &'t toml::Table,
    asked: BTreeSet<&'static str>,
}

impl<'t> Row<'t> {
    fn new(table: &'static str, position: usize, value: &'t toml::Value) -> Option<Self> {
        let fields = value.as_table()?;
        let id = fields.get("id").and_then(toml::Value::as_str);
        let name = id.map_or_else(|| format!("number {}", position + 1), str::to_owned);
        Some(Self { table, name, fields, asked: BTreeSet::new() })
    }

    /// The error that says what is wrong with a field.
    pub(crate) fn wrong(&self, field: &str, problem: &'static str) -> ResponseError {
        let field = field.to_owned();
        ResponseError::Row { table: self.table, row: self.name.clone(), field, problem }
    }

    fn value(&mut self, field: &'static str) -> Result<&'t toml::Value, ResponseError> {
        self.asked.insert(field);
        self.fields.get(field).ok_or_else(|| self.wrong(field, "is missing"))
    }

    /// A text, which may be empty.
    pub(crate) fn text(&mut self, field: &'static str) -> Result<&'t str, ResponseError> {
        self.value(field)?.as_str().ok_or_else(|| self.wrong(field, "must be a text"))
    }

    /// A text that says something.
    pub(crate) fn filled(&mut self, field: &'static str) -> Result<&'t str, ResponseError> {
        let text = self.text(field)?;
        if text.trim().is_empty() { Err(self.wrong(field, "must not be empty")) } else { Ok(text) }
    }

    /// Two texts in the fields `ko` and `en`.
    pub(crate) fn bilingual(
        &mut self,
        ko: &'static str,
        en: &'static str,
    ) -> Result<Bilingual, ResponseError> {
        Ok(Bilingual { ko: self.filled(ko)?.into(), en: self.filled(en)?.into() })
    }

    /// A whole number from 0.
    pub(crate) fn number(&mut self, field: &'static str) -> Result<u32, ResponseError> {
        let number = self.value(field)?.as_integer().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| self.wrong(field, "must be a whole number from 0"))
    }

    /// True or false.
    pub(crate) fn truth(&mut self, field: &'static str) -> Result<bool, ResponseError> {
        let truth = self.value(field)?.as_bool();
        truth.ok_or_else(|| self.wrong(field, "must be true or false"))
    }

    /// A day; `None` for an empty text.
    pub(crate) fn day(&mut self, field: &'static str) -> Result<Option<Day>, ResponseError> {
        match self.text(field)? {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| self.wrong(field, "must be a day: 2026-09-11"))
            }
        }
    }

    /// A time zone.
    pub(crate) fn zone(&mut self, field: &'static str) -> Result<Zone, ResponseError> {
        let name = self.text(field)?;
        Zone::named(name).map_err(|_| self.wrong(field, "must be an IANA zone: Asia/Seoul"))
    }

    /// A word of a vocabulary.
    pub(crate) fn word<W: Word>(&mut self, field: &'static str) -> Result<W, ResponseError> {
        W::from_id(self.text(field)?)
            .ok_or_else(|| self.wrong(field, "is not a word of its vocabulary"))
    }

    /// A word of a vocabulary; `None` for an empty text.
    pub(crate) fn optional_word<W: Word>(
        &mut self,
        field: &'static str,
    ) -> Result<Option<W>, ResponseError> {
        if self.text(field)?.is_empty() { Ok(None) } else { self.word(field).map(Some) }
    }

    /// A list of texts without repetition.
    pub(crate) fn texts(&mut self, field: &'static str) -> Result<Vec<&'t str>, ResponseError> {
        let list = self.value(field)?.as_array();
        let texts: Option<Vec<&str>> =
            list.and_then(|list| list.iter().map(toml::Value::as_str).collect());
        let texts = texts.ok_or_else(|| self.wrong(field, "must be a list of texts"))?;
        if texts.iter().collect::<BTreeSet<_>>().len() < texts.len() {
            return Err(self.wrong(field, "names something twice"));
        }
        Ok(texts)
    }

    /// A list of words of a vocabulary.
    pub(crate) fn words<W: Word>(&mut self, field: &'static str) -> Result<Vec<W>, ResponseError> {
        let words: Option<Vec<W>> = self.texts(field)?.into_iter().map(W::from_id).collect();
        words.ok_or_else(|| self.wrong(field, "holds a word that is not of its vocabulary"))
    }

    /// Refuses what nobody asked for.
    pub(crate) fn finish(&self) -> Result<(), ResponseError> {
        match self.fields.keys().find(|field| !self.asked.contains(field.as_str())) {
            Some(field) => Err(self.wrong(field, "is a field that such a row does not have")),
            None => Ok(()),
        }
    }
}
