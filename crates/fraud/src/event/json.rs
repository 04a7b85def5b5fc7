//! An event out of JSON, read in one pass against the schema.

use std::borrow::Cow;
use std::fmt;

use doldam_ground::Instant;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{
    EVENT_BYTES_MAX, Event, EventFault, EventId, EventKind, TEXT_BYTES_MAX, is_currency, wanted,
};
use crate::schema::{Field, FieldType, Schema};
use crate::value::Value;

/// Largest amount of money: above it a JSON number loses its last digit in many programs.
const MONEY_MAX: i64 = (1 << 53) - 1;

pub(super) fn read(schema: &Schema, bytes: &[u8]) -> Result<Event, EventFault> {
    if bytes.len() > EVENT_BYTES_MAX {
        return Err(EventFault::TooLong);
    }
    let mut fault = None;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Reader { schema, fault: &mut fault }.deserialize(&mut reader);
    match read.and_then(|event| reader.end().map(|()| event)) {
        Ok(event) => Ok(event),
        Err(error) => {
            Err(fault.unwrap_or_else(|| EventFault::Json { byte: byte_of(bytes, &error) }))
        }
    }
}

/// Where in `bytes` the reader stopped: its line and column, counted in bytes from the start.
fn byte_of(bytes: &[u8], error: &serde_json::Error) -> usize {
    let before: usize = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    before + error.column()
}

struct Reader<'a> {
    schema: &'a Schema,
    /// Our own account of the fault; serde's errors would repeat values.
    fault: &'a mut Option<EventFault>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Event;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Event, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Event;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let mut parts = Parts::new(self.schema);
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            parts.count += 1;
            let place = match parts.place(self.schema, &name) {
                Ok(place) => place,
                Err(fault) => {
                    map.next_value::<IgnoredAny>()?;
                    *self.fault = Some(fault);
                    return Err(A::Error::custom("field"));
                }
            };
            let raw = map.next_value::<serde_json::Value>()?;
            if let Err(fault) = parts.take(self.schema, place, &raw) {
                *self.fault = Some(fault);
                return Err(A::Error::custom("value"));
            }
        }
        parts.finish(self.schema).map_err(|fault| {
            *self.fault = Some(fault);
            A::Error::custom("field")
        })
    }
}

/// Where a name of the object belongs.
#[derive(Clone, Copy)]
enum Place {
    Id,
    Kind,
    Time,
    Field(usize),
}

/// What has been read so far.
struct Parts {
    count: usize,
    id: Option<EventId>,
    kind: Option<EventKind>,
    time: Option<Instant>,
    values: Box<[Value]>,
}

impl Parts {
    fn new(schema: &Schema) -> Self {
        let values = vec![Value::Missing; schema.fields().len()].into_boxed_slice();
        Self { count: 0, id: None, kind: None, time: None, values }
    }

    fn place(&self, schema: &Schema, name: &str) -> Result<Place, EventFault> {
        let (place, taken) = match name {
            "id" => (Place::Id, self.id.is_some()),
            "kind" => (Place::Kind, self.kind.is_some()),
            "time" => (Place::Time, self.time.is_some()),
            _ => {
                let at = schema.place(name).ok_or(EventFault::Unknown { place: self.count })?;
                (Place::Field(at), !matches!(self.values[at], Value::Missing))
            }
        };
        if taken { Err(EventFault::Twice { field: name.to_owned() }) } else { Ok(place) }
    }

    fn take(
        &mut self,
        schema: &Schema,
        place: Place,
        raw: &serde_json::Value,
    ) -> Result<(), EventFault> {
        match place {
            Place::Id => self.id = Some(EventId::new(raw.as_str().ok_or(EventFault::Id)?)?),
            Place::Kind => {
                self.kind =
                    Some(raw.as_str().and_then(EventKind::of_name).ok_or(EventFault::Kind)?);
            }
            Place::Time => {
                let time = raw.as_str().and_then(time_of);
                let fault =
                    EventFault::Wrong { field: "time".into(), wanted: wanted(FieldType::Time) };
                self.time = Some(time.ok_or(fault)?);
            }
            Place::Field(at) => self.values[at] = value_of(&schema.fields()[at], raw)?,
        }
        Ok(())
    }

