//! The further ways in, killed like the rest.
//!
//! A passkey answers one challenge, which is used up by the act itself and not before: so the same
//! answer must still count after a death.

use serde_json::{Value, json};

use super::{Act, Rig, Victim};
use crate::authenticator::{Authenticator, Said};
use crate::client::{Answer, Ask};
use crate::world::number;

/// What a new passkey of the officer is made from, and its authenticator.
fn made(rig: &Rig<'_>, victim: &Victim) -> (Authenticator, Value) {
    let begun = rig.post(victim, "/api/v1/passkeys/challenge", &json!({}));
    let mut key = Authenticator::new();
    let answer = key.create(&begun["options"], &Said::truth());
    let body = json!({ "name": format!("key {}", number()), "answer": answer });
    (key, body)
}

pub(super) fn keep(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let (_, body) = made(rig, victim);
    let check = |rig: &Rig<'_>, _: &Victim, answer: &Answer| {
        let id = answer.json()["id"].as_str().unwrap().trim_start_matches("F-").to_owned();
        assert_eq!(rig.count(&format!("SELECT COUNT(*) FROM passkey WHERE id = {id}")), 1);
    };
    let sql = "SELECT COUNT(*) FROM passkey";
    Act { check, ..rig.act("/api/v1/passkeys", &body, sql) }
}

pub(super) fn sign_in(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let (mut key, body) = made(rig, victim);
    rig.post(victim, "/api/v1/passkeys", &body);
    let route = "/api/v1/sessions/passkey/challenge";
    let begun = Ask::post(route, &format!("begin-{}", number()), &json!({})).send(victim.staff);
    let options = begun.json()["options"].clone();
    let body = json!({ "answer": key.get(&options, &Said::truth()) });
    let (name, cookie) = (format!("kill-{}", number()), format!("doldam-ticket={}", begun.token()));
    let by =
        |body: &Value| Ask::post("/api/v1/sessions/passkey", &name, body).header("cookie", &cookie);
    let check = |_: &Rig<'_>, victim: &Victim, answer: &Answer| {
        Ask::get("/api/v1/sessions/current").by(&answer.token()).send(victim.staff).expect(200);
    };
    let effects = "SELECT COUNT(*) FROM audit WHERE action = 'session.open'";
    Act { ask: by(&body), other: by(&json!({ "other": 1 })), effects, check }
}

pub(super) fn revoke(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let (_, body) = made(rig, victim);
    let kept = rig.post(victim, "/api/v1/passkeys", &body);
    let path = format!("/api/v1/passkeys/{}/revoke", kept["id"].as_str().unwrap());
    let sql = "SELECT COUNT(*) FROM passkey WHERE revoked_at_us IS NOT NULL";
    rig.act(&path, &json!({}), sql)
}
