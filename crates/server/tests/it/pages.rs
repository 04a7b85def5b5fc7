//! What pages of the console ask for: who may what, lists, filters, times.

use doldam_ground::ids::ProcessorId;
use doldam_server::permission::{Role, TABLE, rule};
use doldam_store::access::staff_access::StaffAccess;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::{Value, json};

use crate::client::Ask;
use crate::leak::{GATEWAY, MachineClock, channels};
use crate::world::{House, World, actor, number};

const SECRET: &str = "a long secret of theirs";

/// The items of a list, by one of their keys.
fn all(house: &House, token: &str, path: &str, key: &str) -> Vec<Value> {
    let items = house.look(token, path)["items"].clone();
    items.as_array().unwrap().iter().map(|item| item[key].clone()).collect()
}

#[test]
fn a_session_says_what_its_owner_may() {
    let world = World::new();
    let house = world.serve(world.create(1));
    for role in Role::ALL {
        let token = house.session_of(house.staff_of(role.word(), None));
        let shown = house.look(&token, "/api/v1/sessions/current");
        let may: Vec<&str> =
            shown["may"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert!(may.contains(&"GET /api/v1/sessions/current"));
        assert_eq!(may.contains(&"POST /api/v1/drills"), role == Role::PrivacyOfficer);
        assert_eq!(may.contains(&"GET /api/v1/incidents"), role != Role::Engineer);
        assert!(!may.contains(&"POST /api/v1/messages"), "that is for programs");
        for line in may {
            let (method, path) = line.split_once(' ').unwrap();
            assert!(rule(method, path).is_some(), "{line}");
        }
        let modules = shown["modules"].as_array().unwrap();
        assert!(modules.contains(&json!("incidents")) && !modules.contains(&json!("openapi.json")));
    }
    let access = StaffAccess { one_time_until: Some(world.clock_in(1)), ..StaffAccess::default() };
    let newcomer = house.session_of(house.staff_of("privacy-officer", Some(access)));
    let shown = house.look(&newcomer, "/api/v1/sessions/current");
    let may = shown["may"].as_array().unwrap();
    assert!(may.contains(&json!("POST /api/v1/staff/me/passphrase")));
    assert!(!may.contains(&json!("GET /api/v1/incidents")) && may.len() < TABLE.len() / 4);
}

#[test]
fn traces_are_listed_newest_first_with_a_purpose_in_any_letters() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let officer = house.officer();
    let trace = |index: u32, purpose: &str| {
        let file = format!("ci\r\n{}\r\n", crate::world::person(index).ci.expose());
        let ask = Ask::new("POST", "/api/v1/traces").by(&officer);
        let ask = ask.header("idempotency-key", &format!("trace-{}", number()));
        ask.header("doldam-purpose", purpose).body(file.as_bytes()).send(house.staff)
    };
    trace(0, "a tip").expect(201);
    trace(1, "UTF-8''%EC%A0%9C%EB%B3%B4%20%ED%99%95%EC%9D%B8%20%EC%9A%94%EC%B2%AD").expect(201);
    trace(0, "").expect(201);
    trace(2, "UTF-8''%EC%A").expect(400);
    trace(2, "UTF-8''call%20010-1234-5678").expect(400);
    let shown = house.look(&officer, "/api/v1/traces");
    let items = shown["items"].as_array().unwrap();
    let ids: Vec<_> = items.iter().map(|it| (&it["trace"], &it["evidence"])).collect();
    let pair = |trace, evidence| (json!(trace), json!(evidence));
    let wanted = [pair("T-3", "E-1"), pair("T-2", "E-2"), pair("T-1", "E-1")];
    assert_eq!(ids, wanted.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!((&items[0]["version"], &items[0]["subjects"]), (&json!(2), &json!(1)));
    assert_eq!((&items[0]["rows"], shown["next"].is_null()), (&json!(1), true));
    assert!(items[0]["verdict"].is_string() && items[0]["sha256"].as_str().unwrap().len() == 64);
    let first = house.look(&officer, "/api/v1/traces?limit=2");
    assert_eq!(first["next"], 2);
    assert_eq!(all(&house, &officer, "/api/v1/traces?limit=2&after=2", "trace"), ["T-1"]);
    let log = house.look(&officer, "/api/v1/audit?order=newest&action=evidence.");
    assert!(log.to_string().contains("제보"), "{log}");
}

#[test]
fn the_log_is_searched_newest_first_and_names_who_signed_in() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let secret = SECRET.to_owned().into();
    house.vault.staff_add("minji", "privacy-officer", &secret, &actor()).unwrap();
    let body = json!({ "name": "minji", "secret": SECRET });
    let token = Ask::post("/api/v1/sessions", "in", &body).send(house.staff).expect(201).token();
    let path = "/api/v1/audit?order=newest&action=session.open";
    let rows = house.look(&token, path)["items"].clone();
    assert_eq!((&rows[0]["actor"], &rows[0]["object"]), (&json!("minji"), &json!("S-1")));
    house.processor(&token, "Builder", &["deliveries:read"]);
    let seqs = all(&house, &token, "/api/v1/audit?order=newest&actor=minji", "seq");
    assert!(seqs.len() >= 3 && seqs.is_sorted_by_key(|seq| -seq.as_i64().unwrap()), "{seqs:?}");
    let page = house.look(&token, "/api/v1/audit?order=newest&actor=minji&limit=1");
    assert_eq!((&page["items"][0]["seq"], &page["next"]), (&seqs[0], &seqs[0]));
    let path = format!("/api/v1/audit?order=newest&actor=minji&limit=1&after={}", seqs[0]);
    assert_eq!(all(&house, &token, &path, "seq"), [seqs[1].clone()]);
    let late = "/api/v1/audit?order=newest&from=2999-01-01T00:00:00Z";
    assert_eq!(house.look(&token, late), json!({ "schema": 1, "items": [] }));
    let object = "/api/v1/audit?order=newest&action=processor.&object=P-1";
    assert_eq!(all(&house, &token, object, "action"), ["processor.register"]);
    house.act(&token, "/api/v1/processors/P-1/cut", &json!({ "reason": "a leaked file" }));
    let cut = "/api/v1/audit?order=newest&action=access.cut&object=";
    assert_eq!(all(&house, &token, &format!("{cut}P-1"), "object"), ["P-1 C-1"]);
    assert_eq!(all(&house, &token, &format!("{cut}C-1"), "object"), ["P-1 C-1"]);
    assert_eq!(all(&house, &token, &format!("{cut}P-"), "object"), Vec::<Value>::new());
    assert_eq!(all(&house, &token, "/api/v1/audit?limit=1", "seq"), [json!(1)]);
    for wrong in ["actor=minji", "order=up", "order=newest&from=yesterday", "who=minji"] {
        let path = format!("/api/v1/audit?{wrong}");
        Ask::get(&path).by(&token).send(house.staff).expect(400);
    }
}

