//! The whole line: enrolled, given away, leaked, traced, revealed, erased, backed up, restored.

use doldam_synthetic::Column;
use serde_json::{Value, json};

use crate::support::{ALL_COLUMNS, House, LAW, files_under, value};
use crate::test_database::TestDatabase;

/// Customers of the line.
const CUSTOMERS: u32 = 3_000;

#[test]
fn the_whole_line_on_sqlite() {
    let house = House::empty();
    house.run(&["init"]).good();
    tell(&house, None);
    nothing_lies_in_clear(&house);
}

#[test]
fn the_whole_line_on_postgresql() {
    let (database, restored) = (TestDatabase::create(), TestDatabase::create());
    let house = House::empty();
    house.run(&["init", "--postgres", &database.address()]).good();
    assert!(!house.path("var/data/doldam.db").exists());
    tell(&house, Some(&restored.address()));
    let settings = |path| std::fs::read_to_string(house.path(path)).unwrap();
    assert!(settings("var/doldam.toml").contains(&database.address()));
    assert!(!settings("backup/doldam.toml").contains(&database.address()), "it may be a secret");
    let doctor = house.run(&["doctor"]).good();
    assert!(doctor.out.contains("PostgreSQL, version"), "{}", doctor.out);
}

fn tell(house: &House, restore_to: Option<&str>) {
    enrol(house);
    give(house);
    let before = leak_and_trace(house);
    house.run(&["key", "backup", "--out", "keys", "--days", "30"]).good();
    reveal_and_erase(house);
    let after = leak_and_trace(house);
    assert_eq!(
        after["subjects"]["exact"],
        json!(before["subjects"]["exact"].as_u64().unwrap() - 1)
    );
    house.run(&["backup", "--out", "backup"]).good();
    restore(house, restore_to, &after);
    let verified = house.run(&["audit", "verify", "--format", "json"]).good().json();
    assert_eq!(verified["whole"], true);
    assert!(verified["rows"].as_u64().unwrap() >= 8, "{verified}");
}

fn enrol(house: &House) {
    house.write_customers("customers.csv", ALL_COLUMNS, 0..CUSTOMERS);
    let import = ["subject", "import", "customers.csv", "--source", "branch", "--format", "json"];
    house.run(&import).refused(2, "legal basis");
    assert_eq!(house.subjects(), 0);
    let import = [&import[..], &["--legal-basis", LAW, "--received-at", "2026-01-02"]].concat();
    let first = house.run(&import).good().json();
    assert_eq!((&first["new"], &first["refused"]), (&json!(CUSTOMERS), &json!(0)));
    let again = house.run(&import).good().json();
    assert_eq!((&again["new"], &again["unchanged"]), (&json!(0), &json!(CUSTOMERS)));
    // A new number of a known person is a change of theirs and of nobody else.
    let ci = value(7, Column::Ci);
    house.write("change.csv", format!("ci,phone\n{ci},010-9999-0000\n"));
    let changed = house.run(&["subject", "import", "change.csv", "--format", "json"]).good().json();
    assert_eq!((&changed["updated"], &changed["new"]), (&json!(1), &json!(0)));
    assert_eq!(house.subjects(), u64::from(CUSTOMERS));
}

/// One hand-over of the past, and one by the vault.
fn give(house: &House) {
    house.write_customers("old.csv", "nickname,ci", (0..CUSTOMERS).step_by(3));
    let recorded = house
        .run(&[
            "disclose",
            "record",
            "old.csv",
            "--processor",
            "Old Firm",
            "--given",
            "2025-09-02",
            "--format",
            "json",
        ])
        .good()
        .json();
    assert_eq!((&recorded["subjects"], &recorded["disclosure"]), (&json!(1_000), &json!("D-1")));
    house.write_customers("members.csv", "customer_id,name", 0..800);
    let issue = [
        "disclose",
        "--processor",
        "New Firm",
        "--purpose",
        "gifts of the spring",
        "--fields",
        "nickname,ci,phone",
        "--subjects",
        "members.csv",
        "--out",
        "drop.csv",
        "--canaries",
        "8",
        "--format",
        "json",
    ];
    let issued = house.run(&issue).good().json();
    assert_eq!((&issued["subjects"], &issued["canaries"]), (&json!(800), &json!(8)));
    assert_eq!(issued["unmatched_rows"], 0);
    house.run(&issue).refused(2, "drop.csv");
    house.run(&["disclose", "verify", "drop.csv.manifest.json"]).good();
    let list = house.run(&["disclose", "list", "--format", "jsonl"]).good();
    let states: Vec<Value> = list
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["state"].clone())
        .collect();
    assert_eq!(states, ["given", "given"]);
}

/// A shuffled part of the drop with strangers in it, and a part of the old file.
fn leak_and_trace(house: &House) -> Value {
    let drop = std::fs::read_to_string(house.path("drop.csv")).unwrap();
    let mut lines: Vec<&str> = drop.lines().skip(1).collect();
    lines.sort_unstable();
    let mut leak = String::from("col1,col2,col3\n");
    for line in lines {
        leak.push_str(line);
        leak.push('\n');
    }
    for number in 0..40 {
        leak.push_str(&format!("stranger{number},nobody,02-000-{number:04}\n"));
    }
    house.write("leak.csv", leak);
    let traced = house.run(&["trace", "leak.csv", "--format", "json"]).good().json();
    assert_eq!(traced["rows"], 848);
    assert_eq!(traced["unknown_rows"], 40);
    assert_eq!(
        (&traced["processors"][0]["id"], &traced["disclosures"][0]["id"]),
        (&json!("P-2"), &json!("D-2"))
    );
    assert!(!traced["canaries"].as_array().unwrap().is_empty());
    let old = house.run(&["trace", "old.csv", "--format", "json"]).good().json();
    assert_eq!(
        (&old["processors"][0]["id"], &old["disclosures"][0]["id"]),
        (&json!("P-1"), &json!("D-1"))
    );
    traced
}

