//! One person over HTTP: found without being named in an address, masked until a purpose is given,
//! told in the log, and forgotten.

use doldam_ground::Kind;
use doldam_ground::ids::DomainId;
use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::leak::Bank;
use crate::world::{House, World, actor, number, person};

const WHY: &str = "a call of a customer";

fn post(house: &House, token: &str, path: &str, body: &Value) -> Answer {
    Ask::post(path, &format!("key-{}", number()), body).by(token).send(house.staff)
}

fn find(house: &House, token: &str, kind: &str, value: &str) -> Value {
    let body = json!({ "kind": kind, "value": value, "purpose": WHY });
    post(house, token, "/api/v1/subjects/find", &body).expect(200).json()
}

/// The address of a person who is found by mail.
fn page(house: &House, token: &str, index: u32) -> String {
    let found = find(house, token, "email", person(index).email.expose());
    assert_eq!(found["count"], 1, "{found}");
    format!("/api/v1/subjects/{}", found["subject"]["id"].as_str().unwrap())
}

fn actions(house: &House, token: &str, path: &str) -> Vec<String> {
    let looks = house.look(token, &format!("{path}/looks"))["items"].clone();
    let looks = looks.as_array().unwrap().iter();
    looks.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_person_is_masked_until_a_purpose_is_given_and_the_log_says_who_looked() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let known = person(3);
    let found = find(&house, &officer, "phone", known.phone.expose());
    assert_eq!(found["subject"]["seen_by"], json!(["privacy-officer", "auditor"]));
    assert!(!found.to_string().contains(known.phone.expose().as_str()), "{found}");
    let path = page(&house, &officer, 3);
    let shown = house.look(&officer, &path);
    assert_eq!(shown["subject"]["values"], found["subject"]["values"]);
    assert_eq!(shown["subject"]["values"].as_array().unwrap().len(), 5);
    assert_eq!(shown["erasure"], Value::Null);
    let reveal = format!("{path}/reveal");
    let body = json!({ "kinds": ["email", "phone"], "purpose": WHY });
    let shown = post(&house, &officer, &reveal, &body).expect(200).json();
    assert_eq!(shown["expires_in"], 60);
    let mut values: Vec<&str> = shown["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["value"].as_str().unwrap())
        .collect();
    values.sort_unstable();
    let mut expected = [known.email.expose().as_str(), known.phone.expose().as_str()];
    expected.sort_unstable();
    assert_eq!(values, expected);
    for wrong in [json!([]), json!(["hamster"])] {
        let body = json!({ "kinds": wrong, "purpose": WHY });
        post(&house, &officer, &reveal, &body).expect(400);
    }
    for wrong in ["why", &format!("{} called", known.phone.expose())] {
        let body = json!({ "kinds": ["email"], "purpose": wrong });
        post(&house, &officer, &reveal, &body).expect(400);
    }
    let told = actions(&house, &officer, &path);
    assert_eq!(told[..3], ["subject.look", "subject.reveal", "subject.look"]);
    // The enrolment is in it as well; a person of whom nobody asked has nothing else.
    assert!(!actions(&house, &officer, &page(&house, &officer, 4)).contains(&told[1]));
}

#[test]
fn nothing_that_shows_a_person_is_kept_or_said() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let email = person(3).email.expose().clone();
    let path = page(&house, &officer, 3);
    let body = json!({ "kinds": ["email"], "purpose": WHY });
    let ask = Ask::post(&format!("{path}/reveal"), "one key", &body).by(&officer);
    let first = ask.send(house.staff).expect(200);
    assert_eq!(ask.send(house.staff).expect(200).text(), first.text());
    // The request of the same key is one more look; the answer before it is nowhere.
    let told = actions(&house, &officer, &path);
    assert_eq!(told.iter().filter(|action| *action == "subject.reveal").count(), 2);
    let store = world.folder.path().join("var/data/doldam.db");
    let kept: i64 = rusqlite::Connection::open(store)
        .unwrap()
        .query_row("SELECT COUNT(*) FROM answer WHERE route LIKE '%/subjects/%'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(kept, 0);
    let metrics = Ask::get("/metrics").send(house.staff).expect(200).text();
    assert!(metrics.contains("route=\"/api/v1/subjects/{id}/reveal\",status=\"200\""));
    let id = path.rsplit('/').next().unwrap();
    assert!(!metrics.contains(id) && !metrics.contains(&email));
    let log = house.look(&officer, "/api/v1/audit?limit=1000").to_string();
    assert!(log.contains("subject.reveal") && !log.contains(&email) && !log.contains(id));
}

#[test]
fn an_address_of_a_person_is_one_bearers_and_of_one_day() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let (officer, other) = (house.officer(), house.officer());
    let path = page(&house, &officer, 3);
    Ask::get(&path).by(&officer).send(house.staff).expect(200);
    Ask::get(&path).by(&other).send(house.staff).expect(404);
    for wrong in ["/api/v1/subjects/3", "/api/v1/subjects/find", "/api/v1/subjects/AAAA"] {
        Ask::get(wrong).by(&officer).send(house.staff).expect(404);
    }
    // An analyst finds and reveals, but no resident number, and forgets nobody.
    let analyst = house.session_of(house.staff_of("analyst", None));
    let path = page(&house, &analyst, 3);
    let body = |kind| json!({ "kinds": [kind], "purpose": WHY });
    post(&house, &analyst, &format!("{path}/reveal"), &body("email")).expect(200);
    post(&house, &analyst, &format!("{path}/reveal"), &body("rrn")).expect(403);
    post(&house, &analyst, &format!("{path}/erase"), &json!({ "purpose": WHY })).expect(403);
}

