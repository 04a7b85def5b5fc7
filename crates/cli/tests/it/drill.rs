//! `doldam drill`: the contract of its JSON, and that the data folder is not even opened.

use std::process::Stdio;

use serde_json::json;

use crate::support::{House, files_under};

#[test]
fn a_drill_needs_no_installation_and_leaves_nothing() {
    let house = House::empty();
    let before = files_under(&house.path(""));
    let mut drill = house.command();
    drill.env_remove("DOLDAM_PASSPHRASE_FILE").env("TMPDIR", house.path("tmp"));
    std::fs::create_dir(house.path("tmp")).unwrap();
    let line = ["drill", "--subjects", "1200", "--seed", "7", "--format", "json"];
    let ended = drill.args(line).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    let told: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        (&told["schema"], &told["affected"], &told["seed"]),
        (&json!(1), &json!(1_200), &json!(7))
    );
    let expected = json!({
        "planned": 1_200, "accepted": 0, "delivered": 1_200, "failed": 0, "in_doubt": 0,
        "duplicate": 0,
    });
    assert_eq!(told["notices"], expected);
    let steps = told["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["name"].is_string() && step["ms"].is_u64()));
    assert_eq!((steps.first(), steps.last()).0.unwrap()["name"], json!("house"));
    assert_eq!(files_under(&house.path("")), before);
}

/// Settings that cannot be read, a passphrase that is wrong, a folder that is held: a drill does not
/// look at any of them, so it can reach nothing that they name.
#[test]
fn a_drill_does_not_look_at_the_settings() {
    let house = House::new();
    house.write("var/doldam.toml", "this is = not [ settings");
    house.write("pass", "another passphrase\n");
    let text = house.run(&["drill", "--subjects", "100"]).good().out;
    assert!(text.contains("100 people affected; 100 told"), "{text}");
    assert!(text.contains("0 in doubt, 0 twice"), "{text}");
}

#[test]
fn wrong_lines_are_refused() {
    let house = House::empty();
    for line in [["drill", "--subjects", "99"], ["drill", "--faults", "many"]] {
        assert_eq!(house.run(&line).code, Some(2), "{line:?}");
    }
}
