//! Alerts, cases and temporary measures over HTTP: from the decision to the label and the release.

use serde_json::{Value, json};

use crate::client::Ask;
use crate::fraud::{ask, payment};
use crate::world::{House, World, number};

/// SQL for an alert of a hold at this place, whose measure stands like this.
pub(crate) fn placed(sequence: u64, state: &str, asked_by: Option<&str>) -> String {
    let now = World::start().micros();
    let due = now + 3_600_000_000;
    let asked_by = asked_by.map_or_else(|| "NULL".to_owned(), |name| format!("'{name}'"));
    format!(
        "INSERT INTO fraud_alert (sequence, event_id, account, payee, action, score, opened_at_us,
           due_at_us, state, conflicts, label_owed)
         VALUES ({sequence}, 's-{sequence}', 'account-1', 'payee-1', 'hold', 70, {now}, {due},
           'open', 0, 0);
         INSERT INTO fraud_measure (sequence, event_id, account, kind, state, steps, placed_at_us,
           due_at_us, asked_by)
         VALUES ({sequence}, 's-{sequence}', 'account-1', 'hold', '{state}', 1, {now}, {due},
           {asked_by});
         INSERT INTO fraud_measure_step (sequence, number, step, by_whom, how, reason, at_us)
         VALUES ({sequence}, 1, 'placed', 'rules', '', '', {now})"
    )
}

const ALERTS: &str = "/api/v1/fraud/alerts";
const MEASURES: &str = "/api/v1/fraud/measures";

fn post(house: &House, token: &str, path: &str, body: &Value) -> crate::client::Answer {
    Ask::post(path, &format!("key-{}", number()), body).by(token).send(house.staff)
}

fn code(house: &House, token: &str, path: &str, body: &Value, status: u16) -> String {
    let answer = post(house, token, path, body).expect(status).json();
    answer["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_decision_that_stops_somebody_is_seen_linked_closed_and_told_to_the_log() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let analyst = house.session_of(house.staff_of("analyst", None));
    let watch = json!({ "add": [{ "key": "account-1" }], "why": "the leak of the old platform" });
    house.act(&analyst, "/api/v1/fraud/lists/leaked", &watch);
    let decide = |id: &str, account: &str, amount: i64| {
        let mut event = payment(id, account, amount);
        event["new_device"] = json!(true);
        let asked = ask("/api/v1/transactions:decide", &event).by(&analyst).send(house.staff);
        asked.expect(200).json()
    };
    let stopped = decide("t-1", "account-1", 2_000_000);
    assert_ne!(stopped["action"], "allow");
    decide("t-2", "account-1", 2_000_000);
    let allowed = decide("t-3", "account-9", 10);
    assert_eq!(allowed["action"], "allow");
    let queue = house.look(&analyst, ALERTS);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);
    let first = &queue["items"][0];
    assert_eq!((&first["event"], &first["action"]), (&json!("t-1"), &stopped["action"]));
    assert!(!queue.to_string().contains("account-1"), "keys are masked");
    let path = format!("{ALERTS}/{}", first["sequence"]);
    let shown = house.look(&analyst, &path);
    assert_eq!(shown["sharing"][0]["by"], json!(["account", "payee"]));
    assert_eq!(shown["sharing"][0]["alert"]["event"], "t-2");
    assert_eq!(shown["measure"].is_null(), stopped["action"] == "case");
    let page = house.look(&analyst, &format!("{ALERTS}?limit=1"));
    let next = format!("{ALERTS}?limit=1&after={}", page["next"]);
    assert_eq!(house.look(&analyst, &next)["items"][0]["event"], "t-2");
    let end = json!({ "outcome": "fraud", "note": "the customer did not do it" });
    let named = json!({ "outcome": "fraud", "note": "call 010-1234-5678 again" });
    assert_eq!(code(&house, &analyst, &format!("{path}/close"), &named, 400), "server.wording");
    let closed = house.act(&analyst, &format!("{path}/close"), &end).json();
    assert_eq!(closed["alert"]["outcome"], "fraud");
    post(&house, &analyst, &format!("{path}/close"), &end).expect(409);
    let nobody = json!({ "assignee": "nobody of ours" });
    let other = format!("{ALERTS}/{}/assign", shown["sharing"][0]["alert"]["sequence"]);
    assert_eq!(code(&house, &analyst, &other, &nobody, 400), "alert.assignee");
    let proof = ask("/api/v1/fraud/proof", &json!({})).by(&analyst).send(house.staff);
    let proof = proof.expect(200).json();
    // The set-up, the list, three events, one label.
    assert_eq!((&proof["entries"], &proof["different"]), (&json!(6), &json!(0)));
    let file = Ask::get(&format!("{ALERTS}/export?closed=true")).by(&analyst).send(house.staff);
    let text = file.expect(200).text();
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains("\"t-1\"") && !text.contains("account-1"), "{text}");
    let auditor = house.session_of(house.staff_of("auditor", None));
    house.look(&auditor, ALERTS);
    post(&house, &auditor, &other, &json!({ "assignee": null })).expect(403);
}

