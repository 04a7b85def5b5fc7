//! An order of containment given in an incident cuts what runs.

use std::io::Read as _;
use std::time::Duration;

use serde_json::json;

use super::Bank;
use crate::client::Ask;
use crate::world::World;

#[test]
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
fn an_order_of_containment_breaks_a_download_off_and_is_proved() {
    let world = World::new();
    let house = world.serve(world.create(60_000));
    let officer = house.officer();
    let (processor, key) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let delivery = house.delivery(&officer, processor);
    let bank = Bank {
        house: &house,
        approvers: [officer.clone(), officer.clone()],
        officer,
        processor: processor.to_string(),
        key,
        trace: String::new(),
    };
    let path = bank.open();
    let file = format!("/api/v1/deliveries/{delivery}/file");
    let mut stream = Ask::get(&file).with_key(&bank.key).start(house.processors);
    let mut head = vec![0; 100_000];
    stream.read_exact(&mut head).unwrap();
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = text.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
    let length: usize = length.parse().unwrap();
    let ordered = std::time::Instant::now();
    let body = json!({ "reason": "a copy was found" });
    let proved = bank.act(&format!("{path}/containment"), &body).expect(200).json();
    assert!(ordered.elapsed() < Duration::from_secs(10), "order to proof");
    Ask::get("/api/v1/deliveries").with_key(&bank.key).send(house.processors).expect(401);
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    assert!(head.len() + rest.len() < length, "the whole file came");
    let access = &proved["items"][0];
    assert_eq!((&access["means"], &access["proof"]["cut"]), (&json!("access"), &json!("C-1")));
    let parts = access["proof"]["parts"].as_array().unwrap();
    let revoked: Vec<_> = parts.iter().map(|part| part["revoked"].as_u64().unwrap()).collect();
    assert_eq!(revoked[..3], [1, 1, 3], "a running request, a key, three domains: {parts:?}");
    // The signed proof stands with the processor, under the number that the incident names.
    let shown = bank.look(&format!("/api/v1/processors/{}", bank.processor));
    assert_eq!(shown["cuts"][0]["id"], "C-1");
    assert!(shown["cuts"][0]["signature"].is_string());
}
