//! What is answered is what the document says: every answer that a test gets is held against it.
//!
//! The console's client is made from the document; a field that is sent and not described, or
//! described and not sent, would be found by a person on a bad day.

use std::sync::LazyLock;

use doldam_server::openapi;
use serde_json::{Map, Value, json};

use crate::client::Answer;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&openapi::document()).unwrap());

/// Fails unless this answer is as the document describes it.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(operation) = operation(method, path) else { return };
    let said = &operation["responses"][answer.status.to_string()]["content"]["application/json"];
    let is_json = answer.header("content-type") == Some("application/json");
    if said["schema"].is_null() || !is_json {
        return;
    }
    if let Err(place) = fits(&said["schema"], &answer.json()) {
        panic!("{method} {path}: {place} is not as the document says: {}", answer.text());
    }
}

/// The operation of a path: one with fixed words goes before one with names in braces.
fn operation<'d>(method: &str, path: &str) -> Option<&'d Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let fits = |pattern: &str| {
        let (mut asked, mut held) = (path.split('/'), pattern.split('/'));
        loop {
            match (asked.next(), held.next()) {
                (None, None) => return true,
                (Some(word), Some(name)) if word == name || name.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let found = paths.iter().filter(|(pattern, _)| fits(pattern));
    let (_, item) = found.min_by_key(|(pattern, _)| pattern.matches('{').count())?;
    item.get(method.to_ascii_lowercase())
}

/// The place of what does not fit.
fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(&DOCUMENT["components"]["schemas"][name], value);
    }
    if let Some(any) = schema["oneOf"].as_array() {
        let is_one = any.iter().any(|one| fits(one, value).is_ok());
        return if is_one { Ok(()) } else { Err("none of several".to_owned()) };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => return Ok(()),
        one => vec![one.clone()],
    };
    if !types.iter().any(|one| *one == type_of(value) || is_whole(one, value)) {
        return Err(format!("a {} for {types:?}", type_of(value)));
    }
    match value {
        Value::Object(fields) => object(schema, fields),
        Value::Array(items) => {
            let each = items.iter().enumerate();
            each.map(|(at, item)| (at.to_string(), fits(&schema["items"], item)))
                .try_for_each(|(at, found)| found.map_err(|place| format!("{at}/{place}")))
        }
        _ => Ok(()),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_whole(named: &Value, value: &Value) -> bool {
    *named == "integer" && (value.is_u64() || value.is_i64())
}

fn object(schema: &Value, fields: &Map<String, Value>) -> Result<(), String> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    if let Some(absent) = required.iter().find(|name| !fields.contains_key(name.as_str().unwrap()))
    {
        return Err(format!("{absent}, which is absent,"));
    }
    for (name, value) in fields {
        let described = match &schema["properties"][name] {
            Value::Null => &schema["additionalProperties"],
            described => described,
        };
        if described.is_null() || *described == false {
            return Err(format!("{name}, which it does not describe,"));
        }
        fits(described, value).map_err(|place| format!("{name}/{place}"))?;
    }
    Ok(())
}

#[test]
fn what_is_not_described_does_not_pass() {
    let schema = json!({ "$ref": "#/components/schemas/CutProofBody" });
    let part = json!({ "credential": "keys", "revoked": 1, "at": "now", "after_us": 4 });
    let proof = json!({
        "schema": 1, "installation": "a", "cut": "C-1", "processor": "P-1", "ordered_by": "minji",
        "ordered_at": "now", "reason": "a leak", "parts": [part],
    });
    assert_eq!(fits(&schema, &proof), Ok(()));
    let with = |name: &str, value: Value| {
        let mut other = proof.clone();
        other[name] = value;
        fits(&schema, &other)
    };
    assert!(with("more", json!(1)).unwrap_err().starts_with("more"));
    assert!(with("cut", json!(1)).unwrap_err().starts_with("cut/"));
    assert!(with("cut", Value::Null).is_err());
    assert!(with("parts", json!([{ "credential": "keys" }])).unwrap_err().starts_with("parts/0"));
    assert!(fits(&schema, &json!({ "schema": 1 })).is_err());
}

/// No answer is an object of which nothing is said.
#[test]
fn every_answer_is_described() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, said) in operation["responses"].as_object().unwrap() {
                let schema = &said["content"]["application/json"]["schema"];
                let is_bare = schema["type"] == "object" && schema["properties"].is_null();
                assert!(!is_bare, "{method} {path} {status}");
            }
        }
    }
}