#[test]
fn a_hold_is_lifted_only_after_notice_check_reason_and_by_two() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let analyst = house.session_of(house.staff_of("analyst", None));
    let officer = house.officer();
    world.meddle(&placed(7, "placed", None));
    let path = |verb: &str| format!("{MEASURES}/7/{verb}");
    let reason = json!({ "reason": "the customer did it" });
    let refused =
        |token: &str, verb: &str, body: &Value| code(&house, token, &path(verb), body, 409);
    assert_eq!(refused(&analyst, "release", &reason), "measure-not-notified");
    assert_eq!(refused(&analyst, "refuse", &reason), "measure-not-notified");
    let how = json!({ "how": "by word of mouth" });
    assert_eq!(code(&house, &analyst, &path("notify"), &how, 400), "measure.how");
    house.act(&analyst, &path("notify"), &json!({ "how": "sms" }));
    assert_eq!(refused(&analyst, "notify", &json!({ "how": "sms" })), "measure-notified");
    assert_eq!(refused(&analyst, "release", &reason), "measure-not-checked");
    let check = json!({ "how": "video", "passed": true });
    house.act(&analyst, &path("identity-check"), &check);
    let asked = house.act(&analyst, &path("release"), &reason).json();
    assert_eq!(asked["state"], "identity_checked");
    assert_eq!(refused(&analyst, "release", &reason), "measure-same-person");
    let released = house.act(&officer, &path("release"), &reason).json();
    assert_eq!((&released["state"], &released["is_late"]), (&json!("released"), &json!(false)));
    assert_eq!(refused(&officer, "refuse", &reason), "measure-ended");
    let kept = released["kept_until"].as_str().unwrap()[..4].parse::<i32>().unwrap();
    let ended = released["ended_at"].as_str().unwrap()[..4].parse::<i32>().unwrap();
    assert!(kept >= ended + 5, "{kept}");
    let steps: Vec<&str> = released["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["step"].as_str().unwrap())
        .collect();
    let all = ["placed", "notified", "identity_checked", "release_asked", "released"];
    assert_eq!(steps, all);
    let file = Ask::get(&format!("{MEASURES}/export")).by(&analyst).send(house.staff).expect(200);
    assert_eq!(file.text().lines().count(), 1 + all.len());
    assert!(!file.text().contains("account-1"));
    assert!(file.header("content-type").unwrap().starts_with("text/csv"));
    let log = house.look(&officer, "/api/v1/audit?limit=1000")["items"].to_string();
    assert_eq!(log.matches("\"measure.release\"").count(), 2);
    let listed = house.look(&analyst, &format!("{MEASURES}?state=released&kind=hold"));
    assert_eq!(listed["items"][0]["sequence"], 7);
}

#[test]
fn a_case_is_closed_by_a_second_person_who_says_the_same() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let analyst = house.session_of(house.staff_of("analyst", None));
    let officer = house.officer();
    (1..=2).for_each(|place| world.meddle(&placed(place, "placed", None)));
    let body = json!({ "title": "one payee, two accounts", "alerts": [1, 2] });
    let made = post(&house, &analyst, "/api/v1/fraud/cases", &body).expect(201).json();
    assert_eq!(made["alerts"].as_array().unwrap().len(), 2);
    post(&house, &analyst, "/api/v1/fraud/cases", &body).expect(409);
    let none = json!({ "title": "nothing in it", "alerts": [] });
    assert_eq!(code(&house, &analyst, "/api/v1/fraud/cases", &none, 400), "case.alerts");
    let path = "/api/v1/fraud/cases/1/close";
    let end = json!({ "outcome": "no_fraud", "reason": "both customers did it" });
    assert_eq!(house.act(&analyst, path, &end).json()["case"]["state"], "closing");
    post(&house, &analyst, path, &end).expect(409);
    let other = json!({ "outcome": "fraud", "reason": "nobody did it" });
    assert_eq!(code(&house, &officer, path, &other, 409), "case.outcome");
    let closed = house.act(&officer, path, &end).json();
    assert_eq!(closed["case"]["state"], "closed");
    assert!(closed["alerts"].as_array().unwrap().iter().all(|it| it["outcome"] == "no_fraud"));
    assert_eq!(house.look(&analyst, ALERTS)["items"], json!([]));
    let cases = house.look(&analyst, "/api/v1/fraud/cases?state=closed");
    assert_eq!(cases["items"][0]["title"], "one payee, two accounts");
    Ask::get("/api/v1/fraud/cases/9").by(&analyst).send(house.staff).expect(404);
}
