//! `doldam drill`: the contract of its JSON, and that the data folder is not even opened.

use std::process::Stdio;

use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::json;

use crate::support::{House, files_under};
use crate::test_database::TestDatabase;

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

/// A live account stands in the settings, and a drill of the same installation does not even sign in
/// to it. That the server does take it from there: the next test, and the server's own.
#[test]
fn a_drill_sends_not_one_pdu_to_a_live_account() {
    let live = Smsc::start(Seed::new(3), Faults::default()).unwrap();
    let house = House::new();
    house.write("var/doldam.toml", settings(&live.address().to_string()));
    house.write("var/gateway.password", "sesame\n");
    house.run(&["drill", "--subjects", "300", "--faults", "some"]).good();
    let log = live.log();
    assert_eq!((log.binds, log.messages, log.texted.len()), (0, 0, 0));
}

fn settings(address: &str) -> String {
    format!(
        "[company]\nname_ko = \"은행\"\nname_en = \"Bank\"\ndepartment_ko = \"보호부\"\n\
         department_en = \"Privacy\"\ntelephone = \"1599-0000\"\n\
         [sms]\nsender = \"15990000\"\nsenders_registered = [\"15990000\"]\n\
         [[gateway]]\nname = \"main\"\naddress = \"{address}\"\nsystem_id = \"bank\"\n\
         password_file = \"gateway.password\"\n"
    )
}

#[test]
fn the_server_reads_its_channels_and_says_what_is_wrong_with_them() {
    let house = House::new();
    let serve = [
        "serve",
        "--staff-listen",
        "127.0.0.1:0",
        "--processor-listen",
        "127.0.0.1:0",
        "--public-listen",
        "127.0.0.1:0",
    ];
    house.write("var/doldam.toml", settings("127.0.0.1:2775"));
    house.run(&serve).refused(2, "gateway.password");
    house.write("var/gateway.password", "sesame\n");
    let nobody = settings("127.0.0.1:2775").replace("\"15990000\"\nsenders", "\"Bank\"\nsenders");
    house.write("var/doldam.toml", nobody);
    house.run(&serve).refused(2, "gateway main");
}

#[test]
fn wrong_lines_are_refused() {
    let house = House::empty();
    for line in [["drill", "--subjects", "99"], ["drill", "--faults", "many"]] {
        assert_eq!(house.run(&line).code, Some(2), "{line:?}");
    }
}

/// On PostgreSQL the drill has a database of its own, whatever stands in the one of the address.
#[test]
fn a_drill_on_postgresql_leaves_the_server_as_it_was() {
    let database = TestDatabase::create();
    let mut client = postgres::Client::connect(&database.address(), postgres::NoTls).unwrap();
    client
        .batch_execute("CREATE TABLE ours (fact text); INSERT INTO ours VALUES ('kept')")
        .unwrap();
    let house = House::empty();
    let line = ["drill", "--subjects", "300", "--seed", "5", "--format", "json", "--postgres"];
    let told = house.run(&[&line[..], &[&database.address()]].concat()).good().json();
    assert_eq!(
        (&told["notices"]["delivered"], &told["notices"]["duplicate"]),
        (&json!(300), &json!(0))
    );
    let tables = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'";
    assert_eq!(client.query_one(tables, &[]).unwrap().get::<_, i64>(0), 1);
    let scratch =
        "SELECT count(*) FROM pg_catalog.pg_database WHERE datname LIKE 'doldam_scratch_%'";
    assert_eq!(client.query_one(scratch, &[]).unwrap().get::<_, i64>(0), 0, "it is dropped");
    house
        .run(&[&line[..], &["host=127.0.0.1 port=1 user=nobody"]].concat())
        .refused(2, "cannot be reached");
}
