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
    let early = [&as_minji[..], &RAW, &["--approval", "A-1"]].concat();
    house.run(&early).refused(75, "still waits for a second person");
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
fn nobody_carries_an_act_alone_unless_the_team_is_small_and_others_had_an_hour() {
    let house = house_with_staff();
    let by = |name: &str, more: &[&str]| {
        let secret = format!("{name}.secret");
        house.run(&[&["--as", name, "--secret-file", &secret], more].concat())
    };
    by("minji", &RAW).refused(75, "A-1");
    let why = "the approver cannot be reached tonight";
    let alone = ["approve", "A-1", "--break-glass", "--reason", why];
    by("minji", &alone).refused(2, "no small team");
    let small = ["approve", "--small-team", "on", "--reason", "three people work here"];
    by("bora", &small).refused(2, "only a privacy officer");
    by("minji", &["approve", "--small-team", "on", "--reason", "ask 010-1234-5678"])
        .refused(2, "personal data");
    by("minji", &small).good();
    by("minji", &alone).refused(75, "no break-glass before");
    by("bora", &alone).refused(2, "you are the second person");
    let log = house.run(&["audit", "list", "--format", "json"]).good().json().to_string();
    assert!(log.contains("small_team.set") && !log.contains("approval.break_glass"));
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

#[test]
fn staff_come_in_are_reset_signed_out_and_sent_away() {
    let house = House::new();
    house.run(&["processor", "add", "Firm"]).good();
    let invite = ["staff", "add", "minji", "--role", "privacy-officer", "--one-time"];
    house.run(&invite).good();
    let inspector = ["staff", "add", "inspector-1", "--role", "inspector"];
    house.run(&inspector).refused(2, "--one-time");
    let one_time = [&inspector[..], &["--one-time"]].concat();
    house.run(&one_time).refused(2, "a processor to inspect");
    let gone = [&one_time[..], &["--processor", "P-9", "--until", "2999-01-01"]].concat();
    house.run(&gone).refused(2, "no processor P-9");
    let late = [&one_time[..], &["--processor", "P-1", "--until", "2020-01-01"]].concat();
    house.run(&late).refused(2, "lies in the past");
    let good = [&one_time[..], &["--processor", "P-1", "--until", "2999-01-01"]].concat();
    house.run(&good).good();
    let scoped = [&invite[..], &["--processor", "P-1"]].concat();
    house
        .run(
            &scoped
                .iter()
                .map(|word| if *word == "minji" { "jun" } else { word })
                .collect::<Vec<_>>(),
        )
        .refused(2, "nobody else has");

    let list = || house.run(&["staff", "list", "--format", "json"]).good().json();
    let people = list();
    assert_eq!(people["staff"].as_array().unwrap().len(), 2);
    assert_eq!(people["staff"][0]["state"], "invited");
    assert_eq!(
        (&people["staff"][1]["processor"], &people["staff"][1]["until"]),
        (&json!("P-1"), &json!("2998-12-31T15:00:00Z"))
    );

    house.write("bora.secret", "bora has a long secret\n");
    let add = ["staff", "add", "bora", "--role", "approver", "--new-secret-file", "bora.secret"];
    house.run(&add).good();
    let as_bora = ["--as", "bora", "--secret-file", "bora.secret"];
    house.run(&[&as_bora[..], &["approve"]].concat()).good();
    house.run(&["staff", "sign-out", "bora", "--purpose", "laptop lost"]).good();
    house.run(&[&as_bora[..], &["approve"]].concat()).good();
    let why = ["--purpose", "passphrase lost", "--format", "json"];
    let reset = house.run(&[&["staff", "reset", "bora"], &why[..]].concat()).good().json();
    let password = reset["one_time_password"].as_str().unwrap().to_owned();
    house.run(&[&as_bora[..], &["approve"]].concat()).refused(2, "wrong secret");
    assert_eq!(list()["staff"][2]["state"], "invited");
    house.write("bora.secret", password);
    house
        .run(&[&as_bora[..], &["staff", "disable", "bora", "--purpose", "left"]].concat())
        .refused(2, "own account");
    house.run(&["staff", "disable", "bora", "--purpose", "left the company"]).good();
    assert_eq!(list()["staff"][2]["state"], "disabled");
    for act in ["reset", "sign-out", "disable"] {
        house.run(&["staff", act, "bora", "--purpose", "again"]).refused(2, "working account");
        house.run(&["staff", act, "nobody", "--purpose", "again"]).refused(2, "working account");
    }
    house
        .run(&["staff", "reset", "minji", "--purpose", "call 010-1234-5678"])
        .refused(2, "mobile number");
    let log = house.run(&["audit", "list", "--format", "json"]).good().json();
    let actions: Vec<&str> =
        log["rows"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    for action in ["staff.invite", "staff.sign_out", "staff.reset", "staff.disable"] {
        assert!(actions.contains(&action), "{action} is not in {actions:?}");
    }
}
