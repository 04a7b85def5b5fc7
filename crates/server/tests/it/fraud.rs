//! Fraud detection over HTTP: once under replays, lists at once, conflicts, what is done meanwhile
//! when the log cannot be written, and nothing at all when it is off.

use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::world::{House, World, number};

const DECIDE: &str = "/api/v1/transactions:decide";
const LABEL: &str = "/api/v1/transactions:label";

/// A payment of now.
pub(crate) fn payment(id: &str, account: &str, amount: i64) -> Value {
    json!({
        "id": id, "kind": "payment", "time": World::start().to_rfc3339(), "account": account,
        "payee": "payee-1", "amount": amount, "currency": "KRW", "channel": "app",
    })
}

/// A POST without an Idempotency-Key.
pub(crate) fn ask(path: &str, body: &Value) -> Ask {
    let ask = Ask::new("POST", path).header("content-type", "application/json");
    ask.body(body.to_string().as_bytes())
}

struct Bank {
    world: World,
    house: House,
    officer: String,
    analyst: String,
    key: String,
}

impl Bank {
    fn new() -> Self {
        let world = World::new();
        let house = world.serve(world.create(1));
        let officer = house.officer();
        let analyst = house.session_of(house.staff_of("analyst", None));
        let (_, key) = house.processor(&officer, "Core banking", &["transactions:decide"]);
        Self { world, house, officer, analyst, key }
    }

    fn decide(&self, body: &Value) -> Answer {
        ask(DECIDE, body).with_key(&self.key).send(self.house.processors)
    }

    fn label(&self, event: &str, fraud: bool) -> Value {
        let body = json!({ "event": event, "fraud": fraud });
        ask(LABEL, &body).with_key(&self.key).send(self.house.processors).expect(200).json()
    }

    fn ask(&self, path: &str, body: &Value) -> Answer {
        ask(path, body).by(&self.analyst).send(self.house.staff)
    }

    fn look(&self, path: &str) -> Value {
        self.house.look(&self.analyst, path)
    }

    fn entries(&self) -> u64 {
        self.look("/api/v1/fraud")["entries"].as_u64().unwrap()
    }

    fn watch(&self, account: &str) -> Value {
        let body = json!({
            "add": [{ "key": account, "reference": "incident I-1" }],
            "why": "the leak of the old platform",
        });
        self.house.act(&self.analyst, "/api/v1/fraud/lists/leaked", &body).json()
    }
}

#[test]
fn an_event_is_decided_once_however_often_and_by_whomever_it_is_sent() {
    let bank = Bank::new();
    let event = payment("t-1", "account-1", 50_000);
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let ask = ask(DECIDE, &event).with_key(&bank.key);
            let door = bank.house.processors;
            std::thread::spawn(move || ask.send(door).expect(200).json())
        })
        .collect();
    let mut answers: Vec<Value> =
        threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    answers.push(bank.ask(DECIDE, &event).expect(200).json());
    assert_eq!(answers.iter().filter(|answer| answer["again"] == false).count(), 1);
    for answer in &mut answers {
        answer["again"] = json!(true);
        assert_eq!(
            *answer,
            json!({
                "schema": 1, "id": "t-1", "mode": "judged", "action": "allow", "score": answer["score"],
                "sequence": 2, "again": true, "too_late": false, "rules": answer["rules"],
                "features": [], "marks": [], "faulted": answer["faulted"],
            })
        );
    }
    assert_eq!(bank.entries(), 2, "the set-up and one event");
    let metrics = Ask::get("/metrics").send(bank.house.staff).expect(200).text();
    assert!(metrics.contains("doldam_fraud_decisions_total{action=\"allow\"} 1\n"), "{metrics}");
    assert!(metrics.contains("doldam_fraud_events_total{outcome=\"again\"} 6\n"), "{metrics}");
    assert!(!metrics.contains("account-1") && !metrics.contains("t-1"));
}

