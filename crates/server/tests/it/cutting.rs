//! The switch over HTTP: a running download breaks off, and no key opens anything.

use std::io::Read as _;
use std::time::Duration;

use serde_json::json;

use crate::client::Ask;
use crate::world::World;

#[test]
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
fn a_cut_breaks_a_download_off_and_refuses_the_key_within_a_second() {
    let world = World::new();
    let house = world.serve(world.create(60_000));
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let (other, other_key) = house.processor(&officer, "Other Builder", &["deliveries:read"]);
    let (delivery, theirs) = (house.delivery(&officer, builder), house.delivery(&officer, other));
    let path = format!("/api/v1/deliveries/{delivery}/file");
    let mut stream = Ask::get(&path).with_key(&key).start(house.processors);
    let mut head = vec![0; 100_000];
    stream.read_exact(&mut head).unwrap();
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = text.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
    let length: usize = length.parse().unwrap();
    assert!(length > 10_000_000, "longer than what the sockets hold");
    let ordered = std::time::Instant::now();
    let cut = format!("/api/v1/processors/{builder}/cut");
    let proof = house.act(&officer, &cut, &json!({ "reason": "a leaked file" })).json();
    assert!(ordered.elapsed() < Duration::from_secs(10), "order to proof");
    Ask::get("/api/v1/deliveries").with_key(&key).send(house.processors).expect(401);
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    assert!(head.len() + rest.len() < length, "the whole file came");
    let parts: Vec<_> = proof["parts"].as_array().unwrap().iter().map(|p| &p["revoked"]).collect();
    assert_eq!(parts, [&json!(1), &json!(1), &json!(3), &json!(0)]);
    // The other processor does not notice.
    let path = format!("/api/v1/deliveries/{theirs}/file");
    let whole = Ask::get(&path).with_key(&other_key).send(house.processors).expect(200);
    let stated: usize = whole.header("content-length").unwrap().parse().unwrap();
    assert_eq!(whole.body.len(), stated);
    let body = json!({
        "processor": builder.to_string(), "purpose": "NFT platform", "fields": ["ci", "di"],
        "subjects": "all",
    });
    let again = Ask::post("/api/v1/disclosures", "again", &body).by(&officer);
    again.send(house.staff).expect(409);
    let fetches = house.look(&officer, "/api/v1/deliveries")["items"].clone();
    assert_eq!(fetches[0]["fetches"][0]["outcome"], "aborted");
}
