//! Deaths in the middle of what people do about decisions on fraud.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Act, Prepare, Rig, Victim};
use crate::alerts::placed;
use crate::client::Answer;
use crate::world::number;

pub(super) fn add(all: &mut BTreeMap<&'static str, Prepare>) {
    all.insert("/api/v1/fraud/alerts/{sequence}/assign", assign);
    all.insert("/api/v1/fraud/alerts/{sequence}/close", close);
    all.insert("/api/v1/fraud/cases", open);
    all.insert("/api/v1/fraud/cases/{id}/notes", note);
    all.insert("/api/v1/fraud/cases/{id}/close", close_case);
    all.insert("/api/v1/fraud/cases/{id}/reopen", reopen);
    all.insert("/api/v1/fraud/measures/{sequence}/notify", notify);
    all.insert("/api/v1/fraud/measures/{sequence}/identity-check", check);
    all.insert("/api/v1/fraud/measures/{sequence}/release", release);
    all.insert("/api/v1/fraud/measures/{sequence}/refuse", refuse);
}

/// A new alert with a measure that stands like this; gives its place.
fn seed(rig: &Rig<'_>, state: &str, asked_by: Option<&str>) -> u64 {
    let sequence = 1_000_000 + number();
    rig.database().execute_batch(&placed(sequence, state, asked_by)).unwrap();
    sequence
}

/// Each alert that was closed with an outcome has its label, and none has two.
fn told_once(rig: &Rig<'_>, _: &Victim, _: &Answer) {
    let told = rig.count("SELECT COUNT(*) FROM fraud_log WHERE entry = 2");
    let closed = rig.count("SELECT COUNT(*) FROM fraud_alert WHERE outcome IS NOT NULL");
    assert_eq!(told, closed);
    assert_eq!(rig.count("SELECT COUNT(*) FROM fraud_alert WHERE label_owed = 1"), 0);
}

fn assign(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let path = format!("/api/v1/fraud/alerts/{}/assign", seed(rig, "placed", None));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'alert.assign'";
    rig.act(&path, &json!({ "assignee": null }), sql)
}

fn close(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let path = format!("/api/v1/fraud/alerts/{}/close", seed(rig, "placed", None));
    let body = json!({ "outcome": "no_fraud", "note": "the customer did it" });
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'alert.close'";
    Act { check: told_once, ..rig.act(&path, &body, sql) }
}

fn new_case(rig: &Rig<'_>) -> Value {
    json!({ "title": "one payee, two accounts",
            "alerts": [seed(rig, "placed", None), seed(rig, "placed", None)] })
}

fn case(rig: &Rig<'_>, victim: &Victim) -> String {
    let made = rig.post(victim, "/api/v1/fraud/cases", &new_case(rig));
    format!("/api/v1/fraud/cases/{}", made["case"]["id"])
}

fn ending() -> Value {
    json!({ "outcome": "fraud", "reason": "the other bank confirmed it" })
}

fn open(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = new_case(rig);
    rig.act("/api/v1/fraud/cases", &body, "SELECT COUNT(*) FROM fraud_case")
}

fn note(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/notes", case(rig, victim));
    let body = json!({ "text": "the other bank was called" });
    rig.act(&path, &body, "SELECT COUNT(*) FROM fraud_case_note")
}

/// Somebody else has said how it ends; we agree.
fn close_case(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = case(rig, victim);
    rig.post(victim, &format!("{path}/close"), &ending());
    rig.database()
        .execute("UPDATE fraud_case SET asked_by = 'jun' WHERE state = 'closing'", [])
        .unwrap();
    let sql = "SELECT COUNT(*) FROM fraud_case WHERE state = 'closed'";
    Act { check: told_once, ..rig.act(&format!("{path}/close"), &ending(), sql) }
}

fn reopen(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = case(rig, victim);
    rig.post(victim, &format!("{path}/close"), &ending());
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'case.reopen'";
    rig.act(&format!("{path}/reopen"), &json!({ "reason": "one call is missing" }), sql)
}

fn step(rig: &Rig<'_>, sequence: u64, verb: &str, body: &Value, sql: &'static str) -> Act {
    rig.act(&format!("/api/v1/fraud/measures/{sequence}/{verb}"), body, sql)
}

fn notify(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let sql = "SELECT COUNT(*) FROM fraud_measure_step WHERE step = 'notified'";
    step(rig, seed(rig, "placed", None), "notify", &json!({ "how": "sms" }), sql)
}

fn check(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "how": "video", "passed": true });
    let sql = "SELECT COUNT(*) FROM fraud_measure_step WHERE step = 'identity_checked'";
    step(rig, seed(rig, "notified", None), "identity-check", &body, sql)
}

/// Somebody else asked; we agree.
fn release(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "reason": "the customer did it" });
    let sql = "SELECT COUNT(*) FROM fraud_measure WHERE state = 'released'";
    step(rig, seed(rig, "identity_checked", Some("jun")), "release", &body, sql)
}

fn refuse(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "reason": "the customer did not do it" });
    let sql = "SELECT COUNT(*) FROM fraud_measure WHERE state = 'refused'";
    step(rig, seed(rig, "notified", None), "refuse", &body, sql)
}
