//! One effect for a request that is sent again, at once, later, and after a restart.

mod alerts;
mod leak;
mod ways;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use doldam_ground::Instant;
use doldam_ground::ids::StaffId;
use doldam_server::permission::TABLE;
use doldam_store::{installation, staff};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::leak::{MachineClock, channels};
use crate::world::{House, World, actor, number};

const SECRET: &str = "a long secret of theirs";

/// Sends a request five times at once and once more; all answers must be one.
fn replay(house: &House, ask: &Ask) -> Answer {
    replay_at(house.staff, ask)
}

fn replay_at(door: SocketAddr, ask: &Ask) -> Answer {
    let threads: Vec<_> = (0..5)
        .map(|_| {
            let ask = ask.clone();
            std::thread::spawn(move || ask.send(door))
        })
        .collect();
    let mut answers: Vec<Answer> =
        threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    answers.push(ask.send(door));
    let first = answers.remove(0);
    assert!((200..300).contains(&first.status), "{} {}", first.status, first.text());
    for other in answers {
        assert_eq!((other.status, other.text()), (first.status, first.text()));
        assert_eq!(other.header("set-cookie"), first.header("set-cookie"));
    }
    first
}

struct Script<'a> {
    house: &'a House,
    token: String,
    done: BTreeSet<String>,
}

impl Script<'_> {
    /// Replays a POST, then sends another body under its key, then none.
    fn act(&mut self, route: &str, path: &str, body: &Value) -> Answer {
        let key = format!("once-{}", number());
        let ask = Ask::post(path, &key, body).by(&self.token);
        let answer = replay(self.house, &ask);
        let other = Ask::post(path, &key, &json!({ "other": 1 })).by(&self.token);
        other.send(self.house.staff).expect(422);
        let keyless = Ask::new("POST", path).by(&self.token);
        keyless.body(body.to_string().as_bytes()).send(self.house.staff).expect(400);
        self.done.insert(route.to_owned());
        answer
    }

    /// The same by a processor's program.
    fn act_by_program(&mut self, route: &str, program: &str, body: &Value) -> Answer {
        let (key, door) = (format!("once-{}", number()), self.house.processors);
        let answer = replay_at(door, &Ask::post(route, &key, body).with_key(program));
        let other = Ask::post(route, &key, &json!({ "other": 1 })).with_key(program);
        other.send(door).expect(422);
        let keyless = Ask::new("POST", route).with_key(program);
        keyless.body(body.to_string().as_bytes()).send(door).expect(400);
        self.done.insert(route.to_owned());
        answer
    }

    fn count(&self, path: &str) -> usize {
        self.house.look(&self.token, path)["items"].as_array().unwrap().len()
    }
}

#[test]
fn every_post_has_one_effect_and_one_answer() {
    lifecycle(&World::new());
}

#[test]
fn every_post_has_one_effect_and_one_answer_on_postgresql() {
    let mut world = World::new();
    world.database = Some(crate::postgres::TestDatabase::create());
    lifecycle(&world);
}

fn lifecycle(world: &World) {
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.create(50), MachineClock::of(world), channels);
    let officer = house
        .vault
        .staff_add("minji", "privacy-officer", &SECRET.to_owned().into(), &actor())
        .unwrap();
    let mut script = Script { house: &house, token: String::new(), done: BTreeSet::new() };
    let body = json!({ "name": "minji", "secret": SECRET });
    let signed_in = script.act("/api/v1/sessions", "/api/v1/sessions", &body);
    script.token = signed_in.token();
    give(&mut script);
    let issued = keys(&mut script);
    people(&mut script, officer);
    leak::play(&mut script, world);
    come_back(&mut script);
    judge(&mut script);
    alerts::play(&mut script, &|sql| world.meddle(sql));
    assert_eq!(smsc.log().texted.values().copied().collect::<Vec<_>>(), [1]);
    assert!(house.look(&script.token, "/api/v1/audit/verification")["intact"].as_bool().unwrap());
    script.done.extend(ways::play());
    let posts: BTreeSet<String> =
        TABLE.iter().filter(|rule| rule.needs_key()).map(|rule| rule.path.to_owned()).collect();
    assert_eq!(script.done, posts, "each POST of the table is replayed here");
    let token = script.token.clone();
    drop(house);
    // Another process gives the same answer.
    let house = world.serve(world.open());
    let (ask, first) = issued;
    let again = ask.by(&token).send(house.staff).expect(201);
    assert_eq!(again.text(), first.text());
    died_between(world, &house, &token);
}