#[test]
fn accounts_gateways_and_times_are_told_as_they_are() {
    let world = World::new();
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.create(5), MachineClock::of(&world), channels);
    let officer = house.officer();
    let access = StaffAccess {
        scope: Some(ProcessorId::new(1)),
        expires_at: Some(world.clock_in(9)),
        one_time_until: None,
    };
    let inspector = house.staff_of("inspector", Some(access));
    let analyst = house.staff_of("analyst", None);
    house.act(
        &officer,
        &format!("/api/v1/staff/{analyst}/disable"),
        &json!({ "reason": "they left us" }),
    );
    let staff = house.look(&officer, "/api/v1/staff")["items"].clone();
    let of = |id: String| {
        staff.as_array().unwrap().iter().find(|it| it["id"] == id.as_str()).unwrap().clone()
    };
    assert!(of(analyst.to_string())["disabled_at"].is_string());
    let held = of(inspector.to_string());
    assert_eq!((&held["scope"], &held["disabled_at"]), (&json!("P-1"), &Value::Null));
    assert_eq!(held["expires_at"], world.clock_in(9).to_rfc3339());
    let gateway = house.look(&officer, "/api/v1/gateways")["items"][0].clone();
    assert_eq!((&gateway["name"], &gateway["state"]), (&json!(GATEWAY), &json!("unused")));
    assert!(!gateway.to_string().contains("password"));
    let (builder, _) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let body = json!({
        "processor": builder.to_string(), "purpose": "NFT platform", "fields": ["ci"],
        "subjects": "all", "return_by": "2020-01-01T00:00:00Z",
    });
    let late = Ask::post("/api/v1/disclosures", "late", &body).by(&officer).send(house.staff);
    assert!(late.expect(400).text().contains("return_by"));
    let cut = format!("/api/v1/processors/{builder}/cut");
    house.act(&officer, &cut, &json!({ "reason": "a leaked file" }));
    let shown = house.look(&officer, &format!("/api/v1/processors/{builder}"))["cuts"][0].clone();
    for key in ["ordered_at", "proved_at"] {
        let text = shown[key].as_str().unwrap();
        assert!(text.len() == 24 && text.as_bytes()[19] == b'.', "{text}");
    }
}

#[test]
fn the_health_of_the_house_is_told() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let officer = house.officer();
    let before = house.look(&officer, "/api/v1/health");
    assert_eq!((&before["state"], &before["subjects"]), (&json!("warning"), &json!(5)));
    assert_eq!(
        (&before["disk"]["state"], &before["log"]["state"]),
        (&json!("ok"), &json!("unknown"))
    );
    assert!(before["disk"]["free_bytes"].as_u64().unwrap() > 0);
    assert_eq!((&before["backups"]["state"], &before["gateways"]), (&json!("warning"), &json!([])));
    house.vault.backup(&world.folder.path().join("copy"), &actor()).unwrap();
    house.look(&officer, "/api/v1/audit/verification");
    let after = house.look(&officer, "/api/v1/health");
    assert_eq!((&after["log"]["state"], &after["log"]["intact"]), (&json!("ok"), &json!(true)));
    assert_eq!(after["backups"]["data_at"], World::start().to_rfc3339());
    assert!(after["backups"]["keys_at"].is_null());
    // The settings of this house say nothing of passkeys or of an identity provider.
    assert_eq!(after["sign_in"], json!({ "state": "warning", "passkey": false, "sso": false }));
    world.meddle("UPDATE audit SET purpose = 'other' WHERE seq = 1");
    let found = house.look(&officer, "/api/v1/audit/verification");
    assert_eq!((&found["intact"], &found["places"][0]["code"]), (&json!(false), &json!("chain")));
    assert_eq!(found["places"][0]["row"], 1);
    assert_eq!(house.look(&officer, "/api/v1/health")["log"]["intact"], false);
}
