//! Wrong input: a clear error, a hint, the right exit code, and nothing lost.

use doldam_synthetic::Column;
use serde_json::{Value, json};

use crate::support::{House, value};

/// An import of a file that must be refused without a trace.
#[track_caller]
fn refused_import(house: &House, bytes: impl AsRef<[u8]>, about: &str) {
    let before = house.subjects();
    house.write("bad.csv", bytes);
    house.run(&["subject", "import", "bad.csv"]).refused(2, about);
    assert_eq!(house.subjects(), before);
}

#[test]
fn files_that_cannot_be_read_are_refused_whole() {
    let house = House::with_customers(20);
    refused_import(&house, "", "empty");
    refused_import(&house, " \n\n", "empty");
    refused_import(&house, "ci,phone\nx\0y\0z,1\n", "not a text file");
    refused_import(&house, b"nickname,phone\n\x81\xff\xfe\xff\xff,1\n", "convert it to UTF-8");
    refused_import(&house, "kim,kim@example.com\nlee,lee@example.com\n", "column names");
    refused_import(&house, "ci,hamster,phone\n", "column 2 is of no known kind");
    refused_import(&house, "phone,mobile\n1,2\n", "same kind");
    refused_import(&house, "[{\"ci\":\"x\"}]", "one object a line");
    refused_import(&house, "a".repeat(10 << 20), "no line end");
    house.run(&["subject", "import", "none.csv"]).refused(2, "none.csv");
    house.run(&["subject", "import", "."]).refused(2, "folder");
}

#[test]
fn bad_rows_are_told_by_line_and_the_good_ones_are_taken() {
    let house = House::new();
    house.write_customers("good.csv", "ci,nickname,phone,language", 0..30);
    let mut text = std::fs::read_to_string(house.path("good.csv")).unwrap();
    let ci = value(3, Column::Ci);
    text.push_str("only-one-field\n");
    text.push_str("not a ci,name,010-1234-5678,ko\n");
    text.push_str(&format!("{ci},again,010-1234-5678,ko\n"));
    text.push_str(&format!("{},name,010-1234-5678,tlh\n", value(31, Column::Ci)));
    text.push_str(&format!(
        "{},{},010-1234-5678,ko\n",
        value(32, Column::Ci),
        "n".repeat(10 << 20)
    ));
    text.push_str(",nobody,010-1234-5678,ko\n");
    house.write("mixed.csv", &text);
    let import = ["subject", "import", "mixed.csv", "--source", "branch", "--format", "json"];
    let strict = [&import[..], &["--strict"]].concat();
    house.run(&strict).refused(2, "6 bad rows");
    assert_eq!(house.subjects(), 0);
    let ended = house.run(&[&import[..], &["--bad-rows", "bad-rows.csv"]].concat()).good();
    let report = ended.json();
    assert_eq!((&report["new"], &report["refused"]), (&json!(30), &json!(6)));
    let mut lines: Vec<u64> = report["bad_rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row: &Value| row["line"].as_u64().unwrap())
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, [32, 33, 34, 35, 36, 37]);
    let written = std::fs::read_to_string(house.path("bad-rows.csv")).unwrap();
    assert_eq!(written.lines().count(), 7);
    assert!(written.contains("34,\"the same ci stands in line 5\""), "{written}");
    for text in [&ended.err, &ended.out, &written] {
        assert!(!text.contains(&ci) && !text.contains("010-1234-5678"), "{text}");
    }
    assert_eq!(house.subjects(), 30);
}

#[test]
fn other_encodings_and_formats_are_read() {
    let house = House::new();
    let ci = value(1, Column::Ci);
    let text = format!("연계정보,별명\n{ci},푸른고래\n");
    let text = doldam_synthetic::Encoding::Cp949.encode(&text).unwrap().into_owned();
    house.write("cp949.csv", text);
    house.run(&["subject", "import", "cp949.csv"]).good();
    let line = format!("{{\"ci\":\"{ci}\",\"nickname\":\"푸른고래\"}}\n");
    house.write("people.ndjson", line);
    let again =
        house.run(&["subject", "import", "people.ndjson", "--format", "json"]).good().json();
    assert_eq!((&again["unchanged"], &again["new"]), (&json!(1), &json!(0)));
}