/// Processors, disclosures, deliveries, traces.
fn give(script: &mut Script<'_>) {
    let route = "/api/v1/processors";
    let body = json!({ "name": "Builder", "relation": "outsourcing" });
    script.act(route, route, &body);
    assert_eq!(script.count(route), 1);
    let route = "/api/v1/disclosures";
    let body = json!({
        "processor": "P-1", "purpose": "NFT platform", "fields": ["ci"], "subjects": "all",
    });
    script.act(route, route, &body);
    assert_eq!(script.count(route), 1);
    let route = "/api/v1/deliveries";
    script.act(route, route, &json!({ "disclosure": "D-1", "days": 7 }));
    assert_eq!(script.count(route), 1);
    raw(script);
    persons(script);
    let route = "/api/v1/traces";
    let file = format!("ci\r\n{}\r\n", crate::world::person(3).ci.expose());
    let ask = Ask::new("POST", route).by(&script.token).header("idempotency-key", "trace");
    let answer = replay(script.house, &ask.clone().body(file.as_bytes()));
    assert_eq!((answer.status, &answer.json()["subjects"]["exact"]), (201, &json!(1)));
    assert_eq!(answer.json()["trace"], "T-1");
    ask.body(b"ci\r\nother\r\n").send(script.house.staff).expect(422);
    assert_eq!(script.house.look(&script.token, "/api/v1/traces/T-1")["evidence"], "E-1");
    Ask::get("/api/v1/traces/T-2").by(&script.token).send(script.house.staff).expect(404);
    script.done.insert(route.to_owned());
    past(script);
}

/// A file of the time before, looked at and then recorded.
fn past(script: &mut Script<'_>) {
    let file = format!("ci\r\n{}\r\n", crate::world::person(5).ci.expose());
    let params = "?processor=P-1&given_at=2025-01-02T00:00:00Z&return_by=2025-12-31T00:00:00Z";
    let before = script.count("/api/v1/disclosures");
    for (route, status) in
        [("/api/v1/disclosures/past/preview", 200), ("/api/v1/disclosures/past", 201)]
    {
        let ask = Ask::new("POST", &format!("{route}{params}")).by(&script.token);
        let ask = ask.header("idempotency-key", "past").header("doldam-purpose", "an old pilot");
        let answer = replay(script.house, &ask.clone().body(file.as_bytes()));
        assert_eq!(answer.status, status, "{}", answer.text());
        ask.body(b"ci\r\nother\r\n").send(script.house.staff).expect(422);
        script.done.insert(route.to_owned());
    }
    assert_eq!(script.count("/api/v1/disclosures"), before + 1);
    let log = script.house.look(&script.token, "/api/v1/audit?limit=1000")["items"].to_string();
    assert_eq!(log.matches("\"disclosure.look_past\"").count(), 1);
}

/// Real values, with a second person's consent to exactly these people.
fn raw(script: &mut Script<'_>) {
    let route = "/api/v1/disclosures/raw";
    let mut body = json!({
        "processor": "P-1", "purpose": "letters on paper", "fields": ["nickname"],
        "subjects": "first:3",
    });
    let asked = script.act(route, route, &body).json();
    let approval = asked["approval"].as_str().unwrap();
    assert_eq!(script.count("/api/v1/approvals"), 1);
    body["approval"] = json!(approval);
    let make = |body: &Value| {
        let ask = Ask::post("/api/v1/disclosures", &format!("raw-{}", number()), body);
        ask.by(&script.token).send(script.house.staff)
    };
    assert_eq!(make(&body).expect(409).json()["code"], "vault.approval_pending");
    script.house.agree(approval);
    let other = json!({ "subjects": "first:4" })["subjects"].clone();
    let mut more = body.clone();
    more["subjects"] = other;
    assert_eq!(make(&more).expect(409).json()["code"], "vault.approval_refused");
    let made = make(&body).expect(201).json();
    assert_eq!(made["subjects"], 3);
    assert_eq!(make(&body).expect(409).json()["code"], "vault.approval_refused");
    let path = format!("/api/v1/disclosures/{}", made["id"].as_str().unwrap());
    assert_eq!(script.house.look(&script.token, &path)["disclosure"]["raw"], true);
}

