//! Invented people look like the processor's own deliveries and are nobody.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::client::Ask;
use crate::world::{House, World};

const FIELDS: [&str; 4] = ["ci", "nickname", "phone", "email"];

/// A value with each letter and digit replaced by what it is: the same for all of one shape.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '0'
            } else if c.is_alphabetic() {
                'a'
            } else {
                c
            }
        })
        .collect()
}

fn invented(house: &House, key: &str) -> Vec<Value> {
    let answer = Ask::get("/api/v1/sandbox?rows=50").with_key(key).send(house.processors);
    let answer = answer.expect(200).json();
    assert_eq!(answer["invented"], true);
    assert_eq!(answer["fields"], json!(FIELDS));
    answer["rows"].as_array().unwrap().clone()
}

#[test]
fn invented_people_have_the_shape_of_the_deliveries_and_are_nobody() {
    let world = World::new();
    let house = world.serve(world.create(50));
    let officer = house.officer();
    let scopes = ["deliveries:read", "sandbox:read"];
    let (builder, key) = house.processor(&officer, "Builder", &scopes);
    let order = json!({
        "processor": builder.to_string(), "purpose": "NFT platform", "fields": FIELDS,
        "subjects": "all",
    });
    house.act(&officer, "/api/v1/disclosures", &order);
    house.act(&officer, "/api/v1/deliveries", &json!({ "disclosure": "D-1", "days": 7 }));
    let file = Ask::get("/api/v1/deliveries/V-1/file").with_key(&key).send(house.processors);
    let file = file.expect(200).text();
    let mut lines = file.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let given: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let rows = invented(&house, &key);
    assert_eq!(rows.len(), 50);
    for (place, field) in header.iter().enumerate() {
        let real: HashSet<&str> = given.iter().map(|row| row[place]).collect();
        let made: HashSet<&str> = rows.iter().map(|row| row[*field].as_str().unwrap()).collect();
        assert_eq!(made.len(), 50, "{field}: each is somebody else");
        assert!(made.is_disjoint(&real), "{field}");
        let length =
            |all: &HashSet<&str>| all.iter().map(|text| text.len()).collect::<HashSet<_>>();
        let alike = |text: &&str| shape(text) == shape(given[0][place]);
        match *field {
            // Words differ in length, and base64 in where its signs stand.
            "nickname" => {
                assert!(made.iter().all(|text| shape(text).ends_with("a000000")));
            }
            "ci" => assert_eq!(length(&made), length(&real)),
            "phone" => {
                assert!(made.iter().all(|text| text.starts_with("000-") && alike(text)));
            }
            _ => {
                let domain = |text: &str| text.split_once('@').unwrap().1.to_owned();
                assert!(made.iter().all(|text| domain(text) == domain(given[0][place])));
                assert_eq!(length(&made), length(&real));
            }
        }
    }
    assert_eq!(rows, invented(&house, &key), "the same ones each time");
}
