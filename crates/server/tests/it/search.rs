//! No raw value of anybody in what processors and machines are answered.

use doldam_ground::Kind;
use serde_json::json;

use crate::client::Ask;
use crate::world::{World, person};

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