/// One person, found, shown and forgotten. A look is no effect, and each is told by the log.
fn persons(script: &mut Script<'_>) {
    let route = "/api/v1/subjects/find";
    let email = crate::world::person(40).email.expose().clone();
    let body = json!({ "kind": "email", "value": email, "purpose": "a call of a customer" });
    let found = script.act(route, route, &body).json();
    let path = format!("/api/v1/subjects/{}", found["subject"]["id"].as_str().unwrap());
    let body = json!({ "kinds": ["email"], "purpose": "a call of a customer" });
    let route = "/api/v1/subjects/{id}/reveal";
    let shown = script.act(route, &format!("{path}/reveal"), &body).json();
    assert_eq!(shown["values"][0]["value"], email.as_str());
    let log = script.house.look(&script.token, "/api/v1/audit?limit=1000")["items"].to_string();
    for action in ["find", "reveal"] {
        assert_eq!(log.matches(&format!("\"subject.{action}\"")).count(), 6, "{action}");
    }
    let route = "/api/v1/subjects/{id}/erase";
    let body = json!({ "purpose": "the customer asked for it" });
    let erased = script.act(route, &format!("{path}/erase"), &body).json();
    assert_eq!(erased["state"], "final");
}

/// What processors come back with: texts to be sent, and pseudonyms of an old epoch.
fn come_back(script: &mut Script<'_>) {
    // The cut suspended its domain and keeps new keys from it.
    let route = "/api/v1/processors/{id}/resume/request";
    let body = json!({ "reason": "a new contract" });
    let asked = script.act(route, "/api/v1/processors/P-1/resume/request", &body).json();
    script.house.agree(asked["approval"].as_str().unwrap());
    let body = json!({ "approval": asked["approval"] });
    let route = "/api/v1/processors/{id}/resume";
    let resumed = script.act(route, "/api/v1/processors/P-1/resume", &body).json();
    assert_eq!(resumed["domains"], json!(["M-1"]));
    let path = "/api/v1/processors/P-1/message-templates";
    let body = json!({ "name": "order", "texts": { "ko": "{{ what }} 안내" } });
    let text = script.act("/api/v1/processors/{id}/message-templates", path, &body).json();
    assert_eq!((&text["id"], script.count(path)), (&json!("W-1"), 1));
    script.house.agree(text["approval"].as_str().unwrap());
    let key = script.house.key(&script.token, "P-1", &["messages:write", "pseudonyms:remap"]);
    let body = json!({ "to": "nobody", "template": "order", "values": { "what": "작품" } });
    let asked = script.act_by_program("/api/v1/messages", &key, &body).json();
    assert_eq!(asked, json!({ "schema": 1, "message": "X-1", "state": "queued" }));
    let before = script.count("/api/v1/domains");
    let body = json!({ "reason": "a new contract" });
    let renewed = script.act("/api/v1/domains/{id}/renew", "/api/v1/domains/M-1/renew", &body);
    assert_eq!(renewed.json()["epoch"], 2);
    assert_eq!(script.count("/api/v1/domains"), before + 1);
    let body = json!({ "purpose": "NFT platform", "kind": "ci", "pseudonyms": ["nobody"] });
    let made = script.act_by_program("/api/v1/pseudonyms/remap", &key, &body).json();
    assert_eq!(made["pseudonyms"], json!([null]));
}

/// Lists and rules of fraud detection.
fn judge(script: &mut Script<'_>) {
    let body = json!({ "add": [{ "key": "account-1" }], "why": "the leak of the old platform" });
    let route = "/api/v1/fraud/lists/{name}";
    let changed = script.act(route, "/api/v1/fraud/lists/leaked", &body).json();
    assert_eq!(changed, json!({ "schema": 1, "list": "leaked", "sequence": 2 }));
    assert_eq!(script.count("/api/v1/fraud/lists/leaked"), 1);
    let rules = script.house.look(&script.token, "/api/v1/fraud/rules")["text"].clone();
    let rules = rules.as_str().unwrap().replacen("score = 30", "score = 31", 1);
    let mut body = json!({ "rules": rules, "why": "a draft that did well" });
    let route = "/api/v1/fraud/setups/request";
    let asked = script.act(route, route, &body).json();
    script.house.agree(asked["approval"].as_str().unwrap());
    body["approval"] = asked["approval"].clone();
    let put = script.act("/api/v1/fraud/setups", "/api/v1/fraud/setups", &body).json();
    assert_eq!(put["setup"]["sequence"], 3);
    assert_eq!(script.house.look(&script.token, "/api/v1/fraud")["entries"], 3);
}

