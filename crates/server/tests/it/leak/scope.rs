//! Who sees an incident, and who may do what in it.

use doldam_store::access::staff_access::StaffAccess;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::json;

use super::{Bank, MachineClock, NOTICE, channels};
use crate::client::Ask;
use crate::world::{House, World};

fn inspector(house: &House, processor: &str) -> String {
    let end = Some(house.vault.now().plus_days(9));
    let scope = Some(processor.parse().unwrap());
    let access = StaffAccess { scope, expires_at: end, one_time_until: None };
    house.session_of(house.staff_of("inspector", Some(access)))
}

#[test]
fn an_inspector_sees_only_what_is_of_the_processor() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let bank = Bank::new(&house);
    let (other, _) = house.processor(&bank.officer, "Other Builder", &["deliveries:read"]);
    let path = bank.worked();
    let whom = json!({ "reason": "it may have a copy too", "processor": other.to_string() });
    bank.act(&format!("{path}/containment"), &whom);
    let body = json!({
        "title": "whose it is is not known", "source": "tip",
        "aware_at": house.vault.now().to_rfc3339(),
    });
    bank.act("/api/v1/incidents", &body);
    let (own, stranger) =
        (inspector(&house, &bank.processor), inspector(&house, &other.to_string()));
    let count =
        |token: &str| house.look(token, "/api/v1/incidents")["items"].as_array().unwrap().len();
    assert_eq!((count(&own), count(&stranger), count(&bank.officer)), (1, 0, 2));
    let page = house.look(&bank.officer, "/api/v1/incidents?limit=1");
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (1, &json!(1)));
    for path in [path.clone(), format!("{path}/timeline"), "/api/v1/incidents/L-2".to_owned()] {
        Ask::get(&path).by(&stranger).send(house.staff).expect(404);
        Ask::get(&path).by(&bank.officer).send(house.staff).expect(200);
    }
    Ask::get("/api/v1/incidents/L-2").by(&own).send(house.staff).expect(404);
    let shown = house.look(&own, &path);
    assert_eq!(shown["people"], 20);
    assert_eq!(shown["containment"].as_array().unwrap().len(), 2, "those about the processor");
    for empty in ["notices", "evidence"] {
        assert_eq!(shown[empty], json!([]));
    }
    assert_eq!(shown["facts"], json!({}), "the company's facts are not the inspector's");
    let of = |token: &str| {
        let lines = house.look(token, &format!("{path}/timeline?limit=1000"))["items"].clone();
        let lines = lines.as_array().unwrap().clone();
        lines.iter().filter(|line| line["object"] == other.to_string().as_str()).count()
    };
    assert_eq!((of(&own), of(&bank.officer)), (0, 4));
    for hidden in ["duties", "notices"] {
        Ask::get(&format!("{path}/{hidden}")).by(&own).send(house.staff).expect(403);
    }
}

#[test]
fn two_others_agree_to_exactly_the_words_that_they_saw() {
    let smsc = Smsc::start(Seed::new(5), Faults::default()).unwrap();
    let world = World::new();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.create(20), MachineClock::of(&world), channels);
    let bank = Bank::new(&house);
    let path = bank.worked();
    let body = json!({ "duty": NOTICE, "stage": "first" });
    bank.act(&format!("{path}/notices"), &body);
    let notice = format!("{path}/notices/1");
    let digest = house.look(&bank.officer, &path)["notices"][0]["digest"].clone();
    let (consent, words) = (json!({ "digest": digest }), json!({ "digest": "00".repeat(32) }));
    let approve = format!("{notice}/approve");
    // Nobody agrees to what nobody has looked at.
    bank.ask(&bank.approvers[0], &approve, &consent).expect(409);
    house.act(&bank.approvers[0], &format!("{notice}/preview"), &json!({}));
    bank.ask(&bank.officer, &approve, &consent).expect(409);
    bank.ask(&bank.approvers[0], &approve, &words).expect(409);
    bank.ask(&bank.approvers[0], &approve, &json!({ "digest": "no" })).expect(400);
    let send = format!("{notice}/send");
    let by = json!({ "gateway": "main" });
    bank.ask(&bank.approvers[0], &approve, &consent).expect(200);
    bank.ask(&bank.approvers[0], &approve, &consent).expect(409);
    bank.ask(&bank.officer, &send, &by).expect(409);
    bank.ask(&bank.approvers[1], &approve, &consent).expect(200);
    bank.ask(&bank.officer, &send, &json!({ "gateway": "other" })).expect(409);
    assert_eq!(smsc.log().binds, 0);
    bank.ask(&bank.officer, &format!("{path}/notices/2/send"), &by).expect(404);
    bank.ask(&bank.officer, &send, &by).expect(202);
    bank.until(&notice, |progress| progress["worker"]["state"] == "settled");
    assert_eq!(smsc.log().texted.len(), 20);
}