#[test]
fn a_search_tells_how_many_and_ends_after_so_many() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let nobody = find(&house, &officer, "email", "nobody@example.com");
    assert_eq!((&nobody["count"], &nobody["subject"]), (&json!(0), &Value::Null));
    let twin = "twin@example.com";
    let rows = [(101, 30), (102, 31)].map(|(line, index)| doldam_vault::Row {
        line,
        values: vec![
            (Kind::CI, person(index).ci.duplicate()),
            (Kind::EMAIL, twin.to_owned().into()),
        ],
        language: person(index).language,
    });
    let source = doldam_vault::Source {
        source: "test".to_owned(),
        received_at: house.vault.now(),
        legal_basis: None,
        identify_by: vec![Kind::CI],
    };
    let mut import = house.vault.enrol(source).unwrap();
    for row in rows {
        drop(import.push(row).unwrap());
    }
    import.finish(&actor(), "integration test").unwrap();
    let both = find(&house, &officer, "email", twin);
    assert_eq!((&both["count"], &both["subject"]), (&json!(2), &Value::Null));
    let body = json!({ "kind": "phone", "value": "12", "purpose": WHY });
    post(&house, &officer, "/api/v1/subjects/find", &body).expect(400);
    let body = json!({ "kind": "email", "value": "nobody@example.com", "purpose": WHY });
    for _ in 3..120 {
        post(&house, &officer, "/api/v1/subjects/find", &body).expect(200);
    }
    let refused = post(&house, &officer, "/api/v1/subjects/find", &body).expect(429);
    assert_eq!(refused.header("retry-after"), Some("3601"));
}

#[test]
fn holdings_say_what_each_processor_has() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    house.processor(&officer, "Printer", &["deliveries:read"]);
    house.delivery(&officer, builder);
    let path = page(&house, &officer, 3);
    let held = house.look(&officer, &format!("{path}/holdings"))["items"].clone();
    assert_eq!(held.as_array().unwrap().len(), 1, "{held}");
    assert_eq!((&held[0]["processor"], &held[0]["name"]), (&json!("P-1"), &json!("Builder")));
    assert_eq!(held[0]["disclosures"][0]["fields"], json!(["ci", "di", "nickname"]));
}

#[test]
fn people_of_an_incident_come_in_pages_without_a_value() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let bank = Bank::new(&house);
    let path = bank.worked();
    let people = |rest: &str| house.look(&bank.officer, &format!("{path}/people{rest}"));
    let all = people("");
    assert_eq!((all["items"].as_array().unwrap().len(), &all["next"]), (20, &Value::Null));
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..3 {
        let page = people(&format!("?limit=7{after}"));
        seen.extend(page["items"].as_array().unwrap().clone());
        after = format!("&after={}", page["next"].as_str().unwrap_or_default());
    }
    assert_eq!(json!(seen), all["items"]);
    let first = &all["items"][0];
    assert_eq!((&first["grade"], &first["trace"]), (&json!("exact"), &json!("T-1")));
    assert_eq!(first["told"], json!([]));
    let subject = format!("/api/v1/subjects/{}", first["id"].as_str().unwrap());
    assert_eq!(house.look(&bank.officer, &subject)["erasure"], Value::Null);
    // Whoever must still be told is not forgotten.
    let body = json!({ "purpose": "the customer asked for it" });
    post(&house, &bank.officer, &format!("{subject}/erase"), &body).expect(409);
    for wrong in ["?after=3", "?after=AAAA", "?hamster=1", "?limit=x"] {
        let path = format!("{path}/people{wrong}");
        let answer = Ask::get(&path).by(&bank.officer).send(house.staff);
        assert!(matches!(answer.status, 400 | 404), "{wrong}: {}", answer.status);
    }
    // Nor is the processor let in again while the incident is open.
    let body = json!({ "reason": "a new contract" });
    post(&house, &bank.officer, "/api/v1/processors/P-1/resume/request", &body).expect(409);
}

#[test]
fn an_erasure_waits_for_backups_and_is_refused_while_it_must_be() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    house.delivery(&officer, builder);
    let path = page(&house, &officer, 3);
    let erase = format!("{path}/erase");
    let body = json!({ "purpose": "the customer asked for it" });
    let domain = DomainId::new(1);
    house.vault.domain_hold(domain, &actor(), "a court case").unwrap();
    assert_eq!(post(&house, &officer, &erase, &body).expect(409).json()["code"], "vault.held");
    house.vault.domain_release(domain, &actor(), "the case is over").unwrap();
    let erased = post(&house, &officer, &erase, &body).expect(200).json();
    assert_eq!((&erased["state"], &erased["key_backups"]), (&json!("final"), &json!([])));
    let shown = house.look(&officer, &path);
    assert_eq!((&shown["subject"], &shown["erasure"]["state"]), (&Value::Null, &json!("final")));
    let body = json!({ "kinds": ["email"], "purpose": WHY });
    post(&house, &officer, &format!("{path}/reveal"), &body).expect(404);
    assert_eq!(find(&house, &officer, "email", person(3).email.expose())["count"], 0);
}
