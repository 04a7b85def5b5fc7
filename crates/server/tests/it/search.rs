//! No raw value of anybody in what processors and machines are answered.

use doldam_ground::Kind;
use doldam_ground::ids::ProcessorId;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::json;

use crate::client::Ask;
use crate::leak::{Bank, MachineClock, REPORT, channels};
use crate::messaging::{SCOPES, fetched, message, text};
use crate::world::{House, World, person};

/// How many raw values of the first people stand in a text.
fn hits(text: &[u8]) -> usize {
    let values = (0..100).flat_map(|index| {
        let person = person(index);
        let mut all = vec![
            person.ci.expose().clone(),
            person.di.expose().clone(),
            person.phone.expose().clone(),
            person.email.expose().clone(),
        ];
        all.extend(Kind::PHONE.normalise(person.phone.expose()).map(|text| text.expose().clone()));
        all
    });
    values.filter(|value| text.windows(value.len()).any(|part| part == value.as_bytes())).count()
}

/// What a processor is answered that sends texts and exchanges pseudonyms, right and wrong ones.
fn comes_back(house: &House, officer: &str, delivery: &str) -> Vec<u8> {
    let key = house.key(officer, "P-1", &SCOPES);
    text(house, officer, ProcessorId::new(1));
    let pseudonyms = fetched(house, &key, delivery);
    let mut all = Vec::new();
    let real = person(1);
    for to in [pseudonyms[0].as_str(), real.ci.expose(), real.phone.expose(), "nobody"] {
        all.extend(message(house, &key, to, "작품").expect(202).body);
    }
    for what in [real.phone.expose(), real.email.expose()] {
        all.extend(message(house, &key, &pseudonyms[1], what).expect(400).body);
    }
    for id in 1..5 {
        let path = format!("/api/v1/messages/X-{id}");
        all.extend(Ask::get(&path).with_key(&key).send(house.processors).expect(200).body);
    }
    house.act(officer, "/api/v1/domains/M-1/renew", &json!({ "reason": "a new contract" }));
    let mut shown = pseudonyms;
    shown.push(real.ci.expose().clone());
    let body = json!({ "purpose": "NFT platform", "kind": "ci", "pseudonyms": shown });
    let ask = Ask::post("/api/v1/pseudonyms/remap", "remap", &body).with_key(&key);
    let made = ask.send(house.processors).expect(200);
    let count =
        made.json()["pseudonyms"].as_array().unwrap().iter().filter(|one| one.is_null()).count();
    assert_eq!(count, 1, "a real CI is nobody's pseudonym");
    all.extend(made.body);
    all
}

#[test]
fn what_processors_and_machines_are_answered_holds_nobody() {
    let world = World::new();
    let house = world.serve(world.create(100));
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &["deliveries:read", "sandbox:read"]);
    let delivery = house.delivery(&officer, builder);
    let mut all = Vec::new();
    let file = format!("/api/v1/deliveries/{delivery}/file");
    for path in [
        "/api/v1/deliveries",
        file.as_str(),
        "/api/v1/sandbox?rows=1000",
        "/api/v1/openapi.json",
        "/healthz",
        "/readyz",
        "/nothing",
        "/api/v1/deliveries/V-9/file",
        "/api/v1/sandbox?rows=x",
    ] {
        let answer = Ask::get(path).with_key(&key).send(house.processors);
        assert!(answer.status < 500 && !answer.body.is_empty(), "{path}");
        for (_, value) in &answer.headers {
            all.extend(value.bytes());
        }
        all.extend(answer.body);
    }
    all.extend(comes_back(&house, &officer, &delivery));
    let leaked = format!("ci,phone\r\n{},{}\r\n", person(1).ci.expose(), person(1).phone.expose());
    let trace = Ask::new("POST", "/api/v1/traces").by(&officer).header("idempotency-key", "t");
    all.extend(trace.body(leaked.as_bytes()).send(house.staff).expect(201).body);
    let name = format!("Builder, call {}", person(1).phone.expose());
    let body = json!({ "name": name, "relation": "outsourcing" });
    let refused = Ask::post("/api/v1/processors", "p", &body).by(&officer).send(house.staff);
    all.extend(refused.expect(400).body);
    let metrics = Ask::get("/metrics").send(house.staff).expect(200);
    assert!(metrics.text().contains("route=\"/api/v1/deliveries/{id}/file\",status=\"200\""));
    assert!(!metrics.text().contains("V-1") && !metrics.text().contains("Builder"));
    all.extend(metrics.body);
    assert_eq!(hits(&all), 0);
    // The same search finds what is there.
    all.extend(leaked.bytes());
    assert_eq!(hits(&all), 2);
}

#[test]
fn what_is_said_of_an_incident_and_of_a_drill_holds_nobody() {
    let faults = Faults { lose_answer: 300, lose_receipt: 600, ..Faults::default() };
    let smsc = Smsc::start(Seed::new(5), faults).unwrap();
    let world = World::new();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.create(100), MachineClock::of(&world), channels);
    let bank = Bank::new(&house);
    let path = bank.worked();
    let notice = bank.approved(&path);
    bank.send(&notice);
    bank.until(&notice, |progress| progress["counts"]["in_doubt"].as_u64() > Some(0));
    bank.act("/api/v1/drills", &json!({ "subjects": 100 }));
    let mut all = bank.act(&format!("{path}/report"), &json!({ "duty": REPORT })).body;
    let title = format!("the phone {} leaked", person(1).phone.expose());
    let named = json!({
        "title": title, "source": "tip", "aware_at": house.vault.now().to_rfc3339(),
    });
    all.extend(bank.ask(&bank.officer, "/api/v1/incidents", &named).expect(409).body);
    let reason = json!({ "reason": format!("as {} told", person(1).phone.expose()) });
    let refused = bank.ask(&bank.officer, &format!("{path}/containment"), &reason);
    all.extend(refused.expect(400).body);
    for of in ["", "/timeline?limit=1000", "/duties", "/notices", "/notices/1/progress"] {
        all.extend(bank.look(&format!("{path}{of}")).to_string().bytes());
    }
    let doubts = bank.look(&format!("{notice}/in-doubt"));
    assert!(!doubts["items"].as_array().unwrap().is_empty());
    all.extend(doubts.to_string().bytes());
    for of in ["incidents", "drills", "audit?limit=1000"] {
        all.extend(bank.look(&format!("/api/v1/{of}")).to_string().bytes());
    }
    let metrics = Ask::get("/metrics").send(house.staff).expect(200).text();
    assert!(metrics.contains("route=\"/api/v1/incidents/{id}/notices/{notice}/send\""));
    assert!(!metrics.contains("L-1"));
    all.extend(metrics.bytes());
    all.extend(house.log.lock().unwrap().join("\n").bytes());
    assert_eq!(hits(&all), 0);
    // The same search finds whom the gateway texted.
    all.extend(smsc.log().texted.keys().flat_map(|number| number.bytes()));
    assert!(hits(&all) > 0);
}