/// Keys and the cut.
fn keys(script: &mut Script<'_>) -> (Ask, Answer) {
    let route = "/api/v1/processors/{id}/api-keys";
    let path = "/api/v1/processors/P-1/api-keys";
    let body = json!({ "scopes": ["deliveries:read"], "days": 30 });
    script.act(route, path, &body);
    let kept = Ask::post(path, "kept", &body);
    let first = kept.clone().by(&script.token).send(script.house.staff).expect(201);
    assert_eq!(script.count(path), 2);
    let reason = json!({ "reason": "the key was lost" });
    script.act("/api/v1/api-keys/{id}/revoke", "/api/v1/api-keys/Y-1/revoke", &reason);
    let cut = script.act("/api/v1/processors/{id}/cut", "/api/v1/processors/P-1/cut", &reason);
    assert_eq!(cut.json()["parts"][1]["revoked"], 1);
    let shown = script.house.look(&script.token, "/api/v1/processors/P-1");
    assert_eq!(shown["cuts"].as_array().unwrap().len(), 1);
    (kept, first)
}

/// Approvals and staff.
fn people(script: &mut Script<'_>, officer: StaffId) {
    let route = "/api/v1/staff";
    let body = json!({ "name": "jisu", "role": "engineer" });
    let before = script.count(route);
    script.act(route, route, &body);
    assert_eq!(script.count(route), before + 1);
    let now = script.house.vault.now();
    script
        .house
        .vault
        .data()
        .write("test.request", move |tx| {
            let (asker, end) = (StaffId::new(2), now.plus_days(1));
            staff::approval_insert(tx, "disclose.raw", &[1; 32], "raw hand-over", asker, now, end)
        })
        .unwrap();
    assert_ne!(officer, StaffId::new(2));
    let path = "/api/v1/approvals/A-2/agree";
    script.act("/api/v1/approvals/{id}/agree", path, &json!({}));
    assert_eq!(script.count("/api/v1/approvals"), 0);
    alone(script, officer);
    let reason = json!({ "reason": "left the company" });
    script.act("/api/v1/staff/{id}/disable", "/api/v1/staff/S-2/disable", &reason);
    let route = "/api/v1/staff/me/passphrase";
    let body = json!({ "secret": SECRET, "new_secret": "another long secret of theirs" });
    script.act(route, route, &body);
}

/// A small team, and an act that its officer carries alone.
fn alone(script: &mut Script<'_>, officer: StaffId) {
    let route = "/api/v1/approvals/small-team";
    script.act(route, route, &json!({ "on": true, "reason": "three people work here" }));
    assert_eq!(script.house.look(&script.token, route)["on"], true);
    script
        .house
        .vault
        .data()
        .write("test.earlier", move |tx| {
            let (then, end) = (Instant::from_micros(1), Instant::from_micros(i64::MAX / 2));
            installation::put(tx, "small_team_since_us", "1")?;
            staff::approval_insert(tx, "disclose.raw", &[2; 32], "raw", officer, then, end)
        })
        .unwrap();
    let path = "/api/v1/approvals/A-3/break-glass";
    let reason = json!({ "reason": "nobody else is to be had tonight" });
    script.act("/api/v1/approvals/{id}/break-glass", path, &reason);
    assert_eq!(script.count("/api/v1/approvals"), 1);
}

/// A process that died between an act and its answer leaves the act, and the answer is made again.
fn died_between(world: &World, house: &House, token: &str) {
    let body = json!({ "name": "Half a Builder", "relation": "outsourcing" });
    let ask = Ask::post("/api/v1/processors", "died", &body).by(token);
    let first = ask.send(house.staff).expect(201);
    let number = first.json()["id"].as_str().unwrap().trim_start_matches("P-").to_owned();
    let lose = |effects: &str| {
        world.meddle(&format!(
            "INSERT INTO answer_effect (actor, route, request_key, body_digest, effects, secret,
                                        created_at_us)
             SELECT actor, route, request_key, body_digest, '{effects}', NULL, created_at_us
             FROM answer WHERE request_key = 'died';
             DELETE FROM answer WHERE request_key = 'died'"
        ));
    };
    lose(&format!("processor.register\t\tP-{number}\n"));
    for _ in 0..2 {
        assert_eq!(ask.send(house.staff).expect(201).text(), first.text());
    }
    // What only looked is no effect: the act is done, and meets what it did before.
    lose("processor.look\t\n");
    ask.send(house.staff).expect(400);
    assert_eq!(house.look(token, "/api/v1/processors")["items"].as_array().unwrap().len(), 2);
}
