//! One JSON object a line, as a row.
//!
//! Values are taken as they are written: a number keeps its digits (a card number does not lose its
//! last ones to floating point), a nested value stays the JSON text that it is.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use doldam_ground::limits::{COLUMNS_MAX, FIELD_BYTES_MAX};

use crate::read::FaultReason;

/// Reads the object on `line` into `text` and `fields`, in the order of `columns`. Keys that are
/// new become columns; keys that are missing become empty fields.
pub(super) fn parse(
    line: &str,
    columns: &mut Vec<String>,
    text: &mut String,
    fields: &mut Vec<Range<usize>>,
) -> Result<(), FaultReason> {
    let known = columns.len();
    fields.resize(known, 0..0);
    let mut fault = None;
    let mut json = serde_json::Deserializer::from_str(line);
    let object = Object { columns, text, fields, fault: &mut fault };
    let read = object.deserialize(&mut json).and_then(|()| json.end());
    let reason = match (fault, read) {
        (Some(reason), _) => reason,
        (None, Ok(())) => return Ok(()),
        (None, Err(error)) if error.is_data() => FaultReason::NotObject,
        (None, Err(_)) => FaultReason::NotJson,
    };
    columns.truncate(known);
    Err(reason)
}

struct Object<'a> {
    columns: &'a mut Vec<String>,
    text: &'a mut String,
    fields: &'a mut Vec<Range<usize>>,
    fault: &'a mut Option<FaultReason>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut next = 0;
        loop {
            let key = Key { columns: self.columns, hint: next };
            let Some(column) = map.next_key_seed(key)? else {
                return Ok(());
            };
            let value: &RawValue = map.next_value()?;
            let stored = column
                .ok_or(FaultReason::TooManyColumns)
                .and_then(|column| self.store(column, value.get()));
            if let Err(reason) = stored {
                self.fault.get_or_insert(reason);
            }
            next = column.unwrap_or(next) + 1;
        }
    }
}

impl Object<'_> {
    fn store(&mut self, column: usize, value: &str) -> Result<(), FaultReason> {
        let start = self.text.len();
        if value == "null" {
        } else if let Some(inner) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) {
            if inner.contains('\\') {
                let plain: String =
                    serde_json::from_str(value).map_err(|_| FaultReason::NotJson)?;
                self.text.push_str(&plain);
            } else {
                self.text.push_str(inner);
            }
        } else {
            self.text.push_str(value);
        }
        if self.text.len() - start > FIELD_BYTES_MAX {
            return Err(FaultReason::FieldTooLong);
        }
        if self.fields.len() <= column {
            self.fields.resize(column + 1, 0..0);
        }
        self.fields[column] = start..self.text.len();
        Ok(())
    }
}

/// A key, turned into the number of its column; `None` when there are too many columns.
struct Key<'a> {
    columns: &'a mut Vec<String>,
    /// The column in which it stands if this object is like the others.
    hint: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        if self.columns.get(self.hint).is_some_and(|name| name == key) {
            return Ok(Some(self.hint));
        }
        if let Some(column) = self.columns.iter().position(|name| name == key) {
            return Ok(Some(column));
        }
        if self.columns.len() >= COLUMNS_MAX || key.len() > FIELD_BYTES_MAX {
            return Ok(None);
        }
        self.columns.push(key.to_owned());
        Ok(Some(self.columns.len() - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: &str, columns: &mut Vec<String>) -> Result<Vec<String>, FaultReason> {
        let (mut text, mut fields) = (String::new(), Vec::new());
        parse(line, columns, &mut text, &mut fields)?;
        Ok(fields.into_iter().map(|field| text[field].to_owned()).collect())
    }

    #[test]
    fn keys_become_columns_in_the_order_in_which_they_are_seen() {
        let mut columns = Vec::new();
        assert_eq!(row(r#"{"a":"x","b":12}"#, &mut columns).unwrap(), ["x", "12"]);
        assert_eq!(
            row(r#"{"c":{"d":[1]},"a":null,"b":"\uac00\n"}"#, &mut columns).unwrap(),
            ["", "가\n", r#"{"d":[1]}"#]
        );
        assert_eq!(row("{}", &mut columns).unwrap(), ["", "", ""]);
        assert_eq!(columns, ["a", "b", "c"]);
    }

    #[test]
    fn digits_are_kept_as_they_are_written() {
        let mut columns = Vec::new();
        assert_eq!(
            row(r#"{"card":41111111111111111234567}"#, &mut columns).unwrap(),
            ["41111111111111111234567"]
        );
    }

    #[test]
    fn broken_lines_say_why_and_leave_no_columns_behind() {
        let mut columns = vec!["a".to_owned()];
        for (line, reason) in [
            (r#"{"b":1"#, FaultReason::NotJson),
            (r#"{"b":1} x"#, FaultReason::NotJson),
            ("[1]", FaultReason::NotObject),
            ("12", FaultReason::NotObject),
            ("nonsense", FaultReason::NotJson),
        ] {
            assert_eq!(row(line, &mut columns), Err(reason), "{line}");
            assert_eq!(columns, ["a"]);
        }
    }

    #[test]
    fn columns_are_limited() {
        let mut columns: Vec<String> = (0..COLUMNS_MAX).map(|i| format!("c{i}")).collect();
        assert_eq!(row(r#"{"new":1}"#, &mut columns), Err(FaultReason::TooManyColumns));
        assert_eq!(row(r#"{"c3":1}"#, &mut columns).unwrap()[3], "1");
    }
}