#[test]
fn another_event_under_a_known_id_is_a_conflict_and_is_counted() {
    let bank = Bank::new();
    bank.decide(&payment("t-1", "account-1", 1_000)).expect(200);
    let refused = bank.decide(&payment("t-1", "account-1", 1_001)).expect(409);
    assert_eq!(refused.json()["code"], "fraud.conflict");
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert!(!refused.text().contains("account-1"));
    let batch = json!({ "transactions": [
        payment("t-1", "account-1", 1_000), payment("t-1", "account-2", 1_000),
        payment("t-2", "account-1", 1_000), { "id": "t-3", "kind": "payment" }, {},
    ] });
    let answers = bank.decide(&batch).expect(200).json()["answers"].clone();
    let modes: Vec<&str> =
        answers.as_array().unwrap().iter().map(|one| one["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["judged", "conflict", "judged", "refused", "refused"]);
    assert_eq!((&answers[0]["again"], &answers[2]["again"]), (&json!(true), &json!(false)));
    assert_eq!(answers[1]["id"], "t-1");
    assert_eq!(answers[3]["field"], "time");
    assert_eq!(bank.look("/api/v1/fraud")["since_start"]["conflicts"], 2);
    let metrics = Ask::get("/metrics").send(bank.house.staff).text();
    assert!(metrics.contains("doldam_fraud_events_total{outcome=\"conflict\"} 2\n"), "{metrics}");
}

#[test]
fn what_cannot_be_judged_is_refused_with_its_field_and_never_its_value() {
    let bank = Bank::new();
    let with = |name: &str, value: Value| {
        let mut event = payment("t-1", "account-1", 1_000);
        event[name] = value;
        bank.decide(&event).expect(422)
    };
    for (field, value) in [
        ("amount", json!(-1)),
        ("amount", json!(9_007_199_254_740_992_i64)),
        ("currency", json!("WON")),
        ("time", json!("2000-01-01T00:00:00Z")),
        ("time", json!("2999-01-01T00:00:00Z")),
        ("time", json!("soon")),
        ("kind", json!("gift")),
        ("id", json!("a b")),
    ] {
        let answer = with(field, value.clone());
        assert_eq!(answer.json()["field"], field, "{}", answer.text());
        let text = value.to_string();
        assert!(!answer.text().contains(text.trim_matches('"')), "{}", answer.text());
    }
    assert_eq!(with("secret-field", json!(1)).json()["code"], "event-field-unknown");
    assert_eq!(bank.entries(), 1);
    let many: Vec<Value> = (0..1_001).map(|_| json!({})).collect();
    bank.decide(&json!({ "transactions": many })).expect(413);
    bank.decide(&json!({ "transactions": [1] })).expect(400);
    assert_eq!(
        bank.decide(&json!({ "transactions": [] })).expect(200).json()["answers"],
        json!([])
    );
}

#[test]
fn whoever_is_put_on_watch_is_on_watch_at_the_next_event_and_a_replay_is_equal() {
    let bank = Bank::new();
    let mut event = payment("t-1", "account-1", 2_000_000);
    event["new_device"] = json!(true);
    let before = bank.decide(&event).expect(200).json();
    assert_eq!(before["marks"], json!([]));
    assert_eq!(bank.watch("account-1")["sequence"], 3);
    event["id"] = json!("t-2");
    let on_watch = bank.decide(&event).expect(200).json();
    assert_ne!(on_watch["action"], "allow");
    assert_eq!(
        on_watch["marks"],
        json!([
            { "list": "leaked", "field": "account", "reference": "incident I-1" },
        ])
    );
    assert!(on_watch["rules"].as_array().unwrap().iter().any(|rule| !rule["ko"].is_null()));
    let receipt = bank.look("/api/v1/fraud/decisions/t-2");
    assert_eq!((&receipt["lists"], &receipt["sequence"]), (&json!(3), &json!(4)));
    assert_eq!(receipt["verdict"]["action"], on_watch["action"]);
    assert_eq!(receipt["setup"]["sequence"], 1);
    assert!(!receipt.to_string().contains("account-1"), "{receipt}");
    Ask::get("/api/v1/fraud/decisions/t-9").by(&bank.analyst).send(bank.house.staff).expect(404);
    let members = bank.look("/api/v1/fraud/lists/leaked");
    assert_eq!(members["items"][0]["reference"], "incident I-1");
    assert!(!members.to_string().contains("account-1"));
    let rows = bank.look("/api/v1/fraud/decisions?limit=1");
    assert_eq!((&rows["items"][0]["event"], &rows["next"]), (&json!("t-2"), &json!(4)));
    assert!(!rows.to_string().contains("account-1"));
    let rows = bank.look("/api/v1/fraud/decisions?after=4");
    assert_eq!((&rows["items"][0]["event"], &rows["next"]), (&json!("t-1"), &Value::Null));
    let path = format!("/api/v1/fraud/decisions?action={}", on_watch["action"].as_str().unwrap());
    let held = bank.look(&path);
    assert!(held["items"].as_array().unwrap().iter().any(|one| one["event"] == "t-2"), "{held}");
    assert_eq!(bank.label("t-2", true)["event"], "t-2");
    let proof = bank.ask("/api/v1/fraud/proof", &json!({})).expect(200).json();
    assert_eq!((&proof["events"], &proof["different"]), (&json!(2), &json!(0)));
    assert_eq!(bank.look("/api/v1/fraud")["proof"]["entries"], 5);
    let log = bank.house.look(&bank.officer, "/api/v1/audit?limit=1000")["items"].to_string();
    assert!(log.contains("fraud.list") && !log.contains("account-1"));
    let unknown = Ask::get("/api/v1/fraud/lists/nobody").by(&bank.analyst).send(bank.house.staff);
    assert_eq!(unknown.expect(404).json()["code"], "unknown-list");
}

#[test]
fn a_store_that_refuses_gets_the_answer_that_was_chosen_beforehand() {
    let bank = Bank::new();
    bank.decide(&payment("t-1", "account-1", 1_000)).expect(200);
    bank.world.meddle("ALTER TABLE fraud_log RENAME TO elsewhere");
    let small = bank.decide(&payment("t-2", "account-1", 300_000)).expect(200).json();
    assert_eq!((&small["mode"], &small["action"]), (&json!("fail_open"), &json!("allow")));
    assert_eq!(small["cause"], "store");
    let large = bank.decide(&payment("t-3", "account-1", 300_001)).expect(200).json();
    assert_eq!((&large["mode"], &large["action"]), (&json!("fail_closed"), &json!("hold")));
    assert!(large.get("sequence").is_none() && large.get("score").is_none());
    bank.world.meddle("ALTER TABLE elsewhere RENAME TO fraud_log");
    let again = bank.decide(&payment("t-3", "account-1", 300_001)).expect(200).json();
    assert_eq!((&again["mode"], &again["again"]), (&json!("judged"), &json!(false)));
    let counts = bank.look("/api/v1/fraud")["since_start"].clone();
    assert_eq!((&counts["fail_open"], &counts["fail_closed"]), (&json!(1), &json!(1)));
}

#[test]
fn a_draft_is_checked_tried_over_the_past_and_put_in_force_by_two() {
    let bank = Bank::new();
    for place in 0..20 {
        bank.decide(&payment(&format!("t-{place}"), "account-1", 1_000 * place)).expect(200);
    }
    let first = bank.decide(&payment("t-19", "account-1", 19_000)).expect(200).json();
    bank.label("t-15", true);
    let rule = |when: &str| {
        format!(
            "name = \"draft\"\n[[rule]]\nname = \"large\"\nwhen = '{when}'\nscore = 60\n\
             action = \"hold\"\nreason.ko = \"큰 금액\"\nreason.en = \"a large amount\"\n"
        )
    };
    let check = |text: &str| {
        bank.ask("/api/v1/fraud/rules:check", &json!({ "text": text })).expect(200).json()
    };
    let faults = check(&rule("amuont >= 10000 && amount < \"a\""))["faults"].clone();
    assert_eq!((&faults[0]["line"], &faults[0]["rule"]), (&json!(4), &json!("large")));
    assert!(faults[0]["hint"]["en"].as_str().unwrap().contains("amount"), "{faults}");
    assert!(faults[0]["start"].as_u64() < faults[0]["end"].as_u64());
    let text = rule("amount >= 10000");
    let good = check(&text);
    assert_eq!(
        (&good["faults"], &good["rules"][0]["when"]),
        (&json!([]), &json!("amount >= 10000"))
    );
    let body = json!({ "text": text, "capacity_per_day": 10 });
    let tried = bank.ask("/api/v1/fraud/rules:back-test", &body).expect(200).json();
    assert_eq!((&tried["events"], &tried["frauds"]), (&json!(20), &json!(1)));
    assert_eq!((&tried["draft"]["stopped"], &tried["draft"]["hits"]), (&json!(10), &json!(1)));
    assert_eq!(tried["rules"][0]["fired"], 10);
    let wrong = json!({ "text": rule("nothing > 1") });
    bank.ask("/api/v1/fraud/rules:back-test", &wrong).expect(400);
    put_in_force(&bank, &text, &first);
}

fn put_in_force(bank: &Bank, text: &str, first: &Value) {
    let mut body = json!({ "rules": text, "why": "fewer calls to honest people" });
    let post = |body: &Value| {
        let ask = Ask::post("/api/v1/fraud/setups", &format!("setup-{}", number()), body);
        ask.by(&bank.analyst).send(bank.house.staff)
    };
    post(&body).expect(400);
    let asked = bank.house.act(&bank.analyst, "/api/v1/fraud/setups/request", &body).json();
    body["approval"] = asked["approval"].clone();
    assert_eq!(post(&body).expect(409).json()["code"], "vault.approval_pending");
    bank.house.agree(asked["approval"].as_str().unwrap());
    let mine = bank.look("/api/v1/approvals")["items"].clone();
    assert_eq!((&mine[0]["act"], &mine[0]["ready"]), (&json!("fraud.setup"), &json!(true)));
    let mut other = body.clone();
    other["rules"] = json!(text.replace("10000", "10001"));
    assert_eq!(post(&other).expect(409).json()["code"], "vault.approval_refused");
    let put = post(&body).expect(200).json();
    assert_eq!(put["setup"]["rules"]["name"], "draft");
    post(&body).expect(409);
    assert_eq!(bank.look("/api/v1/fraud/rules")["text"], text);
    let held = bank.decide(&payment("after", "account-1", 10_000)).expect(200).json();
    assert_eq!((&held["action"], &held["rules"][0]["ko"]), (&json!("hold"), &json!("큰 금액")));
    let old = bank.decide(&payment("t-19", "account-1", 19_000)).expect(200).json();
    assert_eq!(old, *first, "an old decision keeps its rules and their names");
    let proof = bank.ask("/api/v1/fraud/proof", &json!({})).expect(200).json();
    assert_eq!((&proof["events"], &proof["different"]), (&json!(21), &json!(0)));
    assert!(bank.look("/api/v1/fraud/features")["features"].as_array().unwrap().len() >= 15);
    assert_eq!(bank.look("/api/v1/fraud/model"), json!({ "schema": 1, "model": null }));
}

#[test]
fn a_restart_knows_every_decision_and_its_names() {
    let bank = Bank::new();
    bank.watch("account-1");
    let first = bank.decide(&payment("t-1", "account-1", 2_000_000)).expect(200).json();
    let Bank { world, house, key, .. } = bank;
    drop(house);
    let folder = world.folder.path().join("var/fraud");
    let snapshot = folder.join("engine.snapshot");
    assert!(snapshot.exists(), "the last thing it does is a snapshot");
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&snapshot)), (0o700, 0o600));
    }
    let house = world.serve(world.open());
    let ask = ask(DECIDE, &payment("t-1", "account-1", 2_000_000)).with_key(&key);
    let mut again = ask.send(house.processors).expect(200).json();
    assert_eq!(again["again"], true);
    again["again"] = json!(false);
    assert_eq!(again, first);
}

#[test]
fn what_is_off_is_not_there() {
    let world = World::new();
    let house = world.serve_without_fraud(world.create(1));
    let analyst = house.session_of(house.staff_of("analyst", None));
    let session = house.look(&analyst, "/api/v1/sessions/current");
    for list in ["may", "modules"] {
        let text = session[list].to_string();
        assert!(!text.contains("fraud") && !text.contains("transactions"), "{text}");
    }
    for path in ["/api/v1/fraud", "/api/v1/fraud/rules", "/api/v1/fraud/lists/leaked"] {
        let off = Ask::get(path).by(&analyst).send(house.staff).expect(404);
        assert_eq!(off.json()["code"], "fraud.off", "{path}");
    }
    let off = ask(DECIDE, &payment("t-1", "a", 1)).by(&analyst).send(house.staff).expect(404);
    assert_eq!(off.json()["code"], "fraud.off");
    let metrics = Ask::get("/metrics").send(house.staff).text();
    assert!(!metrics.contains("doldam_fraud"));
    drop(house);
    let bank = Bank::new();
    let session = bank.look("/api/v1/sessions/current");
    assert!(session["modules"].to_string().contains("\"fraud\""));
    assert!(session["modules"].to_string().contains("\"transactions\""));
}
