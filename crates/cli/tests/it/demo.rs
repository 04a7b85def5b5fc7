//! `doldam init --demo`: found by the scanner, traced to the right copy, nothing in clear.

use doldam_synthetic::{Column, People, Seed};
use serde_json::json;

use crate::support::{House, files_under};

#[test]
fn the_demo_is_scanned_and_traced() {
    let house = House::empty();
    let init = ["init", "--demo", "--subjects", "600", "--format", "json"];
    let made = house.run(&init).good();
    assert!(made.err.contains("DEMO ONLY"), "{}", made.err);
    let made = made.json();
    assert_eq!((&made["processors"], &made["disclosures"]), (&json!(4), &json!(12)));
    house.run(&init).refused(2, "a vault in");
    let mut scan = house.command();
    scan.env_remove("DOLDAM_PASSPHRASE_FILE").args(["scan", "var.outside/developer"]);
    let scan = scan.args(["--format", "json"]).output().unwrap();
    assert_eq!(scan.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&scan.stdout).unwrap();
    let mut leaked_from = Vec::new();
    for file in report["files"].as_array().unwrap() {
        let place = file["where"].as_str().unwrap();
        let mut trace = house.command();
        trace.env_remove("DOLDAM_PASSPHRASE_FILE");
        let traced = trace.args(["trace", "--format", "json", place]).output().unwrap();
        let traced: serde_json::Value = serde_json::from_slice(&traced.stdout).unwrap();
        assert!(traced["subjects"]["exact"].as_u64().unwrap() > 0, "{place}");
        leaked_from.push(traced["disclosures"][0]["id"].clone());
    }
    leaked_from.sort_by_key(ToString::to_string);
    let mut expected = made["leaked_from"].as_array().unwrap().clone();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(leaked_from, expected);
}

#[test]
fn no_customer_of_the_demo_lies_in_clear() {
    let house = House::empty();
    house.run(&["init", "--demo", "--subjects", "200"]).good();
    // The world of the demo is the same for everybody.
    let people = People::new(&Seed::new(17_551));
    let values: Vec<String> = (0..200)
        .flat_map(|index| {
            let person = people.person(index);
            [Column::Ci, Column::Phone, Column::Email, Column::Rrn, Column::Nickname]
                .map(|column| person.expose(column).to_owned())
        })
        .collect();
    let holding = |folder: &str| {
        files_under(&house.path(folder))
            .iter()
            .filter(|path| {
                let bytes = std::fs::read(path).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                values.iter().any(|value| text.contains(value.as_str()))
            })
            .count()
    };
    assert_eq!(holding("var"), 0);
    assert!(holding("var.outside/drops") > 0, "the search finds what is there");
}