#[test]
fn what_nobody_can_mean_is_refused_and_no_time_breaks_a_clock() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let bank = Bank::new(&house);
    let open = |title: &str, source: &str, aware_at: &str| {
        let body = json!({ "title": title, "source": source, "aware_at": aware_at });
        bank.ask(&bank.officer, "/api/v1/incidents", &body)
    };
    let now = house.vault.now().to_rfc3339();
    open("a copy", "rumour", &now).expect(400);
    open("a copy", "tip", "yesterday").expect(400);
    open("two\nlines", "tip", &now).expect(400);
    open("", "tip", &now).expect(409);
    open("a copy", "tip", "2999-01-01T00:00:00Z").expect(409);
    open("a copy", "tip", "-009000-01-01T00:00:00Z").expect(409);
    for early in ["1970-01-01T00:00:00Z", "2026-11-18T00:00:00Z"] {
        let opened = open("a copy", "tip", early).expect(201).json();
        let path = format!("/api/v1/incidents/{}", opened["id"].as_str().unwrap());
        bank.act(&format!("{path}/facts"), &super::facts());
        bank.act(&format!("{path}/duties/start"), &json!({}));
        bank.look(&format!("{path}/duties"));
    }
    let path = bank.worked();
    let refused = |verb: &str, body: serde_json::Value, status: u16| {
        bank.ask(&bank.officer, &format!("{path}/{verb}"), &body).expect(status);
    };
    refused("facts", json!({ "facts": { "weather": "bad" } }), 400);
    refused("facts", json!({ "facts": { "certainty": "perhaps" } }), 400);
    let early = json!({ "facts": { "occurred_at": "-009000-01-01T00:00:00Z" } });
    refused("facts", early, 400);
    let body = json!({ "facts": { "occurred_at": "0001-01-01T00:00:00Z" } });
    bank.act(&format!("{path}/facts"), &body);
    bank.act(&format!("{path}/duties/start"), &json!({}));
    bank.look(&format!("{path}/duties"));
    refused("traces", json!({ "trace": "T-99" }), 404);
    refused("containment", json!({ "reason": "a copy was found", "processor": "P-99" }), 404);
    refused("report", json!({ "duty": NOTICE }), 409);
    refused("notices", json!({ "duty": NOTICE, "stage": "third" }), 400);
    refused("duties/none/stop", json!({ "kind": "posting_proof", "reference": "m:1" }), 404);
    let stop = format!("duties/{NOTICE}/stop");
    refused(&stop, json!({ "kind": "a click", "reference": "m:1" }), 400);
    refused(&stop, json!({ "kind": "posting_proof", "reference": "told Kim" }), 400);
    refused(&stop, json!({ "kind": "regulator_receipt", "reference": "m:1" }), 409);
    let wait = format!("duties/{NOTICE}/wait");
    refused(&wait, json!({ "reason": "busy", "evidence": "m:1" }), 409);
    refused("close", json!({ "reference": "minutes:1" }), 409);
}
