//! Four eyes: raw data leaves, and keys are destroyed, only when a second person agrees.

use serde_json::json;

use crate::support::{House, value};
use doldam_synthetic::Column;

fn house_with_staff() -> House {
    let house = House::with_customers(200);
    for (name, role) in [("minji", "privacy-officer"), ("bora", "approver"), ("jun", "engineer")] {
        house.write(&format!("{name}.secret"), format!("{name} has a long secret\n"));
        let file = format!("{name}.secret");
        house.run(&["staff", "add", name, "--role", role, "--new-secret-file", &file]).good();
    }
    house
}

const RAW: [&str; 12] = [
    "disclose",
    "--raw",
    "--processor",
    "Firm",
    "--purpose",
    "legal duty",
    "--fields",
    "nickname,ci",
    "--subjects",
    "first:50",
    "--out",
    "raw.csv",
];

#[test]
fn raw_data_needs_a_second_person() {
    let house = house_with_staff();
    let as_minji = ["--as", "minji", "--secret-file", "minji.secret"];
    let as_bora = ["--as", "bora", "--secret-file", "bora.secret"];
    let as_jun = ["--as", "jun", "--secret-file", "jun.secret"];
    house.run(&RAW).refused(2, "members of staff");
    house
        .run(&[&RAW[..], &["--as", "minji", "--secret-file", "bora.secret"]].concat())
        .refused(2, "wrong secret");
    house.run(&[&as_minji[..], &RAW].concat()).refused(75, "A-1");
    let open = house.run(&["approve", "--format", "json"]).good().json();
    assert_eq!(open["requests"][0]["id"], "A-1");
    house.run(&[&as_minji[..], &["approve", "A-1"]].concat()).refused(2, "same person");
    house.run(&[&as_jun[..], &["approve", "A-1"]].concat()).refused(2, "may agree");
    house.run(&["approve", "A-1"]).refused(2, "members of staff");
    house.run(&[&as_bora[..], &["approve", "A-1"]].concat()).good();
    let other = [&as_minji[..], &RAW, &["--approval", "A-1", "--canaries", "2"]].concat();
    let mut more = other.clone();
    more[13] = "first:51";
    house.run(&more).refused(2, "other data");
    house.run(&other).good();
    let csv = std::fs::read_to_string(house.path("raw.csv")).unwrap();
    assert_eq!(csv.lines().count(), 53);
    assert!(csv.contains(&value(3, Column::Ci)));
    let mut again = other.clone();
    again[15] = "raw2.csv";
    house.run(&again).refused(2, "used before");
    assert!(!house.path("raw2.csv").exists());
}

#[test]
fn domains_are_suspended_held_and_destroyed_by_two() {
    let house = house_with_staff();
    let issue = |out: &str| {
        house.run(&[
            "disclose",
            "--processor",
            "Firm",
            "--purpose",
            "monthly news",
            "--fields",
            "ci",
            "--subjects",
            "first:60",
            "--out",
            out,
        ])
    };
    issue("one.csv").good();
    house.run(&["domain", "suspend", "M-1", "--purpose", "they leaked"]).good();
    issue("two.csv").refused(2, "M-1");
    let traced = house.run(&["trace", "one.csv", "--format", "json"]).good().json();
    assert_eq!(traced["subjects"]["exact"], 60);
    house.run(&["domain", "resume", "M-1", "--purpose", "all is well"]).good();
    issue("two.csv").good();
    house.run(&["domain", "hold", "M-1", "--purpose", "court case 7"]).good();
    let destroy = |who: &str, more: &[&str]| {
        let secret = format!("{who}.secret");
        let act = ["domain", "destroy", "M-1", "--purpose", "contract ended"];
        house.run(&[&["--as", who, "--secret-file", &secret], &act[..], more].concat())
    };
    destroy("minji", &[]).refused(2, "legal hold");
    house.run(&["domain", "release", "M-1", "--purpose", "court case 7 ended"]).good();
    destroy("minji", &[]).refused(75, "A-1");
    house.run(&["--as", "bora", "--secret-file", "bora.secret", "approve", "A-1"]).good();
    destroy("minji", &["--approval", "A-1"]).good();
    let list = house.run(&["domain", "list", "--format", "json"]).good().json();
    assert_eq!(list["domains"][0]["state"], "destroyed");
    let traced = house.run(&["trace", "one.csv", "--format", "json"]).good().json();
    assert_eq!(traced["subjects"]["exact"], json!(0), "without its key nothing is traced");
}