#[test]
fn a_folder_without_a_vault_and_a_second_vault_are_refused() {
    let house = House::empty();
    house.run(&["subject", "status"]).refused(2, "doldam init");
    house.run(&["init"]).good();
    house.run(&["init"]).refused(2, "a vault in ./var already");
    house.run(&["init", "--demo"]).refused(2, "already");
    house.run(&["--data", "other", "init", "--zone", "Moon/Base"]).refused(2, "zone");
    assert!(!house.path("other").exists());
}

#[test]
fn passphrases_are_asked_for_in_the_right_places() {
    let house = House::with_customers(10);
    house.write("wrong", "a wrong passphrase, long enough\n");
    house.write("short", "too short\n");
    house.run(&["--passphrase-file", "wrong", "subject", "status"]).refused(2, "wrong passphrase");
    house.run(&["--passphrase-file", "none", "subject", "status"]).refused(2, "none");
    house.run(&["--data", "new", "--passphrase-file", "short", "init"]).refused(2, "too short");
    let mut without = house.command();
    let ended = without.env_remove("DOLDAM_PASSPHRASE_FILE").args(["subject", "status"]).output();
    let ended = ended.unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("--passphrase-file FILE"));
    assert_eq!(house.subjects(), 10);
}

#[test]
fn a_lost_key_file_comes_back_from_its_shares() {
    let house = House::with_customers(10);
    house.run(&["key", "backup", "--out", "keys"]).good();
    std::fs::remove_file(house.path("var/keys/keyring.json")).unwrap();
    house.run(&["subject", "status"]).refused(2, "key restore");
    house.run(&["init"]).refused(2, "whose keys are gone");
    let doctor = house.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    assert!(doctor.out.contains("keyring.json is missing"), "{}", doctor.out);
    let restore = ["key", "restore", "keys/K-1.keys", "--share", "keys/K-1.share-2.txt"];
    house.run(&restore).refused(2, "shares");
    house.run(&[&restore[..], &["--share", "keys/K-1.share-3.txt"]].concat()).good();
    assert_eq!(house.subjects(), 10);
    house.run(&["key", "rotate"]).good();
    let ci = value(4, Column::Ci);
    let shown = house.run_with(&ci, &["subject", "reveal", "ci=-", "--purpose", "after rotation"]);
    assert!(shown.good().out.contains(&value(4, Column::Phone)));
}

#[test]
fn a_second_process_is_told_to_come_back() {
    let house = House::with_customers(10);
    let held = doldam_store::FolderLock::take(&house.path("var")).unwrap();
    house.run(&["subject", "status"]).refused(75, "another process");
    house.run(&["store", "migrate"]).refused(75, "another process");
    let doctor = house.run(&["doctor"]).good();
    assert!(doctor.out.contains("another process"), "{}", doctor.out);
    drop(held);
    assert_eq!(house.subjects(), 10);
}

#[test]
fn data_of_a_newer_program_is_left_alone() {
    let house = House::with_customers(10);
    let path = house.path("var/data/doldam.db");
    let newer = "INSERT INTO migration (version, name, digest, applied_at_us)
                 VALUES (9999, 'newer', x'00', 0)";
    rusqlite::Connection::open(&path).unwrap().execute(newer, []).unwrap();
    house.run(&["subject", "status"]).refused(2, "use a newer program");
    house.run(&["store", "migrate", "--dry-run"]).refused(2, "9999");
    let doctor = house.run(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("9999"), "{}", doctor.out);
    let older = "DELETE FROM migration WHERE version = 9999";
    rusqlite::Connection::open(&path).unwrap().execute(older, []).unwrap();
    assert_eq!(house.subjects(), 10);
}