    fn finish(self, schema: &Schema) -> Result<Event, EventFault> {
        let absent = |field: &str| EventFault::Absent { field: field.to_owned() };
        let event = Event {
            id: self.id.ok_or_else(|| absent("id"))?,
            kind: self.kind.ok_or_else(|| absent("kind"))?,
            time: self.time.ok_or_else(|| absent("time"))?,
            values: self.values,
        };
        event.check_required(schema)?;
        Ok(event)
    }
}

/// A full RFC 3339 time stamp; a date or a time without zone is ambiguous and refused.
fn time_of(text: &str) -> Option<Instant> {
    let stamp: jiff::Timestamp = text.parse().ok()?;
    Some(Instant::from_micros(stamp.as_microsecond()))
}

/// A JSON value as the field declares it. `null` means that nothing came.
fn value_of(field: &Field, raw: &serde_json::Value) -> Result<Value, EventFault> {
    let fault = || EventFault::Wrong { field: field.name.clone(), wanted: wanted(field.holds) };
    if raw.is_null() {
        return Ok(Value::Missing);
    }
    let value = match field.holds {
        FieldType::Key | FieldType::Text => {
            raw.as_str().filter(|text| fits(text)).map(|text| Value::Text(text.into()))
        }
        FieldType::Currency => {
            raw.as_str().filter(|text| is_currency(text)).map(|text| Value::Text(text.into()))
        }
        FieldType::Money => {
            raw.as_i64().filter(|amount| (0..=MONEY_MAX).contains(amount)).map(Value::Int)
        }
        FieldType::Int => raw.as_i64().map(Value::Int),
        FieldType::Real => raw.as_f64().filter(|number| number.is_finite()).map(Value::Real),
        FieldType::Bool => raw.as_bool().map(Value::Bool),
        FieldType::Time => raw.as_str().and_then(time_of).map(Value::Time),
    };
    value.ok_or_else(fault)
}

fn fits(text: &str) -> bool {
    (1..=TEXT_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::SHIPPED;

    fn schema() -> Schema {
        Schema::parse(SHIPPED).unwrap()
    }

    fn fault(text: &str) -> &'static str {
        Event::from_json(&schema(), text.as_bytes()).map_or_else(|fault| fault.code(), |_| "read")
    }

    fn payment(more: &str) -> String {
        format!(
            r#"{{"id":"t-1","kind":"payment","time":"2026-11-23T09:12:00+09:00","account":"a","amount":1000,"currency":"KRW"{more}}}"#
        )
    }

    #[test]
    fn a_payment_is_read() {
        let schema = schema();
        let event =
            Event::from_json(&schema, payment(r#","payee":"p","new_device":null"#).as_bytes())
                .ok()
                .unwrap();
        assert_eq!(event.id.as_str(), "t-1");
        assert_eq!(event.time.to_rfc3339(), "2026-11-23T00:12:00Z");
        assert_eq!(event.text(schema.place("payee").unwrap()), Some("p"));
        assert!(event.values[schema.place("amount").unwrap()].same(&Value::Int(1000)));
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(fault(&payment(r#","colour":"red""#)), "event-field-unknown");
        assert_eq!(fault(&payment(r#","amount":1"#)), "event-field-twice");
        assert_eq!(fault(&payment("").replace("1000", "-1")), "event-field-wrong");
        assert_eq!(fault(&payment("").replace("1000", "1.5")), "event-field-wrong");
        assert_eq!(fault(&payment("").replace("1000", "9007199254740992")), "event-field-wrong");
        assert_eq!(fault(&payment("").replace("KRW", "XXQ")), "event-field-wrong");
        assert_eq!(fault(&payment("").replace("\"t-1\"", "\"한\"")), "event-id");
        assert_eq!(fault(&payment("").replace("payment", "paymint")), "event-kind");
        assert_eq!(fault(&payment("").replace("+09:00", "")), "event-field-wrong");
        assert_eq!(fault(&payment("").replace(r#","account":"a""#, "")), "event-field-absent");
        assert_eq!(fault(&payment("")[1..]), "event-json");
        assert_eq!(fault(&format!("{} {{}}", payment(""))), "event-json");
        assert_eq!(fault(&" ".repeat(EVENT_BYTES_MAX + 1)), "event-too-long");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Event::from_json(&schema(), &bytes);
        }
    }
}
