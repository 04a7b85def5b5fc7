//! What people do about decisions on fraud, each POST of it sent again.

use serde_json::json;

use super::Script;
use crate::alerts::placed;

/// Plays all of them.
pub(super) fn play(script: &mut Script<'_>, meddle: &dyn Fn(&str)) {
    for sequence in 901..=904 {
        meddle(&placed(sequence, "placed", None));
    }
    let token = script.token.clone();
    let second = script.house.session_of(script.house.staff_of("analyst", None));
    let base = "/api/v1/fraud/alerts";
    let path = |verb: &str| format!("{base}/901/{verb}");
    let body = json!({ "assignee": "minji" });
    let assigned = script.act(&format!("{base}/{{sequence}}/assign"), &path("assign"), &body);
    assert_eq!(assigned.json()["alert"]["assignee"], "minji");
    let before = script.house.look(&token, "/api/v1/fraud")["entries"].as_u64().unwrap();
    let body = json!({ "outcome": "fraud", "note": "the customer did not do it" });
    let closed = script.act(&format!("{base}/{{sequence}}/close"), &path("close"), &body).json();
    assert_eq!(closed["alert"]["outcome"], "fraud");
    let base = "/api/v1/fraud/cases";
    let body = json!({ "title": "one payee, two accounts", "alerts": [902, 903] });
    assert_eq!(script.act(base, base, &body).json()["case"]["id"], 1);
    let body = json!({ "text": "the other bank was called" });
    let noted = script.act("/api/v1/fraud/cases/{id}/notes", &format!("{base}/1/notes"), &body);
    assert_eq!(noted.json()["notes"].as_array().unwrap().len(), 1);
    let ending = json!({ "outcome": "fraud", "reason": "the other bank confirmed it" });
    let route = "/api/v1/fraud/cases/{id}/close";
    script.act(route, &format!("{base}/1/close"), &ending);
    let body = json!({ "reason": "one call is missing" });
    script.act("/api/v1/fraud/cases/{id}/reopen", &format!("{base}/1/reopen"), &body);
    script.act(route, &format!("{base}/1/close"), &ending);
    let closed = script.house.act(&second, &format!("{base}/1/close"), &ending).json();
    assert_eq!(closed["case"]["state"], "closed");
    let after = script.house.look(&token, "/api/v1/fraud")["entries"].as_u64().unwrap();
    assert_eq!(after, before + 3, "three alerts, three labels, each once");
    measures(script, &second);
}

fn measures(script: &mut Script<'_>, second: &str) {
    let base = "/api/v1/fraud/measures";
    let mut act = |verb: &str, sequence: u64, body| {
        let route = format!("{base}/{{sequence}}/{verb}");
        script.act(&route, &format!("{base}/{sequence}/{verb}"), &body).json()
    };
    assert_eq!(act("notify", 904, json!({ "how": "sms" }))["state"], "notified");
    let body = json!({ "how": "outbound_call", "passed": true });
    assert_eq!(act("identity-check", 904, body)["state"], "identity_checked");
    let reason = json!({ "reason": "the customer did it" });
    assert_eq!(act("release", 904, reason.clone())["state"], "identity_checked");
    act("notify", 902, json!({ "how": "call" }));
    assert_eq!(act("refuse", 902, reason.clone())["state"], "refused");
    let released = script.house.act(second, &format!("{base}/904/release"), &reason).json();
    assert_eq!(
        (&released["state"], released["steps"].as_array().unwrap().len()),
        (&json!("released"), 5)
    );
}