#[test]
fn a_disk_that_fills_up_loses_nothing() {
    let house = House::with_customers(10);
    house.write_customers("more.csv", "ci,nickname,phone,email,customer_id", 100..9_000);
    // A limit on the size of files stands in for the end of the disk; the signal that comes with
    // it is ignored, so that the write fails as it does on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 2000;";
    let import = "\"$DOLDAM\" --data var subject import more.csv --source branch";
    house.shell(&format!("{limited} {import}")).refused(2, "disk");
    assert_eq!(house.subjects(), 10);
    house.run(&["audit", "verify"]).good();
    let disclose = "\"$DOLDAM\" disclose --processor F --purpose 'monthly news' --fields ci \
                    --subjects first:9 --out drop.csv";
    house.shell(&import.replace("--source", "--purpose enrolment --source")).good();
    let all = disclose.replace("first:9", "all");
    house.shell(&format!("trap '' XFSZ; ulimit -f 800; {all}")).refused(2, "");
    assert!(!house.path("drop.csv").exists());
    house.shell(disclose).good();
    assert_eq!(house.subjects(), 8_910);
}

#[test]
fn wrong_words_on_the_command_line_are_not_repeated() {
    let house = House::new();
    let ended = house.run(&["subject", "reveal", "ci=x", "010-1234-5678", "--purpose", "p"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("error:") && !ended.err.contains("1234"), "{}", ended.err);
    let ended = house.run(&["--format", "kim@example.com", "doctor"]);
    assert!(ended.code == Some(2) && !ended.err.contains("kim@"), "{}", ended.err);
    house
        .run(&["subject", "reveal", "ci=x", "--purpose", "call 010-1234-5678"])
        .refused(2, "personal data (");
    house.run(&["subject", "reveal", "x", "--purpose", "a good reason"]).refused(2, "ci=-");
    house.run(&["subject", "reveal", "ci=x", "--purpose", "no"]).refused(2, "no subject");
    house.run(&["processor", "add", "kim.minsu@naver.com"]).refused(2, "personal data (");
}

#[test]
fn orders_that_make_no_sense_are_refused() {
    let house = House::with_customers(30);
    let order = |more: &[&str]| {
        let base = ["disclose", "--processor", "F", "--purpose", "monthly news", "--out", "d.csv"];
        house.run(&[&base[..], more].concat())
    };
    order(&["--fields", "ci", "--subjects", "everyone"]).refused(2, "sample:1000");
    order(&["--fields", "hamster", "--subjects", "all"]).refused(2, "choose from");
    order(&["--fields", "rrn", "--subjects", "all"]).refused(2, "never leave");
    order(&["--fields", "ci,ci", "--subjects", "all"]).refused(2, "twice");
    order(&["--fields", "ci", "--subjects", "first:0"]).refused(2, "no subject was selected");
    order(&["--fields", "ci", "--subjects", "all", "--canaries", "100000"]).refused(2, "limit");
    order(&["--fields", "ci", "--subjects", "all", "--return-by", "2020-01-01"]).refused(2, "past");
    order(&["--fields", "ci", "--subjects", "all", "--return-by", "soon"]).refused(2, "date");
    house.write("d.csv", "mine");
    order(&["--fields", "ci", "--subjects", "all"]).refused(2, "d.csv");
    assert_eq!(std::fs::read(house.path("d.csv")).unwrap(), b"mine");
    house.write("strangers.csv", "ci\nx\n");
    house
        .run(&["disclose", "record", "strangers.csv", "--processor", "F", "--given", "2025-01-01"])
        .refused(2, "none of the file's rows");
    house
        .run(&["disclose", "record", "none.csv", "--processor", "F", "--given", "2025-01-01"])
        .refused(2, "none.csv");
    let list = house.run(&["disclose", "list", "--format", "json"]).good().json();
    assert_eq!(list["disclosures"], json!([]));
}

#[test]
fn settings_with_a_wrong_key_and_a_cut_anchor_are_told() {
    let house = House::with_customers(10);
    let settings = std::fs::read_to_string(house.path("var/doldam.toml")).unwrap();
    house.write("var/doldam.toml", format!("{settings}\nspeed = 3\n"));
    house.run(&["subject", "status"]).refused(2, "line");
    house.write("var/doldam.toml", &settings);
    house.run(&["--config", "none.toml", "subject", "status"]).refused(2, "none.toml");
    house.run(&["audit", "verify"]).good();
    house.run(&["audit", "verify", "--anchor", "none.jsonl"]).refused(2, "none.jsonl");
    let anchor = std::fs::read_to_string(house.path("var.anchor.jsonl")).unwrap();
    let forged = anchor.replacen("\"seq\":1", "\"seq\":9", 1);
    assert_ne!(forged, anchor);
    house.write("var.anchor.jsonl", forged);
    let verified = house.run(&["audit", "verify", "--format", "json"]);
    assert_eq!(verified.code, Some(1), "{}", verified.err);
    assert_eq!(verified.json()["whole"], false);
}

#[test]
fn a_data_folder_put_back_from_a_copy_is_noticed() {
    let house = House::with_customers(10);
    house.shell("cp -r var copy").good();
    house.run(&["processor", "add", "Firm"]).good();
    house.shell("rm -r var && mv copy var").good();
    let verified = house.run(&["audit", "verify"]);
    assert_eq!(verified.code, Some(1), "{}{}", verified.out, verified.err);
    assert!(verified.out.contains("old copy put back"), "{}", verified.out);
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_made() {
    let house = House::with_customers(10);
    house.run(&["backup", "--out", "backup"]).good();
    house.run(&["backup", "--out", "backup"]).refused(2, "not empty");
    house.run(&["key", "backup", "--out", "keys"]).good();
    let path = house.path("backup/doldam.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let restore = [
        "--data",
        "new",
        "restore",
        "backup",
        "--keys",
        "keys/K-1.keys",
        "--share",
        "keys/K-1.share-1.txt",
        "--share",
        "keys/K-1.share-2.txt",
    ];
    house.run(&restore).refused(2, "backup");
    assert!(!house.path("new/keys/keyring.json").exists());
    bytes[5_000] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    house.run(&restore).good();
    house.run(&restore).refused(2, "a vault in this folder already");
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let house = House::with_customers(10);
    let ended =
        house.shell("{ \"$DOLDAM\" audit list; echo $? >code; } | true; \n         for _ in 1 2 3 4 5 6 7 8 9; do [ -s code ] && break; sleep 1; done; cat code");
    assert_eq!(ended.out.trim(), "0", "{}", ended.err);
}

#[test]
fn a_drop_that_was_changed_does_not_verify() {
    let house = House::with_customers(60);
    let issue = [
        "disclose",
        "--processor",
        "F",
        "--purpose",
        "monthly news",
        "--fields",
        "ci",
        "--subjects",
        "all",
        "--out",
        "d.csv",
    ];
    house.run(&issue).good();
    house.run(&["disclose", "verify", "d.csv.manifest.json"]).good();
    let manifest = std::fs::read_to_string(house.path("d.csv.manifest.json")).unwrap();
    house.write("d.csv.manifest.json", manifest.replace("monthly news", "another use"));
    let ended = house.run(&["disclose", "verify", "d.csv.manifest.json"]);
    assert!(ended.code == Some(1) && ended.out.contains("signature"), "{}", ended.out);
    house.write("d.csv.manifest.json", &manifest);
    house.shell("echo >>d.csv").good();
    let ended = house.run(&["disclose", "verify", "d.csv.manifest.json"]);
    assert!(ended.code == Some(1) && ended.out.contains("the file is not"), "{}", ended.out);
    house.write("x.manifest.json", "{}");
    house.run(&["disclose", "verify", "x.manifest.json"]).refused(2, "no manifest");
}