fn reveal_and_erase(house: &House) {
    let (ci, nickname) = (value(5, Column::Ci), value(5, Column::Nickname));
    let reveal = ["subject", "reveal", "ci=-", "--purpose", "call back, case 42"];
    let shown = house.run_with(&ci, &reveal).good();
    assert!(shown.out.contains(&nickname) && !shown.out.contains("rrn"), "{}", shown.out);
    let asked = [&reveal[..], &["--fields", "rrn"]].concat();
    let shown = house.run_with(&ci, &asked).good();
    assert!(shown.out.contains(&value(5, Column::Rrn)));
    let log = house.run(&["audit", "list", "--last", "1", "--format", "jsonl"]).good();
    let row: Value = serde_json::from_str(&log.out).unwrap();
    assert_eq!((&row["action"], &row["actor"]), (&json!("subject.reveal"), &json!("tester")));
    let erase = ["subject", "erase", "ci=-", "--purpose", "asked for, case 43"];
    let erased = house.run_with(&ci, &[&erase[..], &["--format", "json"]].concat()).good().json();
    assert_eq!((&erased["state"], &erased["key_backups"]), (&json!("pending"), &json!(["K-1"])));
    let gone = house.run_with(&ci, &reveal).refused(2, "no subject");
    assert!(!gone.err.contains(&ci));
    assert_eq!(house.subjects(), u64::from(CUSTOMERS) - 1);
}

/// Into an empty folder, by two of three shares, under another passphrase: the same answer.
fn restore(house: &House, postgres: Option<&str>, before: &Value) {
    house.write("pass2", "another long passphrase\n");
    let mut restore = vec![
        "--data",
        "restored",
        "restore",
        "backup",
        "--keys",
        "keys/K-1.keys",
        "--share",
        "keys/K-1.share-3.txt",
        "--new-passphrase-file",
        "pass2",
    ];
    restore.extend(postgres.iter().flat_map(|address| ["--postgres", address]));
    house.run(&restore).refused(2, "shares");
    restore.extend(["--share", "keys/K-1.share-1.txt"]);
    house.run(&restore).good();
    let there = ["--data", "restored", "--passphrase-file", "pass2"];
    let run = |arguments: &[&str]| house.run(&[&there[..], arguments].concat());
    let after = run(&["trace", "leak.csv", "--format", "json"]).good().json();
    for key in ["rows", "subjects", "unknown_rows", "canaries", "processors", "disclosures"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    run(&[
        "subject",
        "reveal",
        &format!("ci={}", value(5, Column::Ci)),
        "--purpose",
        "is it gone?",
    ])
    .refused(2, "no subject");
    let shown = house.run_with(
        &value(6, Column::Ci),
        &[&there[..], &["subject", "reveal", "ci=-", "--purpose", "is it there?"]].concat(),
    );
    assert!(shown.good().out.contains(&value(6, Column::Phone)));
    run(&["audit", "verify"]).good();
    run(&["doctor"]).good();
}

#[test]
fn who_was_erased_after_the_backup_is_erased_again() {
    let house = House::with_customers(50);
    house.run(&["key", "backup", "--out", "keys"]).good();
    house.run(&["backup", "--out", "backup"]).good();
    let ci = value(9, Column::Ci);
    house.run_with(&ci, &["subject", "erase", "ci=-", "--purpose", "asked for, case 1"]).good();
    let restore = |into: &str, anchor: &str| {
        house.run(&[
            "--data",
            into,
            "restore",
            "backup",
            "--keys",
            "keys/K-1.keys",
            "--share",
            "keys/K-1.share-1.txt",
            "--share",
            "keys/K-1.share-2.txt",
            "--anchor",
            anchor,
            "--format",
            "json",
        ])
    };
    restore("other", "none.jsonl").refused(2, "none.jsonl");
    let restored = restore("other", "var.anchor.jsonl").good().json();
    assert_eq!((&restored["erased_again"], &restored["subjects"]), (&json!(1), &json!(49)));
    let reveal = ["--data", "other", "subject", "reveal", "ci=-", "--purpose", "is it gone?"];
    house.run_with(&ci, &reveal).refused(2, "no subject");
}

/// No value of a customer stands in the data folder, in UTF-8, UTF-16 or hexadecimal.
fn nothing_lies_in_clear(house: &House) {
    house.write("var/control", value(1, Column::Name));
    let heard = house.heard();
    assert!(heard.len() > 2_000, "the line's commands say something");
    house.write("var/heard", heard);
    let columns = Column::ALL.iter().copied().filter(|column| *column != Column::Language);
    let mut needles: Vec<(Column, Vec<u8>)> = Vec::new();
    for column in columns {
        for index in [1, 5, 17, 2_999] {
            let text = value(index, column);
            needles.push((column, text.as_bytes().to_vec()));
            needles.push((column, text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
            needles.push((
                column,
                text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
            ));
        }
    }
    let mut found = Vec::new();
    for path in files_under(&house.path("var")).into_iter().chain([house.path("var.anchor.jsonl")])
    {
        let bytes = std::fs::read(&path).unwrap();
        for (column, needle) in &needles {
            if bytes.windows(needle.len()).any(|window| window == needle.as_slice()) {
                found.push((path.file_name().unwrap().to_owned(), *column));
            }
        }
    }
    assert_eq!(found, [("control".into(), Column::Name)]);
}
