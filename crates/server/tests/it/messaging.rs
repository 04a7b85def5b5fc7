//! What processors come back with over HTTP: texts to people whom they know by pseudonym, and
//! pseudonyms of an old epoch.

use doldam_ground::Kind;
use doldam_ground::ids::ProcessorId;
use doldam_server::Channels;
use doldam_store::access::staff_access::StaffAccess;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::leak::{GATEWAY, MachineClock, channels};
use crate::world::{House, World, actor, number, person};

pub(crate) const SCOPES: [&str; 3] = ["deliveries:read", "messages:write", "pseudonyms:remap"];

/// A text that two people stand for.
pub(crate) fn text(house: &House, officer: &str, processor: ProcessorId) {
    let path = format!("/api/v1/processors/{processor}/message-templates");
    let body = json!({
        "name": "order", "texts": { "ko": "[돌담은행] {{ what }} 안내", "en": "About {{ what }}" },
    });
    let made = house.act(officer, &path, &body).json();
    house.agree(made["approval"].as_str().unwrap());
}

/// The pseudonyms of CIs in a delivery, as its processor fetches it.
pub(crate) fn fetched(house: &House, key: &str, delivery: &str) -> Vec<String> {
    let path = format!("/api/v1/deliveries/{delivery}/file");
    let file = Ask::get(&path).with_key(key).send(house.processors).expect(200).text();
    file.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

pub(crate) fn message(house: &House, key: &str, to: &str, what: &str) -> Answer {
    let body = json!({ "to": to, "template": "order", "values": { "what": what } });
    let name = format!("message-{}", number());
    Ask::post("/api/v1/messages", &name, &body).with_key(key).send(house.processors)
}

fn state(house: &House, key: &str, id: &Value) -> Value {
    let path = format!("/api/v1/messages/{}", id.as_str().unwrap());
    Ask::get(&path).with_key(key).send(house.processors).expect(200).json()["state"].clone()
}

fn wait_for(house: &House, key: &str, id: &Value, wanted: &str) {
    for _ in 0..500 {
        if state(house, key, id) == wanted {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    panic!("{id} is {} and not {wanted}", state(house, key, id));
}

#[test]
fn a_processor_has_its_customers_texted_and_learns_nothing() {
    let world = World::new();
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    let channels =
        Channels { messages: Some(GATEWAY.to_owned()), ..channels(&smsc.address().to_string()) };
    let house = world.serve_with(world.create(30), MachineClock::of(&world), channels);
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &SCOPES);
    let (other, other_key) = house.processor(&officer, "Other Builder", &SCOPES);
    text(&house, &officer, builder);
    text(&house, &officer, other);
    let ours = fetched(&house, &key, &house.delivery(&officer, builder));
    let theirs = fetched(&house, &other_key, &house.delivery(&officer, other));
    let mut answers = Vec::new();
    for to in [ours[0].as_str(), &theirs[0], "nobody"] {
        let answer = message(&house, &key, to, "작품").expect(202);
        let names = answer.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        answers.push((answer.json(), names));
    }
    for (place, (body, names)) in answers.iter().enumerate() {
        let expected =
            json!({ "schema": 1, "message": format!("X-{}", place + 1), "state": "queued" });
        assert_eq!((body, names), (&expected, &answers[0].1), "all read alike");
    }
    // The first row may be a canary: it reads the same.
    wait_for(&house, &key, &answers[0].0["message"], "delivered");
    wait_for(&house, &key, &answers[1].0["message"], "failed");
    wait_for(&house, &key, &answers[2].0["message"], "failed");
    assert!(smsc.log().texted.len() <= 1);
    let path = format!("/api/v1/messages/{}", answers[0].0["message"].as_str().unwrap());
    Ask::get(&path).with_key(&other_key).send(house.processors).expect(404);
    Ask::get("/api/v1/messages/X-99").with_key(&key).send(house.processors).expect(404);
    // Whoever is really there gets the text at the number that the processor never saw.
    let sent: Vec<Value> = ours[1..9]
        .iter()
        .map(|to| message(&house, &key, to, "작품").expect(202).json()["message"].clone())
        .collect();
    for id in &sent {
        wait_for(&house, &key, id, "delivered");
    }
    let numbers: Vec<String> = (0..30)
        .map(|index| Kind::PHONE.normalise(person(index).phone.expose()).unwrap().expose().clone())
        .collect();
    let log = smsc.log();
    assert!(log.texted.len() >= 5 && log.texted_twice() == 0, "{log:?}");
    assert!(log.texted.keys().all(|number| numbers.contains(number)));
    assert_eq!(
        message(&house, &key, &ours[0], "evil.example").expect(400).json()["code"],
        "processors.unfit"
    );
    for _ in 0..2 {
        message(&house, &key, "nobody", "작품").expect(202);
    }
    let many = message(&house, &key, "nobody", "작품").expect(429);
    assert!(many.header("retry-after").is_some());
    let cut = format!("/api/v1/processors/{builder}/cut");
    house.act(&officer, &cut, &json!({ "reason": "a leaked file" }));
    message(&house, &key, &ours[0], "작품").expect(401);
    let leads = house.look(&officer, "/api/v1/audit?limit=1000")["items"].clone();
    let actions: Vec<&Value> = leads.as_array().unwrap().iter().map(|row| &row["action"]).collect();
    assert!(actions.contains(&&json!("message.foreign")));
}

#[test]
fn an_old_epoch_is_exchanged_by_its_processor_only() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &SCOPES);
    let (_, other_key) = house.processor(&officer, "Other Builder", &SCOPES);
    let old = fetched(&house, &key, &house.delivery(&officer, builder));
    let domains = house.look(&officer, "/api/v1/domains");
    let domain = domains["items"].as_array().unwrap().iter().find(|held| held["kind"] == "ci");
    let path = format!("/api/v1/domains/{}/renew", domain.unwrap()["id"].as_str().unwrap());
    house.act(&officer, &path, &json!({ "reason": "a new contract" }));
    let body = json!({ "purpose": "NFT platform", "kind": "ci", "pseudonyms": old });
    let ask = |key: &str| {
        let name = format!("remap-{}", number());
        Ask::post("/api/v1/pseudonyms/remap", &name, &body).with_key(key).send(house.processors)
    };
    let made = ask(&key).expect(200).json()["pseudonyms"].clone();
    let made: Vec<&str> =
        made.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(made.len(), old.len());
    assert!(made.iter().all(|one| one.len() == 88 && !old.contains(&(*one).to_owned())));
    assert_eq!(ask(&other_key).expect(400).json()["code"], "vault.invalid");
    // A file of the new ones is traced to the delivery of the old ones.
    let file = format!("ci\r\n{}\r\n", made.join("\r\n"));
    let trace = Ask::new("POST", "/api/v1/traces").by(&officer).header("idempotency-key", "t");
    let report = trace.body(file.as_bytes()).send(house.staff).expect(201).json();
    assert_eq!(report["subjects"]["exact"], 20);
    assert_eq!(report["disclosures"][0]["id"], "D-1");
    assert_eq!(report["processors"][0]["id"], "P-1");
    // A suspended domain exchanges nothing; of a party that is cut off nobody comes in any more, and
    // no new key is a way around it.
    let held = house.vault.domains().unwrap();
    for domain in held.iter().filter(|domain| domain.processor == builder) {
        house.vault.domain_suspend(domain.id, &actor(), "a leaked file").unwrap();
    }
    assert_eq!(ask(&key).expect(409).json()["code"], "vault.domain_closed");
    let cut = format!("/api/v1/processors/{builder}/cut");
    house.act(&officer, &cut, &json!({ "reason": "a leaked file" }));
    ask(&key).expect(401);
    let keys = format!("/api/v1/processors/{builder}/api-keys");
    let body = json!({ "scopes": SCOPES, "days": 30 });
    let fresh = Ask::post(&keys, "fresh", &body).by(&officer).send(house.staff);
    assert_eq!(fresh.expect(409).json()["code"], "processors.cut");
}

#[test]
fn an_inspector_sees_the_texts_and_domains_of_one_processor() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let officer = house.officer();
    let (own, _) = house.processor(&officer, "Builder", &SCOPES);
    let (other, _) = house.processor(&officer, "Other Builder", &SCOPES);
    for processor in [own, other] {
        text(&house, &officer, processor);
        house.delivery(&officer, processor);
    }
    let end = Some(house.vault.now().plus_days(9));
    let access = StaffAccess { scope: Some(own), expires_at: end, one_time_until: None };
    let inspector = house.session_of(house.staff_of("inspector", Some(access)));
    let path = |id| format!("/api/v1/processors/{id}/message-templates");
    let texts = house.look(&inspector, &path(own));
    assert_eq!(
        (&texts["items"][0]["name"], &texts["items"][0]["agreed"]),
        (&json!("order"), &json!(true))
    );
    Ask::get(&path(other)).by(&inspector).send(house.staff).expect(404);
    let domains = house.look(&inspector, "/api/v1/domains")["items"].clone();
    let whose = domains.as_array().unwrap().iter().map(|held| &held["processor"]);
    assert!(whose.clone().count() > 0 && whose.clone().all(|id| *id == own.to_string().as_str()));
}
